package answer

import (
	"regexp"
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
	later   []rule // what tells that a question is about back-entry
	need    []rule // what tells that somebody lacks something on the spot
	things  things
	targets []target
	texts   int             // so many targets, the first, are procedures and sheets
	terms   *terms          // what all models read a question by
	model   *model          // which target
	kinds   kinds           // a text at all, or which of the others
	phases  *model          // whether a text about paper or about entering it afterwards
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
	lines       []map[string]float64    // what people read of it, line by line
}

// candidate tells a procedure or sheet from live topics and reasons.
func (t target) candidate() bool { return t.procedure != "" || t.sheet != "" }

// New makes a router for a pack. Lines asked before that lead to a procedure or sheet the pack does
// not have are left out.
func New(p *hospital.Pack) *Router {
	f := newFolder(foldText)
	r := &Router{pack: p, telling: telling(), rules: newRules(rulesText), later: newRules(laterText), need: newRules(needText), things: newThings(thingsText)}
	r.reader = &reader{fold: f, lexicon: newLexicon(lexiconText, f), dull: dull()}
	r.learn()
	return r
}

// features are what a text is compared by.
func (r *Router) features(text string) map[string]float64 { return r.folded(r.reader.fold.fold(text)) }

func (r *Router) folded(text string) map[string]float64 {
	out := r.reader.features(text)
	if match(r.later, text) != "" {
		out[laterFeature] = wLater
	}
	return out
}

// laterFeature stands for every way to speak of back-entry; no word is written so.
const laterFeature = "<later>"

// How a question is decided; tuned on the development questions, see docs/answers.md. A chance is from 0 to 1.
const (
	ofFirst     = 4.0  // times the chance: the procedure is the asker's department's own, which it names first
	ofOther     = 0.15 // the procedure is for other departments only
	ofAfter     = 3.0  // the text is about back-entry, and that is going on
	ofPhase     = 0.6  // power to which what the phase says of a text counts
	ofDown      = 1.1  // the procedure is for a system that is down
	caution     = 0.25 // from this chance on that a person must answer, one does
	current     = 0.25 // from this chance on that the state answers, it does
	understood  = 0.40 // so much of a question must be words that were met before
	lift        = 30   // so many times as likely is what a rule says
	ofWork      = 0.4  // times the chance of a person: the question speaks of paper, supply or systems
	ofHow       = 0.2  // times the chance of the state: it asks how to do something
	sureChance  = 0.50 // the first candidate is shown alone from this chance on
	sureLead    = 2.0  // and if it is so many times as likely as the second
	guessed     = 0.10 // below this chance the first candidate is a guess, and no answer
	mostResults = 3
	mostBeside  = 2    // texts shown beside another answer
	likely      = 0.30 // and only from this chance on
	perhaps     = 0.10 // where a text answers at all with this chance
	unlikely    = 0.02 // a further candidate below this chance is not shown
	nearLine    = 0.15 // a line of a text is pointed at from this angle on
	clearLine   = 1.25 // and if it is by so much nearer than the next
)

// backUp is not the backup system: "is it back up".
var backUp = regexp.MustCompile(`(?i)\bback up\b`)

// Route says where a question goes.
func (r *Router) Route(q Question) Route {
	text := cut(q.Text)
	folded := r.reader.fold.fold(text)
	out := Route{
		Kind: Person, Why: Unknown,
		Systems: r.pack.SystemsIn(backUp.ReplaceAllString(text, "back")), Departments: r.pack.DepartmentsIn(text),
	}
	if folded != "" {
		r.route(&out, q, folded)
		r.thing(&out, folded)
		out.Lacks = match(r.need, folded) != ""
	}
	return out
}

// route settles a question that has words.
func (r *Router) route(out *Route, q Question, folded string) {
	features := r.folded(folded)
	seen := r.terms.see(features)
	chances := r.model.chances(seen)
	r.inPhase(chances, seen)
	all := r.rank(q, *out, chances)
	out.Candidates = r.candidates(all, features)
	ruled := match(r.rules, folded)
	if r.decided(out, ruled, q) {
		return
	}
	if ruled == "" && r.terms.known(features) < understood {
		out.Candidates = nil
		return
	}
	r.choose(out, r.kinds.chances(seen), ruled)
	switch {
	case out.Kind != Procedure:
	case all[0].score < guessed:
		out.Kind, out.Why = Person, Unknown
	default:
		out.Sure = all[0].score >= sureChance && all[0].score >= sureLead*all[1].score
	}
}

// onPaper is whether to go on by hand. No system is meant by it, though it may name one: "chart".
const onPaper = live + "on-paper"

// decided settles what a rule decides alone: nobody asked such a thing before, so nothing was learnt of it,
// and no text, state or person could answer it better.
func (r *Router) decided(out *Route, ruled string, q Question) bool {
	switch ruled {
	case live + string(Todo):
		if !q.Open && !q.After || q.Department == "" {
			return false
		}
	case live + string(EnterBy):
		if !q.After {
			return false
		}
		out.Systems = nil
	case onPaper:
		ruled, out.Systems = live+string(StillDown), nil
	case person + string(Courtesy), live + string(Phone):
	default:
		return false
	}
	r.settle(out, ruled)
	return true
}

// longestQuestion is how much of a question is read, in characters.
const longestQuestion = 400

// The beginnings of the names of targets that are no text.
const (
	live   = "live/"
	person = "person/"
)

// settle fills in a route that is no procedure.
func (r *Router) settle(out *Route, name string) {
	out.Sure = true
	if topic, ok := strings.CutPrefix(name, live); ok {
		out.Kind, out.Topic, out.Why = Live, Topic(topic), ""
		return
	}
	out.Kind, out.Why = Person, Why(strings.TrimPrefix(name, person))
}

// choose decides between the texts, the state and a person: by how likely each is, and by what a rule says. A
// rule is strong evidence and not the last word, as it sees a few words and not the question; a person is asked
// long before that is the likeliest.
func (r *Router) choose(out *Route, chances []float32, ruled string) {
	text, now, someone := float64(chances[0]), 0.0, 0.0
	topic, why := live+string(Latest), person+string(Unknown)
	likeliest := [2]float64{}
	for i, c := range chances[1:] {
		name, chance := r.targets[r.texts+i].name, float64(c)
		switch {
		case name == ruled:
			chance *= lift
		case strings.HasPrefix(name, person) && (ruled == "work" || ruled == "procedure"):
			chance *= ofWork
		case strings.HasPrefix(name, live) && ruled == "procedure":
			chance *= ofHow
		}
		if strings.HasPrefix(name, live) {
			if now += chance; chance > likeliest[0] {
				likeliest[0], topic = chance, name
			}
		} else if someone += chance; chance > likeliest[1] {
			likeliest[1], why = chance, name
		}
	}
	out.Text = text / max(text+now+someone, 1e-9)
	switch {
	case ruled == live+string(StillDown) && len(out.Systems) > 0: // whether that system works is for the state to say
		r.settle(out, ruled)
	case someone > caution*(text+someone) && someone > now:
		r.settle(out, why)
	case now > current*(text+now):
		r.settle(out, topic)
	default:
		out.Kind, out.Why = Procedure, ""
	}
}

// scored is a target and how well it fits.
type scored struct {
	target int
	score  float64
}
