package discord

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// The gateway's operations.
const (
	dispatchOp  = 0
	beatOp      = 1
	reconnectOp = 7
	invalidOp   = 9
	helloOp     = 10
	ackOp       = 11
)

// Heartbeats. Discord commonly wants one each 41 s, and says so itself in its first word.
const (
	usualBeat = 41250 * time.Millisecond
	longBeat  = time.Hour
)

// unheard begins the names of events as the library sees them. It knows none of this name and hands them on
// unread: what it reads itself it trusts, and an event with a null where it expects an object ends the program
// from within a goroutine of its own.
const unheard = "unheard "

// What ends a connection by the server's word.
var (
	errAsked   = errors.New("asked to reconnect")
	errInvalid = errors.New("the session was refused")
)

// An interpreter stands between what the server says and what the library hears. The library is told only what
// it needs for keeping a session, in the form it can bear; what would make it wait for itself or lose a session
// that could be kept ends the connection instead.
type interpreter struct {
	numbers *sequence

	greeted bool
	started bool // the library has heard something after the greeting, and is through with opening
	beat    time.Duration
	acks    int
	refused int
}

// A word is what the server says.
type word struct {
	Op     *int            `json:"op"`
	Data   json.RawMessage `json:"d"`
	Number *int64          `json:"s"`
	Event  string          `json:"t"`
}

// hear takes one message and returns what the library hears instead; nil is nothing. After an error the
// connection is of no use.
func (i *interpreter) hear(op byte, message []byte) ([]byte, error) {
	if op == websocket.BinaryMessage { // nobody asked for it, and it is no reason to be deaf
		message = inflated(message)
	}
	var said word
	if read(message, &said) != nil || said.Op == nil || !i.greeted && *said.Op != helloOp {
		return i.early(said)
	}
	switch *said.Op {
	case helloOp:
		i.greeted, i.beat = true, beatOf(said.Data)
		return told(map[string]any{"op": helloOp, "d": map[string]any{"heartbeat_interval": i.beat.Milliseconds()}})
	case dispatchOp:
		i.started = true
		return i.event(said)
	case beatOp:
		i.started = true
		return told(map[string]any{"op": beatOp})
	case ackOp:
		if i.acks++; !i.started {
			return nil, nil // the library would wait for itself
		}
		return told(map[string]any{"op": ackOp})
	case reconnectOp, invalidOp:
		return i.early(said)
	}
	return nil, nil
}

// early takes a wish of the server that may come at any time: to connect anew, or to sign in anew. The library
// signs in at once, which is right for a session that is over. Whose sign-in was refused was too quick, and must
// wait.
func (i *interpreter) early(said word) ([]byte, error) {
	switch {
	case said.Op == nil:
		return nil, nil
	case *said.Op == reconnectOp:
		return nil, errAsked
	case *said.Op != invalidOp:
		return nil, nil
	case string(said.Data) == "true":
		return nil, errAsked
	}
	i.refused++
	if !i.numbers.named || !i.greeted {
		return nil, errInvalid
	}
	i.started, i.numbers.named = true, false
	return told(map[string]any{"op": invalidOp, "d": false})
}

// event tells the library that there is an event, which it hands on unread. Of one it must read its own part.
func (i *interpreter) event(said word) ([]byte, error) {
	data := any(said.Data)
	if len(said.Data) == 0 {
		data = nil
	}
	name := unheard + said.Event
	if said.Event == "READY" {
		var ready struct {
			Session string `json:"session_id"`
		}
		_ = read(said.Data, &ready) // without it the session ends with the connection
		i.numbers.begin(said.Number, ready.Session != "")
		name, data = said.Event, map[string]any{"session_id": ready.Session, "heard": data}
	}
	return told(map[string]any{"op": dispatchOp, "s": i.numbers.next(said.Number), "t": name, "d": data})
}

func told(what map[string]any) ([]byte, error) { return json.Marshal(what) }

// untold is an event as the server said it.
func untold(name string, data json.RawMessage) (string, json.RawMessage) {
	if name != "READY" {
		return strings.TrimPrefix(name, unheard), data
	}
	var wrapped struct {
		Heard json.RawMessage `json:"heard"`
	}
	_ = json.Unmarshal(data, &wrapped) // we wrote it
	return name, wrapped.Heard
}

// beatOf is how often the server wants a heartbeat. One that says nothing of use gets the usual.
func beatOf(hello json.RawMessage) time.Duration {
	var said struct {
		Beat float64 `json:"heartbeat_interval"`
	}
	_ = read(hello, &said) // unreadable is as good as absent
	if said.Beat < 1 || said.Beat > float64(longBeat/time.Millisecond) || math.IsNaN(said.Beat) {
		return usualBeat
	}
	return time.Duration(said.Beat) * time.Millisecond
}

// inflated reads a message that is compressed; nil if it cannot be read.
func inflated(message []byte) []byte {
	z, err := zlib.NewReader(bytes.NewReader(message))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(z, mostPayload))
	if err != nil {
		return nil
	}
	return out
}

// A sequence is how far a session was heard: all events up to a number. What came before its turn is remembered,
// so that a session that is taken up again begins with what is missing, and not after it.
type sequence struct {
	named bool // the session has a name, by which it can be taken up again
	last  int64
	ahead []int64
}

// mostAhead is how many events may come before one that is missing until it is given up: a server may leave out
// numbers.
const mostAhead = 100

func (s *sequence) begin(number *int64, named bool) {
	s.ahead, s.named = nil, named
	if s.last = 0; number != nil {
		s.last = max(*number-1, 0)
	}
}

// next notes an event and returns how far all were heard.
func (s *sequence) next(number *int64) int64 {
	if number == nil || *number <= s.last {
		return s.last
	}
	at, known := slices.BinarySearch(s.ahead, *number)
	if !known {
		s.ahead = slices.Insert(s.ahead, at, *number)
	}
	for len(s.ahead) > 0 && (s.ahead[0] == s.last+1 || len(s.ahead) > mostAhead) {
		s.last, s.ahead = s.ahead[0], s.ahead[1:]
	}
	return s.last
}
