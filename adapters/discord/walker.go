package discord

import (
	"bytes"
	"encoding/binary"
)

// smallFrame is the longest payload worth reading over the library's shoulder: the gateway's own words
// are short, events are long.
const smallFrame = 512

// endOfHead ends the HTTP answer that opens a websocket.
const endOfHead = "\r\n\r\n"

// A walker goes through the bytes a server sends on a websocket, in whatever pieces they come, and shows
// the short frames among them. It changes nothing.
type walker struct {
	begun   bool   // past the HTTP answer
	pending []byte // of a head that is not complete
	op      byte
	left    uint64 // bytes of the frame's payload still to come
	keep    bool
	payload []byte
}

// feed takes the next bytes and shows each short frame that is complete.
func (w *walker) feed(p []byte, show func(op byte, payload []byte)) {
	if !w.begun {
		w.pending = append(w.pending, p...)
		i := bytes.Index(w.pending, []byte(endOfHead))
		if i < 0 {
			return
		}
		p = w.pending[i+len(endOfHead):]
		w.begun, w.pending = true, nil
	}
	for len(p) > 0 {
		if w.left > 0 {
			n := min(w.left, uint64(len(p)))
			if w.keep {
				w.payload = append(w.payload, p[:n]...)
			}
			w.left -= n
			p = p[n:]
			w.complete(show)
			continue
		}
		w.pending = append(w.pending, p[0])
		p = p[1:]
		if length, ok := frameLength(w.pending); ok {
			w.op, w.left, w.keep = w.pending[0]&0x0f, length, length <= smallFrame
			w.payload, w.pending = nil, nil
			w.complete(show)
		}
	}
}

func (w *walker) complete(show func(op byte, payload []byte)) {
	if w.left == 0 && w.keep {
		show(w.op, w.payload)
		w.keep = false
	}
}

// frameLength reads the length of the payload from the head of a frame, once the head is complete. What
// a server sends is never masked.
func frameLength(head []byte) (uint64, bool) {
	if len(head) < 2 {
		return 0, false
	}
	switch n := head[1] & 0x7f; {
	case n < 126:
		return uint64(n), true
	case n == 126 && len(head) >= 4:
		return uint64(binary.BigEndian.Uint16(head[2:])), true
	case n == 127 && len(head) >= 10:
		return binary.BigEndian.Uint64(head[2:]), true
	}
	return 0, false
}
