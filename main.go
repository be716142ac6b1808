// Wardline is a chat-ops bot for hospital IT outages. Package main reads flags and configuration and
// puts the parts together; it is the only place that knows everyone. It never decides anything about
// an incident, and holds no words for people of the hospital: those who run the bot are spoken to in
// English here.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // a bare machine has no zones of its own

	"github.com/alecthomas/kong"

	"wardline/bot/hospital"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // it was tried and did not work
	exitUsage  = 2 // it was not understood
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends at once what the first could not
	code := command(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// commandLine is what can be typed after wardline.
type commandLine struct {
	Config string `default:"wardline.toml" placeholder:"FILE" help:"Configuration file (${default})."`

	Run         struct{}  `cmd:"" help:"Run the bot."`
	Demo        demoFlags `cmd:"" help:"Run a fictional hospital with a cast, in your browser."`
	CheckConfig struct{}  `cmd:"" help:"Say what is wrong with the configuration, or what it means."`
	SignIn      signFlags `cmd:"" help:"Print a link by which a person signs in to the web desk."`
	Mattermost  struct {
		Setup mattermostFlags `cmd:"" help:"Prepare a Mattermost server: account, token, permissions, commands, rooms."`
	} `cmd:"" help:"Set Mattermost up."`
	Discord struct {
		Setup struct{} `cmd:"" help:"Prepare a Discord server: invite link, rights, intents, rooms."`
	} `cmd:"" help:"Set Discord up."`
	Doctor struct{} `cmd:"" help:"Try every connection of the bot, and say what is wrong and what helps."`
	Backup struct {
		File string `arg:"" help:"New file to write."`
	} `cmd:"" help:"Copy the database to a new file, also while the bot runs."`
	Verify struct {
		File string `arg:"" help:"Database or backup to check."`
	} `cmd:"" help:"Check every record, hash and chain of a database no bot has open."`
	Restore struct {
		File string `arg:"" help:"Backup to put in the place of the database."`
	} `cmd:"" help:"Put a backup in the place of the database, while the bot is stopped."`
	Questions questionFlags `cmd:"" help:"Measure and improve how questions are answered."`
	CheckFile struct {
		File  string `arg:""`
		Quick bool
	} `cmd:"" hidden:""` // for this program itself: reading a damaged file may end the process
	CopyFile struct {
		File string `arg:""`
		Dest string `arg:""`
	} `cmd:"" hidden:""`
	Version struct{} `cmd:"" help:"Say which version this is."`
	Help    struct {
		Command []string `arg:"" optional:"" help:"Command to explain."`
	} `cmd:"" help:"Explain the commands."`
}

type demoFlags struct {
	Data string `placeholder:"DIR" help:"Keep the data in this folder, and go on with what it holds."`
	Port int    `placeholder:"N" help:"Listen on this port; otherwise on the first that is free."`
	Open bool   `help:"Open the browser."`
}

type signFlags struct {
	Person string        `arg:"" help:"Id of the person, as in the configuration."`
	Valid  time.Duration `default:"12h" help:"How long the link may be used (${default})."`
}

// command carries one command line out and returns the exit code.
func command(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var line commandLine
	exited := -1
	parser, err := kong.New(&line, kong.Name("wardline"), kong.Writers(stdout, stderr),
		kong.Description("Chat-ops for hospital IT outages. Start with: wardline demo"),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(code int) { exited = code }))
	if err != nil {
		fmt.Fprintf(stderr, "wardline: read the command line: %v\n", err)
		return exitUsage
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	if args[0] == "help" {
		args = append(args[1:], "--help")
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // help was asked for, and given
		return exitOK
	}
	if err != nil {
		fmt.Fprintf(stderr, "wardline: %v; see wardline help\n", err)
		return exitUsage
	}
	switch verb, _, _ := strings.Cut(parsed.Command(), " "); verb {
	case "check-file":
		return checkHere(ctx, line.CheckFile.File, line.CheckFile.Quick, stdout)
	case "copy-file":
		return copyHere(ctx, line.CopyFile.File, line.CopyFile.Dest, stdout)
	}
	if err := line.do(ctx, parsed.Command(), stdout, stderr); err != nil {
		explain(stderr, line.Config, err)
		return exitFailed
	}
	return exitOK
}

// do calls the deed of a command.
func (line commandLine) do(ctx context.Context, command string, stdout, stderr io.Writer) error {
	verb, _, _ := strings.Cut(command, " ")
	switch verb {
	case "demo":
		return demo(ctx, line.Demo, stdout, stderr)
	case "version":
		return version(stdout)
	case "verify":
		return verify(ctx, line.Verify.File, stdout)
	}
	if command == "questions eval <file>" {
		return evalQuestions(line.Config, line.Questions.Eval.File, stdout)
	}
	s, err := load(line.Config)
	if err != nil {
		return err
	}
	switch verb {
	case "run":
		return run(ctx, s, stderr)
	case "check-config":
		return summary(stdout, line.Config, s, time.Now())
	case "mattermost":
		return setUpMattermost(ctx, os.Stdin, stdout, s, line.Config, line.Mattermost.Setup)
	case "discord":
		return setUpDiscord(ctx, stdout, s, line.Config)
	case "doctor":
		return doctor(ctx, stdout, s)
	case "sign-in":
		return signIn(stdout, s, line.SignIn, time.Now())
	case "backup":
		return backup(ctx, s, line.Backup.File, stdout)
	case "questions":
		return misses(ctx, s, stdout)
	case "restore":
		return restore(ctx, s, line.Restore.File, stdout)
	}
	return fmt.Errorf("there is no command %s", verb)
}

// explain tells what went wrong: problems of the configuration one per line, anything else as it is.
func explain(stderr io.Writer, file string, err error) {
	var problems hospital.Problems
	if !errors.As(err, &problems) {
		fmt.Fprintf(stderr, "wardline: %v\n", err)
		return
	}
	for _, p := range problems {
		fmt.Fprintln(stderr, p)
	}
	fmt.Fprintf(stderr, "wardline: %s\n", counted(len(problems), "problem")+" in "+file)
}

// counted writes a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
