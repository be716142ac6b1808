package main

import "time"

// A worded value is written as text in the file and read by its own rule. It returns what is wrong
// with the text and what to write instead, or nothing. It never repeats the text.
type worded interface {
	read(text string) (wrong, remedy string)
}

var (
	_ worded = (*duration)(nil)
	_ worded = (*pace)(nil)
)

// longestTime is the longest time any key takes: a week.
const longestTime = 7 * 24 * time.Hour

// duration is a length of time such as "30m".
type duration time.Duration

func (d *duration) read(text string) (wrong, remedy string) {
	const write = `write a length of time such as "30m", "90s" or "1h30m"`
	v, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return "is not a length of time", write
	case v <= 0:
		return "must be longer than nothing", write
	case v > longestTime:
		return "is longer than a week", write
	}
	*d = duration(v)
	return "", ""
}

// pace is a length of time, or "level": the pace the level of the outage asks for, kept as 0.
type pace time.Duration

const levelPace = "level"

func (p *pace) read(text string) (wrong, remedy string) {
	if text == levelPace {
		*p = 0
		return "", ""
	}
	wrong, remedy = (*duration)(p).read(text)
	if wrong != "" {
		remedy += `, or "level" for the pace of the outage's level`
	}
	return wrong, remedy
}

func (d duration) length() time.Duration { return time.Duration(d) }
func (p pace) length() time.Duration     { return time.Duration(p) }
