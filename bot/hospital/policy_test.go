package hospital_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"wardline/bot/hospital"
)

func TestPeriods(t *testing.T) {
	for text, want := range map[string]hospital.Period{
		"PT4H": {Clock: 4 * time.Hour}, "PT0H": {}, "P30D": {Days: 30}, "P1M": {Months: 1}, "P2W": {Days: 14},
		"P1DT12H30M": {Days: 1, Clock: 12*time.Hour + 30*time.Minute}, "PT45M": {Clock: 45 * time.Minute},
	} {
		p, err := hospital.ParsePeriod(text)
		if err != nil || p != want {
			t.Errorf("%s: %+v, %v", text, p, err)
		}
		if again, err := hospital.ParsePeriod(p.String()); err != nil || again != p {
			t.Errorf("%s prints as %s and reads back as %+v, %v", text, p, again, err)
		}
	}
	for _, text := range []string{"", "P", "PT", "P1DT", "4h", "PT4", "P1Y", "-PT4H", "pt4h", "PT4H ", "PT99999H"} {
		if p, err := hospital.ParsePeriod(text); err == nil {
			t.Errorf("%q reads as %+v", text, p)
		}
	}
}

// A month is the calendar's month; a day is the calendar's day, also when the clocks change.
func TestPeriodFollowsTheCalendar(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here:", err)
	}
	for _, c := range []struct{ from, period, want string }{
		{"2026-01-31T10:00", "P1M", "2026-02-28T10:00"},
		{"2028-01-31T10:00", "P1M", "2028-02-29T10:00"},
		{"2026-05-12T10:00", "P1M", "2026-06-12T10:00"},
		{"2026-12-31T10:00", "P2M", "2027-02-28T10:00"},
		{"2026-03-28T10:00", "P1D", "2026-03-29T10:00"},
		{"2026-03-28T10:00", "PT24H", "2026-03-29T11:00"},
		{"2026-05-12T10:00", "PT0H", "2026-05-12T10:00"},
	} {
		from, err := time.ParseInLocation("2006-01-02T15:04", c.from, berlin)
		if err != nil {
			t.Fatal(err)
		}
		p, err := hospital.ParsePeriod(c.period)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.From(from).Format("2006-01-02T15:04"); got != c.want {
			t.Errorf("%s and %s is %s, want %s", c.from, c.period, got, c.want)
		}
	}
	if _, fixed := (hospital.Period{Months: 1}).Duration(); fixed {
		t.Error("a month has no fixed length")
	}
	if d, fixed := (hospital.Period{Days: 3}).Duration(); !fixed || d != 72*time.Hour {
		t.Errorf("three days are %v", d)
	}
}

func TestPolicyIsTyped(t *testing.T) {
	p := standard(t)
	l, ok := p.Level("L3")
	if !ok || l.ClinicalEvery != 15*time.Minute || l.LeadersEvery != 30*time.Minute || l.Broadcast != hospital.ToWholeHospital {
		t.Errorf("%+v", l)
	}
	pol := p.Policy()
	if l := pol.Levels[0]; l.ID != "L1" || l.Broadcast != hospital.ToAffected || l.LeadersEvery != time.Hour {
		t.Errorf("%+v", l)
	}
	if e := pol.Escalation; len(e) != 4 || e[0].To != "L2" || e[3].To != "" || !e[3].NotifyLeaders || !e[3].AutoPropose {
		t.Errorf("%+v", e)
	}
	if d := pol.Defaults; d.PaperStock != 8*time.Hour || d.BackentryFullBelow != 2*time.Hour || d.DeclareDowntime != 30*time.Minute {
		t.Errorf("%+v", d)
	}
	for _, d := range pol.Decisions {
		if _, ok := p.Role(d.Owner); !ok {
			t.Errorf("%s is asked of %q, which is no role", d.ID, d.Owner)
		}
	}
	clocks := map[string]string{}
	for _, c := range pol.Clocks {
		clocks[c.ID] = "none"
		if c.HasDeadline {
			clocks[c.ID] = c.Deadline.String()
		}
	}
	for id, want := range map[string]string{"CN-CAC-OTHER": "PT4H", "CN-HEALTH": "none", "CN-PIPL": "PT0H", "EU-NIS2-FINAL": "P1M", "US-HIPAA-500": "P60D"} {
		if clocks[id] != want {
			t.Errorf("%s: %q, want %s", id, clocks[id], want)
		}
	}
}

func TestBackentryIsTyped(t *testing.T) {
	p := standard(t)
	var got []string
	for _, pr := range p.Priorities() {
		got = append(got, string(pr.ID)+" "+pr.Target.String())
	}
	if want := []string{"P1 PT4H", "P2 PT24H", "P3 P3D", "P4 P7D"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	order := p.HospitalOrder()
	if len(order) != 8 || order[0].Text.EN != "Registration merges temporary numbers and checks the index" || order[7].Units[0] != "him" {
		t.Errorf("%+v", order)
	}
	if s, ok := p.Sheet("BE-ED"); !ok || s.Items[0].Priority != "P1" || s.Items[0].Who.In(hospital.ZH) != "分诊护士" || s.Items[0].Forms[0] != "F-TMPNO" {
		t.Errorf("%+v", s)
	}
	for _, f := range p.Forms() {
		if text, ok := p.AfterRecovery(f.AfterRecovery); !ok || text.ZH == "" {
			t.Errorf("nobody can say what becomes of %s", f.ID)
		}
	}
}

// Leaders hear of scope, of what still works and of what changed; no layout is longer than its readers
// take in.
func TestMessagesFitTheirReaders(t *testing.T) {
	p := standard(t)
	for id, names := range map[string][]string{
		"DIGEST-LEADER": {"scope", "still_works", "changed", "next_update"}, "DIGEST-FIRST": {"still_works", "cause_class"}, "CLIN-DOWN": {"action", "next_update"},
	} {
		m, ok := p.Message(id)
		for _, name := range names {
			if !ok || !slices.Contains(m.Fields, name) {
				t.Errorf("%s does not carry {%s}", id, name)
			}
		}
	}
	for _, m := range p.Messages() {
		limits, _ := p.Limits(m.Audience)
		for _, l := range hospital.Langs() {
			lines := len(strings.Split(m.Text.In(l), "\n"))
			if limits.MaxLines > 0 && lines > limits.MaxLines {
				t.Errorf("%s has %d lines in %s, over %d", m.ID, lines, l, limits.MaxLines)
			}
		}
	}
	clinical, _ := p.Limits(hospital.ForClinical)
	leaders, _ := p.Limits(hospital.ForLeaders)
	if clinical.MaxLines != 8 || leaders.MaxLines != 14 || clinical.MaxCharsZH != 220 || leaders.MaxWordsEN != 230 {
		t.Errorf("%+v, %+v", clinical, leaders)
	}
	if !slices.Contains(p.Rules().Never, "patient_name") || !strings.Contains(p.Notice().EN, "template") {
		t.Error("the rules or the notice are not read")
	}
}
