package main

import (
	"log/slog"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
)

// config is what a hospital tells the program. A tag is the key in the file; a table the file leaves
// out keeps the values of defaultConfig. config.example.toml explains every key.
type config struct {
	Hospital   hospitalConfig   `toml:"hospital"`
	Storage    storageConfig    `toml:"storage"`
	Web        webConfig        `toml:"web"`
	Mattermost mattermostConfig `toml:"mattermost"`
	Discord    discordConfig    `toml:"discord"`
	Outage     outageConfig     `toml:"outage"`
	Observe    observeConfig    `toml:"observe"`
	Log        logConfig        `toml:"log"`
	People     []personConfig   `toml:"people"`
	Rooms      []roomConfig     `toml:"rooms"`
	Digests    []digestConfig   `toml:"digests"`
}

type hospitalConfig struct {
	NameZH    string            `toml:"name_zh"`
	NameEN    string            `toml:"name_en"`
	Pack      string            `toml:"pack"`
	Zone      string            `toml:"zone"`
	Language  string            `toml:"language"`
	Templates string            `toml:"templates"`
	Fill      map[string]string `toml:"fill"`
}

type storageConfig struct {
	File        string   `toml:"file"`
	BackupDir   string   `toml:"backup_dir"`
	BackupEvery duration `toml:"backup_every"`
	BackupKeep  int      `toml:"backup_keep"`
	BallastMB   int      `toml:"ballast_mb"`
}

type webConfig struct {
	Listen      string `toml:"listen"`
	PublicURL   string `toml:"public_url"`
	BehindProxy bool   `toml:"behind_proxy"`
	TLSCertFile string `toml:"tls_cert_file"`
	TLSKeyFile  string `toml:"tls_key_file"`
	KeyEnv      string `toml:"key_env"`
	KeyFile     string `toml:"key_file"`
}

type outageConfig struct {
	Watch          duration `toml:"watch"`
	ConfirmAbove   int      `toml:"confirm_above"`
	RemindQuestion duration `toml:"remind_question"`
	StaleProgress  pace     `toml:"stale_progress"`
	CatchUp        duration `toml:"catch_up"`
	Mirror         bool     `toml:"mirror"`
	RemindSilent   duration `toml:"remind_silent"`
	EscalateSilent duration `toml:"escalate_silent"`
	PhoneSilent    duration `toml:"phone_silent"`
	RemindScript   duration `toml:"remind_script"`
}

type observeConfig struct {
	Listen string `toml:"listen"`
}

type logConfig struct {
	Level  string `toml:"level"`
	Format string `toml:"format"`
}

type personConfig struct {
	ID         string            `toml:"id"`
	Name       string            `toml:"name"`
	Department string            `toml:"department"`
	Roles      []string          `toml:"roles"`
	Language   string            `toml:"language"`
	Phone      string            `toml:"phone"`
	Accounts   map[string]string `toml:"accounts"`
}

type roomConfig struct {
	ID         string `toml:"id"`
	Kind       string `toml:"kind"`
	NameZH     string `toml:"name_zh"`
	NameEN     string `toml:"name_en"`
	Language   string `toml:"language"`
	Department string `toml:"department"`
	Phone      string `toml:"phone"`
	Mattermost string `toml:"mattermost"`
	Discord    string `toml:"discord"`
}

type digestConfig struct {
	Room     string `toml:"room"`
	Cron     string `toml:"cron"`
	Zone     string `toml:"zone"`
	Language string `toml:"language"`
}

// defaultConfig is what a hospital gets that says nothing.
func defaultConfig() config {
	s := bot.DefaultSettings()
	return config{
		Hospital:   hospitalConfig{Zone: "Asia/Shanghai", Language: string(hospital.ZH), Templates: warnTemplates},
		Storage:    storageConfig{File: "wardline.db", BackupDir: "backups", BackupEvery: duration(15 * time.Minute), BackupKeep: 12, BallastMB: 16},
		Web:        webConfig{Listen: "127.0.0.1:8420"},
		Mattermost: mattermostConfig{Teams: []string{}, Listen: "127.0.0.1:8422", RoomPrefix: "wl", Archive: true},
		Discord:    discordConfig{Archive: true},
		Outage: outageConfig{
			Watch: duration(s.Watch), ConfirmAbove: s.ConfirmAbove, RemindQuestion: duration(s.AskRemind),
			StaleProgress: pace(s.StaleAfter), CatchUp: duration(s.CatchUp), RemindSilent: duration(s.RemindSilent),
			EscalateSilent: duration(s.EscalateSilent), PhoneSilent: duration(s.PhoneSilent), RemindScript: duration(s.RemindScript),
		},
		Log: logConfig{Level: "info", Format: "text"},
	}
}

// setup is a configuration without a problem, with what it refers to.
type setup struct {
	config
	pack  *hospital.Pack
	zone  *time.Location
	key   secret // signs sign-in links; empty if none is configured
	noKey string // why there is no key

	mattermostToken, discordToken secret // of the bot's accounts; empty if none is configured
	noMattermost, noDiscord       string // why there is no token

	warnings []string // what works, but hardly as meant
}

// hospitalName is the hospital in every language; a missing one is told by the other.
func (c config) hospitalName() hospital.Text {
	return eitherName(c.Hospital.NameZH, c.Hospital.NameEN)
}

func eitherName(zh, en string) hospital.Text {
	if zh == "" {
		zh = en
	}
	if en == "" {
		en = zh
	}
	return hospital.Text{ZH: zh, EN: en}
}

// level is the least severe kind of line that is logged.
func (l logConfig) level() slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		return slog.LevelInfo
	}
	return level
}
