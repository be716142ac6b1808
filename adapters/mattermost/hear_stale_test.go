package mattermost_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
)

// Found on a real server: buttons were named by their place, and a board that had lost a button in the
// meantime had the next one pressed instead.
func TestAButtonPressedOnAScreenThatIsBehindDoesWhatStoodThere(t *testing.T) {
	s, h, _ := overheard(t, mmtest.Options{}, nil)
	s.listening()
	s.types("lin", bot.IT, "/outage declare his 全院停用 confirm:yes")
	s.quiet()
	s.joined(s.channel("wl-dept-ed").Id, "chen")
	behind := s.board("wl-dept-ed")
	if err := s.server.Press(s.users["chen"], behind.Id, "已转手工"); err != nil {
		t.Fatal(err)
	}
	s.quiet()
	s.until("the board has other buttons", func() bool { return !slices.Equal(labels(s.board("wl-dept-ed")), labels(behind)) })
	press := func(label string) error {
		actions := behind.Attachments()[0].Actions
		i := slices.IndexFunc(actions, func(a *model.PostAction) bool { return a.Name == label })
		_, err := s.server.Client(s.users["chen"]).DoPostAction(t.Context(), behind.Id, actions[i].Id)
		return err
	}
	if err := press("提问"); err != nil {
		t.Fatal(err)
	}
	lines := h.texts()
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "/ask") {
		t.Errorf("the button to ask had %q carried out", last)
	}
	if err := press("转不了"); err == nil { // it is gone: the server says so
		t.Errorf("a button that is gone had %q carried out", h.texts())
	}
}

// Found on a real server: the answer stood in the channel, where who reads a thread does not look.
func TestWhoAsksInAThreadIsAnsweredThere(t *testing.T) {
	s, _, _ := overheard(t, mmtest.Options{}, nil)
	s.listening()
	chen := s.server.Client(s.users["chen"])
	head := s.server.Say(s.users["chen"], s.square(), "HIS 坏了吗")
	for n, channel := range []string{s.square(), s.direct("chen")} {
		root := head.Id
		if n == 1 {
			root = s.server.Say(s.users["chen"], channel, "什么时候能好").Id
		}
		if _, _, err := chen.CreatePost(t.Context(), &model.Post{ChannelId: channel, RootId: root, Message: "@wardline 哪些停了"}); err != nil {
			t.Fatal(err)
		}
		s.until("the answer is in the thread", func() bool {
			answers := s.server.Posts(channel)
			for _, e := range s.server.Ephemerals(s.users["chen"].Id) {
				answers = append(answers, e.Post)
			}
			return slices.ContainsFunc(answers, func(p *model.Post) bool { return p.UserId == s.bot.Id && p.RootId == root })
		})
	}
}
