package storage

import (
	"errors"

	"wardline/bot/incident"
)

// walk verifies an incident's records one after the other.
type walk struct {
	id    incident.ID
	next  int
	chain *digest // of the event before; nil where it is not known, so that the link cannot be checked
}

// newWalk starts at the first event of an incident.
func newWalk(id incident.ID) walk {
	start := genesis(id)
	return walk{id: id, next: 1, chain: &start}
}

// step verifies the next record and goes on, also from a bad one.
func (w *walk) step(e Entry) (record, header, error) {
	n := w.next
	if e.Key != eventKey(w.id, n) {
		w.chain = nil
		return record{}, header{}, errors.New("it is missing")
	}
	w.next++
	r, err := splitEvent(e)
	if err != nil {
		w.chain = nil
		return record{}, header{}, err
	}
	h, err := r.verify(n, w.chain)
	w.chain = &r.chain
	return r, h, err
}
