package mattermost_test

import (
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost"
	"wardline/adapters/mattermost/mmtest"
	"wardline/bot/incident"
)

// freeAddress is an address on this machine that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	var c net.ListenConfig
	l, err := c.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func personID(id string) incident.PersonID { return incident.PersonID(id) }

// newHearing is a stage whose bot is called back by the server and has its slash commands.
func newHearing(t *testing.T, o mmtest.Options, change ...func(*mattermost.Config)) *stage {
	t.Helper()
	address := freeAddress(t)
	s := newStage(t, o, func(c *mattermost.Config) {
		c.Listen, c.Callback = address, "http://"+address
		for _, f := range change {
			f(c)
		}
	})
	s.server.Empower(s.bot.Id)
	return s
}

// listening starts the bot and waits until it hears.
func (s *stage) listening() *stage {
	s.t.Helper()
	s.start()
	s.until("the bot hears", func() bool {
		return strings.Contains(s.log.String(), "mattermost may call back") && strings.Contains(s.log.String(), "mattermost is heard")
	})
	return s
}

// slash has a person type a slash command in a channel, and returns what only they see.
func (s *stage) slash(who incident.PersonID, channelID, text string) *model.CommandResponse {
	s.t.Helper()
	before := len(s.server.Ephemerals(s.users[who].Id))
	r, err := s.server.Execute(s.users[who], channelID, s.team.Id, text)
	if err != nil {
		s.t.Fatalf("%s: %v", text, err)
	}
	if r.Text != "" {
		s.server.AwaitEphemeral(s.users[who].Id, before+1)
	}
	return r
}

// joined lets a person into a channel, so that they can type there.
func (s *stage) joined(channelID string, people ...incident.PersonID) {
	s.t.Helper()
	admin := s.server.Client(s.server.Admin())
	for _, p := range people {
		if _, _, err := admin.AddChannelMember(s.t.Context(), channelID, s.users[p].Id); err != nil {
			s.t.Fatal(err)
		}
	}
}

// square is the channel where everybody is.
func (s *stage) square() string { return s.channel("town-square").Id }

// direct opens the direct channel of a person and the bot.
func (s *stage) direct(who incident.PersonID) string {
	s.t.Helper()
	c, _, err := s.server.Client(s.users[who]).CreateDirectChannel(s.t.Context(), s.users[who].Id, s.bot.Id)
	if err != nil {
		s.t.Fatal(err)
	}
	return c.Id
}

// open are the numbers of the outages that go on.
func (s *stage) open() (out []incident.ID) {
	for _, in := range s.desk.Ongoing() {
		if in.Declared() {
			out = append(out, in.ID)
		}
	}
	return out
}

// lastEphemeral is what a person alone was shown last.
func (s *stage) lastEphemeral(who incident.PersonID) *model.Post {
	s.t.Helper()
	list := s.server.Ephemerals(s.users[who].Id)
	if len(list) == 0 {
		s.t.Fatalf("%s was shown nothing", who)
	}
	return list[len(list)-1].Post
}

// labels are those of the buttons of a post.
func labels(p *model.Post) (out []string) {
	for _, a := range p.Attachments() {
		for _, b := range a.Actions {
			out = append(out, b.Name)
		}
	}
	return out
}

// said is the newest of what a person alone was shown, or was written directly.
func (s *stage) confirm(who incident.PersonID, post *model.Post) {
	s.t.Helper()
	for _, a := range post.Attachments() {
		for _, b := range a.Actions {
			if b.Style == "primary" || b.Style == "danger" {
				if err := s.server.Press(s.users[who], post.Id, b.Name); err != nil {
					s.t.Fatal(err)
				}
				return
			}
		}
	}
	s.t.Fatalf("nothing to confirm in %q %q", post.Message, labels(post))
}

// shown waits until a person alone is shown something with these words.
func (s *stage) shown(who incident.PersonID, words string) *model.Post {
	s.t.Helper()
	var found *model.Post
	s.until(string(who)+" is shown "+words, func() bool {
		for _, e := range s.server.Ephemerals(s.users[who].Id) {
			if strings.Contains(text(e.Post), words) {
				found = e.Post
			}
		}
		return found != nil
	})
	return found
}

// written waits until the bot writes something with these words to a person alone.
func (s *stage) written(who incident.PersonID, words string) *model.Post {
	s.t.Helper()
	var found *model.Post
	s.until(string(who)+" is written "+words, func() bool {
		c := s.server.Direct(s.users[who], s.bot)
		if c == nil {
			return false
		}
		for _, p := range s.server.Posts(c.Id) {
			if p.UserId == s.bot.Id && strings.Contains(p.Message, words) {
				found = p
			}
		}
		return found != nil
	})
	return found
}

