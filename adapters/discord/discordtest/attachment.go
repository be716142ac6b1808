package discordtest

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxFile is the size of a file that any guild takes.
const maxFile = 10 << 20

// An upload is a file that came with a request.
type upload struct {
	name, kind string
	data       []byte
}

// A servedFile is a file under its address.
type servedFile struct {
	kind string
	data []byte
}

// readForm reads payload_json and files[n].
func (c *call) readForm(boundary string) error {
	c.files = make(map[int]upload)
	form := multipart.NewReader(c.r.Body, boundary)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read form: %w", err)
		}
		data, err := io.ReadAll(io.LimitReader(part, maxFile+1))
		if err != nil {
			return fmt.Errorf("read form: %w", err)
		}
		name := part.FormName()
		if name == "payload_json" {
			c.body = data
			continue
		}
		index, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(name, "files["), "]"))
		if err != nil {
			return fmt.Errorf("read form: a part called %q; files are called files[n]", name)
		}
		c.files[index] = upload{part.FileName(), part.Header.Get("Content-Type"), data}
	}
}

// attach puts new files beside those that stay. An edit that lists attachments keeps only those.
func (s *Server) attach(m *Message, d *draft) *apiError {
	kept := m.Attachments
	notes := make(map[int]attachmentRef)
	if d.given["attachments"] {
		kept = []Attachment{}
		if d.Attachments != nil {
			for _, ref := range *d.Attachments {
				if i := slices.IndexFunc(m.Attachments, func(a Attachment) bool { return a.ID == ref.ID }); i >= 0 {
					kept = append(kept, m.Attachments[i])
					continue
				}
				n, err := strconv.Atoi(ref.ID)
				if _, there := d.files[n]; err != nil || !there {
					return badForm("/attachments", "ATTACHMENT_NOT_FOUND", "no file files["+ref.ID+"] for it")
				}
				notes[n] = ref
			}
		}
	}
	indexes := make([]int, 0, len(d.files))
	for i := range d.files {
		indexes = append(indexes, i)
	}
	slices.Sort(indexes)
	kept = slices.Clone(kept)
	for _, i := range indexes {
		a, e := s.keep(m, d.files[i], notes[i])
		if e != nil {
			return e
		}
		kept = append(kept, a)
	}
	if len(kept) > 10 {
		return badForm("/attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	}
	m.Attachments = kept
	return nil
}

// keep gives a file an address.
func (s *Server) keep(m *Message, file upload, note attachmentRef) (Attachment, *apiError) {
	if len(file.data) > maxFile {
		return Attachment{}, &apiError{status: http.StatusRequestEntityTooLarge, code: 40005, message: "Request entity too large"}
	}
	a := Attachment{ID: s.newID(), Filename: file.name, Size: len(file.data), ContentType: file.kind, Ephemeral: m.OnlyFor != ""}
	if note.Filename != nil {
		a.Filename = *note.Filename
	}
	if note.Description != nil {
		a.Description = *note.Description
	}
	path := "/attachments/" + m.ChannelID + "/" + a.ID + "/" + url.PathEscape(a.Filename)
	a.URL = s.web.URL + path + "?ex=1&is=1&hm=1"
	a.ProxyURL = a.URL
	s.files[m.ChannelID+"/"+a.ID] = servedFile{file.kind, file.data}
	return a, nil
}

func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/attachments/"), "/")
	s.mu.Lock()
	file, known := servedFile{}, false
	if len(parts) == 3 {
		file, known = s.files[parts[0]+"/"+parts[1]]
	}
	s.mu.Unlock()
	if !known {
		http.NotFound(w, r)
		return
	}
	if file.kind != "" {
		w.Header().Set("Content-Type", file.kind)
	}
	_, _ = w.Write(file.data)
}
