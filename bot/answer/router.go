package answer

import (
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
	telling map[string]bool // words that make two questions different
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
	r := &Router{pack: p, telling: telling(), rules: newRules(rulesText), hints: newRules(hintsText)}
	r.reader = &reader{fold: f, lexicon: newLexicon(lexiconText, f), dull: dull()}
	r.learn()
	return r
}

func (r *Router) features(text string) map[string]float64 {
	return r.reader.features(r.reader.fold.fold(text))
}

// What each sign counts; tuned on the development questions, see docs/answers.md.
const (
	byText      = 1.2
	byLine      = 0.8
	byLines     = 0.35
	byAlone     = 1.16 // as byLine, for live topics and reasons, which have no text of their own
	ofFirst     = 0.20 // the procedure is the asker's department's own: it is named first
	ofOwn       = 0.07 // the asker's department is named in the procedure
	ofHint      = 0.55 // a turn of phrase points at the procedure
	ofLater     = 0.20 // both, or neither, are about back-entry
	ofOther     = 0.50 // the procedure is for other departments only
	ofDown      = 0.03 // the procedure is for a system that is down
	enough      = 0.60 // a procedure below this is no answer
	enoughAlone = 0.72 // the same for a live topic or a reason
	lead        = 0.06 // by so much a live topic or a reason must be nearer than every procedure
	sureScore   = 0.55
	sureMargin  = 0.08
	mostResults = 3
)

// Route says where a question goes.
func (r *Router) Route(q Question) Route {
	text := cut(q.Text)
	folded := r.reader.fold.fold(text)
	out := Route{Kind: Person, Why: Unknown, Systems: r.pack.SystemsIn(text), Departments: r.pack.DepartmentsIn(text)}
	features := r.reader.features(folded)
	found := r.index.search(features, len(r.targets))
	all := r.rank(q, out, found, r.hinted(folded))
	out.Candidates = r.candidates(all, features)
	ruled := match(r.rules, folded)
	switch {
	case folded == "":
	case strings.HasPrefix(ruled, "live/"), strings.HasPrefix(ruled, "person/"):
		r.settle(&out, ruled, true)
	default:
		r.choose(&out, found, ruled == "procedure")
		if out.Kind == Procedure && !r.grasped(features, all[0], ruled != "") {
			out.Kind, out.Why, out.Sure = Person, Unknown, false
		}
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
			if s := byAlone*found[i].line + byLines*found[i].lines; s > best {
				best, name = s, t.name
			}
		}
	}
	top := 0.0
	if len(out.Candidates) > 0 {
		top = out.Candidates[0].Score
	}
	switch {
	case name != "" && best > enoughAlone && best > top+lead:
		r.settle(out, name, best > sureScore)
	case top >= enough:
		out.Kind, out.Why = Procedure, ""
		out.Sure = top > sureScore && (len(out.Candidates) < 2 || top-out.Candidates[1].Score > sureMargin)
	}
}

// grasped reports whether enough of a question is understood to answer it with a procedure. The search
// always finds something that is nearest; but wards also ask about treatments nobody listed, in words no
// procedure has. Without a word of paper, systems or handling, nearly all of it must be known.
func (r *Router) grasped(features map[string]float64, top scored, ofWork bool) bool {
	known, held := r.index.grasp(features, top.target)
	if ofWork {
		return known >= workKnown && held >= workHeld || top.score >= workScore
	}
	return known >= plainKnown && held >= plainHeld
}

// How much of a question must be known, and be in the procedure itself, to be answered by it.
const (
	workKnown  = 0.65
	workHeld   = 0.30
	workScore  = 1.25 // so near a procedure that a few odd words do not matter
	plainKnown = 0.80
	plainHeld  = 0.45
)

// scored is a target and how well it fits.
type scored struct {
	target int
	score  float64
}
