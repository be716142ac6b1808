package hospital_test

import "testing"

// The exact words of a mistake, since they are all its author has: one line for each, all at once.
func TestMistakesInExactWords(t *testing.T) {
	const head = "department,system,procedures (most specific first),back_entry\n"
	for _, c := range []struct{ file, text, want string }{
		{"systems.yaml", "- his\n", "systems.yaml:1: must be keys with values; write one key: value per line, indented below the top of the file"},
		{"systems.yaml", "systems: 3\n", "systems.yaml:1: systems: must be a list; put a dash before each item"},
		{"systems.yaml", "systems: []\n---\nx: 1\n", "systems.yaml:2: the file holds a second document; remove the line --- and what follows"},
		{"systems.yaml", "systems: []\nsystems: []\n", "systems.yaml:2: systems: the key stands here twice; keep one of the two"},
		{"systems.yaml", "\xb2\xe2: 1\n", "systems.yaml: not readable as YAML: invalid leading UTF-8 octet; save the file as UTF-8 text"},
		{"systems.yaml", "version: 2\n", "systems.yaml:1: version: this program reads version 1 only; write version: 1"},
		{"systems.yaml", "replace: perhaps\nversion: 1\n", "systems.yaml:1: dependency_kinds: is missing or empty; write dependency_kinds: and a value\n" +
			"systems.yaml:1: replace: replace is either true or absent; write replace: true or remove the line\n" +
			"systems.yaml:1: systems: no system is left; keep at least one system"},
		{"systems.yaml", "systems:\n- {id: rv, remove: true, tier: 1}\n", "systems.yaml:2: systems[rv].remove: an entry to remove says more than its id; keep id and remove only"},
		{"systems.yaml", "a: &a {b: 1}\nc: *a\n", "systems.yaml:1: a: unknown key; use one of: version, notice, note, tiers, dependency_kinds, systems\n" +
			"systems.yaml:2: c: anchors and aliases are not read; write the value out\n" +
			"systems.yaml:2: c: unknown key; use one of: version, notice, note, tiers, dependency_kinds, systems"},
		{
			"systems.yaml", "systems:\n- id: robot\n  name: {zh: 甲, en: A}\n  aliases:\n    zh: [数据库]\n  vague:\n    en: [the system]\n  tier: 2\n  restore_order: 20\n  owner: x\n  loses: {zh: 乙, en: B}\n",
			"systems.yaml:5: systems[robot].aliases.zh[0]: \"数据库\" already names the system his_db; choose another word, or replace his_db without it\n" +
				"systems.yaml:7: systems[robot].vague.en[0]: \"the system\" already names the system his; choose another word, or replace his without it",
		},
		{"departments.yaml", "departments:\n- id: ward\n  parent: ward_med\n  kind: clinical\n  name: {zh: 病区, en: Wards}\n", "departments.yaml:3: departments[ward].parent: the departments need each other in a circle: ward -> ward_med -> ward; let one of them have no parent"},
		{
			"procedures.yaml", "procedures:\n- id: GEN-START\n", "procedures.yaml:2: procedures[GEN-START].approval: is missing or empty; write approval: and a value\n" +
				"procedures.yaml:2: procedures[GEN-START].basis: is missing or empty; write basis: and a value\n" +
				"procedures.yaml:2: procedures[GEN-START].kind: is missing or empty; write kind: and a value\n" +
				"procedures.yaml:2: procedures[GEN-START].steps: a procedure without steps tells nobody what to do; write at least one step\n" +
				"procedures.yaml:2: procedures[GEN-START].title: is missing or empty; write title: and a value\n" +
				"procedures.yaml:2: procedures[GEN-START].when: is missing or empty; write when: and a value",
		},
		{"forms.yaml", "forms:\n- {id: F-X, name: {zh: 甲, en: A}, fields: {zh: '{hotline}', en: '{Hotline}'}, after_recovery: burn}\n", "forms.yaml:2: forms[F-X].after_recovery: \"burn\" is not known here; use one of: backentry, partial, scan, kept, discard\n" +
			"forms.yaml:2: forms[F-X].fields.en: nothing fills \"{Hotline}\"; did you mean {it_hotline}?\n" +
			"forms.yaml:2: forms[F-X].fields.zh: nothing fills \"{hotline}\"; did you mean {it_hotline}?"},
		{"backentry.yaml", "priorities:\n  P1: {target: PT0H}\n", "backentry.yaml:2: priorities.P1.target: leaves no time at all; write a time such as PT4H"},
		{"backentry.yaml", "departments:\n- {id: BE-ED, title: {zh: 甲, en: A}, departments: [edd], items: [{priority: P9, what: {zh: 甲, en: A}, who: {zh: 甲, en: A}, check: {zh: 甲, en: A}}]}\n", "backentry.yaml:2: departments[BE-ED].departments[0]: there is no department \"edd\"; use an id that exists, or add the department\n" +
			"backentry.yaml:2: departments[BE-ED].items[0].priority: there is no priority \"P9\"; use an id that exists, or add the priority"},
		{"policy.yaml", "languages: [zh, zh]\n", "policy.yaml:1: languages: must name every language once; write languages: [zh, en], the more important first"},
		{"policy.yaml", "levels:\n- {id: L4, remove: true}\n", "default/policy.yaml:49: escalation[2].to: there is no level \"L4\"; use an id that exists, or add the level"},
		{"policy.yaml", "reporting_clocks:\n- {id: OURS, regime: {zh: 甲, en: A}, applies_if: {zh: 甲, en: A}, clock_from: {zh: 甲, en: A}, deadline: 72h, to: {zh: 甲, en: A}}\n", "policy.yaml:2: reporting_clocks[OURS].deadline: parse period \"72h\": want ISO 8601; write it like PT4H, P30D or P1M"},
		{"messages.yaml", "templates:\n- {id: CLIN-ETA, remove: true}\n", "messages.yaml:1: templates[CLIN-ETA]: the bot cannot do without this message; keep it, or change its text"},
		{"messages.yaml", "templates:\n- {id: CLIN-ETA, audience: clinical, zh: '{eta}', en: '{asof} {eta'}\n", "messages.yaml:2: templates[CLIN-ETA]: the languages say different things: zh has {eta}, en has {asof}; use the same names in both\n" +
			"messages.yaml:2: templates[CLIN-ETA].en: nothing fills \"{\"; use a name from the built-in messages.yaml"},
		{"messages.yaml", "templates:\n- {id: CLIN-ETA, audience: clinical, zh: \"1\\n2\\n3\\n4\\n5\\n6\\n7\\n8\\n9\", en: A}\n", "messages.yaml:2: templates[CLIN-ETA].zh: has 9 lines, more than a reader takes in; keep it within 8, or raise rules max_lines"},
		{"messages.yaml", "rules: {clinical: {max_lines: 1}}\n", "messages.yaml:1: rules.clinical.max_lines: \"1\" is not a whole number from 3 to 60; write such a number"},
		{"sources.yaml", "sources:\n- {id: X, title: t, author: me}\n", "sources.yaml:2: sources[X].author: unknown key; use one of: id, title, url"},
		{"matrix.csv", "dept,system\n", "matrix.csv:1: the first line is not the heading of a matrix; write department,system,procedures (most specific first),back_entry"},
		{"matrix.csv", head + "ed,moon\n", "matrix.csv:2: has 2 columns, not 4; write department,system,procedures (most specific first),back_entry"},
		{"matrix.csv", head + "ed,\"his,x,y\n", "matrix.csv:2: not readable as CSV: extraneous or missing \" in quoted-field; check the quotes in this line"},
		{"matrix.csv", head + "ed,his,ED-RX,BE-EDD\ned,his,ED-RX,\ned,moon,remove,\ned,lis,,\n", "matrix.csv:2: matrix[ed,his].back_entry[0]: there is no back-entry sheet \"BE-EDD\"; did you mean BE-ED?\n" +
			"matrix.csv:3: matrix[ed,his]: the entry stands here twice; keep one of the two\n" +
			"matrix.csv:4: matrix[ed,moon]: there is no such entry to remove; check the spelling against the built-in file\n" +
			"matrix.csv:5: matrix[ed,lis].procedures: names no procedure; name one, or write remove"},
	} {
		if _, err := overlaid(t, c.file, c.text); err == nil || err.Error() != c.want {
			t.Errorf("%s %q\ngot  %v\nwant %s", c.file, c.text, err, c.want)
		}
	}
}
