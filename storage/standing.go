package storage

import (
	"crypto/sha256"
	"encoding/hex"

	"wardline/bot/incident"
)

// Standing tells how far a store has come, so that an older state of the same file can be told from it.
type Standing struct {
	Commits uint64      `json:"commits"` // batches ever made durable; 0 where the engine does not count them
	Heads   string      `json:"heads"`   // a digest of the ends of all logs
	Last    incident.ID `json:"last"`    // the newest incident
}

// Behind reports whether a store that stands at s lacks what one that stood at later had. Whoever
// notes later does so after the commit, so a crash in between cannot make a store look behind.
func (s Standing) Behind(later Standing) bool {
	return s.Commits < later.Commits || s.Commits == later.Commits && s.Heads != later.Heads
}

// A Counter is an Engine that counts the batches it made durable, over all its life.
type Counter interface {
	Commits() uint64
}

// ends is a digest over the ends of all logs. A log's end is put in and taken out by the same sum, so
// keeping it up to date costs the same however many logs there are. It guards against accidents: the
// chains are what guards against people.
type ends digest

// toggle puts the end of a log in, or takes it out again.
func (e *ends) toggle(id incident.ID, t tip) {
	if t.version == 0 {
		return // nothing was logged, so there may be no head either
	}
	buf := append([]byte(number(uint64(id))+number(uint64(t.version))), t.chain[:]...)
	for i, b := range sha256.Sum256(buf) {
		e[i] ^= b
	}
}

func (e *ends) String() string { return hex.EncodeToString(e[:]) }

// Standing returns how far the store has come. What it tells is durable.
func (s *Store) Standing() Standing {
	s.known.RLock()
	defer s.known.RUnlock()
	return Standing{Commits: s.commits, Heads: s.ends.String(), Last: s.last}
}

// stand takes over that a log ends somewhere else, under the lock.
func (s *Store) stand(id incident.ID, t tip) {
	if old, ok := s.tips[id]; ok {
		s.ends.toggle(id, old)
	}
	s.ends.toggle(id, t)
	s.tips[id] = t
	s.last = max(s.last, id)
}

// count takes over how many batches there are by now, under the lock.
func (s *Store) count() {
	if c, ok := s.engine.(Counter); ok {
		s.commits = c.Commits()
	}
}
