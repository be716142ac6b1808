package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wardline/adapters/adaptertest"
	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
)

// slow makes the bot answer only when the test lets it.
func (r *rig) slow() (release func()) {
	gate := make(chan struct{})
	r.answers(func(commands.Line) *commands.Reply {
		<-gate
		return nil
	})
	return func() { close(gate); r.answers(nil) }
}

// TestASlowAnswerIsPromisedInTime holds the bot back in each kind of interaction.
func TestASlowAnswerIsPromisedInTime(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	lin, it := r.people["lin"], r.rooms[bot.IT]

	release := r.slow()
	began := time.Now()
	i := lin.Slash(it, "outage list", nil)
	if first := i.AwaitFirst(enough); first != discordtest.AnswerDeferred {
		t.Fatalf("the first answer is of type %d", first)
	}
	if took := time.Since(began); took < time.Second || took > 3*time.Second {
		t.Errorf("an answer was promised after %s", took)
	}
	release()
	if m := i.Answer(); m.OnlyFor != lin.ID() || m.Content == "" {
		t.Errorf("the answer is %q for %q", m.Content, m.OnlyFor)
	}

	release = r.slow() // a form cannot be opened any more: a button opens it
	i = lin.Slash(it, "outage declare", nil)
	i.AwaitFirst(enough)
	release()
	m := i.Answer()
	open := labelled(buttonsOf(m), "打开表单")
	if open == nil {
		t.Fatalf("a late form is answered with %q", m.Content)
	}
	if form := lin.Press(m, open.ID).Form(); !strings.Contains(fmt.Sprint(form["title"]), "宣布故障") {
		t.Errorf("the button opens %v", form["title"])
	}

	preview := lin.Slash(it, "outage declare", map[string]any{"systems": "his", "what": "全院停用"}).Answer()
	yes := labelled(buttonsOf(preview), "确认")
	if yes == nil {
		t.Fatalf("no preview but %q", preview.Content)
	}
	release = r.slow() // the question itself changes, when the answer is there
	i = lin.Press(preview, yes.ID)
	if first := i.AwaitFirst(enough); first != discordtest.AnswerLater {
		t.Fatalf("a slow confirmation is answered with type %d", first)
	}
	release()
	adaptertest.Eventually(t, enough, func() string {
		for _, now := range lin.Messages(it) {
			if now.ID == preview.ID && strings.Contains(now.Content, "INC-1") && labelled(buttonsOf(now), "确认") == nil {
				return ""
			}
		}
		return "the question still stands"
	})
}

// TestAConfirmationIsSpent presses the button of a preview: the question is replaced by what was done.
func TestAConfirmationIsSpent(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	lin, it := r.people["lin"], r.rooms[bot.IT]
	preview := lin.Slash(it, "outage declare", map[string]any{"systems": "his", "what": "全院停用"}).Answer()
	i := lin.Press(preview, labelled(buttonsOf(preview), "确认").ID)
	if first := i.AwaitFirst(enough); first != discordtest.AnswerUpdate {
		t.Fatalf("a confirmation is answered with type %d", first)
	}
	if m := i.Answer(); m.ID != preview.ID || !strings.Contains(m.Content, "INC-1") || labelled(buttonsOf(m), "确认") != nil {
		t.Errorf("the preview became %q with %v", m.Content, buttonsOf(m))
	}
	list := r.people["wu"].Slash(it, "ask queue", nil).Answer() // a plain list stays
	if list.OnlyFor != r.people["wu"].ID() {
		t.Errorf("the list is for %q", list.OnlyFor)
	}
}

