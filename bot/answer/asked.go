package answer

import (
	"embed"
	"io/fs"
	"strings"
)

// askedFiles hold lines as people ask them, under [id] of what answers. More ids after the first also answer.
//
//go:embed asked/*.txt
var askedFiles embed.FS

// asked is one line somebody may write, and what answers it: ids, live/topic or person/why, the best first.
type asked struct {
	targets []string
	text    string
	weight  float64
}

// also is how much of a line goes to its other answers, where it has some.
const also = 0.4

// readAsked reads all files of asked lines.
func readAsked(files fs.FS) (out []asked) {
	names, _ := fs.Glob(files, "asked/*.txt")
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			continue
		}
		var targets []string
		for _, l := range lines(string(text)) {
			if strings.HasPrefix(l, "[") {
				targets = strings.Fields(strings.Trim(l, "[]"))
				continue
			}
			out = append(out, asked{targets, l, 1})
		}
	}
	return out
}

// shares says how likely each target answers the line; nil where the pack does not have the best one.
func (a asked) shares(at map[string]int) []share {
	first, ok := at[a.targets[0]]
	if !ok {
		return nil
	}
	out := []share{{first, 1}}
	for _, name := range a.targets[1:] {
		if t, ok := at[name]; ok {
			out = append(out, share{target: t})
		}
	}
	if n := len(out) - 1; n > 0 {
		out[0].part = 1 - also
		for i := range out[1:] {
			out[1+i].part = also / float32(n)
		}
	}
	return out
}
