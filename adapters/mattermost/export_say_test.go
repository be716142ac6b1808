package mattermost

// What tests outside the package may use.

// Escape makes plain text that is shown as it is.
func Escape(s string) string { return escape(s) }

// Split cuts a text into parts.
func Split(s string, most int) []string { return split(s, most) }

// CommandTokens tells whether the token of a command in a team is known.
func CommandTokens(a *Adapter, trigger, team, token string) bool {
	return a.tokens.hold(trigger, []string{team}, token)
}