// TestNobodyPressesWhatIsNotTheirs tries buttons that were made up, moved, or belong to somebody else.
func TestNobodyPressesWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	lin, chen, it, ed := r.people["lin"], r.people["chen"], r.rooms[bot.IT], r.rooms[adaptertest.ED]
	preview := lin.Slash(it, "outage declare", map[string]any{"systems": "his", "what": "全院停用"}).Answer()
	hers := labelled(buttonsOf(preview), "确认").ID
	modal := lin.Slash(it, "outage declare", nil).Form()
	head, rest, _ := strings.Cut(hers, ":")
	api := discord.NewCaller(r.discord.URL()+"/api/v10", r.discord.Token(), nil)
	for name, id := range map[string]string{
		"somebody else's": hers, "made up": "b::AAAAAAAAAAAAAAAAAAAAAA:/outage list", "changed": hers[:len(hers)-1] + "x", "for everybody": "b:" + rest,
		"without a mark": "b:::/outage list", "empty": ":", "no button of ours": head, "a form's": "f" + fmt.Sprint(modal["custom_id"])[1:],
	} {
		var made discordtest.Message
		row := map[string]any{"type": 1, "components": []any{map[string]any{"type": 2, "style": 1, "label": "x", "custom_id": id}}}
		must(t, api.Do(t.Context(), bot.Reply, "POST", "/channels/"+ed+"/messages", map[string]any{"content": "x", "components": []any{row}}, &made))
		m := chen.Press(made, id).Answer()
		if !strings.Contains(m.Content, "已失效") || m.OnlyFor != chen.ID() {
			t.Errorf("a button that is %s is answered with %q for %q", name, m.Content, m.OnlyFor)
		}
	}
	for _, l := range r.lines() {
		if l != "" {
			t.Errorf("a button that was not theirs said %q", l)
		}
	}
	if heads := r.desk.Heads(); len(heads) > 0 {
		t.Errorf("there is %v", heads)
	}
}

// TestALongAnswerComesInParts has the bot say more than a message can hold.
func TestALongAnswerComesInParts(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	long := strings.TrimSpace(strings.Repeat("一行字，说了很多很多\n", 450))
	r.answers(func(commands.Line) *commands.Reply {
		return &commands.Reply{Text: long, Lang: hospital.ZH, Actions: []bot.Action{{Label: "好", Line: "/outage list"}}}
	})
	i := r.people["chen"].Slash(r.rooms[adaptertest.ED], "outage list", nil)
	parts := []string{i.Answer().Content}
	more, ok := i.AwaitFollowUps(enough, 2)
	if !ok || len(more) != 2 {
		t.Fatalf("%d messages followed", len(more))
	}
	for _, m := range more {
		parts = append(parts, m.Content)
		if m.OnlyFor != r.people["chen"].ID() {
			t.Errorf("a part is for %q", m.OnlyFor)
		}
	}
	if got := strings.Join(parts, "\n"); got != long {
		t.Errorf("the parts are not the whole: %d and %d characters", len(got), len(long))
	}
	if len(buttonsOf(i.Answer())) != 0 || len(buttonsOf(more[1])) != 1 {
		t.Error("the buttons do not stand below the last part")
	}
}

