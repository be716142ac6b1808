package discord

import (
	"bytes"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// A wire is the connection under a session at the gateway. The library waits on it without end and
// drops the reasons why it broke, so the wire watches by itself: it gives up a peer that leaves its
// heartbeats unanswered for one and a half of them, and an interpreter tells the library what it hears.
type wire struct {
	net.Conn
	first  time.Duration // how long the first word may take
	frames framer
	out    []byte // for the library
	broken error  // what to say to it when it has heard that
	asked  bool   // the library has sent its first request

	mu    sync.Mutex // protects what follows
	words interpreter
	heard int           // messages
	sign  time.Time     // of life: the last answered heartbeat; before the first, what came before one was due
	code  int           // with which the peer closed, 0 if it did not
	ended chan struct{} // closed when nothing comes any more
	over  bool
}

func newWire(c net.Conn, first time.Duration, known *sequence) *wire {
	return &wire{Conn: c, first: first, words: interpreter{numbers: known}, ended: make(chan struct{})}
}

// Read implements net.Conn. It closes the connection when nothing came for too long, or when what came makes it
// useless.
func (w *wire) Read(p []byte) (int, error) {
	for len(w.out) == 0 {
		if w.broken != nil {
			_ = w.Conn.Close() // or the library would say good-bye politely, and lose the session by it
			w.end()
			return 0, w.broken
		}
		w.broken = w.more()
	}
	n := copy(p, w.out)
	w.out = w.out[n:]
	return n, nil
}

// more reads what comes next.
func (w *wire) more() error {
	if err := w.Conn.SetReadDeadline(w.deadline()); err != nil {
		return err
	}
	raw := make([]byte, 16<<10)
	n, err := w.Conn.Read(raw)
	if n == 0 {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.heard < 2 { // the greeting, and the first event: then the library gives its first heartbeat
		w.sign = time.Now()
	}
	var wrong error
	malformed := w.frames.feed(raw[:n], func(b []byte) { w.out = append(w.out, b...) }, func(op byte, payload []byte) {
		if wrong == nil {
			wrong = w.hear(op, payload)
		}
	})
	for _, e := range []error{wrong, malformed} {
		if e != nil {
			return e
		}
	}
	return err
}

// hear takes one message of the peer.
func (w *wire) hear(op byte, payload []byte) error {
	switch op {
	case websocket.CloseMessage:
		if len(payload) >= 2 {
			w.code = int(payload[0])<<8 | int(payload[1])
		}
	case websocket.TextMessage, websocket.BinaryMessage:
		w.heard++
		acks := w.words.acks
		words, err := w.words.hear(op, payload)
		if w.words.acks > acks {
			w.sign = time.Now()
		}
		if len(words) > 0 {
			w.out = append(w.out, frameOf(words)...)
		}
		return err
	}
	return nil
}

// Write implements net.Conn. What cannot be written at once never will be.
func (w *wire) Write(p []byte) (int, error) {
	if err := w.Conn.SetWriteDeadline(time.Now().Add(w.first)); err != nil {
		return 0, err
	}
	if !w.asked { // the library offers a compression that the websocket has no word for
		w.asked = true
		if _, err := w.Conn.Write(bytes.Replace(p, []byte("Accept-Encoding: zlib\r\n"), nil, 1)); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	return w.Conn.Write(p)
}

// SetDeadline implements net.Conn. The wire keeps its own time.
func (w *wire) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn. The wire keeps its own time.
func (w *wire) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn. The wire keeps its own time.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// Close implements net.Conn.
func (w *wire) Close() error {
	w.end()
	return w.Conn.Close()
}

func (w *wire) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.over = true
		close(w.ended)
	}
}

// deadline is when the peer counts as gone. Events alone are no sign of life: a peer that no longer
// answers heartbeats may lose what it sends.
func (w *wire) deadline() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.words.greeted {
		return time.Now().Add(w.first)
	}
	return w.sign.Add(w.words.beat + w.words.beat/2)
}

// A state is what is known of a connection.
type state struct {
	code    int           // with which the peer closed it
	refused int           // times the session was called invalid
	greeted bool          // the peer has said its first word
	named   bool          // the session has a name by which it can be taken up again
	beat    time.Duration // how often the peer wants a sign of life
}

// known returns what was overheard so far.
func (w *wire) known() state {
	w.mu.Lock()
	defer w.mu.Unlock()
	return state{code: w.code, refused: w.words.refused, greeted: w.words.greeted, named: w.words.numbers.named, beat: w.words.beat}
}
