package mattermost

import "time"

// Hurry makes the adapter notice sooner that the server hangs, and come back sooner. Tests have no minute.
func (a *Adapter) Hurry(ping, grace, pause time.Duration) {
	a.tempo = tempo{ping: ping, grace: grace, pause: pause}
}

// Doors returns the addresses at which a server calls the bot of a configuration back.
func Doors(c Config) (command, button, dialog string) {
	d := newDoors(c)
	return d.command(), d.button(), d.dialog()
}

// Shorten cuts a text to so many bytes.
func Shorten(text string, most int) string { return shorten(text, most) }
