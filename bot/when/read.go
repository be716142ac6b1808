package when

import "time"

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
func Read(text string, now time.Time, loc *time.Location, s Sense) Reading {
	return Reading{Problem: Unreadable}
}

// Prefix reads the longest time expression a sentence starts with and hands back the rest of the sentence.
func Prefix(text string, now time.Time, loc *time.Location, s Sense) (r Reading, rest string, ok bool) {
	return Reading{Problem: Unreadable}, text, false
}

// Duration reads a length of time, such as 45m, 1h30m, 90 minutes, 半小时 or 一个半小时.
func Duration(text string) (time.Duration, bool) {
	return 0, false
}
