package answer

import (
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
