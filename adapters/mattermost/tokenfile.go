package mattermost

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ReadTokens reads the tokens of slash commands an administrator registered: "<team>/<command> <token>"
// on each line. A file that is not there, or has no name, holds none.
func ReadTokens(file string) (map[string]string, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the tokens of slash commands: %w; let the bot's user read it", err)
	}
	out := map[string]string{}
	for i, line := range strings.Split(string(text), "\n") {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || strings.HasPrefix(fields[0], "#"):
		case len(fields) != 2 || !strings.Contains(fields[0], "/"): // the line is not repeated: it may hold a token
			return nil, fmt.Errorf("read the tokens of slash commands: %s:%d: the line is not \"<team>/<command> <token>\"; run wardline mattermost setup --no-role, which writes the file", file, i+1)
		default:
			out[fields[0]] = fields[1]
		}
	}
	return out, nil
}

// writeTokens writes what ReadTokens reads, for the bot's user only.
func writeTokens(file string, tokens map[string]string) error {
	text := strings.Builder{}
	text.WriteString("# Tokens of Wardline's slash commands on Mattermost. Written by: wardline mattermost setup --no-role\n")
	for _, place := range slices.Sorted(maps.Keys(tokens)) {
		text.WriteString(place + " " + tokens[place] + "\n")
	}
	return writeSecret(file, text.String())
}

// writeSecret puts a text in the place of a file that only its owner may read, all of it or nothing.
func writeSecret(file, text string) error {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("write a secret: %w", err)
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name()) //nolint:errcheck // the first error is told
		return fmt.Errorf("write a secret: %w", err)
	}
	return nil
}
