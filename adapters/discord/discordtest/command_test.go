package discordtest_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
)

func TestCommandsAreReplacedAndKeepTheirIDs(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	d := bot(t, s)
	chinese := map[discordgo.Locale]string{discordgo.ChineseCN: "\u6545\u969c"}
	one := outage()
	one.NameLocalizations = &chinese
	none := int64(0)
	made, err := d.ApplicationCommandBulkOverwrite(s.AppID(), "", []*discordgo.ApplicationCommand{one, {Name: "ask", Description: "ask", DefaultMemberPermissions: &none}})
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.ApplicationCommandBulkOverwrite(s.AppID(), "", []*discordgo.ApplicationCommand{one})
	if err != nil || again[0].ID != made[0].ID || again[0].Version == made[0].Version {
		t.Errorf("got %+v, %v, want the id %s and a new version", again[0], err, made[0].ID)
	}
	list, err := d.ApplicationCommands(s.AppID(), "") // asks for the other languages too
	if err != nil || len(list) != 1 || (*list[0].NameLocalizations)[discordgo.ChineseCN] != "\u6545\u969c" {
		t.Errorf("got %+v, %v", list, err)
	}
	if _, _, short := callRaw(t, s, "GET", "/applications/"+s.AppID()+"/commands", nil); strings.Contains(string(short), "zh-CN") {
		t.Errorf("the short list has other languages: %s", short)
	}
	if !slices.Equal(s.Commands(), []string{"outage"}) {
		t.Errorf("got %v", s.Commands())
	}
	if err := d.ApplicationCommandDelete(s.AppID(), "", again[0].ID); err != nil || len(s.Commands()) != 0 {
		t.Errorf("left %v, %v", s.Commands(), err)
	}
	accepted(t, s, "POST", "/applications/"+s.AppID()+"/commands", body{"name": "\u6545\u969c", "description": "x"})
	refused(t, s, "PUT", "/applications/7/commands", []body{}, 403, 20012)
}

func TestCommandsThatDiscordWouldRefuse(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	option := func(name string, more body) body {
		o := body{"type": 3, "name": name, "description": "x"}
		maps.Copy(o, more)
		return o
	}
	with := func(options ...body) []body { return []body{{"name": "c", "description": "x", "options": options}} }
	choices := func(n int, value string) (list []body) {
		for i := range n {
			list = append(list, body{"name": fmt.Sprint(i), "value": value})
		}
		return list
	}
	many := make([]body, 101)
	for i := range many {
		many[i] = body{"name": fmt.Sprint("c", i), "description": "x"}
	}
	var large []body
	for i := range 25 {
		large = append(large, option(fmt.Sprint("o", i), body{"choices": choices(4, strings.Repeat("v", 100))}))
	}
	for _, c := range []struct {
		name string
		in   []body
		want string
	}{
		{"upper case", []body{{"name": "Outage", "description": "x"}}, "/0/name: Command name is invalid"},
		{"a space", []body{{"name": "out age", "description": "x"}}, "/0/name: Command name is invalid"},
		{"upper case elsewhere", []body{{"name": "c", "description": "x", "name_localizations": body{"en-GB": "C"}}}, "/0/name_localizations/en-GB"},
		{"no description", []body{{"name": "c"}}, "/0/description"},
		{"one name twice", []body{{"name": "c", "description": "x"}, {"name": "c", "description": "y"}}, "/1/name"},
		{"an unknown type", with(body{"type": 99, "name": "a", "description": "x"}), "/0/options/0"},
		{"26 options", with(slices.Repeat([]body{option("a", nil)}, 26)...), "/0/options: maxItems"},
		{"26 choices", with(option("a", body{"choices": choices(26, "v")})), "/0/options/0/choices: maxItems"},
		{"a long value", with(option("a", body{"choices": choices(1, strings.Repeat("v", 101))})), "/0/options/0/choices/0/value"},
		{"required at the end", with(option("a", nil), option("b", body{"required": true})), "/0/options/1: Required options"},
		{"one option twice", with(option("a", nil), option("a", nil)), "/0/options/1/name"},
		{"subcommand beside option", with(option("a", nil), body{"type": 1, "name": "s", "description": "x"}), "mutually exclusive"},
		{"choices and autocomplete", with(option("a", body{"autocomplete": true, "choices": choices(1, "v")})), "/0/options/0"},
		{"too large", with(large...), "exceeds maximum size"},
	} {
		status, _, out := call(t, s, "PUT", "/applications/"+s.AppID()+"/commands", c.in)
		if status != 400 {
			t.Errorf("%s: got %d %v", c.name, status, out)
		}
		t.Log(c.name)
		broken(t, s, c.want)
	}
	refused(t, s, "PUT", "/applications/"+s.AppID()+"/commands", many, 400, 30032)
	if len(s.Commands()) != 0 {
		t.Errorf("registered %v", s.Commands())
	}
	accepted2 := with(body{"type": 2, "name": "g", "description": "x", "options": []body{{"type": 1, "name": "s", "description": "x", "options": []body{option("a", body{"required": true}), option("b", nil)}}}})
	if status, _, raw := callRaw(t, s, "PUT", "/applications/"+s.AppID()+"/commands", accepted2); status != 200 {
		t.Errorf("got %d %s", status, raw)
	}
}
