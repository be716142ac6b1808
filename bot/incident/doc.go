// Package incident is the subject of Wardline: what an outage is, what may be done to it, and what
// has been done. A command decides events; an Incident is the fold of its events.
//
// It is pure: no clock, no I/O, no goroutine, no randomness, no logger, and nothing imported beyond
// the standard library. The same log always folds to the same incident. It never words a sentence
// for people and never sends anything.
package incident
