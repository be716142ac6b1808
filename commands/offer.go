package commands

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"wardline/bot/hospital"
)

// candidate is a value that may be meant, with all the names it is found by.
type candidate struct {
	Option
	names []string
}

// Offer returns the values of an argument that what is typed may mean, best first, for platforms that
// complete arguments one by one: those with a name that begins with it, then those with one that holds
// it, in any language. l.Command names the command. In a list only the last part is completed; the
// values returned hold the parts before it.
func (h *Handler) Offer(_ context.Context, l Line, arg, typed string) []Option {
	c := h.call(l)
	spec, ok := h.grammar.spec(l.Command)
	if !ok {
		return nil
	}
	i := slices.IndexFunc(spec.Args, func(a Arg) bool { return a.Name == arg })
	if i < 0 {
		return nil
	}
	c.Spec = spec
	done, part := "", strings.ToValidUTF8(typed, "")
	if spec.Args[i].many() {
		if at := strings.LastIndexAny(part, listSigns); at >= 0 {
			_, size := utf8.DecodeRuneInString(part[at:])
			done, part = strings.TrimSpace(part[:at])+",", part[at+size:]
		}
	}
	var begin, hold []Option
	for _, cand := range c.mayBe(spec.Args[i]) {
		o := cand.Option
		o.Value, o.Label = done+o.Value, done+o.Label
		switch match(cand.names, fold(part)) {
		case 2:
			begin = append(begin, o)
		case 1:
			hold = append(hold, o)
		}
	}
	return append(begin, hold...)
}

// many reports whether an argument takes a list.
func (a Arg) many() bool { return a.Kind == Systems || a.Kind == Departments || a.Kind == Rooms }

// match tells whether one of the names begins with (2) or holds (1) what is typed.
func match(names []string, typed string) int {
	best := 0
	for _, n := range names {
		switch n = fold(n); {
		case strings.HasPrefix(n, typed):
			return 2
		case strings.Contains(n, typed):
			best = 1
		}
	}
	return best
}

// mayBe lists what an argument may be, the likeliest first.
func (c *Call) mayBe(a Arg) []candidate {
	pack := c.h.desk.Pack()
	named := map[string][]string{}
	switch {
	case a.Kind == Systems:
		for _, s := range pack.Systems() {
			named[string(s.ID)] = slices.Concat([]string{s.Name.ZH, s.Name.EN}, s.Aliases.ZH, s.Aliases.EN)
		}
	case a.Kind == Departments || a.Kind == Department:
		for _, d := range pack.Departments() {
			named[string(d.ID)] = slices.Concat([]string{d.Name.ZH, d.Name.EN}, d.Aliases.ZH, d.Aliases.EN)
		}
	case a.Kind == Incident:
		return c.incidents()
	case c.Spec.Name() == "downtime procedure" && a.Name == "topic":
		return c.procedures()
	case a.Kind == Choice || a.Kind == Yes:
		for _, choice := range append(slices.Clone(a.Choices), "yes", "no") {
			named[choice] = c.h.grammar.words[choice]
		}
	}
	var out []candidate
	for _, o := range c.options(a) {
		out = append(out, candidate{o, append([]string{o.Value, o.Label}, named[o.Value]...)})
	}
	here := string(c.here())
	if (a.Kind == Department || a.Kind == Departments) && here != "" {
		slices.SortStableFunc(out, func(x, y candidate) int { return first(y.Value == here) - first(x.Value == here) })
	}
	return out
}

func first(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// incidents lists the outages, those that go on first, then the newest.
func (c *Call) incidents() []candidate {
	var out []candidate
	for _, open := range []bool{true, false} {
		for _, h := range c.h.desk.Heads() {
			if h.Open == open {
				id := h.ID.String()
				out = append(out, candidate{Option{Value: id, Label: id + " " + h.Title}, []string{id, h.Title, strings.TrimPrefix(id, "INC-")}})
			}
		}
	}
	return out
}

// procedures lists the paper procedures, those for what is down in the speaker's department first, and after
// them the back-entry sheets.
func (c *Call) procedures() []candidate {
	pack := c.h.desk.Pack()
	likely := pack.DownFor(c.here(), c.down())
	if d, ok := pack.Department(c.here()); ok {
		likely = append(likely, d.DowntimeSet...)
	}
	rank := func(id hospital.ProcedureID) int {
		if i := slices.Index(likely, id); i >= 0 {
			return i
		}
		return len(likely)
	}
	var out []candidate
	for _, p := range slices.SortedStableFunc(slices.Values(pack.Procedures()), func(x, y hospital.Procedure) int { return rank(x.ID) - rank(y.ID) }) {
		names := []string{string(p.ID), p.Title.ZH, p.Title.EN}
		out = append(out, candidate{Option{Value: string(p.ID), Label: string(p.ID) + " " + p.Title.In(c.Voice.Lang)}, names})
	}
	for _, s := range pack.Sheets() {
		names := []string{string(s.ID), s.Title.ZH, s.Title.EN}
		out = append(out, candidate{Option{Value: string(s.ID), Label: string(s.ID) + " " + s.Title.In(c.Voice.Lang)}, names})
	}
	return out
}
