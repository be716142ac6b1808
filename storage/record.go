package storage

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"wardline/bot/incident"
)

// An event record is: a flag byte, the chain hash, the hash of the body, the length of the header,
// the header as JSON, the body as JSON, both exactly as first encoded.
//
// The chain hash covers the chain hash before it, the header and the hash of the body. It does not
// cover the body's bytes themselves, so a strike can take them away and the chain still verifies.
const (
	flagAt   = sealSize
	chainAt  = flagAt + 1
	bodyAt   = chainAt + sha256.Size
	lengthAt = bodyAt + sha256.Size
	headerAt = lengthAt + 4

	flagStruck = 1 // the flag byte of a struck event; 0 of a whole one
)

// digest is a SHA-256.
type digest = [sha256.Size]byte

// header is what a strike leaves of an event. Its JSON is covered by the chain.
type header struct {
	Number   int               `json:"n"`
	Kind     incident.Kind     `json:"kind"`
	At       time.Time         `json:"at"`
	Recorded time.Time         `json:"recorded"`
	By       incident.PersonID `json:"by"`
}

// record is an event record taken apart. The slices share the sealed buffer.
type record struct {
	struck bool
	chain  digest
	hash   digest
	header []byte
	body   []byte
}

// genesis is what stands before the first event of an incident. It differs for every incident, so
// that no log can pass for another's.
func genesis(id incident.ID) digest {
	return sha256.Sum256([]byte("wardline incident " + number(uint64(id))))
}

// link returns the chain hash of an event whose predecessor's is prev.
func link(prev digest, header []byte, body digest) digest {
	var space [512]byte
	buf := append(space[:0], prev[:]...)
	buf = append(buf, header...)
	return sha256.Sum256(append(buf, body[:]...))
}

// encodeEvent returns an event record that lacks only its chain hash and its seal.
func encodeEvent(n int, e incident.Event) ([]byte, error) {
	if e.Body == nil {
		return nil, errors.New("it has no body")
	}
	if _, blank := e.Body.(incident.Blanked); blank {
		return nil, errors.New("its body is blanked; events are struck in place, not appended so")
	}
	body, err := incident.EncodeBody(e.Body)
	if err != nil {
		return nil, err
	}
	// UTC, because a log must read the same wherever it is read.
	h, err := json.Marshal(header{Number: n, Kind: e.Body.Kind(), At: e.At.UTC(), Recorded: e.Recorded.UTC(), By: e.By})
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(body)
	buf := make([]byte, headerAt, headerAt+len(h)+len(body))
	copy(buf[bodyAt:], hash[:])
	binary.BigEndian.PutUint32(buf[lengthAt:], uint32(len(h)))
	buf = append(buf, h...)
	return append(buf, body...), nil
}

// chainEvent completes an event record in place and returns its chain hash.
func chainEvent(key string, buf []byte, prev digest) digest {
	h := buf[headerAt : headerAt+int(binary.BigEndian.Uint32(buf[lengthAt:]))]
	chain := link(prev, h, digest(buf[bodyAt:lengthAt]))
	copy(buf[chainAt:], chain[:])
	seal(key, buf)
	return chain
}

// strikeEvent returns the record without its body.
func strikeEvent(e Entry) (Entry, error) {
	if _, err := splitEvent(e); err != nil {
		return Entry{}, err
	}
	end := headerAt + int(binary.BigEndian.Uint32(e.Value[lengthAt:]))
	buf := append([]byte(nil), e.Value[:end]...)
	buf[flagAt] = flagStruck
	return Entry{Key: e.Key, Value: seal(e.Key, buf)}, nil
}

// splitEvent takes a sealed event record apart.
func splitEvent(e Entry) (record, error) {
	if _, err := unseal(e); err != nil {
		return record{}, err
	}
	if len(e.Value) < headerAt {
		return record{}, errors.New("the record is too short")
	}
	rest := e.Value[headerAt:]
	n := binary.BigEndian.Uint32(e.Value[lengthAt:])
	if uint64(n) > uint64(len(rest)) || e.Value[flagAt] > flagStruck {
		return record{}, errors.New("the record is malformed")
	}
	return record{
		struck: e.Value[flagAt] == flagStruck,
		chain:  digest(e.Value[chainAt:bodyAt]),
		hash:   digest(e.Value[bodyAt:lengthAt]),
		header: rest[:n],
		body:   rest[n:],
	}, nil
}

// verify checks that the record is event n after an event whose chain hash is prev (nil if that is
// not known), and returns its header.
func (r record) verify(n int, prev *digest) (header, error) {
	var h header
	if err := json.Unmarshal(r.header, &h); err != nil {
		return header{}, fmt.Errorf("its header is not readable: %w", err)
	}
	switch {
	case h.Number != n:
		return header{}, fmt.Errorf("it says of itself that it is event %d", h.Number)
	case r.struck && len(r.body) > 0:
		return header{}, errors.New("it is struck and still has a body")
	case !r.struck && sha256.Sum256(r.body) != r.hash:
		return header{}, errors.New("its body does not match its hash")
	case prev != nil && link(*prev, r.header, r.hash) != r.chain:
		return header{}, errors.New("the chain is broken here")
	}
	return h, nil
}

// event returns the event a verified record holds.
func (r record) event(h header) (incident.Event, error) {
	e := incident.Event{At: h.At.UTC(), Recorded: h.Recorded.UTC(), By: h.By}
	if r.struck {
		e.Body = incident.Blanked{Was: h.Kind}
		return e, nil
	}
	body, err := incident.DecodeBody(h.Kind, r.body)
	if err != nil {
		return incident.Event{}, fmt.Errorf("its body is not readable: %w", err)
	}
	e.Body = body
	return e, nil
}
