package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// TestEverySheetCanBePrinted makes a sheet of every procedure and every department in both languages: each
// says something, and no placeholder shows as braces.
func TestEverySheetCanBePrinted(t *testing.T) {
	play(t, func(s *stage) { s.opts.Fill = map[string]string{"it_hotline": "8120"} }, func(t *testing.T, s *stage) {
		var names []string
		for _, p := range s.opts.Pack.Procedures() {
			names = append(names, "procedure/"+string(p.ID))
		}
		for _, d := range s.opts.Pack.Departments() {
			names = append(names, "department/"+string(d.ID))
		}
		blanks := 0
		for _, name := range names {
			for _, lang := range hospital.Langs() {
				sheet, ok := s.desk.Sheet(t.Context(), name, lang)
				all := fmt.Sprintf("%+v", sheet.Parts)
				switch {
				case !ok || len(sheet.Parts) == 0 || sheet.Title == "" || sheet.Foot == "":
					t.Errorf("%s in %s: %+v", name, lang, sheet)
				case strings.ContainsAny(strings.NewReplacer("[{Title:", "", "} {Title:", "", "]}]", "", "}]", "").Replace(all), "{}"):
					t.Errorf("%s in %s prints braces: %s", name, lang, all)
				}
				for _, p := range sheet.Parts {
					if !p.Warn || !strings.HasPrefix(p.Mark, "⚠") {
						t.Errorf("%s in %s: %s is a template and does not say so", name, lang, p.Title)
					}
				}
				blanks += strings.Count(all, "____________")
			}
		}
		if blanks == 0 {
			t.Error("what the hospital has not filled in leaves no room to write")
		}
		for _, none := range []string{"procedure/MOON", "department/moon", "wards/INC-9", "wards/x", "moon/1"} {
			if _, ok := s.desk.Sheet(t.Context(), none, hospital.EN); ok {
				t.Errorf("there is a sheet %s", none)
			}
		}
	})
}

func TestSheetOfADepartmentHoldsItsWholeSet(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		sheet, _ := s.desk.Sheet(t.Context(), "department/ed", hospital.EN)
		var got []string
		for _, p := range sheet.Parts {
			got = append(got, p.Title[:strings.Index(p.Title, "]")+1])
		}
		want := []string{"[ED-TRIAGE]", "[ED-RX]", "[ED-ORDER]", "[ED-BOARD]", "[WARD-MAR]", "[WARD-RESULT]", "[LAB-CRIT]"}
		if !slices.Equal(got, want) || sheet.Title != "Downtime procedures: Emergency department" {
			t.Errorf("%s: %v, want %v", sheet.Title, got, want)
		}
	})
}

func TestSheetOfTheDepartmentsInAnOutage(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.do(incident.Declare{What: "HIS is down", Systems: []incident.SystemID{"his"}, Departments: []incident.DepartmentID{"ed", "icu"}, Level: incident.L1})
		time.Sleep(time.Minute)
		s.do(incident.Acknowledge{Department: "icu", Word: incident.OnPaper})
		s.do(incident.Acknowledge{Department: "ed", Word: incident.Cannot, Text: "no forms"})
		synctest.Wait()
		sheet, ok := s.desk.Sheet(t.Context(), "wards/INC-1", hospital.EN)
		want := []bot.SheetPart{{
			Title: "1/2 departments on paper (50%); problem: Emergency department",
			Rows: [][]string{
				{"", "Department", "Told", "Seen", "On paper", "State"},
				{"✗", "Emergency department", "12:00", "12:01", "-", "CANNOT work on paper, 12:01 (Wang): no forms"},
				{"✓", "Intensive care unit", "12:00", "12:01", "12:01", ""},
			},
		}}
		if diff := cmp.Diff(want, sheet.Parts); !ok || diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
