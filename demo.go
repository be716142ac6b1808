package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"text/template"

	"wardline/bot/hospital"
)

//go:embed demo.toml
var demoConfig []byte

//go:embed demo.txt
var demoText string

// demo is the command: a fictional hospital whose people anybody may be, on this machine only.
func demo(ctx context.Context, flags demoFlags, stdout, stderr io.Writer) error {
	folder, err := demoFolder(flags.Data)
	if err != nil {
		return err
	}
	s, err := parse(filepath.Join(folder, "demo.toml"), demoConfig)
	if err != nil {
		return fmt.Errorf("read the built-in cast: %w", err)
	}
	welcome, err := template.New("demo.txt").Parse(demoText)
	if err != nil {
		return fmt.Errorf("read the built-in welcome: %w", err)
	}
	w := s.webConfig()
	w.Demo = true
	if w.Listen, err = demoAddress(ctx, s.Web.Listen, flags.Port); err != nil {
		return err
	}
	h, err := build(ctx, s, w, slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	var said error
	lived := h.live(ctx, func(address string) {
		said = welcome.Execute(stdout, greeting{Address: s.base(address), Hospital: s.hospitalName(), Folder: folder, cast: s.People})
		if flags.Open {
			openBrowser(ctx, s.base(address), h.log)
		}
	})
	return errors.Join(lived, said)
}

// greeting is what demo.txt is filled with.
type greeting struct {
	Address  string
	Hospital hospital.Text
	Folder   string
	cast     []personConfig
}

// Name returns the name of one of the cast.
func (g greeting) Name(id string) (string, error) {
	for _, p := range g.cast {
		if p.ID == id {
			return p.Name, nil
		}
	}
	return "", fmt.Errorf("nobody of the cast is %q", id)
}

// demoFolder makes the folder the demo's data is kept in: the one that was named, or a new one.
func demoFolder(name string) (string, error) {
	if name == "" {
		folder, err := os.MkdirTemp("", "wardline-demo-")
		if err != nil {
			return "", fmt.Errorf("make a folder for the demo: %w; name one with --data", err)
		}
		return folder, nil
	}
	folder, err := filepath.Abs(name)
	if err == nil {
		err = os.MkdirAll(folder, 0o700)
	}
	if err != nil {
		return "", fmt.Errorf("make a folder for the demo: %w; name another one with --data", err)
	}
	return folder, nil
}

// demoAddress is where the demo listens: on the port somebody wants, or on a free one. It never leaves
// this machine, because in a demo anybody may be anybody.
func demoAddress(ctx context.Context, address string, port int) (string, error) {
	if port == 0 {
		return freePort(ctx, address)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("find the demo's address: %w", err)
	}
	return net.JoinHostPort(host, strconv.Itoa(port)), nil
}

// freePort returns the address, or the same with the next port nobody listens on: a second demo, or
// one beside a running bot, must simply work.
func freePort(ctx context.Context, address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	first, err := strconv.Atoi(port)
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	const tries = 20
	for n := first; n < first+tries; n++ {
		candidate := net.JoinHostPort(host, strconv.Itoa(n))
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", candidate)
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			return "", fmt.Errorf("find a free port: %w", err)
		}
		return candidate, nil
	}
	return net.JoinHostPort(host, "0"), nil // whichever the system has left
}

// openBrowser shows the desk. If it cannot, the address was printed anyway.
func openBrowser(ctx context.Context, address string, log *slog.Logger) {
	name, args := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), name, args...)
	if err := cmd.Start(); err != nil {
		log.WarnContext(ctx, "browser cannot be opened", "error", err)
		return
	}
	if err := cmd.Process.Release(); err != nil {
		log.DebugContext(ctx, "browser was not let go of", "error", err)
	}
}
