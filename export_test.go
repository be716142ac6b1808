package main

import (
	"context"
	"io"
	"reflect"
	"strings"
	"time"

	"wardline/bot/hospital"
)

// What tests outside the package may use.
type (
	Secret = secret
	Setup  = setup
)

// Command carries out one command line.
func Command(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return command(ctx, args, stdout, stderr)
}

// Main is the program.
func Main() { main() }

// Load reads a configuration file.
func Load(file string) (Setup, error) { return load(file) }

// Parse reads a configuration from text.
func Parse(file, text string) (Setup, error) { return parse(file, []byte(text)) }

// Config is what a file said, without what was looked up.
func Config(s Setup) any { return s.config }

// Defaults is what a file gives that says nothing.
func Defaults() (Setup, error) { return parse("wardline.toml", nil) }

// NewSecret makes text secret.
func NewSecret(text string) Secret { return newSecret(text) }

// Key is the key of sign-in links.
func Key(s Setup) Secret { return s.key }

// Warnings are what works, but hardly as meant.
func Warnings(s Setup) []string { return s.warnings }

// DemoConfig is the text of the built-in cast.
func DemoConfig() string { return string(demoConfig) }

// Rooms are the names of all rooms.
func Rooms(s Setup) map[string]hospital.Text {
	out := map[string]hospital.Text{}
	for _, r := range s.Rooms {
		out[r.ID] = hospital.Text{ZH: r.NameZH, EN: r.NameEN}
	}
	return out
}

// People are the people of a configuration with their roles and departments.
func People(s Setup) []string {
	var out []string
	for _, p := range s.People {
		out = append(out, strings.Join(append([]string{p.ID, p.Department}, p.Roles...), " "))
	}
	return out
}

// Summary is what check-config prints.
func Summary(w io.Writer, file string, s Setup, now time.Time) error { return summary(w, file, s, now) }

// KeysOf are the paths of all keys a text sets, without the numbers of entries.
func KeysOf(text string) map[string]bool {
	doc, _ := parseDocument("text", []byte(text))
	out := map[string]bool{}
	for path := range doc.lines {
		var plain strings.Builder
		for part := range strings.SplitSeq(path, "[") {
			_, after, found := strings.Cut(part, "]")
			if !found {
				after = part
			}
			plain.WriteString(after)
		}
		out[plain.String()] = true
	}
	return out
}

// EveryKey are the paths of all keys there are; below a table with free keys only the table.
func EveryKey() []string { return keysOf(reflect.TypeFor[config](), "") }

func keysOf(t reflect.Type, path string) (keys []string) {
	for f := range t.Fields() {
		at := dotted(path, f.Tag.Get("toml"))
		switch inner := f.Type; {
		case inner.Kind() == reflect.Struct:
			keys = append(keys, keysOf(inner, at)...)
		case inner.Kind() == reflect.Slice && inner.Elem().Kind() == reflect.Struct:
			keys = append(keys, keysOf(inner.Elem(), at)...)
		default:
			keys = append(keys, at)
		}
	}
	return keys
}

// Decode reads text as far as it can be read without looking anything up.
func Decode(text string) hospital.Problems {
	doc, problems := parseDocument("text", []byte(text))
	if len(problems) > 0 {
		return problems
	}
	var c config
	d := decoder{doc: doc}
	d.table(reflect.ValueOf(&c).Elem(), doc.values, "")
	return d.problems
}
