package mattermost_test

import (
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
)

// Found on a real server: a picture without a word was answered with "there is no command".
func TestAPictureWithoutWordsIsASymptom(t *testing.T) {
	s, h, _ := overheard(t, mmtest.Options{}, nil)
	s.listening()
	s.types("lin", bot.IT, "/outage declare his 医生站打不开 confirm:yes")
	s.quiet()
	s.pictured("")
	equal(t, "heard", h.all()[0].Text, "/outage symptom")
}

// pictured has chen send a picture to the bot, and returns the notice that speaks of it.
func (s *stage) pictured(words string) *model.Post {
	s.t.Helper()
	as, direct := s.server.Client(s.users["chen"]), s.direct("chen")
	up, _, err := as.UploadFile(s.t.Context(), []byte("\x89PNG\r\n\x1a\n"), direct, "error.png")
	if err != nil {
		s.t.Fatal(err)
	}
	if _, _, err = as.CreatePost(s.t.Context(), &model.Post{ChannelId: direct, Message: words, FileIds: model.StringArray{up.FileInfos[0].Id}}); err != nil {
		s.t.Fatal(err)
	}
	var notice *model.Post
	s.until("the symptom is in the room", func() bool {
		for _, p := range s.posts("wl-inc-1") {
			if strings.Contains(text(p), "error.png") && !p.IsPinned {
				notice = p
			}
		}
		return notice != nil
	})
	return notice
}

// Found on a real server: the engineers read a link into a direct channel, which they may not open.
func TestAPictureIsSeenWhereItIsSpokenOf(t *testing.T) {
	s, _, _ := overheard(t, mmtest.Options{}, nil)
	s.listening()
	s.types("lin", bot.IT, "/outage declare his 医生站打不开 confirm:yes")
	s.quiet()
	notice := s.pictured("/outage symptom 保存医嘱一直转圈")
	if len(notice.FileIds) != 1 {
		t.Fatalf("the notice shows %d files", len(notice.FileIds))
	}
	data, _, err := s.server.Client(s.users["wu"]).GetFile(t.Context(), notice.FileIds[0])
	if err != nil || string(data) != "\x89PNG\r\n\x1a\n" {
		t.Errorf("the engineer sees %q: %v", data, err)
	}
}

// A link that somebody typed opens nothing to those who may not open it.
func TestALinkThatWasTypedBringsNoFile(t *testing.T) {
	s, _, _ := overheard(t, mmtest.Options{}, nil)
	s.listening()
	s.types("lin", bot.IT, "/outage declare his 医生站打不开 confirm:yes")
	s.quiet()
	zhou := s.server.Client(s.users["zhou"])
	private := s.direct("zhou")
	up, _, err := zhou.UploadFile(t.Context(), []byte("secret"), private, "secret.txt")
	if err != nil {
		t.Fatal(err)
	}
	hidden, _, err := zhou.CreatePost(t.Context(), &model.Post{ChannelId: private, Message: "", FileIds: model.StringArray{up.FileInfos[0].Id}, Type: "custom_note"})
	if err != nil {
		t.Fatal(err)
	}
	s.types("chen", bot.RoomID("dept/ed"), "/outage symptom 看 "+s.server.URL+"/_redirect/pl/"+hidden.Id)
	s.quiet()
	for _, p := range s.posts("wl-inc-1") {
		if strings.Contains(text(p), hidden.Id) && len(p.FileIds) > 0 {
			t.Errorf("%q shows somebody's file", text(p))
		}
	}
}

// Found on a real server: with two outages the bot asks which, and the picture was lost with the answer.
func TestAPictureIsKeptWhenTheBotAsksBack(t *testing.T) {
	s, h, _ := overheard(t, mmtest.Options{}, nil)
	s.listening()
	s.types("lin", bot.IT, "/outage declare his 医生站打不开 confirm:yes")
	s.types("lin", bot.IT, "/outage declare pacs 影像打不开 confirm:yes")
	s.quiet()
	as, direct := s.server.Client(s.users["chen"]), s.direct("chen")
	up, _, err := as.UploadFile(t.Context(), []byte("\x89PNG\r\n\x1a\n"), direct, "error.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = as.CreatePost(t.Context(), &model.Post{ChannelId: direct, Message: "/outage symptom 一直转圈", FileIds: model.StringArray{up.FileInfos[0].Id}}); err != nil {
		t.Fatal(err)
	}
	var question *model.Post
	s.until("the bot asks which", func() bool {
		for _, p := range s.server.Posts(direct) {
			if len(labels(p)) == 2 {
				question = p
			}
		}
		return question != nil
	})
	if err := s.server.Press(s.users["chen"], question.Id, labels(question)[0]); err != nil {
		t.Fatal(err)
	}
	s.until("it is heard", func() bool { return len(h.all()) == 2 })
	if files := h.all()[1].Files; len(files) != 1 || files[0].Name != "error.png" {
		t.Errorf("the answer came with %+v", files)
	}
}