// TestAnAnswerThatComesAfterTheTokenFindsItsWay lets the fifteen minutes pass.
func TestAnAnswerThatComesAfterTheTokenFindsItsWay(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	r := newRig(t, func(o *discordtest.Options, _ *discord.Config) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	r.ready()
	chen, ed := r.people["chen"], r.rooms[adaptertest.ED]
	for _, closed := range []bool{false, true} {
		chen.CloseDMs(closed)
		release := r.slow()
		i := chen.Slash(ed, "outage list", nil)
		i.AwaitFirst(enough)
		later.Add(int64(16 * time.Minute))
		release()
		where := chen.DMChannel()
		if closed {
			where = ed
		}
		found, ok := r.discord.AwaitMessages(where, enough, func(list []discordtest.Message) bool {
			return slices.ContainsFunc(list, func(m discordtest.Message) bool { return strings.Contains(m.Content, "没有") && m.OnlyFor == "" })
		})
		if !ok {
			t.Fatalf("closed %v: no answer came\n%s", closed, r.log)
		}
		if last := found[len(found)-1]; closed && !slices.Equal(last.Pinged, []string{chen.ID()}) {
			t.Errorf("the answer in the room calls %v", last.Pinged)
		}
		later.Store(0)
	}
}

// TestWhatComesTooLateIsNotDone hands on a command as it comes when the connection was away for a while:
// its author was told that it failed.
func TestWhatComesTooLateIsNotDone(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	lin := r.people["lin"]
	old := time.Now().Add(-10*time.Second).UnixMilli() - 1420070400000
	r.adapter.Hear(t.Context(), "INTERACTION_CREATE", fmt.Sprintf(
		`{"id":"%d","application_id":"%s","type":2,"token":"gone","guild_id":"%s","channel_id":"%s","member":{"user":{"id":"%s"}},"data":{"name":"outage","options":[{"name":"list","type":1}]}}`,
		old<<22, r.discord.AppID(), r.discord.GuildID(), r.rooms[bot.IT], lin.ID()))
	if _, ok := r.discord.AwaitMessages(lin.DMChannel(), enough, func(list []discordtest.Message) bool {
		return len(list) == 1 && strings.Contains(list[0].Content, "没有执行")
	}); !ok {
		t.Fatalf("nobody was told\n%s", r.log)
	}
	if got := r.lines(); len(got) > 0 {
		t.Errorf("the bot heard %q", got)
	}
}

// TestArgumentsAreCompleted types into options.
func TestArgumentsAreCompleted(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	lin, kate, it := r.people["lin"], r.people["kate"], r.rooms[bot.IT]
	yes := lin.Slash(it, "outage declare", map[string]any{"systems": "his", "what": "全院停用"}).Answer()
	lin.Press(yes, labelled(buttonsOf(yes), "确认").ID).Answer()
	for _, c := range []struct {
		user                           *discordtest.User
		path, option, typed, one, name string
	}{
		{lin, "outage declare", "systems", "影像", "pacs", "影像"},
		{kate, "outage declare", "systems", "his, pac", "his,pacs", "PACS"},
		{lin, "outage declare", "departments", "急", "ed", "急诊"},
		{kate, "outage impact", "department", "", "icu", "Intensive care"},
		{lin, "outage status", "incident", "", "INC-1", "全院停用"},
		{lin, "downtime procedure", "topic", "triage", "ED-TRIAGE", ""},
		{lin, "outage role", "person", "吴", "wu", "吴昊"},
		{lin, "digest subscribe", "rooms", "领导", "leaders/main", "领导群"},
	} {
		names, values := c.user.Autocomplete(it, c.path, c.option, c.typed, nil).Choices()
		at := slices.Index(values, any(c.one))
		if at < 0 || at > 2 || !strings.Contains(names[at], c.name) {
			t.Errorf("%s %s %q offers %q %q", c.path, c.option, c.typed, names, values)
		}
	}
	if names, _ := lin.Autocomplete(it, "outage declare", "systems", "没有这个", nil).Choices(); len(names) > 0 {
		t.Errorf("nothing is offered as %q", names)
	}
}

// TestAFormOfManyFieldsIsFilledInPageByPage goes forward, sends something wrong and mends it.
func TestAFormOfManyFieldsIsFilledInPageByPage(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	lin, it := r.people["lin"], r.rooms[bot.IT]
	first := lin.Slash(it, "outage declare", nil)
	if title := first.Form()["title"]; title != "宣布故障 (1/2)" {
		t.Errorf("the first page is called %q", title)
	}
	m := lin.Submit(first, map[string]any{"systems": "不存在的系统", "what": "打不开", "extent": []string{"partial"}}).Answer()
	if !strings.Contains(m.Content, "还没有提交") {
		t.Fatalf("the first page is answered with %q", m.Content)
	}
	second := lin.Press(m, labelled(buttonsOf(m), "继续填写").ID)
	m = lin.Submit(second, map[string]any{"level": []string{"L1"}}).Answer()
	if !strings.Contains(m.Content, "不存在的系统") {
		t.Fatalf("what is wrong is not said: %q", m.Content)
	}
	again := lin.Press(m, labelled(buttonsOf(m), "打开表单").ID)
	if fields := fieldsOf(again.Form()); fields["what"]["value"] != "打不开" {
		t.Errorf("what was typed is gone: %v", fields["what"])
	}
	m = lin.Submit(again, map[string]any{"systems": "影像归档"}).Answer()
	m = lin.Press(m, labelled(buttonsOf(m), "就这样提交").ID).Answer()
	heard := r.heardLast()
	want := map[string]string{"systems": "影像归档", "what": "打不开", "extent": "partial", "level": "L1"}
	if heard.Command != "outage declare" || fmt.Sprint(heard.Args) != fmt.Sprint(want) {
		t.Errorf("the bot heard %s %v, and says %q", heard.Command, heard.Args, m.Content)
	}
}

func (r *rig) heardLast() commands.Line {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.heard[len(r.heard)-1]
}
