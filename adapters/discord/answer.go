package discord

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"wardline/bot"
	"wardline/commands"
)

// Limits of answers.
const (
	postLimit    = 1900            // characters; Discord takes 2000, and a mention may come before
	answerWithin = 3 * time.Second // after which an interaction cannot be answered any more
	deferAfter   = answerWithin / 2
)

// The types of first answer.
const (
	sayAnswer      = 4
	laterAnswer    = 5
	laterUpdate    = 6
	updateAnswer   = 7
	completeAnswer = 8
	formAnswer     = 9
)

// onlyForThem makes an answer visible to the asker alone.
const onlyForThem = 1 << 6

// A letter is a message to one person as it is sent.
type letter struct {
	Content    string      `json:"content"`
	Flags      int         `json:"flags,omitempty"`
	Mentions   mentions    `json:"allowed_mentions"`
	Components []component `json:"components"`
	Nonce      string      `json:"nonce,omitempty"`
	Enforce    bool        `json:"enforce_nonce,omitempty"`
	Reference  *reference  `json:"message_reference,omitempty"`
}

// recognised reports whether Discord shows the letter no second time.
func (l letter) recognised() bool { return l.Enforce }

// A reference names the message that is answered.
type reference struct {
	Message string `json:"message_id"`
	Gone    bool   `json:"fail_if_not_exists"`
}

// posts words a reply as messages for one person: as many as it needs, buttons below the last.
func (e *ears) posts(ctx context.Context, s speaker, reply commands.Reply, extra ...component) ([]letter, error) {
	until := time.Now().Add(buttonsLast)
	rows, err := e.buttons.rows(ctx, reply.Actions, s.line.Room, s.user, until)
	if err != nil {
		return nil, err
	}
	typed := s.typed || e.formless.Load()
	if reply.Form != nil && !typed {
		opener, err := e.opener(ctx, s, reply.Form, 0, e.desk.Voice(reply.Lang).Say("discord.form.open"))
		if err != nil {
			return nil, err
		}
		rows = inRows(append([]component{opener}, flat(rows)...))
	}
	if len(extra) > 0 {
		rows = inRows(append(flat(rows), extra...))
	}
	text := reply.Text
	switch {
	case reply.Form == nil:
	case typed:
		text = strings.Join(filledOnly(text, reply.Form.Title, reply.Form.Intro), "\n")
	case text == "":
		text = reply.Form.Title
	}
	var out []letter
	for _, part := range pieces(cmp.Or(plain(strings.TrimSpace(text)), "…"), postLimit) { // a message without a word is refused
		out = append(out, letter{Content: part, Mentions: mentions{Parse: []string{}}, Components: []component{}})
	}
	out[len(out)-1].Components = append(out[len(out)-1].Components, rows...)
	return out, nil
}

func filledOnly(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

func flat(rows []component) []component {
	var out []component
	for _, r := range rows {
		out = append(out, r.Components...)
	}
	return out
}

// send posts messages to a channel, each once: Discord knows a repeat by its nonce.
func (e *ears) send(ctx context.Context, channel, id string, posts []letter) error {
	for i, p := range posts {
		p.Nonce, p.Enforce = "a"+id+"."+strconv.Itoa(i), true
		err := patiently(ctx, func() error { return e.rest.do(ctx, bot.Reply, "POST", "/channels/"+channel+"/messages", p, nil) })
		if err != nil {
			return fmt.Errorf("answer in a channel: %w", err)
		}
	}
	return nil
}

// An answer is the answer to one interaction. Its first word must come within three seconds, whatever
// the bot is doing: when that takes longer, the first word is that an answer will come.
type answer struct {
	e       *ears
	i       interaction
	s       speaker
	settled chan struct{} // closed when there is something to say
	extra   []component   // buttons beside those of the reply
	open    *page         // page of a form that was asked for

	mu       sync.Mutex // protects what follows, and is held while a first answer is under way
	first    bool       // the first answer was given
	update   bool       // and it was that the message with the button will change
	unheard  bool       // Discord did not take it
	finished bool
}

func (e *ears) answerTo(ctx context.Context, i interaction, s speaker) *answer {
	a := &answer{e: e, i: i, s: s, settled: make(chan struct{})}
	e.chores.Go(func() {
		timer := time.NewTimer(deferAfter)
		defer timer.Stop()
		select {
		case <-a.settled:
		case <-timer.C:
			ctx, cancel := e.work(ctx)
			defer cancel()
			a.putOff(ctx)
		}
	})
	return a
}

// putOff says that an answer will come, and reports whether Discord still waits for one.
func (a *answer) putOff(ctx context.Context) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.first || a.finished {
		return !a.unheard
	}
	a.first = true
	kind, data := laterAnswer, any(map[string]any{"flags": onlyForThem})
	if a.spends() {
		kind, data, a.update = laterUpdate, nil, true
	}
	err := a.callback(ctx, kind, data)
	a.unheard = err != nil
	if err != nil {
		a.e.log.WarnContext(ctx, "an interaction could not be answered in time", "error", err)
	}
	return err == nil
}

