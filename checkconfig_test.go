package main_test

import (
	"strings"
	"testing"
	"time"

	main "wardline"
)

const whole = `
[hospital]
name_zh = "青河市第一人民医院"
name_en = "Qinghe First People's Hospital"
zone = "America/New_York"

[hospital.fill]
it_hotline = "8120"
duty_officer = "8000"
command_post = "Room 206"
readonly_url = "http://10.0.0.9"
insurance_office = "8230"

[web]
public_url = "https://wardline.example/"
behind_proxy = true
key_env = "WARDLINE_KEY"

[[people]]
id = "lin"
name = "林岚"
roles = ["coordinator"]

[[people]]
id = "wu"
name = "吴昊"
department = "it"
roles = ["engineer", "scribe"]

[[people]]
id = "chen"
name = "陈静"
department = "ed"

[[rooms]]
id = "leaders/night"

[[digests]]
room = "leaders/main"

[[digests]]
room = "leaders/night"
cron = "30 7,19 * * *"
zone = "Asia/Shanghai"

[[digests]]
room = "leaders/night"
cron = "30 1 * * *"
`

const meaning = `wardline.toml has no problems

hospital  青河市第一人民医院 / Qinghe First People's Hospital
clock     America/New_York, now 2026-10-31 12:00
pack      52 systems, 38 departments, 81 procedures
database  wardline.db
web desk  https://wardline.example
people    3: 1 clinical, 1 coordinator, 1 engineer, 1 scribe
rooms     41: 1 it, 2 leaders, 38 department
digest 1  leaders/main, while an outage is open, at the pace of its level
digest 2  leaders/night, 30 7,19 * * * (Asia/Shanghai): 2026-11-01 07:30, 2026-11-01 19:30, 2026-11-02 07:30
digest 3  leaders/night, 30 1 * * * (America/New_York): 2026-11-01 01:30, 2026-11-02 01:30, 2026-11-03 01:30

1 warning
- hospital.fill.box_location (停机箱位置 / downtime box location): not set; lines with it are left out of: procedure GEN-START, procedure GEN-FORMS
`

// The night of 1 November is the one in which New York has the hour after one twice.
func TestCheckConfigTellsWhatItMeans(t *testing.T) {
	t.Setenv("WARDLINE_KEY", strings.Repeat("k", 32))
	s, err := main.Parse("wardline.toml", whole)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	if err := main.Summary(&got, "wardline.toml", s, time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if got.String() != meaning {
		t.Errorf("got\n%s\nwant\n%s", got.String(), meaning)
	}
}
