package hospital

import (
	"regexp"
	"strconv"

	"wardline/bot/incident"
)

// System is one information system of the hospital.
type System struct {
	ID           incident.SystemID
	Name         Text
	Aliases      Words
	Vague        Words // name the system only where nothing else is named
	Tier         int   // 0 infrastructure to 3 support
	RestoreOrder int   // smaller is brought back earlier
	Owner        string
	DependsOn    []Dependency
	Loses        Text // what stops for people when it stops
	Procedures   []ProcedureID
}

// Dependency is one edge: the system needs the system ID.
type Dependency struct {
	ID   incident.SystemID
	Kind DependencyKind
}

// DependencyKind says what an outage of the needed system does.
type DependencyKind string

// The kinds of dependency: hard stops the dependent system, soft makes it work badly.
const (
	Hard DependencyKind = "hard"
	Soft DependencyKind = "soft"
)

// lowerID is the form of the ids of systems, departments, roles and names to fill.
var lowerID = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func readSystems(t *row, p *Pack) {
	defer t.done()
	t.head(p)
	p.tiers = map[int]Text{}
	for _, e := range t.table("tiers") {
		n, err := strconv.Atoi(e.key)
		if err != nil || n < 0 || n > 9 {
			t.r.problem(e.n, e.path, "a tier is a number from 0 to 9", "number the tiers from 0, the most basic")
			continue
		}
		p.tiers[n] = t.r.text(e.n, e.path)
	}
	p.kinds = map[DependencyKind]Text{}
	if v := t.value("dependency_kinds", true); v != nil {
		k := t.r.row(v, "dependency_kinds")
		p.kinds[Hard], p.kinds[Soft] = k.text(string(Hard)), k.text(string(Soft))
		k.done()
	}
	for _, c := range t.list("systems") {
		p.systems = append(p.systems, t.r.system(c))
	}
	t.some("systems", "system")
}

func (r *reader) system(c child) System {
	t := r.row(c.n, c.path)
	defer t.done()
	s := System{
		ID:           incident.SystemID(t.ident(lowerID, "his_db")),
		Name:         t.text("name"),
		Aliases:      t.words("aliases"),
		Vague:        t.words("vague"),
		RestoreOrder: t.num("restore_order", 1, 999),
		Owner:        t.str("owner"),
		Loses:        t.text("loses"),
		Procedures:   refs[ProcedureID](t, "procedures", aProcedure),
	}
	if tier, ok := oneRef[string](t, "tier", aTier); ok {
		s.Tier, _ = strconv.Atoi(tier) // a tier that is no number is reported where it is defined
	}
	for _, d := range t.list("depends_on") {
		if dep, ok := r.dependency(d, string(s.ID)); ok {
			s.DependsOn = append(s.DependsOn, dep)
		}
	}
	r.naming(t, aSystem, string(s.ID), s.Name, s.Aliases, s.Vague)
	return s
}

func (r *reader) dependency(c child, from string) (Dependency, bool) {
	t := r.row(c.n, c.path)
	defer t.done()
	id, ok := oneRef[incident.SystemID](t, "id", aSystem)
	d := Dependency{ID: id, Kind: DependencyKind(t.oneOf("kind", string(Hard), string(Soft)))}
	if ok && (d.Kind == Hard || string(id) == from) {
		r.edges = append(r.edges, edge{aSystem, from, string(id), t.n.get("id"), dot(c.path, "id")})
	}
	return d, ok
}
