package main

import (
	"fmt"
	"strings"

	"wardline/bot"
)

func (c *checker) digests(digests []digestConfig, s *setup) {
	seen := map[string]string{}
	for i := range digests {
		d, at := &digests[i], entryPath("digests", i)
		if d.Cron == "" {
			d.Cron = levelPace
		}
		zone := s.zone
		if d.Zone != "" {
			zone = c.zone(dotted(at, "zone"), d.Zone)
		}
		c.language(dotted(at, "language"), d.Language, false)
		c.digestRoom(dotted(at, "room"), d.Room, s)
		if d.Cron != levelPace {
			if _, err := bot.ParseSchedule(d.Cron, zone); err != nil {
				wrong, remedy := badSchedule(d.Cron, err)
				c.problem(dotted(at, "cron"), wrong, remedy)
			}
		}
		if d.Room != "" {
			c.once(dotted(at, "room"), "the digest", d.Room+" "+d.Cron, "keep one of them", seen)
		}
	}
}

func (c *checker) digestRoom(path, room string, s *setup) {
	var known []string
	for _, r := range s.Rooms {
		if r.ID == room && room != "" {
			return
		}
		known = append(known, r.ID)
	}
	switch {
	case room == "":
		c.problem(path, "is missing", `write the room's id, such as room = "leaders/main"`)
	case s.pack != nil:
		near := nearest(room, known)
		if near == "" {
			near = string(leadersMain)
		}
		c.problem(path, fmt.Sprintf("there is no room %q", room), "did you mean "+near+"? Add others under [[rooms]]")
	}
}

// badSchedule says in two halves what ParseSchedule has against a spec, and what to write instead.
func badSchedule(spec string, err error) (wrong, remedy string) {
	if strings.Contains(spec, "TZ=") {
		return fmt.Sprintf("%q names a time zone", spec), "remove it here and write it into the key zone"
	}
	return strings.TrimPrefix(err.Error(), bot.ErrCron.Error()+": "), `write minute, hour, day, month and weekday, such as "0 8 * * *", or "level"`
}
