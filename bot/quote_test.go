package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// withProcedures is the built-in hospital with three procedures of its own: one approved and long, one a
// template, one withdrawn.
func withProcedures(t *testing.T) *hospital.Pack {
	t.Helper()
	entry := func(id, steps, approval string) string {
		return "- {id: " + id + ", title: {zh: 甲流程, en: Own procedure}, departments: [ward_surg], systems: [his], when: {zh: 甲, en: A}, steps: [" + steps +
			"], safety: [{zh: 核对两种标识, en: Two identifiers}], do_not: [], escalate: [{zh: '打 {duty_officer}', en: 'Phone {duty_officer}'}], forms: []," +
			" keywords: {zh: [甲], en: [own]}, sources: [], basis: local, kind: department, approval: {" + approval + "}}\n"
	}
	var steps []string
	for i := range 30 {
		steps = append(steps, fmt.Sprintf("{zh: '第%d步照写在纸上,两个人核对,写明真实时间', en: 'Step %d is written down on paper, checked by two, with the real time of it'}", i+1, i+1))
	}
	pack, err := hospital.LoadFS(fstest.MapFS{"procedures.yaml": &fstest.MapFile{Data: []byte("procedures:\n" +
		entry("OWN-LONG", strings.Join(steps, ", "), `status: approved, approved_by: Nursing, approved_on: 2026-05-01, version: 3`) +
		entry("OWN-TEMPLATE", steps[0], `status: template, approved_by: null, version: 0`) +
		entry("OWN-OLD", steps[0], `status: withdrawn, approved_by: Nursing, version: 2`))}})
	must(t, err)
	return pack
}

func TestLongProcedureIsReadInPartsThatFitAPhone(t *testing.T) {
	pack := withProcedures(t)
	play(t, func(s *stage) { s.opts.Pack = pack }, func(t *testing.T, s *stage) {
		for _, lang := range hospital.Langs() {
			v := s.desk.Voice(lang)
			whole := strings.Split(v.Quote("OWN-LONG"), "\n")
			_, parts := v.QuotePart("OWN-LONG", 1)
			if parts < 3 {
				t.Fatalf("%s: %d parts", lang, parts)
			}
			var joined []string
			for i := range parts {
				text, _ := v.QuotePart("OWN-LONG", i+1)
				lines := strings.Split(text, "\n")
				if lines[0] != whole[0] || lines[1] != whole[1] || len(lines) > 17 {
					t.Errorf("%s: part %d is\n%s", lang, i+1, text)
				}
				joined = append(joined, lines[2:len(lines)-1]...)
			}
			if got := strings.Join(joined, "\n"); got != strings.Join(whole[2:], "\n") {
				t.Errorf("%s: the parts together are not the whole, word for word:\n%s", lang, got)
			}
		}
		text, part, parts := s.desk.Voice(hospital.EN).QuoteLine("OWN-LONG", 20)
		if part < 2 || parts < 3 || !strings.Contains(text, "\n▶ 21. Step 21 is written down") || strings.Count(text, "▶") != 1 {
			t.Errorf("line 20 is pointed at in part %d of %d:\n%s", part, parts, text)
		}
		labels := ""
		for _, a := range s.desk.Voice(hospital.EN).QuoteActions("OWN-LONG", part, parts) {
			labels += a.Label + "; "
		}
		if want := fmt.Sprintf("Go on: part %d; From the start; ", part+1); labels != want {
			t.Errorf("the buttons are %q, want %q", labels, want)
		}
		if text, part, _ := s.desk.Voice(hospital.EN).QuoteLine("BE-LAB", 99); part != 1 || strings.Contains(text, "▶") || !strings.HasPrefix(text, "[BE-LAB] ") {
			t.Errorf("a line that is not there: part %d\n%s", part, text)
		}
		if second := strings.Split(s.desk.Voice(hospital.EN).Quote("OWN-LONG"), "\n")[1]; second != "Version 3, approved by Nursing on 2026-05-01" {
			t.Errorf("approved how: %q", second)
		}
		if short, parts := s.desk.Voice(hospital.EN).QuotePart("WARD-MAR", 1); parts != 1 || short != s.desk.Voice(hospital.EN).Quote("WARD-MAR") {
			t.Errorf("a short one has %d parts:\n%s", parts, short)
		}
	})
}

func TestHospitalMayRefuseTemplatesInAnOutage(t *testing.T) {
	pack := withProcedures(t)
	for _, refuse := range []bool{false, true} {
		t.Run(fmt.Sprint("refuse ", refuse), func(t *testing.T) {
			play(t, func(s *stage) {
				s.opts.Pack, s.opts.Settings.RefuseTemplates, s.opts.Fill = pack, refuse, map[string]string{"duty_officer": "8000"}
				s.opts.People = append(s.opts.People, bot.Person{ID: "med", Name: "Dr Med", Roles: []bot.Role{"clinical_lead"}})
			}, func(t *testing.T, s *stage) {
				quoted := func(id string) bool {
					return strings.Contains(s.desk.Voice(hospital.EN).Quote(id), "1. Step 1 is written down")
				}
				if !quoted("OWN-TEMPLATE") || !quoted("OWN-LONG") || quoted("OWN-OLD") {
					t.Error("before an outage templates are read with a warning, and what is withdrawn is not")
				}
				s.declare(incident.L2)
				synctest.Wait()
				if quoted("OWN-TEMPLATE") == refuse || !quoted("OWN-LONG") || quoted("OWN-OLD") {
					t.Errorf("in an outage: template %v, approved %v, withdrawn %v", quoted("OWN-TEMPLATE"), quoted("OWN-LONG"), quoted("OWN-OLD"))
				}
				if !refuse {
					return
				}
				want := "[OWN-TEMPLATE] Own procedure\n⚠ This hospital has not approved this procedure; it is not quoted while systems are down. Ask Dr Med, or phone the duty officer 8000."
				if got := s.desk.Voice(hospital.EN).Quote("OWN-TEMPLATE"); got != want {
					t.Errorf("people read\n%s\nwant\n%s", got, want)
				}
				for _, p := range s.posts.in("dept/icu") {
					if strings.Contains(p.Text, "⚠ Template") {
						t.Errorf("a template was sent all the same:\n%s", p.Text)
					}
				}
			})
		})
	}
}
