package answer

import (
	"maps"
	"slices"
	"strings"

	"wardline/bot/hospital"
)

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

// How much a text of the pack counts as an example beside a line somebody may ask.
const (
	asTitle   = 0.9
	asWhen    = 0.45
	asStep    = 0.3
	asCaution = 0.2
	asKeyword = 1
	ofItsOwn  = 3 // times as much for a text nobody asked about yet: a hospital's own is known by its own words only
)

// learn enters the pack and the asked lines.
func (r *Router) learn() {
	at := map[string]int{}
	enter := func(t target) {
		at[t.name] = len(r.targets)
		r.targets = append(r.targets, t)
	}
	general := r.pack.GeneralBackentry()
	for _, p := range r.pack.Procedures() {
		t := target{name: string(p.ID), procedure: p.ID, departments: p.Departments, systems: p.Systems, later: slices.Contains(general, p.ID)}
		for _, l := range p.Lines() {
			t.lines = append(t.lines, r.mix(l))
		}
		enter(t)
	}
	for _, s := range r.pack.Sheets() {
		t := target{name: string(s.ID), sheet: s.ID, departments: s.Departments, later: true}
		for _, item := range s.Items {
			t.lines = append(t.lines, r.mix(item.What, item.Who, item.Check))
		}
		enter(t)
	}
	r.texts = len(r.targets)
	for _, name := range others() {
		enter(target{name: name})
	}
	lines := readAsked(askedFiles)
	known := map[string]bool{}
	for _, a := range lines {
		known[a.targets[0]] = true
	}
	var examples []example
	for _, a := range slices.Concat(packLines(r.pack), lines) {
		shares := a.shares(at)
		if shares == nil {
			continue
		}
		if !known[a.targets[0]] {
			a.weight *= ofItsOwn
		}
		examples = append(examples, example{features: r.features(a.text), shares: shares, weight: a.weight})
	}
	r.terms = learnTerms(examples)
	seen := make([]sparse, len(examples))
	for i, e := range examples {
		seen[i] = r.terms.see(e.features)
	}
	r.model = learnModel(examples, seen, len(r.terms.at), len(r.targets), ofTexts)
	r.kinds = r.learnKinds(examples, seen)
	r.reader.near = newSpeller(vocabulary(examples))
}

// learnKinds makes the model that tells only whether a text, the state or a person answers, and which of these.
// It sees the same lines; all the texts together are one target to it, so that a question nobody foresaw is not
// taken for one of a hundred texts only because they are so many.
func (r *Router) learnKinds(examples []example, lines []sparse) *model {
	out := make([]example, len(examples))
	for i, e := range examples {
		parts := map[int]float32{}
		for _, s := range e.shares {
			parts[r.kindOf(s.target)] += s.part
		}
		out[i] = example{weight: e.weight * r.gravity(e.shares[0].target)}
		for _, k := range slices.Sorted(maps.Keys(parts)) {
			out[i].shares = append(out[i].shares, share{k, parts[k]})
		}
	}
	return learnModel(out, lines, len(r.terms.at), 1+len(r.targets)-r.texts, ofKinds)
}

// gravity is how much a line counts for learnKinds: there are far fewer lines for a person and for the state than
// for texts, and to take a question about a patient for one about paper is the worst that can happen.
func (r *Router) gravity(target int) float64 {
	switch name := r.targets[target].name; {
	case strings.HasPrefix(name, person):
		return 6
	case strings.HasPrefix(name, live):
		return 3
	}
	return 1
}

// kindOf is the target of learnKinds that stands for a target: 0 for every text, then one for each of the others.
func (r *Router) kindOf(target int) int { return max(0, target-r.texts+1) }

// vocabulary counts the Latin words of all texts.
func vocabulary(examples []example) map[string]int {
	out := map[string]int{}
	for _, e := range examples {
		for f := range e.features {
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
		out = append(out, live+string(t))
	}
	for _, w := range Reasons() {
		out = append(out, person+string(w))
	}
	return out
}

// packLines are the texts of a pack as lines that lead to their procedure or sheet.
func packLines(pack *hospital.Pack) (out []asked) {
	add := func(id string, weight float64, texts ...hospital.Text) {
		for _, t := range texts {
			for _, l := range hospital.Langs() {
				if text := t.In(l); text != "" {
					out = append(out, asked{targets: []string{id}, text: text, weight: weight})
				}
			}
		}
	}
	for _, p := range pack.Procedures() {
		id := string(p.ID)
		add(id, asTitle, p.Title)
		add(id, asWhen, p.When)
		add(id, asStep, p.Steps...)
		add(id, asCaution, slices.Concat(p.Safety, p.DoNot, p.Escalate)...)
		for _, l := range hospital.Langs() {
			for _, w := range p.Keywords.In(l) {
				out = append(out, asked{targets: []string{id}, text: w, weight: asKeyword})
			}
		}
	}
	for _, s := range pack.Sheets() {
		id := string(s.ID)
		add(id, asTitle, s.Title)
		for _, i := range s.Items {
			add(id, asStep, i.What)
			add(id, asCaution, i.Who, i.Check)
		}
	}
	return out
}

// mix joins the features of several texts in both languages.
func (r *Router) mix(texts ...hospital.Text) map[string]float64 {
	out := map[string]float64{}
	for _, t := range texts {
		for _, l := range hospital.Langs() {
			for f, w := range r.features(t.In(l)) {
				out[f] += w
			}
		}
	}
	return out
}
