package hospital_test

import (
	"slices"
	"testing"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

func TestDownForInOrder(t *testing.T) {
	p := standard(t)
	for _, c := range []struct {
		why     string
		dept    incident.DepartmentID
		systems []incident.SystemID
		want    []hospital.ProcedureID
	}{
		{
			"the downtime set orders what the row gives", "ed",
			[]incident.SystemID{"lis"},
			[]hospital.ProcedureID{"ED-ORDER", "WARD-RESULT", "LAB-CRIT", "BB-MTP", "WARD-BLOOD", "GEN-RUNNER"},
		},
		{
			"three critical systems bring the whole set", "icu",
			[]incident.SystemID{"critval", "bb", "icu"},
			[]hospital.ProcedureID{"ICU-MON", "LAB-CRIT", "BB-MTP", "WARD-BLOOD", "WARD-RESULT", "ICU-MED", "WARD-ORDER", "WARD-LAB", "GEN-HANDOVER"},
		},
		{"the same one three times is one", "icu", []incident.SystemID{"icu", "icu", "icu"}, []hospital.ProcedureID{"ICU-MON"}},
		{"others' systems bring nothing", "or", []incident.SystemID{"reg", "adt", "critval", "lis"}, nil},
		{"nothing down", "ed", nil, nil},
		{"nobody's department", "moon", []incident.SystemID{"his"}, nil},
		{"nobody's system", "ed", []incident.SystemID{"moon"}, nil},
	} {
		if got := p.DownFor(c.dept, c.systems); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.why, got, c.want)
		}
	}
}

// Whatever is down, the first lines of a department are its own: nothing written for everybody or for others
// stands among them while something of its own comes later.
func TestTheFirstLinesAreTheDepartmentsOwn(t *testing.T) {
	p := standard(t)
	for _, d := range p.Departments() {
		own := func(id hospital.ProcedureID) bool {
			proc, _ := p.Procedure(id)
			for a, ok := d, true; ok; a, ok = p.Department(a.Parent) {
				if slices.Contains(a.DowntimeSet, id) || slices.Contains(proc.Departments, a.ID) {
					return true
				}
			}
			return false
		}
		for _, s := range p.Systems() {
			for _, down := range [][]incident.SystemID{{s.ID}, p.Reach([]incident.SystemID{s.ID}).Stops} {
				ids := p.DownFor(d.ID, down)
				for i, id := range ids[:min(len(ids), 3)] {
					if !own(id) && slices.ContainsFunc(ids[i:], own) {
						t.Errorf("%s, %s down: %s before its own, %v", d.ID, s.ID, id, ids)
					}
				}
			}
		}
	}
	for _, d := range []incident.DepartmentID{"icu", "nicu", "obs", "paed", "ward_surg"} {
		stops := p.Reach([]incident.SystemID{"his"}).Stops
		slices.Sort(stops)
		if got := p.DownFor(d, stops)[:3]; slices.Contains(got, "GEN-PDA") {
			t.Errorf("%s does %v without HIS", d, got)
		}
	}
}

// A ward of its own also follows what all wards follow.
func TestWardsInherit(t *testing.T) {
	p := standard(t)
	own := p.DownFor("ward_onc", []incident.SystemID{"adt"}) // only the parent has a row for it
	if want := p.DownFor("ward", []incident.SystemID{"adt"}); len(want) == 0 || !slices.Equal(own, want) {
		t.Errorf("%v, want the parent's %v", own, want)
	}
	if users := p.Users([]incident.SystemID{"adt"}); !slices.Contains(users, incident.DepartmentID("ward_onc")) {
		t.Errorf("ward_onc is not among the users: %v", users)
	}
}

func TestUsersComeInVisitOrder(t *testing.T) {
	p := standard(t)
	users := p.Reach([]incident.SystemID{"core_net"}).Departments
	if len(users) != 33 || users[0] != "ed" || users[1] != "icu" {
		t.Errorf("%d users: %v", len(users), users)
	}
	before := 0
	for _, id := range users {
		d, _ := p.Department(id)
		order := d.VisitOrder
		if order == 0 {
			order = 1000 // not visited: last
		}
		if order < before {
			t.Errorf("%s comes too late", id)
		}
		before = order
	}
}

func TestSheetFor(t *testing.T) {
	p := standard(t)
	for dept, want := range map[incident.DepartmentID]hospital.SheetID{"ed": "BE-ED", "ward_onc": "BE-WARD", "admission": "BE-ADM", "or": "BE-OR", "cssd": "BE-CSSD"} {
		if got, ok := p.SheetFor(dept); !ok || got != want {
			t.Errorf("%s: %q, want %s", dept, got, want)
		}
	}
	if got := p.SheetsFor("or"); !slices.Equal(got, []hospital.SheetID{"BE-OR", "BE-CSSD"}) {
		t.Errorf("the operating rooms back-enter %v", got)
	}
	if got, ok := p.SheetFor("leaders"); ok {
		t.Errorf("leaders back-enter %q", got)
	}
}

// Lower case is a system beside Chinese, and a little word anywhere else.
func TestShortNamesBesideChinese(t *testing.T) {
	p := standard(t)
	for sentence, want := range map[string][]incident.SystemID{
		"his打不开": {"his"}, "我们的 lis 没结果": {"lis"}, "his patient in bed 3": nil, "his broke": nil, "HIS broke": {"his"},
		"检验系统打不开": {"lis"}, "the system is slow": {"his"}, "the system lost the database": {"his_db"}, "overlander": nil,
	} {
		if got := p.SystemsIn(sentence); !slices.Equal(got, want) {
			t.Errorf("SystemsIn(%q) = %v, want %v", sentence, got, want)
		}
	}
	for sentence, want := range map[string][]incident.DepartmentID{
		"检验or影像": {"lab"}, "手术间没图像": {"or"}, "OR没图像": {"or"}, "is it us or them": nil, "this is IT": {"it"},
	} {
		if got := p.DepartmentsIn(sentence); !slices.Equal(got, want) {
			t.Errorf("DepartmentsIn(%q) = %v, want %v", sentence, got, want)
		}
	}
}
