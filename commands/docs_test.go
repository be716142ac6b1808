package commands_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"wardline/bot/hospital"
	"wardline/commands"
)

// guides are the manuals for people of the hospital, which say the same in every language.
func guides() map[hospital.Lang]string {
	return map[hospital.Lang]string{hospital.ZH: "../docs/user-zh.md", hospital.EN: "../docs/user-en.md"}
}

// TestGuides plays the conversations in the user guides as one story, in the order in which they stand,
// and compares what the bot says, word for word. With -update the guides are rewritten.
func TestGuides(t *testing.T) {
	for lang, file := range guides() {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			text, dir := readGuide(t, file), t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				got := playGuide(t, dir, text)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
					return
				}
				if diff := cmp.Diff(strings.Split(text, "\n"), strings.Split(got, "\n")); diff != "" {
					t.Errorf("%s is not what the bot says now; read why, then: go test ./commands -run Guides -update (-want +got):\n%s", file, diff)
				}
			})
		})
	}
}

func readGuide(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// playGuide returns the guide with what the bot says now. People's lines stand in blocks marked chat,
// directions the reader need not see in comments that begin with chat. Of rooms that are not shown the
// guide is silent.
func playGuide(t *testing.T, dir, guide string) string {
	t.Helper()
	var out []string
	s := newStage(t, dir)
	defer s.stop()
	chat := false
	for line := range strings.SplitSeq(guide, "\n") {
		if chat && strings.HasPrefix(line, "    ") {
			continue
		}
		out = append(out, line)
		direction, hidden := strings.CutPrefix(line, "<!-- chat: ")
		switch {
		case strings.HasPrefix(line, "```"):
			chat = line == "```chat"
		case hidden:
			s.do(strings.TrimSuffix(direction, " -->"))
		case chat && line != "":
			for _, said := range s.do(line) {
				if !strings.HasPrefix(said, "(elsewhere") {
					out = append(out, strings.TrimRight("    "+said, " "))
				}
			}
		}
	}
	return strings.Join(out, "\n")
}

// quotedCommand finds a command between backquotes.
var quotedCommand = regexp.MustCompile("`/([a-z]+)(?: ([^` ]+))?[^`]*`")

// TestGuidesNameKnownCommands holds the guides to the table of commands: what they quote exists, and of
// what exists nothing is left out.
func TestGuidesNameKnownCommands(t *testing.T) {
	known := map[string]commands.Entry{}
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, t.TempDir())
		s.open()
		defer s.stop()
		for _, e := range s.house.hearer.Menu(hospital.EN) {
			known[strings.TrimSpace(e.Root+" "+e.Verb)] = e
		}
	})
	for _, file := range guides() {
		text := readGuide(t, file)
		for _, found := range quotedCommand.FindAllStringSubmatch(text, -1) {
			root, verb := found[1], found[2]
			if _, ok := known[root+" "+verb]; !ok && !(root == "ask" && verb != "") && !onlyRoot(known, root, verb) {
				t.Errorf("%s: %s is no command", file, found[0])
			}
		}
		for name := range known {
			if !strings.Contains(text, "/"+name) {
				t.Errorf("%s: says nothing of /%s", file, name)
			}
		}
	}
}

// onlyRoot tells a root that is named without a verb.
func onlyRoot(known map[string]commands.Entry, root, verb string) bool {
	for _, e := range known {
		if e.Root == root && verb == "" {
			return true
		}
	}
	return false
}

// spokenCommand is the part of a command that is the same in every language.
var spokenCommand = regexp.MustCompile(`^ask( answer| person| queue)?|^[a-z]+ [a-z-]+`)

// TestGuidesSayTheSame compares the bones of the guides: headings, and who says what kind of thing.
func TestGuidesSayTheSame(t *testing.T) {
	bones := map[hospital.Lang][]string{}
	for lang, file := range guides() {
		text := readGuide(t, file)
		if n := strings.Count(text, "\n"); n > 200 {
			t.Errorf("%s: %d lines are more than people read, 200 are enough", file, n)
		}
		for line := range strings.Lines(text) {
			mark, _, _ := strings.Cut(line, " ")
			_, said, spoken := strings.Cut(line, ": /")
			switch {
			case strings.HasPrefix(mark, "#"), mark == "press", mark == "board":
				bones[lang] = append(bones[lang], mark)
			case spoken && !strings.HasPrefix(line, " "):
				bones[lang] = append(bones[lang], spokenCommand.FindString(said))
			}
		}
	}
	zh, en := bones[hospital.ZH], bones[hospital.EN]
	if !slices.Equal(zh, en) {
		t.Errorf("the guides do not say the same (-zh +en):\n%s", cmp.Diff(zh, en))
	}
}
