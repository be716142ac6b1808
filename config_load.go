package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"wardline/bot/hospital"
)

// load reads a configuration and everything it refers to. Its error is of type hospital.Problems if
// the files can be read but say something wrong; then it holds all of it.
func load(file string) (setup, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return setup{}, fmt.Errorf("read configuration: %s does not exist; copy config.example.toml there, or name another file with --config", file)
	}
	if err != nil {
		return setup{}, fmt.Errorf("read configuration: %w; let the bot's user read it", err)
	}
	return parse(file, text)
}

// parse is load for text that was read already.
func parse(file string, text []byte) (setup, error) {
	s := setup{config: defaultConfig()}
	doc, problems := parseDocument(file, text)
	if len(problems) > 0 {
		return setup{}, problems
	}
	d := decoder{doc: doc}
	d.table(reflect.ValueOf(&s.config).Elem(), doc.values, "")
	c := checker{doc: doc, problems: d.problems, folder: filepath.Dir(file)}
	c.all(&s)
	if len(c.problems) > 0 {
		return setup{}, inOrder(c.problems)
	}
	s.warnings = c.warnings
	return s, nil
}

func inOrder(problems hospital.Problems) hospital.Problems {
	slices.SortStableFunc(problems, func(a, b hospital.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Key, b.Key))
	})
	return problems
}

// A checker looks for what is wrong with values of the right type.
type checker struct {
	doc      *document
	folder   string // files are named from here
	problems hospital.Problems
	warnings []string
}

// problem notes what is wrong with a key, unless something was found there before: the rest only
// follows from that.
func (c *checker) problem(path, text, remedy string) {
	if slices.ContainsFunc(c.problems, func(p hospital.Problem) bool { return p.File == c.doc.file && p.Key == path }) {
		return
	}
	c.problems = append(c.problems, hospital.Problem{
		File: c.doc.file, Line: c.doc.line(path), Key: path, Text: text, Remedy: remedy,
	})
}

func (c *checker) warn(format string, args ...any) {
	c.warnings = append(c.warnings, fmt.Sprintf(format, args...))
}

// path is where a file named in the configuration is: relative names start at the configuration's
// own folder, so that it does not matter where the program was started.
func (c *checker) path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(c.folder, file)
}

// all checks everything, so that everything is told at once.
func (c *checker) all(s *setup) {
	s.pack = c.pack(s.Hospital.Pack)
	s.zone = c.zone("hospital.zone", s.Hospital.Zone)
	c.hospital(s.Hospital, s.pack)
	c.storage(&s.Storage)
	c.web(&s.Web)
	c.mattermost(&s.Mattermost, s)
	c.discord(&s.Discord, s)
	c.observe(s.Observe)
	s.key, s.noKey = c.keyFrom("web.key", s.Web.KeyEnv, s.Web.KeyFile)
	c.outage(s.Outage)
	c.logging(s.Log)
	c.people(s.People, s.pack)
	c.rooms(s.Rooms, s.pack)
	c.chatRooms(s.Rooms)
	if s.pack != nil {
		s.Rooms = c.completeRooms(s.Rooms, s.pack)
	}
	c.digests(s.Digests, s)
}

// pack loads the hospital's own files over the built-in ones. It returns nil if they are wrong;
// what could only be checked against them is then left for the next try.
func (c *checker) pack(dir string) *hospital.Pack {
	if dir != "" {
		dir = c.path(dir)
	}
	pack, err := hospital.Load(dir)
	var wrong hospital.Problems
	switch {
	case err == nil:
		return pack
	case errors.As(err, &wrong):
		c.problems = append(c.problems, wrong...)
	default:
		c.problem("hospital.pack", err.Error(), "name the folder of the hospital's own files, or leave it empty for the built-in ones")
	}
	return nil
}

// zone finds a time zone by its name.
func (c *checker) zone(path, name string) *time.Location {
	if name == "" || name == "Local" {
		c.problem(path, "names no time zone", `write the hospital's zone, such as "Asia/Shanghai"`)
		return time.UTC
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		c.problem(path, fmt.Sprintf("there is no time zone %q", name), `write an IANA name such as "Asia/Shanghai" or "Europe/Berlin"`)
		return time.UTC
	}
	return zone
}

// language checks the name of a language; empty is allowed where something else decides.
func (c *checker) language(path, name string, needed bool) {
	if name == "" && !needed {
		return
	}
	for _, l := range hospital.Langs() {
		if name == string(l) {
			return
		}
	}
	c.problem(path, fmt.Sprintf("there is no language %q here", name), `write "zh" or "en"`)
}
