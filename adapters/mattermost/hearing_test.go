package mattermost_test

import (
	"net"
	"slices"
	"strings"
	"testing"
	"time"

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

func TestACoordinatorDeclaresByOneLineAndConfirmsByButton(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		t.Run(version, func(t *testing.T) {
			s := newHearing(t, mmtest.Options{Version: version}).listening()
			r := s.slash("lin", s.square(), "/outage 宣布 his 医生站打不开")
			if len(s.open()) == 0 {
				equal(t, "buttons", strings.Join(labels(s.lastEphemeral("lin")), "|"), "确认")
				if err := s.server.Press(s.users["lin"], s.lastEphemeral("lin").Id, labels(s.lastEphemeral("lin"))[0]); err != nil {
					t.Fatal(err)
				}
			}
			s.until("the outage is declared", func() bool { return slices.Equal(s.open(), []incident.ID{1}) })
			t.Log(r.Text)
			for _, e := range s.server.Ephemerals(s.users["lin"].Id) {
				t.Log(e.Post.Id, e.Post.Message, labels(e.Post))
			}
			s.quiet()
		})
	}
}

func TestABareCommandOpensItsForm(t *testing.T) {
	s := newHearing(t, mmtest.Options{}).listening()
	began := time.Now()
	r := s.slash("lin", s.square(), "/outage declare")
	equal(t, "text", r.Text, "")
	d := s.server.AwaitDialog(s.users["lin"].Id, 1)
	if took := time.Since(began); took > time.Second {
		t.Errorf("the form took %v", took)
	}
	t.Logf("%+v", d.Dialog)
	for _, e := range d.Dialog.Elements {
		t.Logf("%+v", e)
	}
	got, err := s.server.Submit(s.users["lin"], d, map[string]any{"systems": []any{"his"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", got)
	got, err = s.server.Submit(s.users["lin"], d, map[string]any{"systems": []any{"his"}, "what": "医生站打不开"})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", got)
	t.Log(s.lastEphemeral("lin").Message, labels(s.lastEphemeral("lin")))
}
