package hospital_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

func standard(t testing.TB) *hospital.Pack {
	t.Helper()
	p, err := hospital.Default()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The numbers were counted when the pack was written; a change of the pack must mean to change them.
func TestDefaultPackIsComplete(t *testing.T) {
	p := standard(t)
	steps := 0
	for _, proc := range p.Procedures() {
		steps += len(proc.Steps)
		for _, s := range append(slices.Clone(proc.Steps), proc.Title, proc.When) {
			if strings.TrimSpace(s.ZH) == "" || strings.TrimSpace(s.EN) == "" {
				t.Errorf("%s lacks a language: %+v", proc.ID, s)
			}
		}
		if proc.Approval.Status != hospital.Unapproved {
			t.Errorf("%s claims %s; the built-in pack is nobody's rule", proc.ID, proc.Approval.Status)
		}
	}
	for what, n := range map[string][2]int{
		"systems": {len(p.Systems()), 52}, "departments": {len(p.Departments()), 38}, "procedures": {len(p.Procedures()), 81}, "steps": {steps, 448},
		"forms": {len(p.Forms()), 48}, "sheets": {len(p.Sheets()), 19}, "levels": {len(p.Policy().Levels), 4}, "clocks": {len(p.Policy().Clocks), 15},
	} {
		if n[0] != n[1] {
			t.Errorf("%s: %d, want %d", what, n[0], n[1])
		}
	}
}

// Measured facts of the pack's dependencies.
func TestReach(t *testing.T) {
	p := standard(t)
	for _, c := range []struct {
		down            incident.SystemID
		stops, degrades int
	}{{"core_net", 41, 8}, {"his_db", 14, -1}, {"storage", 28, -1}, {"ad", 0, 26}} {
		r := p.Reach([]incident.SystemID{c.down})
		if len(r.Stops) != c.stops || c.degrades >= 0 && len(r.Degrades) != c.degrades {
			t.Errorf("%s: %d stop and %d degrade, want %d and %d", c.down, len(r.Stops), len(r.Degrades), c.stops, c.degrades)
		}
		if slices.Contains(r.Stops, c.down) || slices.Contains(r.Degrades, c.down) {
			t.Errorf("%s reaches itself", c.down)
		}
		for _, s := range r.Degrades {
			if slices.Contains(r.Stops, s) {
				t.Errorf("%s: %s both stops and degrades", c.down, s)
			}
		}
	}
	if r := p.Reach([]incident.SystemID{"core_net"}); slices.Contains(r.Stops, incident.SystemID("emr_ro")) {
		t.Error("the read-only copy must survive the network: a downtime PC holds a local copy")
	}
	if r := p.Reach([]incident.SystemID{"core_net", "ad"}); slices.Contains(r.Stops, incident.SystemID("ad")) {
		t.Error("a given system is not also reached")
	}
}

func TestFind(t *testing.T) {
	p := standard(t)
	for text, want := range map[string]incident.SystemID{
		"his": "his", "HIS": "his", "ＨＩＳ": "his", "医院信息系统": "his", "his_db": "his_db", "数据库锁": "his_db", "CPOE": "cpoe", "orders": "cpoe",
		"医嘱": "cpoe", "PACS": "pacs", "core switch": "core_net", "Core Switch": "core_net", "断网": "core_net", "wi-fi": "wifi", "WiFi": "wifi",
		"药房": "pharm", "检验": "lis", "PACS系统": "pacs", "pacs system": "pacs", "read only": "emr_ro", "724": "emr_ro",
	} {
		if got, near := p.FindSystem(text); got != want {
			t.Errorf("FindSystem(%q) = %q, near %v, want %q", text, got, near, want)
		}
	}
	for text, want := range map[string]incident.DepartmentID{
		"ED": "ed", "急诊": "ed", "外科": "ward_surg", "ward_surg": "ward_surg", "OR": "or", "手术室": "or", "ICU": "icu", "labour ward": "obs",
	} {
		if got, near := p.FindDepartment(text); got != want {
			t.Errorf("FindDepartment(%q) = %q, near %v, want %q", text, got, near, want)
		}
	}
	if id, near := p.FindSystem("PASC"); id != "" || !slices.Contains(near, incident.SystemID("pacs")) {
		t.Errorf("PASC: %q, near %v", id, near)
	}
	if id, near := p.FindSystem("quantum teleporter"); id != "" || len(near) > 3 {
		t.Errorf("nonsense: %q, near %v", id, near)
	}
	if id, _ := p.FindText("be-lab"); id != "BE-LAB" {
		t.Errorf("be-lab is read as %q", id)
	}
	if id, _ := p.FindText("ward-order"); id != "WARD-ORDER" {
		t.Errorf("procedure by id: %q", id)
	}
}

// A sentence that names no system still says something of what it is about; what every name holds says nothing.
func TestWhatASentenceMayBeAbout(t *testing.T) {
	p := standard(t)
	for sentence, want := range map[string][]incident.SystemID{
		"3号楼网络断了": {"core_net", "access_net", "wifi"}, "大屏不叫号": {"queue"}, "打印不出条码": {"print"}, "the archive wont open": {"pacs"},
		"登不了": nil, "系统坏了": nil, "everything is down": nil, "": nil, "啊": nil,
	} {
		got := p.SystemsLike(sentence)
		if len(want) == 0 && len(got) > 0 || len(got) > 5 {
			t.Errorf("SystemsLike(%q) = %v, want %v", sentence, got, want)
		}
		for _, id := range want {
			if !slices.Contains(got, id) {
				t.Errorf("SystemsLike(%q) = %v, which lacks %s", sentence, got, id)
			}
		}
	}
}

// Short English aliases collide with words.
func TestNamesInSentences(t *testing.T) {
	p := standard(t)
	for sentence, want := range map[string][]incident.SystemID{
		"is PACS or LIS down":              {"pacs", "lis"},
		"this or that, tell us, it is his": nil,
		"PACS也挂了吗":                         {"pacs"},
		"系统啥时候能好":                          {"his"},
		"影像系统看不了":                          {"pacs"},
	} {
		if got := p.SystemsIn(sentence); !slices.Equal(got, want) {
			t.Errorf("SystemsIn(%q) = %v, want %v", sentence, got, want)
		}
	}
	for sentence, want := range map[string][]incident.DepartmentID{
		"only the ED or everyone": {"ed"}, "or is it everyone": nil, "只有急诊吗": {"ed"}, "let us know": nil,
	} {
		if got := p.DepartmentsIn(sentence); !slices.Equal(got, want) {
			t.Errorf("DepartmentsIn(%q) = %v, want %v", sentence, got, want)
		}
	}
}

// S3: the first message to the emergency department differs from that to the laboratory.
func TestDownForIsTheDepartmentsOwn(t *testing.T) {
	p := standard(t)
	ed, lab := p.DownFor("ed", []incident.SystemID{"his", "cpoe"}), p.DownFor("lab", []incident.SystemID{"his", "lis"})
	if len(ed) == 0 || len(lab) == 0 || ed[0] == lab[0] {
		t.Errorf("ed %v, lab %v", ed, lab)
	}
	for _, ids := range [][]hospital.ProcedureID{ed, lab} {
		if n := len(slices.Compact(slices.Sorted(slices.Values(ids)))); n != len(ids) {
			t.Errorf("a procedure twice in %v", ids)
		}
	}
	stopped := p.Reach([]incident.SystemID{"core_net"}).Stops
	for _, d := range p.Departments() {
		if d.Kind == "clinical" && len(p.DownFor(d.ID, stopped)) == 0 {
			t.Errorf("%s has nothing to do on paper when the network is down", d.ID)
		}
	}
}

func TestFill(t *testing.T) {
	got, missing := hospital.Fill("call {it_hotline} or {duty_officer}; {it_hotline}", map[string]string{"it_hotline": "8120 {duty_officer}"})
	if got != "call 8120 {duty_officer} or {duty_officer}; 8120 {duty_officer}" || !slices.Equal(missing, []string{"duty_officer"}) {
		t.Errorf("%q, missing %v", got, missing)
	}
}

func TestOverlay(t *testing.T) {
	p, err := hospital.LoadFS(fstest.MapFS{
		"systems.yaml": {Data: []byte(`systems:
- {id: robot, name: {zh: 手术机器人, en: Surgical robot}, aliases: {zh: [达芬奇], en: [da Vinci]}, tier: 2, restore_order: 20, owner: apps, depends_on: [{id: core_net, kind: soft}], loses: {zh: 不能开机器人手术, en: No robotic surgery}, procedures: [GEN-START]}
`)},
		"departments.yaml": {Data: []byte("departments:\n- {id: pe, remove: true}\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if id, _ := p.FindSystem("达芬奇"); id != "robot" {
		t.Errorf("the added system is not found: %q", id)
	}
	if _, ok := p.Department("pe"); ok {
		t.Error("the removed department is still there")
	}
	if r := p.Reach([]incident.SystemID{"core_net"}); !slices.Contains(r.Degrades, incident.SystemID("robot")) {
		t.Error("the added dependency does not count")
	}
	if len(standard(t).Systems()) != 52 {
		t.Error("an overlay changed the built-in pack")
	}
}

func TestMistakesAreNamed(t *testing.T) {
	const robot = "systems:\n- {id: robot, name: {zh: 甲, en: A}, aliases: {zh: [], en: []}, tier: 2, restore_order: 20, owner: apps, depends_on: [], loses: {zh: 乙, en: B}, procedures: [GEN-START]}\n"
	for _, c := range []struct{ name, file, text, line, key string }{
		{"not yaml", "systems.yaml", "systems: [\n", "", "systems.yaml"},
		{"a tab", "systems.yaml", "systems:\n\t- id: x\n", ":2", ""},
		{"unknown table", "systems.yaml", "sytems: []\n", ":1", "sytems"},
		{"unknown key", "systems.yaml", strings.Replace(robot, "owner: apps", "ownr: apps", 1), ":2", "ownr"},
		{"no id", "systems.yaml", strings.Replace(robot, "id: robot, ", "", 1), ":2", "id"},
		{"bad id", "systems.yaml", strings.Replace(robot, "id: robot", "id: The Robot", 1), ":2", "id"},
		{"twice", "systems.yaml", robot + strings.TrimPrefix(robot, "systems:\n"), ":3", "robot"},
		{"no Chinese", "systems.yaml", strings.Replace(robot, "zh: 甲, ", "", 1), ":2", "name"},
		{"no English", "systems.yaml", strings.Replace(robot, ", en: A", "", 1), ":2", "name"},
		{"empty text", "systems.yaml", strings.Replace(robot, "en: A", `en: " "`, 1), ":2", "name.en"},
		{"tier is a word", "systems.yaml", strings.Replace(robot, "tier: 2", "tier: high", 1), ":2", "tier"},
		{"tier too high", "systems.yaml", strings.Replace(robot, "tier: 2", "tier: 9", 1), ":2", "tier"},
		{"unknown dependency", "systems.yaml", strings.Replace(robot, "depends_on: []", "depends_on: [{id: moon, kind: hard}]", 1), ":2", "depends_on[moon]"},
		{"unknown kind", "systems.yaml", strings.Replace(robot, "depends_on: []", "depends_on: [{id: his, kind: maybe}]", 1), ":2", "kind"},
		{"itself", "systems.yaml", strings.Replace(robot, "depends_on: []", "depends_on: [{id: robot, kind: hard}]", 1), ":2", "robot"},
		{"unknown procedure", "systems.yaml", strings.Replace(robot, "GEN-START", "GEN-NOPE", 1), ":2", "procedures"},
		{"a list for a text", "systems.yaml", strings.Replace(robot, "owner: apps", "owner: [apps]", 1), ":2", "owner"},
		{"remove what is not there", "systems.yaml", "systems:\n- {id: moon, remove: true}\n", ":2", "moon"},
		{"unknown parent", "departments.yaml", "departments:\n- {id: roof, parent: sky, kind: clinical, visit_order: 1, name: {zh: 甲, en: A}, aliases: {zh: [], en: []}, uses: [his], downtime_set: [GEN-START]}\n", ":2", "parent"},
		{"unknown use", "departments.yaml", "departments:\n- {id: roof, parent: null, kind: clinical, visit_order: 1, name: {zh: 甲, en: A}, aliases: {zh: [], en: []}, uses: [moon], downtime_set: [GEN-START]}\n", ":2", "uses"},
		{"unknown form", "procedures.yaml", "procedures:\n- {id: X-ONE, title: {zh: 甲, en: A}, departments: ['*'], systems: ['*'], when: {zh: 甲, en: A}, steps: [{zh: 甲, en: A}], safety: [], do_not: [], escalate: [], forms: [F-MOON], keywords: {zh: [], en: []}, sources: [], basis: local, kind: general, approval: {status: template, approved_by: null, version: 0}}\n", ":2", "forms"},
		{"unknown placeholder", "procedures.yaml", "procedures:\n- {id: X-ONE, title: {zh: 甲, en: A}, departments: ['*'], systems: ['*'], when: {zh: 甲, en: A}, steps: [{zh: '打 {moon}', en: 'call {moon}'}], safety: [], do_not: [], escalate: [], forms: [], keywords: {zh: [], en: []}, sources: [], basis: local, kind: general, approval: {status: template, approved_by: null, version: 0}}\n", ":2", "steps"},
		{"approved on no day", "procedures.yaml", "procedures:\n- {id: X-ONE, title: {zh: 甲, en: A}, departments: ['*'], systems: ['*'], when: {zh: 甲, en: A}, steps: [{zh: 甲, en: A}], safety: [], do_not: [], escalate: [], forms: [], keywords: {zh: [], en: []}, sources: [], basis: local, kind: general, approval: {status: approved, approved_by: us, approved_on: May, version: 1}}\n", ":2", "approved_on"},
		{"approved by nobody", "procedures.yaml", "procedures:\n- {id: X-ONE, title: {zh: 甲, en: A}, departments: ['*'], systems: ['*'], when: {zh: 甲, en: A}, steps: [{zh: 甲, en: A}], safety: [], do_not: [], escalate: [], forms: [], keywords: {zh: [], en: []}, sources: [], basis: local, kind: general, approval: {status: approved, approved_by: null, version: 1}}\n", ":2", "approv"},
		{"unknown message field", "messages.yaml", "templates:\n- {id: CLIN-ETA, audience: clinical, zh: '{moon}', en: '{moon}'}\n", ":2", "moon"},
		{"unknown audience", "messages.yaml", "templates:\n- {id: CLIN-ETA, audience: aliens, zh: 甲, en: A}\n", ":2", "audience"},
		{"bad period", "policy.yaml", "decision_defaults:\n  declare_downtime_min: soon\n", ":2", "declare_downtime_min"},
		{"unknown file", "sistems.yaml", "systems: []\n", "", "sistems.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := hospital.LoadFS(fstest.MapFS{c.file: {Data: []byte(c.text)}})
			if _, ok := errors.AsType[hospital.Problems](err); !ok {
				t.Fatalf("want problems, got %v", err)
			}
			text := err.Error()
			if !strings.Contains(text, c.file+c.line) || !strings.Contains(text, c.key) || !strings.Contains(text, "; ") {
				t.Errorf("want file %s%s, key %s and a remedy:\n%s", c.file, c.line, c.key, text)
			}
		})
	}
}

// A cycle over hard edges would make an outage its own cause.
func TestCyclesAreRefused(t *testing.T) {
	_, err := hospital.LoadFS(fstest.MapFS{"systems.yaml": {Data: []byte(`systems:
- {id: power, name: {zh: 甲, en: A}, aliases: {zh: [], en: []}, tier: 0, restore_order: 1, owner: x, depends_on: [{id: his, kind: hard}], loses: {zh: 乙, en: B}, procedures: [GEN-POWER]}
`)}})
	if err == nil || !strings.Contains(err.Error(), "power") {
		t.Errorf("a cycle passed: %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("systems.yaml", "systems:\n- {id: x, remove: true}\n")
	f.Add("policy.yaml", "levels: 3\n")
	f.Add("messages.yaml", "templates:\n- {id: CLIN-ETA, audience: clinical, zh: '{eta', en: '}'}\n")
	f.Add("procedures.yaml", "a: &a [*a]\n")
	f.Fuzz(func(_ *testing.T, name, text string) {
		_, _ = hospital.LoadFS(fstest.MapFS{name: {Data: []byte(text)}}) // whatever it says, it must not panic
	})
}

func FuzzFind(f *testing.F) {
	p := standard(f)
	for _, s := range []string{"HIS", "is PACS down", "系统", "\xff\xfe", "　"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if id, _ := p.FindSystem(s); id != "" {
			if _, ok := p.System(id); !ok {
				t.Errorf("FindSystem(%q) = %q, which is no system", s, id)
			}
		}
		for _, id := range p.SystemsIn(s) {
			if _, ok := p.System(id); !ok {
				t.Errorf("SystemsIn(%q) has %q, which is no system", s, id)
			}
		}
		_ = p.DepartmentsIn(s)
	})
}

func BenchmarkDefault(b *testing.B) {
	for b.Loop() {
		standard(b)
	}
}

func BenchmarkSystemsIn(b *testing.B) {
	p := standard(b)
	for b.Loop() {
		p.SystemsIn("PACS也挂了吗，还是只有检验系统用不了")
	}
}

// A name nobody knows is the dear case: it is compared with every name.
func BenchmarkFindSystem(b *testing.B) {
	p := standard(b)
	for b.Loop() {
		p.FindSystem("影像归当系统")
	}
}
