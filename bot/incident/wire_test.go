package incident_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wardline/bot/incident"
)

var update = flag.Bool("update", false, "write golden files for kinds that have none; files that exist never change")

// everyBody has one body of every kind with every field set, so that a field renamed is a field missed.
func everyBody() []incident.Body {
	sys, dep := []incident.SystemID{"his", "lis"}, []incident.DepartmentID{"ed"}
	return []incident.Body{
		incident.Declared{
			Since: at(-10), Systems: sys, Extent: incident.Partial, Stops: sys, Degrades: sys, Departments: dep, MayReach: dep,
			Level: incident.L2, Reason: "why.critical",
		},
		incident.Told{Departments: dep},
		incident.FactSet{Key: incident.Plan, Value: "重启 \"HIS\"", Status: incident.Suspected},
		incident.CauseSet{Class: incident.Software, Text: "lock", Status: incident.Confirmed},
		incident.ETASet{At: at(60), Confidence: incident.Low, Giver: "vendor", Reason: "part"},
		incident.ETASlipped{At: at(60)},
		incident.ScopeSet{
			Systems: map[incident.SystemID]incident.Standing{"his": incident.Down, "lis": incident.Fine}, Stops: sys, Degrades: sys,
			Departments: map[incident.DepartmentID]incident.Standing{"ed": incident.Affected}, MayReach: dep, Extent: incident.Total,
		},
		incident.ImpactSeen{Department: "ed", Text: "12 wait"},
		incident.Reported{
			Text: "ORA-00060", System: "his", Department: "ed", Place: "desk 3", Since: at(-9), Extent: incident.Partial, Works: "viewer",
			Same: 4, Reporter: "lee", Seen: at(-8),
		},
		incident.LevelSet{Level: incident.L3, Reason: "whole hospital"},
		incident.LevelProposed{Level: incident.L3, Reason: "why.several"},
		incident.EngineerMoved{Step: incident.OnWay, Name: "Raj", Due: at(40)},
		incident.Progressed{Text: "lock found", Done: true},
		incident.ChangeNoted{Text: "patch"},
		incident.RoleGiven{Role: "scribe", Person: "kate", Take: true},
		incident.UpdateGiven{Text: "paper"},
		incident.NeedRaised{N: 1, Text: "a disk"},
		incident.NeedMet{N: 1, How: "from store"},
		incident.TestAsked{N: 1, Text: "log in", Departments: dep},
		incident.TestAnswered{N: 1, Department: "ed", Pass: true, Text: "fast"},
		incident.DecisionAsked{N: 1, Text: "send on?", Options: []string{"yes", "no"}, By: at(30), Default: "no"},
		incident.DecisionGiven{N: 1, Answer: "yes"},
		incident.DecisionOverdue{N: 1},
		incident.QuestionAsked{N: 1, Text: "labels?", Department: "ed", Room: "dept/ed", Lang: "en"},
		incident.QuestionAnswered{N: 1, Text: "by hand"},
		incident.QuestionWaits{N: 1},
		incident.SystemsRestored{Systems: sys, All: true, WatchUntil: at(60), CutOver: at(30), BackEntryBy: at(90), Override: "ED is empty"},
		incident.WatchEnded{},
		incident.Reopened{Reason: "again", Systems: sys, Stops: sys, Degrades: sys},
		incident.Ended{Note: "done", Override: "moved on"},
		incident.CalledOff{Reason: "a loose plug"},
		incident.Struck{Number: 2, Reason: "a name"},
		incident.NoChange{},
		incident.Stale{},
		incident.WardSaw{Department: "ed"},
		incident.Acknowledged{Department: "ed", Word: incident.Cannot, Text: "no pumps"},
		incident.SupplyRequested{N: 2, Department: "ed", What: incident.Runner, Text: "to the laboratory"},
		incident.SilenceChased{Step: incident.Escalated, Departments: dep},
		incident.ScriptRead{At: at(4)},
		incident.ScriptWaits{},
		incident.VisitClaimed{Department: "ed"},
		incident.VisitDropped{Department: "ed"},
		incident.VisitArrived{Department: "ed"},
		incident.VisitReported{Department: "ed", Works: "monitors", Stuck: "prescriptions", Waiting: "20"},
		incident.VisitOverdue{Department: "ed"},
		incident.FeedbackGiven{Department: "ed", Text: "no spare forms"},
		incident.QuestionAssigned{N: 1, To: "raj"},
		incident.QuestionMerged{N: 2, Into: 1},
		incident.Joined{Into: 1},
		incident.StartCorrected{Since: at(-5)},
	}
}

