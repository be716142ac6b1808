package when

import (
	"strings"
	"time"
)

// Sense says which side of now a time is expected on.
type Sense int

const (
	// Ahead is the sense of an ETA, a deadline or a next update.
	Ahead Sense = iota
	// Behind is the sense of since when, or of when it happened.
	Behind
)

// Problem says why a text is not one instant.
type Problem int

const (
	// None means the text is one instant and it lies on the side that was asked for.
	None Problem = iota
	// Unreadable means the text is no time.
	Unreadable
	// Past means a time ahead was asked for and the text names one that has gone by.
	Past
	// Future means a time behind was asked for and the text names one still to come.
	Future
	// Ambiguous means the text has more than one honest reading.
	Ambiguous
	// TooFar means the time is more than 400 days from now.
	TooFar
)

// Reading is what a text says about time; while Problem is not None, At is zero and nothing may be assumed.
type Reading struct {
	// At is the instant, in the asked zone and at a whole minute.
	At time.Time
	// Candidates are up to three readings, earliest first, to ask the person back with.
	Candidates []time.Time
	// Problem is None, or why At is not set.
	Problem Problem
}

// Read reads a text that is a time from its first character to its last.
// While the problem is not None nothing is assumed; the candidates are what to ask back.
func Read(text string, now time.Time, loc *time.Location, s Sense) Reading {
	q := ask(now, loc, s)
	in := fold(strings.TrimRight(text, " \t\r\n\u3000.。!！,，;；"))
	if e, ok := in.expression(s); ok {
		if in.at = e.end; in.over() {
			return e.read(q)
		}
	}
	// p.m. loses its point to the trimming above, so only what failed is tried whole.
	in = fold(text)
	if e, ok := in.expression(s); ok {
		if in.at = e.end; in.over() {
			return e.read(q)
		}
	}
	in.at = 0
	if n, ok := in.small(); ok && in.over() {
		return q.bareNumber(n)
	}
	return Reading{Problem: Unreadable}
}

// Prefix reads the longest time expression a sentence starts with and hands back the rest of the
// sentence. Not ok means the sentence starts with no time, or with one that the words behind it blur:
// a range, 8点多, another zone. Forms that may be a mere quantity (1430, 一点, at 3, 2分) count only in
// front of punctuation or the end.
func Prefix(text string, now time.Time, loc *time.Location, s Sense) (r Reading, rest string, ok bool) {
	in := fold(text)
	e, ok := in.expression(s)
	if !ok {
		return Reading{Problem: Unreadable}, text, false
	}
	in.at = e.end
	if !in.endsHere(e) {
		return Reading{Problem: Unreadable}, text, false
	}
	for in.rune(0) != 0 && strings.ContainsRune(" ,.;:-!", in.rune(0)) {
		in.at++
	}
	return e.read(ask(now, loc, s)), text[in.bytes[in.at]:], true
}

// Duration reads a length of time, such as 45m, 1h30m, 90 minutes, 半小时 or 一个半小时.
// No length is longer than 400 days.
func Duration(text string) (time.Duration, bool) {
	in := fold(text)
	l, ok := in.length()
	if !ok || !in.over() || l.seconds > int64(farthest/time.Second) {
		return 0, false
	}
	return time.Duration(l.seconds) * time.Second, true
}
