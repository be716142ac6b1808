package answer

import (
	"slices"
	"strings"
	"sync"

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

// learn enters the pack and the asked lines, and makes the models of them. What takes longest stands alone beside the
// rest, so that two processors are done at about the same time; no model needs another.
func (r *Router) learn() {
	examples := r.examples(r.enter())
	r.terms = learnTerms(examples)
	seen := make([]sparse, len(examples))
	for i, e := range examples {
		seen[i] = r.terms.see(e.features)
	}
	features, kindCount := len(r.terms.at), 1+len(r.targets)-r.texts
	byKind := r.byKind(examples)
	var learning sync.WaitGroup
	learning.Go(func() { r.kinds.layered = learnNetwork(byKind, seen, features, kindCount, ofNetwork) })
	learning.Go(func() {
		r.model = learnModel(examples, seen, features, len(r.targets), ofTexts)
		r.kinds.straight = learnModel(byKind, seen, features, kindCount, ofKinds)
		r.phases = r.learnPhases(examples, seen)
	})
	learning.Wait()
	r.reader.near = newSpeller(vocabulary(examples))
}

// enter makes the targets, those of the pack first, and says where each is by its name.
func (r *Router) enter() map[string]int {
	at := map[string]int{}
	add := func(t target) {
		at[t.name] = len(r.targets)
		r.targets = append(r.targets, t)
	}
	general := r.pack.GeneralBackentry()
	for _, p := range r.pack.Procedures() {
		t := target{name: string(p.ID), procedure: p.ID, departments: p.Departments, systems: p.Systems, later: slices.Contains(general, p.ID)}
		for _, l := range p.Lines() {
			t.lines = append(t.lines, r.mix(l))
		}
		add(t)
	}
	for _, s := range r.pack.Sheets() {
		t := target{name: string(s.ID), sheet: s.ID, departments: s.Departments, later: true}
		for _, item := range s.Items {
			t.lines = append(t.lines, r.mix(item.What, item.Who, item.Check))
		}
		add(t)
	}
	r.texts = len(r.targets)
	for _, name := range others() {
		add(target{name: name})
	}
	return at
}

// examples are the texts of the pack and the lines people may ask, each with the targets it leads to.
func (r *Router) examples(at map[string]int) (out []example) {
	lines := readAsked(askedFiles)
	known := map[string]bool{}
	for _, a := range lines {
		known[a.targets[0]] = true
	}
	for _, a := range slices.Concat(packLines(r.pack), lines) {
		shares := a.shares(at)
		if shares == nil {
			continue
		}
		if !known[a.targets[0]] {
			a.weight *= ofItsOwn
		}
		out = append(out, example{text: a.text, shares: shares, weight: a.weight})
	}
	var reading sync.WaitGroup
	for half := range slices.Chunk(out, len(out)/2+1) {
		reading.Go(func() {
			for i := range half {
				half[i].features = r.features(half[i].text)
			}
		})
	}
	reading.Wait()
	return out
}

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
