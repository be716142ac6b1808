package commands

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"wardline/bot"
	"wardline/bot/when"
)

// schedule reads when digests come: by the level's interval, in plain words, or as cron has it. It returns a
// reply where it cannot.
func (c *Call) schedule(zone *time.Location) (string, *Reply, error) {
	text := c.splitSchedule()
	if text == "" || c.h.grammar.is(text, "level") {
		return "", nil, nil
	}
	spec := text
	if s, ok := when.Schedule(text); ok {
		spec = s
	}
	switch _, err := bot.ParseSchedule(spec, zone); {
	case errors.Is(err, bot.ErrCron):
		return "", &Reply{Text: c.Voice.Say("usage.cron", "text", text), Form: c.form(), Refused: true}, nil
	case err != nil:
		return "", nil, err
	}
	return spec, nil, nil
}

// scheduleWords says what a specification of cron means, where it is one that was read from words; "" for
// others.
func (c *Call) scheduleWords(spec string) string {
	if spec == "@hourly" {
		return c.Voice.Say("schedule.every", "span", time.Hour)
	}
	if text, ok := strings.CutPrefix(spec, "@every "); ok {
		d, err := time.ParseDuration(text)
		if err != nil {
			return ""
		}
		return c.Voice.Say("schedule.every", "span", d)
	}
	fields := strings.Fields(spec)
	if len(fields) != 5 || fields[2] != "*" || fields[3] != "*" {
		return ""
	}
	minute, err := strconv.Atoi(fields[0])
	if err != nil {
		return ""
	}
	var times []string
	for h := range strings.SplitSeq(fields[1], ",") {
		hour, err := strconv.Atoi(h)
		if err != nil {
			return ""
		}
		times = append(times, fmt.Sprintf("%02d:%02d", hour, minute))
	}
	switch fields[4] {
	case "*":
		return c.Voice.Say("schedule.daily", "times", times)
	case "1-5":
		return c.Voice.Say("schedule.weekdays", "times", times)
	case "0,6":
		return c.Voice.Say("schedule.weekends", "times", times)
	}
	return ""
}
