package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/bot/when"
)

// Voice puts things into the words of one language at one moment. Ids become names, times become
// clock times in the hospital's zone, and what is empty becomes UNKNOWN.
type Voice struct {
	desk *Desk
	Lang hospital.Lang
	Now  time.Time

	paper bool // what the hospital has not filled in is left blank to be written by hand
}

// Voice returns the voice of a language now.
func (d *Desk) Voice(lang hospital.Lang) Voice { return d.voiceAt(lang, time.Now()) }

func (d *Desk) voiceAt(lang hospital.Lang, now time.Time) Voice {
	if lang != hospital.ZH && lang != hospital.EN {
		lang = d.opts.Lang
	}
	return Voice{desk: d, Lang: lang, Now: now.In(d.opts.Zone)}
}

// Say returns a phrase. pairs are argument names and values; values are put into words by Word. Every
// phrase may name the telephone of IT, as .hotline: "phone IT" is of no use to whom must look it up.
func (v Voice) Say(name string, pairs ...any) string {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = v.arg(pairs[i+1])
	}
	args["hotline"] = v.own("it_hotline")
	return v.desk.book.Say(v.Lang, name, args)
}

// SayMap is Say for arguments that come in a map, as those of a refusal do.
func (v Voice) SayMap(name string, values map[string]any) string {
	args := make(map[string]any, len(values))
	for k, value := range values {
		args[k] = v.arg(value)
	}
	args["hotline"] = v.own("it_hotline")
	return v.desk.book.Say(v.Lang, name, args)
}

// arg keeps what templates compute with (numbers, truth) and words everything else.
func (v Voice) arg(value any) any {
	switch value.(type) {
	case int, bool, nil:
		return value
	}
	return v.Word(value)
}

// Word puts one value into words.
func (v Voice) Word(value any) string {
	switch x := value.(type) {
	case string:
		return x
	case time.Time:
		return v.Clock(x)
	case time.Duration:
		return when.Elapsed(x, string(v.Lang))
	case incident.SystemID:
		return v.System(x)
	case []incident.SystemID:
		return v.Systems(x, 8)
	case incident.DepartmentID:
		return v.Department(x)
	case []incident.DepartmentID:
		return v.Departments(x, 0)
	case incident.PersonID:
		return v.Person(x)
	case []incident.PersonID:
		return v.join(names(x, v.Person), 0)
	case RoomID:
		return v.Room(x)
	case []RoomID:
		return v.join(names(x, v.Room), 0)
	case []string:
		return v.join(x, 0)
	case hospital.Text:
		return x.In(v.Lang)
	case incident.Extent:
		return v.Say("extent." + string(x))
	case incident.Phase:
		return v.Say("phase." + string(x))
	case incident.Class:
		return v.Say("class." + string(x))
	case incident.Status:
		return v.Say("status." + string(x))
	case incident.Confidence:
		return v.Say("confidence." + string(x))
	case incident.Standing:
		return v.Say("standing." + string(x))
	case incident.Key:
		return v.Say("fact." + string(x))
	case reason:
		return v.why(string(x))
	case incident.Step:
		return v.Say("step." + string(x))
	case Role:
		return v.Say("role." + string(x))
	case incident.Supply:
		return v.Say("supply." + string(x))
	case incident.Waiting:
		return v.waiting(x)
	case int:
		return strconv.Itoa(x)
	}
	return fmt.Sprint(value)
}

// Clock returns a time as people of the hospital write it; UNKNOWN when it is zero.
func (v Voice) Clock(t time.Time) string {
	if t.IsZero() {
		return v.Unknown()
	}
	return when.Clock(t.In(v.desk.opts.Zone), v.Now, string(v.Lang))
}

// Unknown is the word for what nobody has said.
func (v Voice) Unknown() string { return v.Say("unknown") }

// Or returns s, or UNKNOWN when it is empty.
func (v Voice) Or(s string) string {
	if strings.TrimSpace(s) == "" {
		return v.Unknown()
	}
	return s
}

// System returns a system's name.
func (v Voice) System(id incident.SystemID) string {
	if s, ok := v.desk.opts.Pack.System(id); ok {
		return s.Name.In(v.Lang)
	}
	return string(id)
}

// Department returns a department's name.
func (v Voice) Department(id incident.DepartmentID) string {
	if d, ok := v.desk.opts.Pack.Department(id); ok {
		return d.Name.In(v.Lang)
	}
	return string(id)
}

// Person returns a person's name.
func (v Voice) Person(id incident.PersonID) string {
	if id == incident.Desk || id == incident.Clock {
		return v.Say("person." + string(id))
	}
	return v.desk.people.name(id)
}

// Room returns a room's name.
func (v Voice) Room(id RoomID) string {
	if r, ok := v.desk.Room(id); ok {
		return r.Name.In(v.Lang)
	}
	return string(id)
}

// Systems lists systems by name; more than most (0 = all) are counted, not named.
func (v Voice) Systems(ids []incident.SystemID, most int) string {
	return v.join(names(ordered(ids, v.desk.order.systems), v.System), most)
}

// Departments lists departments by name; more than most (0 = all) are counted, not named.
func (v Voice) Departments(ids []incident.DepartmentID, most int) string {
	return v.join(names(ordered(ids, v.desk.order.departments), v.Department), most)
}

// ordered returns the ids in the hospital's own order: by tier and restore order, or as visited.
func ordered[T comparable](ids []T, order map[T]int) []T {
	return slices.SortedStableFunc(slices.Values(ids), func(a, b T) int { return order[a] - order[b] })
}

func names[T any](ids []T, name func(T) string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = name(id)
	}
	return out
}

func (v Voice) join(words []string, most int) string {
	if len(words) == 0 {
		return v.Say("none")
	}
	sep := v.Say("list.sep")
	if most > 0 && len(words) > most {
		return strings.Join(words[:most], sep) + v.Say("list.more", "n", len(words))
	}
	return strings.Join(words, sep)
}
