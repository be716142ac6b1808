// Package phrase is the phrasebook: every sentence people read, one folder of templates per language,
// each sentence a named definition. Chinese and English are equals: every phrase exists in both, or a
// test fails.
//
// It never formats a time, a name or a number by itself: its arguments come as finished words, so that
// no phrase can contradict another. Words for chat people stand nowhere else in Go code.
package phrase

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"text/template"

	"wardline/bot/hospital"
)

//go:embed zh/*.tmpl en/*.tmpl
var files embed.FS

// Book holds the phrases of every language. It does not change and may be used by many goroutines.
type Book struct {
	langs map[hospital.Lang]*template.Template
}

// New reads the built-in phrases. It fails only if a template file is malformed.
func New() (*Book, error) {
	b := &Book{langs: map[hospital.Lang]*template.Template{}}
	var errs []error
	for _, lang := range hospital.Langs() {
		t, err := parse(lang)
		errs = append(errs, err)
		b.langs[lang] = t
	}
	return b, errors.Join(errs...)
}

func parse(lang hospital.Lang) (*template.Template, error) {
	t := template.New(string(lang)).Option("missingkey=error").Funcs(template.FuncMap{"plural": plural})
	names, err := fs.Glob(files, string(lang)+"/*.tmpl")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if _, err := t.Parse(string(text)); err != nil {
			return nil, fmt.Errorf("parse phrases %s: %w", name, err)
		}
	}
	return t, nil
}

// plural picks the word for a count in languages that tell one from many.
func plural(n int, one, other string) string {
	if n == 1 {
		return one
	}
	return other
}

// Say returns a phrase in a language. Unknown phrases and missing arguments are mistakes of ours, found
// by tests; should one slip through, people read the bare name in angle brackets rather than nothing.
func (b *Book) Say(lang hospital.Lang, name string, args map[string]any) string {
	s, err := b.Try(lang, name, args)
	if err != nil {
		return "<" + name + ">"
	}
	return s
}

// Try is Say for tests and for phrases that may be missing: it returns what is wrong.
func (b *Book) Try(lang hospital.Lang, name string, args map[string]any) (string, error) {
	t, ok := b.langs[lang]
	if !ok {
		t = b.langs[hospital.EN]
	}
	d := t.Lookup(name)
	if d == nil {
		return "", fmt.Errorf("phrase %s in %s: not defined", name, lang)
	}
	var out bytes.Buffer
	if err := d.Execute(&out, args); err != nil {
		return "", fmt.Errorf("phrase %s in %s: %w", name, lang, err)
	}
	return strings.Trim(out.String(), "\n"), nil
}

// Has reports whether a phrase is defined in a language.
func (b *Book) Has(lang hospital.Lang, name string) bool {
	t, ok := b.langs[lang]
	return ok && t.Lookup(name) != nil
}

// Names lists the phrases of a language in order.
func (b *Book) Names(lang hospital.Lang) []string {
	var out []string
	for _, t := range b.langs[lang].Templates() {
		if t.Name() != string(lang) {
			out = append(out, t.Name())
		}
	}
	slices.Sort(out)
	return out
}
