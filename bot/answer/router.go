package answer

import (
	"cmp"
	"slices"
	"strings"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Router routes questions about one hospital. It never changes once made and is safe for any number
// of callers.
type Router struct {
	pack    *hospital.Pack
	reader  *reader
	rules   []rule
	hints   []rule // what lifts single procedures, and back-entry
	targets []target
	index   *index
}

// target is something a question can be routed to.
type target struct {
	name        string // an id, live/topic or person/why
	procedure   hospital.ProcedureID
	sheet       hospital.SheetID
	departments []incident.DepartmentID // nil for all
	systems     []incident.SystemID     // nil for all
	later       bool                    // about back-entry
	steps       []map[string]float64
}

// candidate tells a procedure or sheet from live topics and reasons.
func (t target) candidate() bool { return t.procedure != "" || t.sheet != "" }

// New makes a router for a pack. Lines asked before that lead to a procedure or sheet the pack does
// not have are left out.
func New(p *hospital.Pack) *Router {
	f := newFolder(foldText)
	r := &Router{pack: p, rules: newRules(rulesText), hints: newRules(hintsText)}
	r.reader = &reader{fold: f, lexicon: newLexicon(lexiconText, f), dull: dull()}
	r.learn()
	return r
}

// dull reads dull.txt.
func dull() map[string]bool {
	out := map[string]bool{}
	for _, l := range lines(dullText) {
		for w := range strings.FieldsSeq(l) {
			if firstHan(w) {
				out[w] = true
				continue
			}
			out[stem(w)] = true
		}
	}
	return out
}

// learn enters the pack and the asked lines.
func (r *Router) learn() {
	at := map[string]int{}
	var docs, short []map[string]float64
	var docTarget, lineTarget []int
	enter := func(t target, texts []weighted) {
		at[t.name] = len(r.targets)
		docTarget = append(docTarget, len(r.targets))
		docs = append(docs, r.mix(texts))
		r.targets = append(r.targets, t)
	}
	ask := func(name, text string) {
		if i, ok := at[name]; ok {
			short = append(short, r.features(text))
			lineTarget = append(lineTarget, i)
		}
	}
	general := r.pack.GeneralBackentry()
	for _, p := range r.pack.Procedures() {
		t := target{
			name: string(p.ID), procedure: p.ID, departments: p.Departments, systems: p.Systems,
			later: slices.Contains(general, p.ID), steps: r.each(p.Steps),
		}
		enter(t, procedureTexts(p))
	}
	for _, s := range r.pack.Sheets() {
		t := target{name: string(s.ID), sheet: s.ID, departments: s.Departments, later: true}
		for _, item := range s.Items {
			t.steps = append(t.steps, r.mix([]weighted{{item.What, 1}}))
		}
		enter(t, sheetTexts(s))
	}
	for _, name := range others() {
		at[name] = len(r.targets)
		r.targets = append(r.targets, target{name: name})
	}
	for _, p := range r.pack.Procedures() {
		for _, l := range hospital.Langs() {
			for _, w := range p.Keywords.In(l) {
				ask(string(p.ID), w)
			}
		}
	}
	for _, a := range readAsked(askedFiles) {
		ask(a.target, a.text)
	}
	r.index = build(docs, short, docTarget, lineTarget)
	r.reader.near = newSpeller(vocabulary(append(docs, short...)))
}

// vocabulary counts the Latin words of all texts.
func vocabulary(texts []map[string]float64) map[string]int {
	out := map[string]int{}
	for _, t := range texts {
		for f := range t {
			if f[0] >= 'a' && f[0] <= 'z' && !strings.Contains(f, " ") {
				out[f]++
			}
		}
	}
	return out
}

// others are the targets that are no text of the pack.
func others() (out []string) {
	for _, t := range Topics() {
		out = append(out, "live/"+string(t))
	}
	for _, w := range Reasons() {
		out = append(out, "person/"+string(w))
	}
	return out
}

// weighted is a text and how much its words count.
type weighted struct {
	text   hospital.Text
	weight float64
}

func procedureTexts(p hospital.Procedure) (out []weighted) {
	out = append(out, weighted{p.Title, 3}, weighted{p.When, 1.5})
	for _, t := range p.Steps {
		out = append(out, weighted{t, 1})
	}
	for _, ts := range [][]hospital.Text{p.Safety, p.DoNot, p.Escalate} {
		for _, t := range ts {
			out = append(out, weighted{t, 0.7})
		}
	}
	for _, l := range hospital.Langs() {
		for _, w := range p.Keywords.In(l) {
			out = append(out, weighted{hospital.Text{ZH: w}, 2})
		}
	}
	return out
}

func sheetTexts(s hospital.Sheet) (out []weighted) {
	out = append(out, weighted{s.Title, 3})
	for _, i := range s.Items {
		out = append(out, weighted{i.What, 1}, weighted{i.Who, 0.3}, weighted{i.Check, 0.3})
	}
	return out
}

// mix joins the features of several texts in both languages.
func (r *Router) mix(texts []weighted) map[string]float64 {
	out := map[string]float64{}
	for _, t := range texts {
		for _, l := range hospital.Langs() {
			for f, w := range r.features(t.text.In(l)) {
				out[f] += w * t.weight
			}
		}
	}
	return out
}

func (r *Router) each(texts []hospital.Text) (out []map[string]float64) {
	for _, t := range texts {
		out = append(out, r.mix([]weighted{{t, 1}}))
	}
	return out
}

func (r *Router) features(text string) map[string]float64 {
	return r.reader.features(r.reader.fold.fold(text))
}

// What each sign counts; tuned on the development questions, see docs/answers.md.
const (
	byText      = 0.75
	byLine      = 0.8
	byLines     = 0.5
	ofFirst     = 0.20 // the procedure is the asker's department's own: it is named first
	ofOwn       = 0.07 // the asker's department is named in the procedure
	ofHint      = 0.70 // a turn of phrase points at the procedure
	ofLater     = 0.20 // both, or neither, are about back-entry
	ofOther     = 0.15 // the procedure is for other departments only
	ofDown      = 0.03 // the procedure is for a system that is down
	enough      = 0.60 // a procedure below this is no answer
	lead        = 0.06 // by so much a live topic or a reason must be nearer than every procedure
	sureScore   = 0.55
	sureMargin  = 0.08
	mostResults = 3
)

// Route says where a question goes.
func (r *Router) Route(q Question) Route {
	text := q.Text
	if rs := []rune(text); len(rs) > longestQuestion {
		text = string(rs[:longestQuestion])
	}
	folded := r.reader.fold.fold(text)
	out := Route{Kind: Person, Why: Unknown, Systems: r.pack.SystemsIn(text), Departments: r.pack.DepartmentsIn(text)}
	found := r.index.search(r.reader.features(folded), len(r.targets))
	all := r.rank(q, out, found, r.hinted(folded))
	out.Candidates = r.candidates(all, r.reader.features(folded))
	ruled := match(r.rules, folded)
	switch {
	case folded == "":
	case strings.HasPrefix(ruled, "live/"), strings.HasPrefix(ruled, "person/"):
		r.settle(&out, ruled, true)
	default:
		r.choose(&out, found, ruled == "procedure")
	}
	return out
}

// longestQuestion is how much of a question is read, in characters.
const longestQuestion = 400

// settle fills in a route that a rule or the nearest lines decided.
func (r *Router) settle(out *Route, name string, sure bool) {
	out.Sure = sure
	if topic, ok := strings.CutPrefix(name, "live/"); ok {
		out.Kind, out.Topic, out.Why = Live, Topic(topic), ""
		return
	}
	out.Kind, out.Why = Person, Why(strings.TrimPrefix(name, "person/"))
}

// choose decides between the nearest procedure, live topic and reason.
func (r *Router) choose(out *Route, found []near, procedure bool) {
	best, name := 0.0, ""
	for i, t := range r.targets {
		if !t.candidate() && !procedure {
			if s := byText*found[i].line*0.3 + byLine*found[i].line + byLines*found[i].lines; s > best {
				best, name = s, t.name
			}
		}
	}
	top := 0.0
	if len(out.Candidates) > 0 {
		top = out.Candidates[0].Score
	}
	switch {
	case name != "" && best > enough && best > top+lead:
		r.settle(out, name, best > sureScore)
	case top >= enough:
		out.Kind, out.Why = Procedure, ""
		out.Sure = top > sureScore && (len(out.Candidates) < 2 || top-out.Candidates[1].Score > sureMargin)
	}
}

// scored is a target and how well it fits.
type scored struct {
	target int
	score  float64
}

// backentry is the section of hints.txt that lifts all that comes after recovery.
const backentry = "backentry"

// hinted returns what the turns of phrase in a folded text point at.
func (r *Router) hinted(folded string) map[string]bool {
	out := map[string]bool{}
	for _, h := range r.hints {
		if !out[h.target] && h.holds(folded) {
			out[h.target] = true
		}
	}
	return out
}

// rank orders the procedures and sheets.
func (r *Router) rank(q Question, named Route, found []near, hinted map[string]bool) (out []scored) {
	own := r.line(q.Department)
	line := slices.Clone(own)
	for _, d := range named.Departments {
		line = append(line, r.line(d)...)
	}
	for i, t := range r.targets {
		if !t.candidate() || found[i] == (near{}) {
			continue
		}
		s := byText*found[i].text + byLine*found[i].line + byLines*found[i].lines
		switch {
		case len(t.departments) == 0:
		case slices.Contains(own, t.departments[0]):
			s += ofFirst
		case shares(t.departments, line):
			s += ofOwn
		default:
			s -= ofOther
		}
		if hinted[t.name] && (t.later || !hinted[backentry]) {
			s += ofHint
		}
		if t.later == hinted[backentry] {
			s += ofLater
		} else {
			s -= ofLater
		}
		if shares(t.systems, q.Down) {
			s += ofDown
		}
		out = append(out, scored{i, s})
	}
	slices.SortStableFunc(out, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	return out
}

// candidates are the best few, each with the step that fits best.
func (r *Router) candidates(all []scored, q map[string]float64) (out []Candidate) {
	for _, s := range all[:min(len(all), mostResults)] {
		t := r.targets[s.target]
		out = append(out, Candidate{Procedure: t.procedure, Sheet: t.sheet, Step: r.step(t, q), Score: s.score})
	}
	return out
}

// step returns the step nearest to the question; -1 where none stands out.
func (r *Router) step(t target, q map[string]float64) int {
	best, at, second := 0.0, -1, 0.0
	for i, f := range t.steps {
		s := 0.0
		for w, v := range q {
			if f[w] > 0 {
				s += v * r.index.weight(w)
			}
		}
		switch {
		case s > best:
			best, at, second = s, i, best
		case s > second:
			second = s
		}
	}
	if best < second*1.15 {
		return -1
	}
	return at
}

// line returns a department and what it inherits from.
func (r *Router) line(id incident.DepartmentID) (out []incident.DepartmentID) {
	for d, ok := r.pack.Department(id); ok; d, ok = r.pack.Department(d.Parent) {
		out = append(out, d.ID)
	}
	return out
}

func shares[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(v T) bool { return slices.Contains(b, v) })
}
