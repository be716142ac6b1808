package discordtest

import (
	"fmt"
	"time"
)

// The types of interactions.
const (
	interactCommand  = 2
	interactPress    = 3
	interactComplete = 4
	interactForm     = 5
)

// The types of answers to an interaction.
const (
	AnswerMessage  = 4
	AnswerDeferred = 5
	AnswerLater    = 6 // the message of the button will change later, or not at all
	AnswerUpdate   = 7
	AnswerChoices  = 8
	AnswerForm     = 9
)

// patience is how long helpers that must have an answer wait for one.
const patience = time.Minute

// An Interaction is something a person did with a command, a button, a menu or a form, and what came of it.
type Interaction struct {
	ID, Token string

	s       *Server
	nonce   string // by which the person's program knows it
	kind    int
	user    *member
	channel *channel
	at      time.Time
	message *Message // the one with the button
	name    string   // of the command

	answered  int // the type of the first answer; 0 for none
	original  *Message
	followUps []*Message
	form      map[string]any
	choices   []map[string]any
}

// start remembers an interaction and sends it to the bot. The lock is held.
func (s *Server) interact(u *User, kind int, ch *channel, m *Message, data map[string]any) *Interaction {
	i := &Interaction{s: s, ID: s.newID(), kind: kind, user: u.m, channel: ch, at: s.options.Now(), message: m}
	i.Token = fmt.Sprintf("interaction-%s-%s", i.ID, u.m.User.ID)
	i.name, _ = data["name"].(string)
	s.interactions[i.Token] = i
	body := map[string]any{
		"id": i.ID, "application_id": s.appID, "type": kind, "data": data, "token": i.Token, "version": 1, "channel_id": ch.ID, "channel": ch.Channel,
		"locale": u.locale, "entitlements": []any{}, "authorizing_integration_owners": map[string]any{"0": s.guildID},
		"app_permissions": s.inChannel(s.bot, ch), "attachment_size_limit": maxFile, "context": 0,
	}
	if m != nil {
		body["message"] = *m
	}
	if ch.Type == typeDM {
		body["user"], body["context"] = u.m.User, 1
	} else {
		body["guild_id"], body["guild_locale"] = s.guildID, "en-US"
		body["guild"] = map[string]any{"id": s.guildID, "locale": "en-US", "features": []string{}}
		body["member"] = struct {
			member
			Permissions Permission `json:"permissions"`
		}{*u.m, s.inChannel(u.m, ch)}
	}
	s.dispatch("INTERACTION_CREATE", intentNone, body)
	s.tell()
	return i
}

// meta is what a message that answers an interaction says of it.
func (i *Interaction) meta() map[string]any {
	body := map[string]any{"id": i.ID, "type": i.kind, "user": i.user.User, "authorizing_integration_owners": map[string]any{"0": i.s.guildID}}
	if i.kind == interactPress && i.message != nil {
		body["interacted_message_id"] = i.message.ID
	}
	if i.kind == interactForm {
		body["triggering_interaction_metadata"] = map[string]any{"id": i.ID, "type": interactCommand, "user": i.user.User, "authorizing_integration_owners": map[string]any{"0": i.s.guildID}}
	}
	return body
}

// late says whether the time for the first answer is over.
func (i *Interaction) late() bool {
	return i.answered == 0 && i.s.options.Now().Sub(i.at) >= i.s.options.AnswerWithin
}

// Answered is the type of the first answer, such as AnswerMessage; 0 when there is none yet.
func (i *Interaction) Answered() int {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.answered
}

// AwaitFirst waits for the first answer and gives its type, or 0 when the time for it is over.
func (i *Interaction) AwaitFirst(limit time.Duration) int {
	i.s.await(limit, func() bool { return i.answered != 0 })
	return i.Answered()
}

// AwaitAnswer waits for the message that answers, which after a deferred answer is the edited one.
func (i *Interaction) AwaitAnswer(limit time.Duration) (Message, bool) {
	ok := i.s.await(limit, func() bool { return i.original != nil && i.original.Flags&Loading == 0 && i.answered != AnswerLater })
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	if !ok {
		return Message{}, false
	}
	return *i.original, true
}

// Answer is the message that answers; the test ends when there is none. Like every helper that may end the
// test it belongs into the test's own goroutine.
func (i *Interaction) Answer() Message {
	i.s.t.Helper()
	m, ok := i.AwaitAnswer(patience)
	if !ok {
		i.s.t.Fatalf("%s was not answered with a message; the first answer was of type %d", i, i.Answered())
	}
	return m
}

// Form waits for the form that answers and gives its data; the test ends when there is none.
func (i *Interaction) Form() map[string]any {
	i.s.t.Helper()
	if !i.s.await(patience, func() bool { return i.form != nil }) {
		i.s.t.Fatalf("%s was not answered with a form; the first answer was of type %d", i, i.Answered())
	}
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.form
}

// Choices waits for the choices that answer and gives their names and values; the test ends without.
func (i *Interaction) Choices() (names []string, values []any) {
	i.s.t.Helper()
	if !i.s.await(patience, func() bool { return i.answered == AnswerChoices }) {
		i.s.t.Fatalf("%s was not answered with choices; the first answer was of type %d", i, i.Answered())
	}
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	for _, c := range i.choices {
		name, _ := c["name"].(string)
		names, values = append(names, name), append(values, c["value"])
	}
	return names, values
}

// FollowUps are the messages that followed the answer.
func (i *Interaction) FollowUps() (found []Message) {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	for _, m := range i.followUps {
		found = append(found, *m)
	}
	return found
}

// AwaitFollowUps waits until n messages have followed.
func (i *Interaction) AwaitFollowUps(limit time.Duration, n int) ([]Message, bool) {
	ok := i.s.await(limit, func() bool { return len(i.followUps) >= n })
	return i.FollowUps(), ok
}

// String names the interaction for messages of tests.
func (i *Interaction) String() string {
	return fmt.Sprintf("%s's interaction of type %d (%s)", i.user.User.Username, i.kind, i.name)
}