func TestACoordinatorDeclaresByOneLineAndConfirmsByButtonOnce(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		t.Run(version, func(t *testing.T) {
			s := newHearing(t, mmtest.Options{Version: version}).listening()
			s.slash("lin", s.square(), "/outage 宣布 his 医生站打不开")
			question := s.lastEphemeral("lin")
			var wg sync.WaitGroup
			for range 3 { // an impatient finger
				wg.Go(func() {
					if err := s.server.Press(s.users["lin"], question.Id, labels(question)[0]); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			s.shown("lin", "INC-1")
			s.quiet()
			equal(t, "outages", len(s.open()), 1)
			if err := s.server.Press(s.users["lin"], question.Id, labels(question)[0]); err != nil { // and later again
				t.Fatal(err)
			}
			equal(t, "outages", len(s.open()), 1)
		})
	}
}

func TestAFormIsOpenedCheckedAndSubmittedOnce(t *testing.T) {
	s := newHearing(t, mmtest.Options{}).listening()
	r := s.slash("lin", s.square(), "/outage declare")
	equal(t, "text", r.Text, "")
	form := s.server.AwaitDialog(s.users["lin"].Id, 1)
	equal(t, "title", form.Dialog.Title, "宣布故障")
	equal(t, "first field", form.Dialog.Elements[0].Name, "systems")
	equal(t, "several systems", form.Dialog.Elements[0].MultiSelect, true)
	answer, err := s.server.Submit(s.users["lin"], form, map[string]any{"systems": []any{"his"}})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "beside the field", answer.Errors["what"], "还缺：怎么了（一句话）。请填表，或照下面的例子补上。")
	full := map[string]any{"systems": []any{"his"}, "what": "医生站打不开", "confirm": "yes"}
	if answer, err = s.server.Submit(s.users["chen"], form, full); err != nil {
		t.Fatal(err)
	}
	equal(t, "another user", answer.Error, "无法确认这是您本人的操作，所以什么都没有执行。请重新输入命令；如果还是不行，请让信息科运行：wardline doctor")
	if answer, err = s.server.Submit(s.users["lin"], form, full); err != nil {
		t.Fatal(err)
	}
	equal(t, "errors", len(answer.Errors)+len(answer.Error), 0)
	s.confirm("lin", s.shown("lin", "请确认"))
	s.shown("lin", "INC-1")
	equal(t, "outages", len(s.open()), 1)
	if answer, err = s.server.Submit(s.users["lin"], form, full); err != nil {
		t.Fatal(err)
	}
	equal(t, "again", answer.Error, "这张表单已经提交过，没有重复执行。")
}

func TestWhatWasTypedWrongIsInTheFormThatTheButtonOpens(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		t.Run(version, func(t *testing.T) {
			s := newHearing(t, mmtest.Options{Version: version}).listening()
			s.slash("lin", s.square(), "/outage declare his")
			refusal := s.shown("lin", "怎么了（一句话）")
			equal(t, "buttons", strings.Join(labels(refusal), "|"), "填写表单")
			if err := s.server.Press(s.users["lin"], refusal.Id, "填写表单"); err != nil {
				t.Fatal(err)
			}
			form := s.server.AwaitDialog(s.users["lin"].Id, 1)
			equal(t, "system", form.Dialog.Elements[0].Default, "his")
			many := version == mmtest.V11
			equal(t, "several", form.Dialog.Elements[0].MultiSelect, many)
			if !many {
				equal(t, "kind", form.Dialog.Elements[0].Type, "text")
			}
		})
	}
}

func TestAFormThatCannotBeOpenedIsAskedForInWords(t *testing.T) {
	s := newHearing(t, mmtest.Options{}).listening()
	s.server.FailNext("POST", "/api/v4/actions/dialogs/open", -1, mmtest.Fault{Status: 500})
	r := s.slash("chen", s.square(), "/outage symptom")
	if !strings.Contains(r.Text, "也可以直接输入：/outage symptom 保存医嘱报错 ORA-00060") {
		t.Errorf("no example in %q", r.Text)
	}
	equal(t, "buttons", strings.Join(labels(s.lastEphemeral("chen")), "|"), "填写表单")
}

func TestAFullWidthSpaceSeparatesLikeAnyOther(t *testing.T) {
	s := newHearing(t, mmtest.Options{}).listening()
	r := s.slash("chen", s.square(), "/outage\u3000情况")
	equal(t, "answer", strings.Contains(r.Text, "没有"), true)
	if r.Text != s.slash("chen", s.square(), "/outage 情况").Text {
		t.Errorf("another answer: %q", r.Text)
	}
}
