package discord_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wardline/adapters/adaptertest"
	"wardline/bot"
	"wardline/bot/incident"
)

// TestEverybodyIsAnsweredInTheirLanguage gives a command as people of several languages, in a room and in private.
func TestEverybodyIsAnsweredInTheirLanguage(t *testing.T) {
	t.Parallel()
	r := newRig(t, calm)
	r.ready()
	for locale, word := range map[string]string{"zh-CN": "没有", "zh-TW": "没有", "en-GB": "no ", "en-US": "no ", "de": "no ", "": ""} {
		u := r.discord.AddUser("somebody " + locale) // without roles, and nobody the hospital knows
		u.SetLocale(locale)
		for where, channel := range map[string]string{"a room": r.rooms[adaptertest.ED], "private": u.DMChannel()} {
			m := u.Slash(channel, "outage list", nil).Answer()
			if !strings.Contains(strings.ToLower(m.Content), word) || m.Content == "" {
				t.Errorf("%q in %s is answered with %q", locale, where, m.Content)
			}
		}
		if m := u.Slash(r.rooms[adaptertest.ED], "outage declare", map[string]any{"systems": "his", "what": "x"}).Answer(); m.Content == "" {
			t.Errorf("%q, who may not, hears nothing", locale)
		}
	}
	if heads := r.desk.Heads(); len(heads) > 0 {
		t.Errorf("somebody who may not declared %v", heads)
	}
}

// TestCompletingIsHarmlessWithNothingOpen types into options that have nothing to offer.
func TestCompletingIsHarmlessWithNothingOpen(t *testing.T) {
	t.Parallel()
	r := newRig(t, calm)
	r.ready()
	lin, it := r.people["lin"], r.rooms[bot.IT]
	for _, typed := range []string{"", "INC-9", strings.Repeat("长", 200), "\\\\"} {
		if names, _ := lin.Autocomplete(it, "outage status", "incident", typed, nil).Choices(); len(names) > 0 {
			t.Errorf("%q offers %q", typed, names)
		}
	}
}

// TestAFormThatComesAgainIsNotSaidAgain has the same submission delivered twice, and one whose form was made for
// somebody else or is none.
func TestAFormThatComesAgainIsNotSaidAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, calm)
	r.ready()
	lin, chen, it := r.people["lin"], r.people["chen"], r.rooms[bot.IT]
	form := fmt.Sprint(lin.Slash(it, "outage declare", nil).Form()["custom_id"])
	sent := func(id int64, user, custom string) {
		r.adapter.Hear(t.Context(), "INTERACTION_CREATE", fmt.Sprintf(
			`{"id":"%d","application_id":"%s","type":5,"token":"t%d","guild_id":"%s","channel_id":"%s","member":{"user":{"id":"%s"}},
			"data":{"custom_id":"%s","components":[{"type":18,"component":{"type":4,"custom_id":"systems","value":"his"}}]}}`,
			id, r.discord.AppID(), id, r.discord.GuildID(), it, user, custom))
	}
	for range 3 {
		sent(1, lin.ID(), form)
	}
	sent(2, chen.ID(), form)
	sent(3, chen.ID(), "m:zzzzzz:0:x:y")
	sent(4, chen.ID(), strings.Repeat(":", 4))
	sent(5, lin.ID(), strings.Replace(form, ":0:", ":99:", 1))
	sent(6, lin.ID(), strings.Replace(form, ":0:", ":-1:", 1))
	count := func(channel, part string) (n int) {
		for _, m := range r.discord.Messages(channel) {
			if strings.Contains(m.Content, part) {
				n++
			}
		}
		return n
	}
	r.waitFor(func() bool {
		return count(chen.DMChannel(), "已失效") == 3 && count(lin.DMChannel(), "已失效") == 2
	})
	if n := count(lin.DMChannel(), "还没有提交"); n != 1 {
		t.Errorf("a page that came three times is answered %d times", n)
	}
}

// TestAnAccountThatIsNoneSilencesNobody has a name where the configuration wants the number of an account.
func TestAnAccountThatIsNoneSilencesNobody(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.opts.People[1].Accounts = map[string]string{"discord": "lin#1234"}
	s.start()
	s.declare(2)
	s.said()
	room := s.channel("inc-1-his-is-down")
	m := bot.Message{ID: "x/1", Platform: "discord", Room: "inc/1", Kind: bot.Notice, Text: "For Lin.", Mention: []incident.PersonID{"lin", "chen"}, At: time.Now()}
	_, err := s.adapter.Say(t.Context(), m, "")
	must(t, err)
	if n := countOf(s.posts(room.ID), "For Lin."); n != 1 {
		t.Errorf("it was said %d times", n)
	}
	s.stop()
}
