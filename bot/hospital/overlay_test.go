package hospital_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// overlaid loads the built-in pack under files given as name, text, name, text.
func overlaid(t *testing.T, files ...string) (*hospital.Pack, error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return hospital.LoadFS(fsys)
}

func loaded(t *testing.T, files ...string) *hospital.Pack {
	t.Helper()
	p, err := overlaid(t, files...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// An entry with a known id replaces the whole entry: nothing of the old one shines through.
func TestEntryIsReplacedWhole(t *testing.T) {
	p := loaded(t, "systems.yaml", "systems:\n- {id: tube, name: {zh: 物流, en: Tubes}, tier: 3, restore_order: 9, owner: me, loses: {zh: 乙, en: B}}\n")
	s, ok := p.System("tube")
	if !ok || s.Name.EN != "Tubes" || len(s.DependsOn) != 0 || len(s.Aliases.ZH) != 0 || len(s.Procedures) != 0 {
		t.Errorf("%+v", s)
	}
	if id, _ := p.FindSystem("气送管"); id != "" {
		t.Errorf("an alias of the replaced entry still finds %q", id)
	}
}

// Tables merge by key: a hospital that changes one number writes one number.
func TestTableMergesByKey(t *testing.T) {
	p := loaded(t, "policy.yaml", "decision_defaults: {declare_downtime_min: 20}\nplaceholders: {fire_desk: {zh: 消控室, en: fire desk}}\n",
		"forms.yaml", "forms:\n- {id: F-LOG, name: {zh: 日志, en: Log}, departments: ['*'], fields: {zh: '报 {fire_desk}', en: 'call {fire_desk}'}, after_recovery: scan}\n")
	d := p.Policy().Defaults
	if d.DeclareDowntime.Minutes() != 20 || d.WaitBeforePaper.Minutes() != 15 {
		t.Errorf("%+v", d)
	}
	if f, _ := p.Form("F-LOG"); f.AfterRecovery != hospital.Scan || !f.AllDepartments {
		t.Errorf("%+v", f)
	}
}

// What a hospital has not, the built-in files need not be cleansed of by hand.
func TestRemovedThingsAreForgottenEverywhere(t *testing.T) {
	p := loaded(t, "systems.yaml", "systems:\n- {id: rv, remove: true}\n", "departments.yaml", "departments:\n- {id: radonc, remove: true}\n")
	if id, near := p.FindSystem("放疗验证"); id != "" || slices.Contains(near, incident.SystemID("rv")) {
		t.Errorf("the removed system is still named: %q, near %v", id, near)
	}
	for _, m := range p.Matrix() {
		if m.System == "rv" || m.Department == "radonc" {
			t.Errorf("a row is left: %+v", m)
		}
	}
	for _, pr := range p.Procedures() {
		if slices.Contains(pr.Systems, incident.SystemID("rv")) || slices.Contains(pr.Departments, incident.DepartmentID("radonc")) {
			t.Errorf("%s still speaks of it", pr.ID)
		}
	}
	if r := p.Reach([]incident.SystemID{"core_net"}); len(r.Stops) != 40 {
		t.Errorf("%d stop, want one less than with radiotherapy", len(r.Stops))
	}
}

// But what the hospital writes itself must resolve.
func TestOwnWordsAboutRemovedThingsAreRefused(t *testing.T) {
	_, err := overlaid(t, "systems.yaml", "systems:\n- {id: rv, remove: true}\n",
		"matrix.csv", "department,system,procedures (most specific first),back_entry\ned,rv,ED-RX,BE-ED\n")
	if want := `matrix.csv:2: matrix[ed,rv].system: there is no system "rv"; use an id that exists, or add the system`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestMatrixIsOverlaid(t *testing.T) {
	const head = "department,system,procedures (most specific first),back_entry\r\n"
	p := loaded(t, "matrix.csv", "\ufeff"+head+"# ours\r\ned,lis,LAB-CRIT,BE-ED\r\ned,pacs,remove,\r\npe,bb,WARD-LAB GEN-RUNNER,BE-OP\r\n")
	for _, c := range []struct {
		dept   incident.DepartmentID
		system incident.SystemID
		want   []hospital.ProcedureID
	}{
		{"ed", "lis", []hospital.ProcedureID{"LAB-CRIT"}},
		{"ed", "pacs", nil},
		{"pe", "bb", []hospital.ProcedureID{"WARD-LAB", "GEN-RUNNER"}},
	} {
		if got := p.DownFor(c.dept, []incident.SystemID{c.system}); !slices.Equal(got, c.want) {
			t.Errorf("%s without %s: %v, want %v", c.dept, c.system, got, c.want)
		}
	}
	if len(p.Matrix()) != 178 {
		t.Errorf("%d rows", len(p.Matrix()))
	}
}

// A file that says replace: true stands for itself.
func TestFileIsReplaced(t *testing.T) {
	p := loaded(t, "sources.yaml", "replace: true\nversion: 1\nsources:\n- {id: OURS, title: Our own handbook}\n")
	if s := p.Sources(); len(s) != 1 || s[0] != (hospital.Source{ID: "OURS", Title: "Our own handbook"}) {
		t.Errorf("%+v", s)
	}
	if pr, _ := p.Procedure("GEN-START"); len(pr.Sources) != 0 {
		t.Errorf("GEN-START still cites %v", pr.Sources)
	}
}

func TestMessageIsReworded(t *testing.T) {
	p := loaded(t, "messages.yaml", "templates:\n- {id: CLIN-ETA, audience: clinical, zh: '改为 {eta},打 {duty_officer}', en: 'now {eta}, call {duty_officer}'}\n")
	m, ok := p.Message("CLIN-ETA")
	if !ok || !slices.Equal(m.Fields, []string{"eta", "duty_officer"}) || m.Text.In(hospital.EN) != "now {eta}, call {duty_officer}" {
		t.Errorf("%+v", m)
	}
	if len(p.Messages()) != len(standard(t).Messages()) {
		t.Error("the other messages are gone")
	}
}

// Files without a word, and files that are no part of a pack, change nothing.
func TestSilentFilesAreNoMistake(t *testing.T) {
	p := loaded(t, "systems.yaml", "", "policy.yaml", "# nothing of our own yet\n", "forms.yaml", "forms:\n", "README.md", "ours", ".draft.yaml", "[")
	if len(p.Systems()) != 52 || len(p.Forms()) != 48 || len(p.Policy().Levels) != 4 {
		t.Error("something went missing")
	}
}

func TestLoadFromADirectory(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "systems.yaml")
	if err := os.WriteFile(file, []byte("systems:\n- {id: tube, remove: true}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := hospital.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := p.System("tube"); ok {
		t.Error("the file was not read")
	}
	if err := os.WriteFile(file, []byte("sistems: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = hospital.Load(dir)
	ps, ok := errors.AsType[hospital.Problems](err)
	if !ok || len(ps) != 1 || ps[0].File != filepath.ToSlash(file) || ps[0].Line != 1 || ps[0].Key != "sistems" {
		t.Errorf("%+v", err)
	}
	if _, err := hospital.Load(filepath.Join(dir, "nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that is not there: %v", err)
	}
	if _, err := hospital.Load(file); err == nil {
		t.Error("a file passed for a directory")
	}
}
