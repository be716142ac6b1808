package mattermost

import (
	"strings"

	"wardline/adapters/seal"
)

// doors are the addresses at which the server calls the bot back. They end in a part that follows from
// the bot's key, so that nobody who only knows the machine can knock. Nothing is believed because of it:
// people on the server see the address of a form.
type doors struct {
	callback string
	secret   string
}

func newDoors(config Config) doors {
	return doors{
		callback: strings.TrimRight(config.Callback, "/"),
		secret:   seal.New(config.Key, "mattermost/doors").Mark("path"),
	}
}

// commandPath, buttonPath and dialogPath are the paths on our side.
func (d doors) commandPath() string { return "/mattermost/command/" + d.secret }
func (d doors) buttonPath() string  { return "/mattermost/button/" + d.secret }
func (d doors) dialogPath() string  { return "/mattermost/dialog/" + d.secret }

// command, button and dialog are the addresses as the server reaches them.
func (d doors) command() string { return d.callback + d.commandPath() }
func (d doors) button() string  { return d.callback + d.buttonPath() }
func (d doors) dialog() string  { return d.callback + d.dialogPath() }
