package answer

import (
	"embed"
	"io/fs"
	"strings"
)

// askedFiles hold lines as people ask them, under [id] of what answers.
//
//go:embed asked/*.txt
var askedFiles embed.FS

// asked is one line somebody may write, and what answers it: an id, live/topic or person/why.
type asked struct {
	target, text string
}

// readAsked reads all files of asked lines.
func readAsked(files fs.FS) (out []asked) {
	names, _ := fs.Glob(files, "asked/*.txt")
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			continue
		}
		target := ""
		for _, l := range lines(string(text)) {
			if strings.HasPrefix(l, "[") {
				target = strings.Trim(l, "[]")
				continue
			}
			out = append(out, asked{target, l})
		}
	}
	return out
}
