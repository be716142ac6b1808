package mattermost

import (
	"fmt"
	"io"
	"strings"
	"text/template"

	"wardline/commands"
)

// byHand are the steps of Setup for an administrator who would rather do them.
const byHand = `Steps to do by hand. In the System Console, or with mmctl signed in as a system administrator:

1. The bot's account and token
   mmctl bot create {{.Bot}} --display-name Wardline
   mmctl token generate {{.Bot}} wardline
   (umask 077; cat > {{.TokenFile}})      # paste the token, Enter, Ctrl-D
   Console: Integrations > Bot Accounts > Enable Bot Account Creation must be on.

2. The teams
{{range .Teams}}   mmctl team users add {{.}} {{$.Bot}}
{{end}}
3. The slash commands, in each team (product menu > Integrations > Slash Commands, or):
{{range $team := .Teams}}{{range $.Roots}}   mmctl command create {{$team}} --title "Wardline {{.}}" --trigger-word {{.}} --url {{$.URL}} --creator <your user name> --autocomplete --post
{{end}}{{end}}   Write the token of each into {{.CommandFile}} (chmod 600), one a line:
   {{index .Teams 0}}/outage <token>

4. The server must be allowed to call the bot
   mmctl config get ServiceSettings.AllowedUntrustedInternalConnections
   mmctl config set ServiceSettings.AllowedUntrustedInternalConnections "<what stands there> {{.Host}}"
   Needed if {{.Host}} is an internal address. For an address in digits the same digits must stand there.

5. The server's own address: System Console > Web Server > Site URL must be set.

6. The rooms: the bot makes them when it first speaks in them. Let people in by yourself, or run
   wardline mattermost setup, which does.

Then: wardline doctor
`

// Steps prints what Setup does, to be done by hand.
func Steps(w io.Writer, config Config, bot, tokenFile, commandFile string) error {
	if tokenFile == "" {
		tokenFile = "mattermost.token (and name it: token_file)"
	}
	if commandFile == "" {
		commandFile = "mattermost.commands (and name it: command_file)"
	}
	host := config.Callback[strings.Index(config.Callback, "://")+3:]
	host, _, _ = strings.Cut(host, "/")
	if i := strings.LastIndexByte(host, ':'); i > 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	steps, err := template.New("steps").Parse(byHand)
	if err != nil {
		return fmt.Errorf("print the steps: %w", err)
	}
	err = steps.Execute(w, map[string]any{
		"Bot": bot, "TokenFile": tokenFile, "CommandFile": commandFile, "Teams": append([]string{config.Team}, config.Teams...),
		"Roots": commands.Roots(), "URL": newDoors(config).command(), "Host": strings.Trim(host, "[]"),
	})
	if err != nil {
		return fmt.Errorf("print the steps: %w", err)
	}
	return nil
}
