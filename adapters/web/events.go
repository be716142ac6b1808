package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"wardline/bot"
)

const (
	heartbeat  = 15 * time.Second // keeps proxies from hanging up, and tells the page that the line lives
	slowReader = 10 * time.Second // whoever takes longer for one write is dropped, and resumes later
	handful    = 200              // changes taken from the diary at once
)

// events streams every change a person may see, in order, from the number they have seen last.
//
// There is no queue per reader: each one walks the diary at its own pace and waits only at its end,
// so nothing can be lost or doubled between what was missed and what is new.
func (s *Server) events(w http.ResponseWriter, r *http.Request, p bot.Person) {
	head := s.diary.newest()
	after, known := position(r)
	stream := &stream{w: w, control: http.NewResponseController(w)}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy must not collect what is urgent
	_ = stream.control.SetReadDeadline(time.Time{})
	switch {
	case !known:
		after = head
	case after > head: // the page remembers another desk's diary
		stream.event("reset", "{}")
		after = head
	}
	stream.event("hello", fmt.Sprintf(`{"boot":%q,"head":%d}`, s.boot, head))
	if stream.flush() != nil {
		return
	}
	rooms := &access{rooms: func() map[bot.RoomID]bool { return s.visible(p) }}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		posts, upTo, wake, err := s.diary.since(r.Context(), after, handful)
		if err != nil {
			s.log.ErrorContext(r.Context(), "stream events", "error", err)
			return
		}
		if wake == nil {
			var known bool
			if p, known = s.person(r); !known { // no longer: the session ran out, or they left
				return
			}
			if after = upTo; s.pass(stream, posts, upTo, p, rooms) != nil || stream.flush() != nil {
				return
			}
			continue
		}
		select {
		case <-wake:
		case <-beat.C:
			stream.beat()
			if stream.flush() != nil {
				return
			}
		case <-s.stopping:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// pass puts what the person may see into the stream.
func (s *Server) pass(out *stream, posts []post, upTo uint64, p bot.Person, rooms *access) error {
	now := time.Now()
	for _, post := range posts {
		if !post.seenBy(p.ID) || !rooms.may(post.Room, now) {
			continue
		}
		data, err := json.Marshal(post.show(p.ID, s.config.Zone))
		if err != nil {
			return fmt.Errorf("encode post %d: %w", post.ID, err)
		}
		out.numbered(post.Rev, "post", data)
	}
	out.numbered(upTo, "", nil)
	return nil
}

// position reads how far the page has come. A browser that reconnects by itself says so in a header.
func position(r *http.Request) (after uint64, known bool) {
	said := r.Header.Get("Last-Event-ID")
	if said == "" {
		said = r.URL.Query().Get("after")
	}
	after, err := strconv.ParseUint(said, 10, 64)
	return after, err == nil
}

// A stream writes server-sent events.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	buffer  bytes.Buffer
}

func (s *stream) event(name, data string) {
	fmt.Fprintf(&s.buffer, "event: %s\ndata: %s\n\n", name, data)
}

// numbered writes an event that a page resumes behind. Without a name it only moves that place.
func (s *stream) numbered(n uint64, name string, data []byte) {
	fmt.Fprintf(&s.buffer, "id: %d\n", n)
	if name != "" {
		fmt.Fprintf(&s.buffer, "event: %s\ndata: %s\n", name, data)
	}
	s.buffer.WriteString("\n")
}

// beat says that the line lives: in a comment for proxies, in an event for the page, which does not
// see comments.
func (s *stream) beat() {
	s.buffer.WriteString(": beat\n")
	s.event("beat", "{}")
}

// flush sends what is buffered, or gives the reader up.
func (s *stream) flush() error {
	if err := s.control.SetWriteDeadline(time.Now().Add(slowReader)); err != nil {
		return err
	}
	if _, err := s.w.Write(s.buffer.Bytes()); err != nil {
		return err
	}
	s.buffer.Reset()
	return s.control.Flush()
}
