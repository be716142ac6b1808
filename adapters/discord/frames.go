package discord

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/gorilla/websocket"
)

// Limits of what a server may send at once.
const (
	mostHead    = 64 << 10 // of the HTTP answer that opens a websocket
	mostPayload = 64 << 20 // of one message; a server's largest, with all its channels, has a few megabytes
)

// endOfHead ends the HTTP answer that opens a websocket.
const endOfHead = "\r\n\r\n"

// A framer goes through the bytes a server sends on a websocket, in whatever pieces they come, and takes them
// apart: the answer that opens it, then messages, each whole however it was cut into frames.
type framer struct {
	begun   bool // past the HTTP answer
	refused bool // which opens no websocket: all that comes is the answer's body
	pending []byte
	op      byte // of the message that is not complete
	message []byte
}

// feed takes the next bytes. pass is given what is no message and must reach the library as it is; take is given
// each message that is complete.
func (f *framer) feed(p []byte, pass func([]byte), take func(op byte, payload []byte)) error {
	f.pending = append(f.pending, p...)
	if !f.begun {
		i := bytes.Index(f.pending, []byte(endOfHead))
		switch {
		case i < 0 && len(f.pending) > mostHead:
			return errors.New("the server's answer has no end")
		case i < 0:
			return nil
		}
		f.begun, f.refused = true, !bytes.HasPrefix(f.pending, []byte("HTTP/1.1 101"))
		pass(f.pending[:i+len(endOfHead)])
		f.pending = f.pending[i+len(endOfHead):]
	}
	if f.refused {
		pass(f.pending)
		f.pending = nil
		return nil
	}
	for {
		frame, payload, err := cutFrame(f.pending)
		if err != nil || frame == nil {
			return err
		}
		f.pending = f.pending[len(frame):]
		if err := f.add(frame, payload, pass, take); err != nil {
			return err
		}
	}
}

// add takes one frame: a part of a message, or something between messages that concerns the connection.
func (f *framer) add(frame, payload []byte, pass func([]byte), take func(op byte, payload []byte)) error {
	op, last := frame[0]&0x0f, frame[0]&0x80 != 0
	if op >= websocket.CloseMessage {
		take(op, payload)
		pass(frame)
		return nil
	}
	if op != 0 {
		f.op, f.message = op, nil
	}
	if f.message = append(f.message, payload...); len(f.message) > mostPayload {
		return errTooLong
	}
	if last {
		take(f.op, f.message)
		f.message = nil
	}
	return nil
}

var errTooLong = errors.New("the server sends a message without end")

// cutFrame returns the first frame of some bytes and what it carries, once it is complete. What a server sends is
// never masked, and nothing was agreed on that would change how it is written.
func cutFrame(b []byte) (frame, payload []byte, err error) {
	if len(b) < 2 {
		return nil, nil, nil
	}
	if b[0]&0x70 != 0 || b[1]&0x80 != 0 {
		return nil, nil, errors.New("the server does not speak as a websocket server does")
	}
	head, length := 2, uint64(b[1]&0x7f)
	switch {
	case length == 126 && len(b) >= 4:
		head, length = 4, uint64(binary.BigEndian.Uint16(b[2:]))
	case length == 127 && len(b) >= 10:
		head, length = 10, binary.BigEndian.Uint64(b[2:])
	case length >= 126:
		return nil, nil, nil
	}
	if length > mostPayload {
		return nil, nil, errTooLong
	}
	end := head + int(length)
	if len(b) < end {
		return nil, nil, nil
	}
	return b[:end:end], b[head:end:end], nil
}

// frameOf writes a message as one frame.
func frameOf(payload []byte) []byte {
	out := []byte{0x80 | websocket.TextMessage}
	switch n := len(payload); {
	case n < 126:
		out = append(out, byte(n))
	case n < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, 126), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, 127), uint64(n))
	}
	return slices.Concat(out, payload)
}
