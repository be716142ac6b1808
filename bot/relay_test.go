package bot_test

import (
	"errors"
	"strconv"
	"testing"
	"testing/synctest"

	"wardline/bot"
	"wardline/bot/incident"
)

// annex is a second platform beside the one of the stage; its rooms are by invitation.
type annex struct{ *posts }

func (annex) Name() string  { return "mattermost" }
func (annex) Invites() bool { return true }

func withAnnex(a annex) func(s *stage) {
	return func(s *stage) {
		s.opts.Platforms = append(s.opts.Platforms, a)
		s.opts.Settings.Mirror = true
		s.opts.People = append(s.opts.People, bot.Person{ID: "wu", Name: "Wu", Roles: []bot.Role{bot.Engineer}})
	}
}

func of(kind bot.MessageKind) func(bot.Message) bool {
	return func(m bot.Message) bool { return m.Kind == kind }
}

// What is said on one platform is shown on the others once, with a name, and never where it came from.
func TestTalkIsPassedOnOnce(t *testing.T) {
	a := annex{newPosts()}
	play(t, withAnnex(a), func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		talk := bot.Talk{Platform: "mattermost", Post: "p1", Room: "inc/1", By: wang, Text: "switch is rebooting"}
		must(t, s.desk.Relay(t.Context(), talk))
		s.restart()
		must(t, s.desk.Relay(t.Context(), talk)) // the platform replayed it
		talk.Post, talk.Room = "p2", bot.IT
		must(t, s.desk.Relay(t.Context(), talk)) // not an incident's room
		synctest.Wait()
		got := s.posts.tried(of(bot.Relay))
		if len(got) != 1 || got[0].Title != "Wang (Mattermost)" || got[0].Text != "switch is rebooting" || got[0].Room != "inc/1" {
			t.Errorf("passed on: %+v", got)
		}
		if back := a.tried(of(bot.Relay)); len(back) != 0 {
			t.Errorf("it came back: %+v", back)
		}
	})
}

func TestPatientsDataIsNotPassedOn(t *testing.T) {
	a := annex{newPosts()}
	play(t, withAnnex(a), func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		for i, talk := range []bot.Talk{{Text: "patient John Smith in bed 12"}, {Text: "look", Files: []incident.File{{Name: "patient John Smith bed 12.png"}}}} {
			talk.Platform, talk.Post, talk.Room, talk.By = "mattermost", "p"+strconv.Itoa(i), "inc/1", wang
			var refused *incident.Refusal
			if err := s.desk.Relay(t.Context(), talk); !errors.As(err, &refused) || refused.Phrase != "relay.guarded" {
				t.Errorf("%d: the author is told %v", i, err)
			}
		}
		synctest.Wait()
		if got := s.posts.tried(of(bot.Relay)); len(got) != 0 {
			t.Errorf("passed on: %+v", got)
		}
	})
}

func TestNothingIsPassedOnWhereMirroringIsOff(t *testing.T) {
	a := annex{newPosts()}
	play(t, func(s *stage) { withAnnex(a)(s); s.opts.Settings.Mirror = false }, func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		must(t, s.desk.Relay(t.Context(), bot.Talk{Platform: "mattermost", Post: "p1", Room: "inc/1", By: wang, Text: "hello"}))
		synctest.Wait()
		if got := s.posts.tried(of(bot.Relay)); len(got) != 0 {
			t.Errorf("passed on: %+v", got)
		}
	})
}

// People are let in after the board, each once, also those who get a role later; platforms whose rooms
// are open to all hear nothing of it.
func TestPeopleAreInvitedOnce(t *testing.T) {
	a := annex{newPosts()}
	play(t, withAnnex(a), func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		synctest.Wait()
		s.do(incident.GiveRole{Role: "scribe", Person: "lin"})
		s.do(incident.GiveRole{Role: "scribe", Person: "wu"})
		synctest.Wait()
		var whom [][]incident.PersonID
		board := false
		for _, p := range a.tried(func(m bot.Message) bool { return m.Room == "inc/1" }) {
			board = board || p.Kind == bot.Board
			if p.Kind == bot.Invite {
				if !board {
					t.Error("people came before the board")
				}
				whom = append(whom, p.Mention)
			}
		}
		if len(whom) != 2 || len(whom[0]) != 2 || whom[0][0] != "wang" || whom[0][1] != "wu" || len(whom[1]) != 1 || whom[1][0] != "lin" {
			t.Errorf("invited %v, want [[wang wu] [lin]]", whom)
		}
		if got := s.posts.tried(of(bot.Invite)); len(got) != 0 {
			t.Errorf("a platform with open rooms was told to invite: %+v", got)
		}
	})
}
