package commands

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/bot/when"
)

// read turns what was given into values, and notes what is missing.
func (b *binding) read(g *grammar, s Spec, now time.Time) {
	for _, a := range s.Args {
		if b.given[a.Name] != "" {
			b.readArg(g, a, now)
		} else if a.Required {
			b.troubles = append(b.troubles, trouble{phrase: "usage.missing", arg: a.Name, missing: true, args: map[string]any{}})
		}
	}
	if c := b.given["confirm"]; c != "" && g.is(c, "yes") {
		b.values["confirm"] = true
	}
}

// readArg reads one argument.
func (b *binding) readArg(g *grammar, a Arg, now time.Time) {
	text := b.given[a.Name]
	bad := func(phrase string, offer []string, pairs ...any) {
		t := trouble{phrase: phrase, arg: a.Name, offer: offer, args: map[string]any{"text": text}}
		for i := 0; i+1 < len(pairs); i += 2 {
			t.args[pairs[i].(string)] = pairs[i+1]
		}
		b.troubles = append(b.troubles, t)
	}
	switch a.Kind {
	case Words, OneWord:
		b.values[a.Name] = text
	case Systems:
		b.values[a.Name] = many(text, g.desk.Pack().FindSystem, func(part string, near []incident.SystemID) {
			bad("usage.system", asStrings(near), "text", part, "near", near)
		})
	case Departments:
		if g.is(text, "all") {
			break
		}
		b.values[a.Name] = many(text, g.desk.Pack().FindDepartment, func(part string, near []incident.DepartmentID) {
			bad("usage.department", asStrings(near), "text", part, "near", near)
		})
	case Department:
		id, near := g.desk.Pack().FindDepartment(text)
		if id == "" {
			bad("usage.department", asStrings(near), "near", near)
		}
		b.values[a.Name] = id
	case Choice:
		if c := g.pick(text, a.Choices); c != "" {
			b.values[a.Name] = c
		} else {
			bad("usage.choice", a.Choices, "choices", a.Choices)
		}
	case Level:
		n, err := strconv.Atoi(strings.TrimPrefix(fold(text), "l"))
		if err != nil || n < 1 || n > 4 {
			bad("usage.level", []string{"L1", "L2", "L3", "L4"})
		}
		b.values[a.Name] = incident.Level(n)
	case Number:
		n, err := strconv.Atoi(strings.TrimLeft(fold(text), "qdntr# "))
		if err != nil || n < 1 {
			bad("usage.number", nil)
		}
		b.values[a.Name] = n
	case Moment:
		b.readMoment(g, a, text, now, bad)
	case Incident:
		id, err := incident.ParseID(text)
		if err != nil && fold(text) == bot.LogName {
			id, err = 0, nil
		}
		if err != nil {
			bad("usage.incident", nil)
		}
		b.values[a.Name] = id
	default:
		b.readName(g, a, text, bad)
	}
}

func (b *binding) readName(g *grammar, a Arg, text string, bad func(string, []string, ...any)) {
	switch a.Kind {
	case People:
		p, ok := g.person(text)
		if !ok {
			bad("usage.person", nil)
		}
		b.values[a.Name] = p.ID
	case Rooms:
		var ids []bot.RoomID
		for _, part := range parts(text) {
			r, ok := g.room(part)
			if !ok {
				bad("usage.room", nil, "text", part)
				continue
			}
			ids = append(ids, r.ID)
		}
		b.values[a.Name] = ids
	case Role:
		r, ok := g.role(text)
		if !ok {
			bad("usage.role", nil, "roles", g.roleNames())
		}
		b.values[a.Name] = r
	case Yes:
		b.values[a.Name] = g.is(text, "yes")
	default: // readArg reads the others
	}
}

// readMoment never guesses: what has more than one reading is asked back with the readings as offers.
func (b *binding) readMoment(g *grammar, a Arg, text string, now time.Time, bad func(string, []string, ...any)) {
	if g.is(text, "unknown") {
		b.values[a.Name] = time.Time{}
		return
	}
	r := when.Read(text, now, g.desk.Zone(), a.Sense)
	var offer []string
	for _, c := range r.Candidates {
		offer = append(offer, c.Format("2006-01-02 15:04"))
	}
	switch r.Problem {
	case when.None:
		b.values[a.Name] = r.At
	case when.Past:
		if len(offer) == 1 { // at night "00:30" is soon, and has passed today
			bad("usage.past_today", offer)
			return
		}
		bad("usage.past", offer)
	case when.Future:
		bad("usage.future", offer)
	case when.Ambiguous:
		if len(offer) == 1 {
			bad("usage.is_it", offer)
			return
		}
		bad("usage.ambiguous", offer)
	case when.TooFar:
		bad("usage.too_far", offer)
	default:
		bad("usage.time", offer)
	}
}

// parts cuts a list at commas of either width, enumeration commas and semicolons.
func parts(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(listSigns, r) })
}

// many reads a list of names, keeping each once.
func many[T ~string](text string, find func(string) (T, []T), miss func(part string, near []T)) []T {
	var out []T
	for _, part := range parts(text) {
		id, near := find(strings.TrimSpace(part))
		switch {
		case id == "":
			miss(part, near)
		case !slices.Contains(out, id):
			out = append(out, id)
		}
	}
	return out
}

func asStrings[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

// person finds somebody by id, name or account, or by a part of the name that only one person has: in a
// list with "Wu Hao" in two languages nobody types both.
func (g *grammar) person(text string) (bot.Person, bool) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "@")
	var near []bot.Person
	for _, p := range g.desk.People() {
		if string(p.ID) == text || p.Name == text || strings.EqualFold(p.Name, text) {
			return p, true
		}
		for _, account := range p.Accounts {
			if account == text {
				return p, true
			}
		}
		if text != "" && strings.Contains(" "+fold(p.Name)+" ", " "+fold(text)+" ") {
			near = append(near, p)
		}
	}
	if len(near) != 1 {
		return bot.Person{}, false
	}
	return near[0], true
}

func (g *grammar) room(text string) (bot.Room, bool) {
	text = strings.TrimSpace(text)
	if r, ok := g.desk.Room(bot.RoomID(text)); ok {
		return r, true
	}
	for _, r := range g.desk.ConfiguredRooms() {
		if fold(r.Name.ZH) == fold(text) || fold(r.Name.EN) == fold(text) {
			return r, true
		}
	}
	if dep, _ := g.desk.Pack().FindDepartment(text); dep != "" {
		return g.desk.Room(bot.DepartmentRoomID(dep))
	}
	return bot.Room{}, false
}

func (g *grammar) role(text string) (string, bool) {
	for _, r := range g.desk.Pack().Policy().Roles {
		if fold(text) == string(r.ID) || named(text, r.Name.ZH) || named(text, r.Name.EN) {
			return string(r.ID), true
		}
	}
	return "", false
}

// named reports whether people would call it so: by the whole name, or without what stands in brackets.
func named(text, name string) bool {
	short, _, _ := strings.Cut(fold(name), "(")
	return fold(text) == fold(name) || fold(text) == strings.TrimSpace(short)
}

func (g *grammar) roleNames() []string {
	var out []string
	for _, r := range g.desk.Pack().Policy().Roles {
		out = append(out, string(r.ID))
	}
	return out
}
