package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"wardline/bot"
)

// minute is how times are written for operators.
const minute = "2006-01-02 15:04"

// summary tells what a configuration without problems means.
func summary(w io.Writer, file string, s setup, now time.Time) error {
	fmt.Fprintf(w, "%s has no problems\n\n", file)
	var rows strings.Builder
	row := func(what, format string, args ...any) {
		rows.WriteString(what + "\t" + fmt.Sprintf(format, args...) + "\n")
	}
	name := s.hospitalName()
	row("hospital", "%s", strings.Join(distinct(name.ZH, name.EN), " / "))
	row("clock", "%s, now %s", s.zone, now.In(s.zone).Format(minute))
	row("pack", "%s, %s, %s", counted(len(s.pack.Systems()), "system"), counted(len(s.pack.Departments()), "department"), counted(len(s.pack.Procedures()), "procedure"))
	row("database", "%s", s.Storage.File)
	row("web desk", "%s", s.base(s.Web.Listen))
	row("people", "%s", peopleByRole(s.People))
	row("rooms", "%s", roomsByKind(s.Rooms))
	for i, d := range s.Digests {
		row(fmt.Sprintf("digest %d", i+1), "%s, %s", d.Room, dueTimes(d, s, now))
	}
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	_, err := io.WriteString(table, rows.String())
	if err = errors.Join(err, table.Flush()); err != nil {
		return fmt.Errorf("write summary: %w", err)
	}
	warnings := s.warnings
	if s.key.none() {
		warnings = append(warnings, "web.key: "+s.noKey+"; wardline run needs it, wardline demo does not")
	}
	if s.noMattermost != "" {
		warnings = append(warnings, "mattermost: "+s.noMattermost)
	}
	if s.noDiscord != "" {
		warnings = append(warnings, "discord: "+s.noDiscord)
	}
	if len(warnings) > 0 {
		fmt.Fprintf(w, "\n%s\n", counted(len(warnings), "warning"))
	}
	for _, text := range warnings {
		fmt.Fprintf(w, "- %s\n", text)
	}
	return nil
}

func distinct(words ...string) []string {
	words = slices.DeleteFunc(words, func(s string) bool { return s == "" })
	if words = slices.Compact(words); len(words) == 0 {
		return []string{"(no name)"}
	}
	return words
}

// peopleByRole counts the people of each role; everybody is clinical, so those with another role are
// not counted there.
func peopleByRole(people []personConfig) string {
	counts, names := map[string]int{}, []string{}
	add := func(role string) {
		if counts[role] == 0 {
			names = append(names, role)
		}
		counts[role]++
	}
	for _, p := range people {
		if len(p.Roles) == 0 {
			add(string(bot.Clinical))
		}
		for _, role := range p.Roles {
			add(role)
		}
	}
	slices.Sort(names)
	for i, role := range names {
		names[i] = fmt.Sprintf("%d %s", counts[role], role)
	}
	if len(names) == 0 {
		return "0"
	}
	return fmt.Sprintf("%d: %s", len(people), strings.Join(names, ", "))
}

func roomsByKind(rooms []roomConfig) string {
	counts := map[string]int{}
	for _, r := range rooms {
		counts[r.Kind]++
	}
	parts := make([]string, 0, len(counts))
	for _, kind := range roomKinds() {
		parts = append(parts, fmt.Sprintf("%d %s", counts[kind], kind))
	}
	return fmt.Sprintf("%d: %s", len(rooms), strings.Join(parts, ", "))
}

// dueTimes tells when a digest comes next.
func dueTimes(d digestConfig, s setup, now time.Time) string {
	if d.Cron == levelPace {
		return "while an outage is open, at the pace of its level"
	}
	zone := s.digestZone(d)
	plan, err := bot.ParseSchedule(d.Cron, zone)
	if err != nil {
		return err.Error()
	}
	const some = 3
	parts := make([]string, 0, some)
	for at := now; len(parts) < some; {
		at = plan.Next(at)
		parts = append(parts, at.In(zone).Format(minute))
	}
	return fmt.Sprintf("%s (%s): %s", d.Cron, zone, strings.Join(parts, ", "))
}

// digestZone is the zone a digest's times are in: its own or the hospital's.
func (s setup) digestZone(d digestConfig) *time.Location {
	if d.Zone == "" {
		return s.zone
	}
	zone, err := time.LoadLocation(d.Zone)
	if err != nil { // was checked before
		return s.zone
	}
	return zone
}
