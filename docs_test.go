package main_test

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// link finds where a page leads to, and which pictures it shows.
var link = regexp.MustCompile(`(?:\]\(|<img src=")([^)"#\s]+)`)

// TestDocumentsLeadSomewhere follows every link between the files of the repository.
func TestDocumentsLeadSomewhere(t *testing.T) {
	links := 0
	for _, name := range tracked(t) {
		if path.Ext(name) != ".md" || path.Base(name) == "template.md" {
			continue
		}
		for _, found := range link.FindAllStringSubmatch(page(t, name), -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			links++
			if _, err := os.Stat(path.Join(path.Dir(name), found[1])); err != nil {
				t.Errorf("%s: leads to %s, which is not there", name, found[1])
			}
		}
	}
	if links == 0 {
		t.Error("no links found: is the pattern still right?")
	}
}

// logged finds the log lines of the operator's guide: the first cells of its table, between backquotes.
var logged = regexp.MustCompile("`([a-z][^`]+)`")

// TestOperatorGuideQuotesLogLines looks for each of them in the code that writes it.
func TestOperatorGuideQuotesLogLines(t *testing.T) {
	_, rest, _ := strings.Cut(page(t, "docs/operator.md"), "| line | means |")
	table, _, found := strings.Cut(rest, "\n\n")
	if !found {
		t.Fatal("docs/operator.md has no table of log lines")
	}
	var code strings.Builder
	for _, name := range tracked(t) {
		if path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			code.WriteString(page(t, name))
		}
	}
	lines := 0
	for row := range strings.Lines(table) {
		cells := strings.Split(row, "|")
		if len(cells) < 3 {
			continue
		}
		for _, line := range logged.FindAllStringSubmatch(cells[1], -1) {
			lines++
			if !strings.Contains(code.String(), `"`+line[1]+`"`) {
				t.Errorf("docs/operator.md: nothing logs %q", line[1])
			}
		}
	}
	if lines == 0 {
		t.Error("no log lines found: is the pattern still right?")
	}
}

func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return "" // tracked, and deleted in this work tree
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
