package mmtest

import (
	"fmt"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// Await waits until something holds, and fails the test when it does not in time.
func (s *Server) Await(what string, holds func() bool) {
	s.tb.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if holds() {
			return
		}
	}
	s.tb.Fatalf("mmtest: waited %v for %s", patience, what)
}

// AwaitPost waits for a post in a channel.
func (s *Server) AwaitPost(channelID, what string, match func(*model.Post) bool) (found *model.Post) {
	s.tb.Helper()
	s.Await(what, func() bool {
		for _, p := range s.Posts(channelID) {
			if match(p) {
				found = p
				return true
			}
		}
		return false
	})
	return found
}

// AwaitEphemeral waits for the n-th post, counted from 1, that somebody alone was shown.
func (s *Server) AwaitEphemeral(userID string, n int) *model.Post {
	s.tb.Helper()
	s.Await(fmt.Sprintf("ephemeral %d", n), func() bool { return len(s.Ephemerals(userID)) >= n })
	return s.Ephemerals(userID)[n-1].Post
}

// AwaitDialog waits for the n-th form, counted from 1, that somebody was shown.
func (s *Server) AwaitDialog(userID string, n int) Dialog {
	s.tb.Helper()
	s.Await(fmt.Sprintf("dialog %d", n), func() bool { return len(s.Dialogs(userID)) >= n })
	return s.Dialogs(userID)[n-1]
}

// Execute types a slash command in a channel. The team is needed in a direct channel only.
func (s *Server) Execute(u *model.User, channelID, teamID, text string) (*model.CommandResponse, error) {
	answer, _, err := s.Client(u).ExecuteCommandWithTeam(s.tb.Context(), channelID, teamID, text)
	return answer, err
}

// Press presses a button, by its id or its label, on a post or on an ephemeral one.
func (s *Server) Press(u *model.User, postID, button string) error {
	return s.Choose(u, postID, button, "")
}

// Choose takes an entry of a menu, by the menu's id or label.
func (s *Server) Choose(u *model.User, postID, menu, option string) error {
	id, cookie, found := s.action(u.Id, postID, menu)
	if !found {
		return fmt.Errorf("mmtest: post %s shows %s no %q", postID, u.Username, menu)
	}
	_, err := s.Client(u).DoPostActionWithCookie(s.tb.Context(), postID, id, option, cookie)
	return err
}

// action finds a button on what somebody sees.
func (s *Server) action(userID, postID, button string) (id, cookie string, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.data.posts[postID]
	for _, e := range s.data.eph[userID] {
		if e.Post.Id == postID {
			p = e.Post
		}
	}
	if p == nil {
		return "", "", false
	}
	for _, a := range p.Attachments() {
		for _, action := range a.Actions {
			if action.Id == button || action.Name == button {
				return action.Id, action.Cookie, true
			}
		}
	}
	return "", "", false
}

// Submit sends a form off, from where it was opened.
func (s *Server) Submit(u *model.User, d Dialog, fields map[string]any) (*model.SubmitDialogResponse, error) {
	answer, _, err := s.Client(u).SubmitInteractiveDialog(s.tb.Context(), model.SubmitDialogRequest{
		URL: d.URL, CallbackId: d.Dialog.CallbackId, State: d.Dialog.State, ChannelId: d.ChannelID, TeamId: d.TeamID, Submission: fields,
	})
	return answer, err
}

// Cancel closes a form, of which the bot hears when it asked to.
func (s *Server) Cancel(u *model.User, d Dialog) error {
	if !d.Dialog.NotifyOnCancel {
		return nil
	}
	_, _, err := s.Client(u).SubmitInteractiveDialog(s.tb.Context(), model.SubmitDialogRequest{
		URL: d.URL, CallbackId: d.Dialog.CallbackId, State: d.Dialog.State, ChannelId: d.ChannelID, TeamId: d.TeamID,
		Submission: map[string]any{}, Cancelled: true,
	})
	return err
}
