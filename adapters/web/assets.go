package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"wardline/bot/hospital"
)

//go:embed static
var embedded embed.FS

// An asset is one file of the page.
type asset struct {
	body []byte
	kind string
	tag  string
}

// A dictionary holds the page's own sentences by language and name. The server needs those that
// say what went wrong; they live in the page's tables, so that there is one place for each sentence.
type dictionary map[hospital.Lang]map[string]string

// say returns a sentence; a missing one shows its name.
func (d dictionary) say(l hospital.Lang, name string) string {
	if s, ok := d[l][name]; ok {
		return s
	}
	return name
}

// loadAssets reads what is embedded. Files are served by name from memory, so there is no folder to
// list or to climb out of.
func loadAssets() (map[string]asset, dictionary, error) {
	assets, words := make(map[string]asset), make(dictionary)
	err := fs.WalkDir(embedded, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := embedded.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		assets[strings.TrimPrefix(name, "static/")] = asset{body: body, kind: kindOf(name), tag: `"` + hex.EncodeToString(sum[:8]) + `"`}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the embedded page: %w", err)
	}
	for _, l := range hospital.Langs() {
		table := make(map[string]string)
		if err := json.Unmarshal(assets["words/"+string(l)+".json"].body, &table); err != nil {
			return nil, nil, fmt.Errorf("read the embedded words of language %s: %w", l, err)
		}
		words[l] = table
	}
	return assets, words, nil
}

// kindOf names a file's type without asking the machine's own tables, which may be wrong or missing.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".json":
		return "application/json; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".webmanifest":
		return "application/manifest+json"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// page sends the one page there is.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	s.send(w, r, "index.html", http.StatusOK)
}

// static sends what the page is made of.
func (s *Server) static(w http.ResponseWriter, r *http.Request) {
	s.send(w, r, strings.TrimPrefix(r.URL.Path, "/static/"), http.StatusOK)
}

// send sends an asset. Browsers keep it and ask whether it is still the same, so that a new program
// never runs with an old page.
func (s *Server) send(w http.ResponseWriter, r *http.Request, name string, status int) {
	a, found := s.assets[name]
	if !found {
		s.fail(w, r, http.StatusNotFound, "not_found")
		return
	}
	w.Header().Set("Content-Type", a.kind)
	if status == http.StatusOK {
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("ETag", a.tag)
		if r.Header.Get("If-None-Match") == a.tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write(a.body) // a reader who left needs no page
}
