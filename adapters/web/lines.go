package web

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
)

// A saying is what a page sends when somebody says, presses or submits something. ID is made by the
// page, once for each act, so that asking again after a lost answer is the same act.
type saying struct {
	ID      string            `json:"id"`
	Room    bot.RoomID        `json:"room"`
	Text    string            `json:"text"`
	Label   string            `json:"label"` // of the button that was pressed
	Of      uint64            `json:"of"`    // the post the button stands on
	Command string            `json:"command"`
	Args    map[string]string `json:"args"`
}

// An outcome is what became of a saying, as it is kept to be told again.
type outcome struct {
	Text    string   `json:"text,omitempty"`
	Lang    string   `json:"lang,omitempty"`
	Refused bool     `json:"refused,omitempty"`
	Form    *form    `json:"form,omitempty"`
	Actions []action `json:"actions,omitempty"`
	Posts   []post   `json:"posts,omitempty"`
}

var (
	lineID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)
	// The second form of the at sign is the one of Chinese keyboards.
	mention = regexp.MustCompile(`(?i)(^|\W)[@\x{FF20}](wardline|bot)\b[\s,:\x{FF0C}\x{FF1A}\x{3001}]*`)
)

// fullSlash is the slash of Chinese keyboards.
const fullSlash = 0xFF0F

// say hears one person, once for each line id.
func (s *Server) say(w http.ResponseWriter, r *http.Request, p bot.Person) {
	var said saying
	if !s.read(w, r, &said) {
		return
	}
	if !lineID.MatchString(said.ID) {
		s.fail(w, r, http.StatusBadRequest, "unreadable")
		return
	}
	key := "answer/" + url.PathEscape(user(p)) + "/" + said.ID
	release, ok := s.claim(r.Context(), key)
	if !ok {
		return // the page has hung up; it will ask again
	}
	defer release()
	if done, found, err := s.recall(r.Context(), key); err != nil {
		s.broken(w, r, "recall an answer", err)
		return
	} else if found {
		s.tell(w, r, p, done)
		return
	}
	if wait := s.limits.wait("say/"+user(p), postBurst, postPace, time.Now()); wait > 0 {
		s.slowDown(w, r, wait)
		return
	}
	if code, err := s.objection(r.Context(), p, &said); err != nil {
		s.broken(w, r, "read a room", err)
		return
	} else if code != "" {
		s.fail(w, r, http.StatusUnprocessableEntity, code)
		return
	}
	// What was begun is finished, also when the phone loses its network meanwhile.
	ctx := context.WithoutCancel(r.Context())
	done, err := s.act(ctx, p, said, key, locale(s.lang(r)))
	if err == nil && said.Of > 0 && done.Form == nil && !done.Refused {
		err = s.spend(ctx, p, said)
	}
	if err != nil {
		s.broken(w, r, "act on a line", err)
		return
	}
	s.tell(w, r, p, done)
}

// objection tidies a saying and returns the code of what is wrong with it, "" if nothing is.
func (s *Server) objection(ctx context.Context, p bot.Person, said *saying) (string, error) {
	said.Text = strings.TrimSpace(said.Text)
	if first, size := utf8.DecodeRuneInString(said.Text); first == fullSlash {
		said.Text = "/" + said.Text[size:]
	}
	switch {
	case !s.visible(p)[said.Room]:
		return "no_room", nil
	case said.Command == "" && said.Text == "":
		return "empty", nil
	case said.isCommand():
		return "", nil // a closed room can still be asked, and reopened
	case utf8.RuneCountInString(said.Text) > lettersLimit:
		return "too_long", nil
	}
	room, err := s.diary.room(ctx, said.Room)
	if err == nil && !room.Closed.IsZero() {
		return "room_closed", nil
	}
	return "", err
}

func (s saying) isCommand() bool { return s.Command != "" || strings.HasPrefix(s.Text, "/") }

// act does what a saying asks for: plain words become a post, commands and questions go to the bot.
func (s *Server) act(ctx context.Context, p bot.Person, said saying, key, locale string) (outcome, error) {
	var done outcome
	question := said.Text
	caught := s.caught(said)
	if !caught && !said.isCommand() {
		called := mention.MatchString(said.Text)
		question = strings.TrimFunc(mention.ReplaceAllString(said.Text, "$1"), unicode.IsSpace)
		alone := !called && said.Room != bot.DirectRoomID(p.ID)
		words, err := s.utter(ctx, p, said, key, alone)
		if err == nil && alone {
			err = s.desk.Relay(ctx, bot.Talk{Platform: platform, Post: strconv.FormatUint(words.ID, 10), Room: said.Room, By: p, Text: said.Text})
		}
		if err != nil || alone {
			return outcome{Posts: []post{words}}, err
		}
		done.Posts = []post{words}
	}
	reply := s.hearer.Handle(ctx, commands.Line{
		ID: said.ID, Platform: platform, User: user(p), Name: p.Name, Locale: locale,
		Room: said.Room, Text: question, Command: said.Command, Args: said.Args,
	})
	done.Text, done.Lang, done.Refused = reply.Text, string(reply.Lang), reply.Refused
	done.Form, done.Actions = formOf(reply.Form), actionsOf(reply.Actions)
	// A form is a conversation of its own: until it is through, the room shows nothing of it.
	inForm := done.Form != nil || said.Command != "" && reply.Refused
	if inForm || reply.Text == "" && len(reply.Actions) == 0 {
		value, err := json.Marshal(done)
		if err == nil {
			err = s.shelf.Put(ctx, Entry{Key: key, Value: value})
		}
		return done, err
	}
	if caught || reply.Guarded {
		said.Text, said.Label, said.Command = "", "", "" // the answer must not repeat them
	}
	return s.reply(ctx, p, said, done, key)
}

