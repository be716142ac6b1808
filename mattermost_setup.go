package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"wardline/adapters/mattermost"
	"wardline/bot"
	"wardline/storage"
	"wardline/storage/memory"
)

// adminEnv is the environment variable that may hold an administrator's token.
const adminEnv = "WARDLINE_ADMIN_TOKEN"

type mattermostFlags struct {
	Bot            string `default:"wardline" placeholder:"NAME" help:"User name of the bot's account (${default})."`
	AdminTokenFile string `placeholder:"FILE" help:"File with an administrator's token; otherwise it is taken from WARDLINE_ADMIN_TOKEN or from standard input. It is used once and kept nowhere."`
	NoRole         bool   `help:"Give the bot no permissions: the slash commands are registered now, and their tokens written to command_file."`
	Fix            bool   `help:"Correct settings of the server that keep it from calling the bot, instead of only naming them."`
	Print          bool   `help:"Print the steps to do by hand, and do nothing."`
}

// setUpMattermost prepares a Mattermost server for the bot.
func setUpMattermost(ctx context.Context, stdin io.Reader, stdout io.Writer, s setup, file string, flags mattermostFlags) error {
	if s.Mattermost.URL == "" {
		return errors.New("set mattermost up: mattermost.url is not set; write the server's address and the team's name into " + file)
	}
	if s.key.none() {
		return errors.New("set mattermost up: " + s.keyMissing())
	}
	config, err := s.mattermostConfig()
	if err != nil {
		return err
	}
	if flags.Print {
		return mattermost.Steps(stdout, config, flags.Bot, s.tokenFile(file), s.Mattermost.CommandFile)
	}
	admin, err := adminToken(stdin, stdout, flags.AdminTokenFile)
	if err != nil {
		return fmt.Errorf("set mattermost up: %w", err)
	}
	desk, done, err := s.emptyDesk(ctx)
	if err != nil {
		return err
	}
	err = mattermost.Setup{
		Config: config, Admin: admin, Bot: flags.Bot, TokenFile: s.tokenFile(file), CommandFile: s.Mattermost.CommandFile,
		NoRole: flags.NoRole, Fix: flags.Fix, Desk: desk, Out: stdout,
	}.Run(ctx)
	if err = errors.Join(err, done()); err != nil {
		return fmt.Errorf("set mattermost up: %w", err)
	}
	return nil
}

// tokenFile is where the bot's token is written, "" if the configuration in file names none.
func (s setup) tokenFile(file string) string {
	if s.Mattermost.TokenFile == "" {
		return ""
	}
	return (&checker{folder: filepath.Dir(file)}).path(s.Mattermost.TokenFile)
}

// adminToken reads an administrator's token from where it is.
func adminToken(stdin io.Reader, stdout io.Writer, file string) (string, error) {
	token := os.Getenv(adminEnv)
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("read the administrator's token: %w", err)
		}
		token = string(text)
	}
	if token == "" {
		fmt.Fprintf(stdout, "An administrator's token, then Enter (what you type is seen; %s or --admin-token-file is better): ", adminEnv)
		line, err := bufio.NewReader(stdin).ReadString('\n')
		if err != nil && line == "" {
			return "", errors.New("there is no administrator's token; set " + adminEnv + ", or name a file with --admin-token-file")
		}
		token = line
	}
	token = strings.TrimSpace(token)
	if token == "" || strings.ContainsAny(token, " \t\r\n") {
		return "", errors.New("what was given as the administrator's token is none (not shown): it is one word of 26 letters and digits")
	}
	return token, nil
}

// emptyDesk is a desk that knows the hospital's rooms and people and remembers nothing.
func (s setup) emptyDesk(ctx context.Context) (desk *bot.Desk, done func() error, err error) {
	store, err := storage.Open(memory.New(), storage.Options{})
	if err != nil {
		return nil, nil, err
	}
	desk, err = bot.New(ctx, s.options(store, slog.New(slog.DiscardHandler)))
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return desk, store.Close, nil
}
