package commands

import (
	"context"
	"maps"
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/incident"
)

// settle finds out which incident a command is about: the one named, the room's, or the only one there
// is. With several it asks.
func (h *Handler) settle(ctx context.Context, c *Call) *Reply {
	if c.Spec.About == Nothing {
		return nil
	}
	id, named := c.values["incident"].(incident.ID)
	if !named {
		id, named = c.Line.Room.IncidentOf()
	}
	if named {
		in, ok, err := h.desk.Incident(ctx, id)
		switch {
		case err != nil:
			reply := c.failed(err)
			return &reply
		case !ok:
			reply := c.refuse("refused.no_incident", "id", id)
			return &reply
		}
		c.In = in
		return nil
	}
	candidates := h.candidates(c)
	if len(candidates) == 0 && c.Spec.About == AnyOutage {
		candidates = h.latest(ctx)
	}
	switch {
	case len(candidates) == 1:
		c.In = candidates[0]
	case len(candidates) > 1 && c.Spec.Name() == "ask":
		c.In = h.desk.Log() // the answer speaks of every outage; what a person must answer goes to the desk
	case len(candidates) > 1 && c.Spec.Name() == "downtime ack" && c.answersAll(candidates): // on paper is on paper
	case len(candidates) > 1 && c.answersTest(candidates):
	case len(candidates) > 1 && !slices.ContainsFunc(candidates, func(in incident.Incident) bool { return h.desk.May(c.Person, in, c.Spec.Needs...) }):
		reply := c.notAllowed() // whichever it is
		return &reply
	case len(candidates) > 1:
		reply := c.which(candidates)
		return &reply
	case c.Spec.About == Perhaps:
		c.In = h.desk.Log()
	default:
		phrase, action := "refused.none_to_answer", bot.Action{Label: c.Voice.Say("button.symptom"), Line: "/outage symptom"}
		if h.desk.May(c.Person, c.In, bot.Coordinator) {
			phrase, action = "refused.none_open", bot.Action{Label: c.Voice.Say("button.declare"), Line: "/outage declare"}
		}
		reply := c.refuse(phrase)
		reply.Actions = buttons(action)
		return &reply
	}
	return nil
}

// candidates are the incidents a command may mean where none is named: those going on; in a
// department's room, those it was told of, if there are any.
func (h *Handler) candidates(c *Call) []incident.Incident {
	all := h.desk.Ongoing()
	if c.Room.Department != "" {
		var told []incident.Incident
		for _, in := range all {
			if slices.Contains(in.Told, c.Room.Department) {
				told = append(told, in)
			}
		}
		if len(told) > 0 {
			return told
		}
	}
	return all
}

// latest is the newest outage there ever was, for those who look back.
func (h *Handler) latest(ctx context.Context) []incident.Incident {
	for _, head := range h.desk.Heads() {
		if in, ok, err := h.desk.Incident(ctx, head.ID); err == nil && ok {
			return []incident.Incident{in}
		}
	}
	return nil
}

func (c *Call) which(among []incident.Incident) Reply {
	reply := c.refuse("usage.which", "n", len(among))
	for _, in := range among {
		title, _ := in.Fact(incident.Headline)
		reply.Actions = append(reply.Actions, bot.Action{
			Label: in.ID.String() + " " + title.Value, Line: c.again("incident", in.ID.String()),
		})
	}
	return reply
}

// again is the command line of this call with some arguments changed.
func (c *Call) again(changes ...string) string {
	given := map[string]string{}
	maps.Copy(given, c.given)
	for i := 0; i+1 < len(changes); i += 2 {
		given[changes[i]] = changes[i+1]
	}
	var s strings.Builder
	s.WriteString("/" + c.Spec.Name())
	for _, a := range append(slices.Clone(c.Spec.Args), Arg{Name: "confirm"}) {
		if v := given[a.Name]; v != "" {
			s.WriteString(" " + a.Name + ":" + quote(v))
		}
	}
	return s.String()
}