// caught tells whether a saying holds patients' data or a secret: then nothing of it may be kept, and
// the bot tells the author so in private.
func (s *Server) caught(said saying) bool {
	for _, text := range append(slices.Collect(maps.Values(said.Args)), said.Text, said.Label, said.Command) {
		if _, found := s.desk.Guard(text); found {
			return true
		}
	}
	return false
}

// utter posts what a person said to the room. When that is all there is to it, the outcome is kept
// in the same Put; otherwise the post's own name keeps a repeat from showing it twice.
func (s *Server) utter(ctx context.Context, p bot.Person, said saying, key string, alone bool) (post, error) {
	once := "once/line/" + strings.TrimPrefix(key, "answer/")
	if words, found, err := s.diary.pointed(ctx, once); found || err != nil {
		return words, err
	}
	words := post{Room: said.Room, Kind: kindWords, Author: p.ID, Name: p.Name, Text: said.Text, At: time.Now()}
	return s.diary.write(ctx, words, func(words post) ([]Entry, error) {
		entries := []Entry{{Key: once, Value: []byte(words.place())}}
		if !alone {
			return entries, nil
		}
		value, err := json.Marshal(outcome{Posts: []post{words}})
		return append(entries, Entry{Key: key, Value: value}), err
	})
}

// reply posts the bot's private answer where only the person sees it, and keeps the outcome.
func (s *Server) reply(ctx context.Context, p bot.Person, said saying, done outcome, key string) (outcome, error) {
	echo := ""
	if said.isCommand() {
		echo = said.Text
	}
	if said.Command != "" {
		echo = "/" + said.Command
	}
	if said.Label != "" && len(said.Label) <= 200 { // the line behind a button is long, and not the person's own words
		echo = said.Label
	}
	answer := post{
		Room: said.Room, Kind: kindReply, To: p.ID, Echo: echo, Lang: hospital.Lang(done.Lang), Text: done.Text,
		Refused: done.Refused, Actions: done.Actions, At: time.Now(),
	}
	before := done.Posts
	answer, err := s.diary.write(ctx, answer, func(answer post) ([]Entry, error) {
		kept := done
		kept.Posts = append(slices.Clip(before), answer)
		value, err := json.Marshal(kept)
		return []Entry{{Key: key, Value: value}}, err
	})
	done.Posts = append(before, answer)
	return done, err
}

// spend takes the buttons off a question that was asked in private and is answered now, so that nobody
// confirms it again tomorrow. A list to choose from has only plain buttons and keeps them.
func (s *Server) spend(ctx context.Context, p bot.Person, said saying) error {
	question, found, err := s.diary.load(ctx, post{Room: said.Room, To: p.ID, ID: said.Of}.place())
	if err != nil || !found || !slices.ContainsFunc(question.Actions, func(a action) bool { return a.Style != "" }) {
		return err
	}
	question.Actions = nil
	_, err = s.diary.write(ctx, question, nil)
	return err
}

// claim waits until nobody else acts on the same line, and keeps others from it until release. It
// returns false when ctx ends first.
func (s *Server) claim(ctx context.Context, key string) (release func(), ok bool) {
	for {
		s.mu.Lock()
		other, busy := s.underway[key]
		if !busy {
			mine := make(chan struct{})
			s.underway[key] = mine
			s.mu.Unlock()
			return func() {
				s.mu.Lock()
				delete(s.underway, key)
				s.mu.Unlock()
				close(mine)
			}, true
		}
		s.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, false
		}
	}
}

// recall returns what a line was answered before.
func (s *Server) recall(ctx context.Context, key string) (done outcome, found bool, err error) {
	value, found, err := s.shelf.Get(ctx, key)
	if err != nil || !found {
		return outcome{}, false, err
	}
	if err := json.Unmarshal(value, &done); err != nil {
		return outcome{}, false, fmt.Errorf("read answer %s: %w", key, err)
	}
	return done, true, nil
}