// TestWireFormNeverChanges compares every kind with its golden file, both ways. A file is history
// itself: logs written so exist, so it is never edited and never rewritten.
func TestWireFormNeverChanges(t *testing.T) {
	for _, want := range everyBody() {
		t.Run(string(want.Kind()), func(t *testing.T) {
			file := filepath.Join("testdata", "wire", string(want.Kind())+".json")
			got, err := incident.EncodeBody(want)
			must(t, err)
			golden, err := os.ReadFile(file)
			if os.IsNotExist(err) && *update {
				must(t, os.WriteFile(file, append(got, '\n'), 0o600))
				return
			}
			must(t, err)
			if diff := cmp.Diff(strings.TrimSpace(string(golden)), string(got)); diff != "" {
				t.Errorf("the wire form has changed (-golden +now):\n%s", diff)
			}
			read, err := incident.DecodeBody(want.Kind(), golden)
			must(t, err)
			if diff := cmp.Diff(want, read); diff != "" {
				t.Errorf("the golden file reads as something else (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryKindHasADecoderAndAGoldenFile(t *testing.T) {
	var bodies, golden []string
	for _, b := range everyBody() {
		bodies = append(bodies, string(b.Kind()))
	}
	files, err := filepath.Glob("testdata/wire/*.json")
	must(t, err)
	for _, f := range files {
		golden = append(golden, strings.TrimSuffix(filepath.Base(f), ".json"))
	}
	var kinds []string
	for _, k := range incident.Kinds() {
		kinds = append(kinds, string(k))
		b, err := incident.DecodeBody(k, []byte("{}"))
		if err != nil || b.Kind() != k {
			t.Errorf("kind %s is decoded as %T, %v", k, b, err)
		}
	}
	if diff := cmp.Diff(kinds, bodies); diff != "" {
		t.Errorf("Kinds and the bodies of this test differ (-kinds +bodies):\n%s", diff)
	}
	slices.Sort(kinds)
	if diff := cmp.Diff(kinds, golden); diff != "" {
		t.Errorf("Kinds and the golden files differ (-kinds +files):\n%s", diff)
	}
}

func TestUnknownAndMalformedEventsAreErrors(t *testing.T) {
	for _, c := range []struct{ kind, data, want string }{
		{"teleported", "{}", `decode event: unknown kind "teleported", written by a newer version`},
		{"closed", "{", "decode event closed: unexpected end of JSON input"},
		{"closed", `{"note":1}`, "decode event closed: json: cannot unmarshal number into Go struct field Ended.note of type string"},
	} {
		if _, err := incident.DecodeBody(incident.Kind(c.kind), []byte(c.data)); err == nil || err.Error() != c.want {
			t.Errorf("decode %s %s: %v, want %s", c.kind, c.data, err, c.want)
		}
	}
}

// TestAnyEventAppliesToAnyState folds every kind onto every phase, also empty: an event is past, so
// applying it never fails, whatever a log holds.
func TestAnyEventAppliesToAnyState(t *testing.T) {
	for _, start := range [][]incident.Body{nil, open(), restored(), recovering(), closed(), cancelled()} {
		for _, b := range everyBody() {
			bare, err := incident.DecodeBody(b.Kind(), []byte("{}"))
			must(t, err)
			for _, body := range []incident.Body{b, bare, incident.Blanked{Was: b.Kind()}} {
				if got := given(with(start, body)...).Version; got != len(start)+1 {
					t.Errorf("version %d after %d events", got, len(start)+1)
				}
			}
		}
	}
}

func TestSnapshotGivesBackTheFold(t *testing.T) {
	bodies := everyBody()
	for n := range len(bodies) + 1 {
		log := events(bodies[:n]...)
		whole := incident.Fold(7, log)
		half := incident.Fold(7, log[:n/2])
		data, err := half.Snapshot()
		must(t, err)
		read, err := incident.ReadSnapshot(data)
		must(t, err)
		if n < slices.IndexFunc(bodies, func(b incident.Body) bool { return b.Kind() == "struck" }) { // a strike reaches behind the snapshot
			if diff := cmp.Diff(state(t, whole), state(t, read.Resume(log[n/2:]))); diff != "" {
				t.Fatalf("snapshot at %d and tail up to %d (-whole +resumed):\n%s", n/2, n, diff)
			}
		}
		if diff := cmp.Diff(state(t, half), state(t, read)); diff != "" {
			t.Fatalf("snapshot at %d (-want +got):\n%s", n/2, diff)
		}
	}
	if _, err := incident.ReadSnapshot([]byte("{")); err == nil || err.Error() != "read snapshot: unexpected end of JSON input" {
		t.Errorf("half a snapshot: %v", err)
	}
}

// state is all that can be known of an incident.
func state(t testing.TB, in incident.Incident) string {
	t.Helper()
	data, err := json.Marshal(in)
	must(t, err)
	return string(data)
}
