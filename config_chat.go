package main

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// mattermostConfig is the table [mattermost].
type mattermostConfig struct {
	URL         string   `toml:"url"`
	TokenEnv    string   `toml:"token_env"`
	TokenFile   string   `toml:"token_file"`
	Team        string   `toml:"team"`
	Teams       []string `toml:"teams"`
	Listen      string   `toml:"listen"`
	CallbackURL string   `toml:"callback_url"`
	CommandFile string   `toml:"command_file"`
	RoomPrefix  string   `toml:"room_prefix"`
	Private     bool     `toml:"private"`
	Archive     bool     `toml:"archive"`
}

// discordConfig is the table [discord].
type discordConfig struct {
	Guild          string `toml:"guild"`
	TokenEnv       string `toml:"token_env"`
	TokenFile      string `toml:"token_file"`
	API            string `toml:"api"`
	MessageContent bool   `toml:"message_content"`
	Private        bool   `toml:"private"`
	Archive        bool   `toml:"archive"`
}

var (
	slugName  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,63}$`)
	snowflake = regexp.MustCompile(`^[0-9]{15,20}$`)
	prefixed  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,15}$`)
)

// mattermost checks the table. An empty url means that Mattermost is not used, whatever else stands there.
func (c *checker) mattermost(m *mattermostConfig, s *setup) {
	if m.URL == "" {
		return
	}
	c.address("mattermost.url", &m.URL, "https://chat.hospital.example")
	c.listen("mattermost.listen", m.Listen)
	if m.CallbackURL == "" {
		m.CallbackURL = "http://" + m.Listen
	}
	c.address("mattermost.callback_url", &m.CallbackURL, "http://10.1.2.3:8422")
	for i, team := range append([]string{m.Team}, m.Teams...) {
		path := "mattermost.team"
		if i > 0 {
			path = entryPath("mattermost.teams", i-1)
		}
		if !slugName.MatchString(team) {
			c.problem(path, fmt.Sprintf("%q is not the name of a team", team),
				"write the name as it stands in the team's address, such as \"hospital\" in https://chat.hospital.example/hospital")
		}
	}
	if !prefixed.MatchString(m.RoomPrefix) {
		c.problem("mattermost.room_prefix", fmt.Sprintf("%q cannot begin the name of a channel", m.RoomPrefix),
			`use small letters, digits and dashes, at most 16, such as "wl"`)
	}
	if m.CommandFile != "" && c.exists(m.CommandFile) {
		c.private("mattermost.command_file", m.CommandFile, "wardline mattermost setup writes it")
	}
	if m.CommandFile != "" {
		m.CommandFile = c.path(m.CommandFile)
	}
	s.mattermostToken, s.noMattermost = c.tokenFrom("mattermost.token", m.TokenEnv, m.TokenFile,
		"make one with: wardline mattermost setup")
}

// discord checks the table. An empty guild means that Discord is not used.
func (c *checker) discord(d *discordConfig, s *setup) {
	if d.Guild == "" {
		return
	}
	if !snowflake.MatchString(d.Guild) {
		c.problem("discord.guild", fmt.Sprintf("%q is not the id of a server", d.Guild),
			"in Discord, switch the developer mode on, click the server's name with the right button and copy its id")
	}
	if d.API != "" {
		c.address("discord.api", &d.API, "https://discord.com/api/v10")
	}
	s.discordToken, s.noDiscord = c.tokenFrom("discord.token", d.TokenEnv, d.TokenFile,
		"copy it from the page Bot of your application in Discord's developer portal")
}

// address checks the address of a server and takes a slash off its end.
func (c *checker) address(path string, address *string, example string) {
	u, err := url.Parse(*address)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		c.problem(path, "is not the address of a server", fmt.Sprintf("write scheme, host and port, such as %q", example))
	case u.User != nil:
		c.problem(path, "holds a name or password", "write the address without what stands before the @")
	case u.RawQuery != "" || u.Fragment != "":
		c.problem(path, "has something after the address", fmt.Sprintf("write it like %q", example))
	}
	*address = strings.TrimRight(*address, "/")
}

// chatRooms checks the keys of [[rooms]] that name existing channels.
func (c *checker) chatRooms(rooms []roomConfig) {
	seen := map[string]string{}
	for i, r := range rooms {
		at := entryPath("rooms", i)
		if r.Mattermost != "" {
			c.once(dotted(at, "mattermost"), "channel", "mattermost/"+r.Mattermost, "a channel is one room", seen)
		}
		if r.Discord == "" {
			continue
		}
		if !snowflake.MatchString(r.Discord) {
			c.problem(dotted(at, "discord"), fmt.Sprintf("%q is not the id of a channel", r.Discord),
				"in Discord, switch the developer mode on, click the channel with the right button and copy its id")
		}
		c.once(dotted(at, "discord"), "channel", "discord/"+r.Discord, "a channel is one room", seen)
	}
}