// spends reports whether the button that was pressed is used up by it.
func (a *answer) spends() bool {
	return a.i.Type == pressInteraction && strings.HasPrefix(a.i.Data.CustomID, "b:c")
}

// finish gives the answer: at once if that is still possible, else where it was promised, else in private. What the
// store has a part in is made first: while it takes its time the answer is still promised.
func (a *answer) finish(ctx context.Context, reply commands.Reply) {
	form := a.form(ctx, reply)
	var posts []letter
	if form == nil {
		posts = a.letters(ctx, reply)
	}
	close(a.settled)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.finished = true
	if form != nil && !a.first && a.showForm(ctx, *form, reply.Form.Command) {
		return
	}
	if form != nil {
		posts = a.letters(ctx, reply)
	}
	rest := a.begin(ctx, reply, posts)
	for i, p := range rest {
		p.Flags = onlyForThem
		if err := patiently(ctx, func() error { return a.e.rest.webhook(ctx, "POST", a.hook(), p, nil) }); err != nil {
			a.e.log.InfoContext(ctx, "an interaction is over", "error", err)
			a.inPrivate(ctx, rest[i:])
			return
		}
	}
}

// letters words an answer.
func (a *answer) letters(ctx context.Context, reply commands.Reply) []letter {
	if a.open != nil && !a.e.formless.Load() { // not the first answer any more: the page has to be asked for once more
		label := a.e.desk.Voice(a.s.person.Lang).Say("discord.form.open")
		a.extra = []component{{Type: buttonComponent, Style: primaryButton, Label: label, CustomID: a.e.formID(openHead, a.s, a.open.n, a.open.name)}}
		reply = commands.Reply{Text: reply.Form.Title, Lang: reply.Lang, Refused: true}
	}
	posts, err := a.e.posts(ctx, a.s, reply, a.extra...)
	if err != nil {
		a.e.log.ErrorContext(ctx, "an answer could not be made", "room", a.s.line.Room, "error", err)
		posts = []letter{{Content: cut(cmp.Or(plain(reply.Text), "…"), postLimit), Mentions: mentions{Parse: []string{}}, Components: []component{}}}
	}
	return posts
}

// begin gives the first message of an answer and returns what is left to be said.
func (a *answer) begin(ctx context.Context, reply commands.Reply, posts []letter) []letter {
	head := posts[0]
	used := a.spends() && !reply.Refused && reply.Form == nil
	switch {
	case a.unheard:
		return posts
	case !a.first:
		kind := sayAnswer
		head.Flags = onlyForThem
		if used && !a.e.plain.Load() { // where less is known, the words of a message may not change
			kind, head.Flags = updateAnswer, 0
		}
		if err := a.say(ctx, kind, head); err != nil {
			a.e.log.InfoContext(ctx, "an interaction was not answered", "error", err)
			return posts
		}
	case a.update && !used:
		return posts // the question stays as it is
	default:
		if err := patiently(ctx, func() error { return a.e.rest.webhook(ctx, "PATCH", a.hook()+"/messages/@original", head, nil) }); err != nil {
			a.e.log.InfoContext(ctx, "an answer could not be put where it was promised", "error", err)
			return posts
		}
	}
	return posts[1:]
}

// hook is where more can be said after the first answer.
func (a *answer) hook() string {
	app := a.i.App
	if self := a.e.self.Load(); app == "" && self != nil {
		app = self.app
	}
	return "/webhooks/" + app + "/" + a.i.Token
}

// inPrivate says what is left where no token is needed.
func (a *answer) inPrivate(ctx context.Context, posts []letter) {
	for i := range posts {
		posts[i].Flags = 0
	}
	t := telling{id: a.i.ID, fallback: a.i.Channel}
	if a.i.Guild == "" {
		t.channel = a.i.Channel
	}
	a.e.deliver(ctx, a.s, posts, t)
}
