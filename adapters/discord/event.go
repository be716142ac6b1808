package discord

import (
	"encoding/json"
	"strings"
	"time"

	"wardline/bot/incident"
)

// The parts of Discord's events that matter here. Everything else is left unread, so that what is new
// or broken in an event does no harm.

// A user is a person, or a bot.
type user struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Global   string `json:"global_name"`
	Bot      bool   `json:"bot"`
}

// A member is a user as the server knows them.
type member struct {
	User *user  `json:"user"`
	Nick string `json:"nick"`
}

// An attachment is a file of a message.
type attachment struct {
	ID   string `json:"id"`
	Name string `json:"filename"`
	URL  string `json:"url"`
}

// A message is what somebody wrote in a channel.
type message struct {
	ID          string       `json:"id"`
	Channel     string       `json:"channel_id"`
	Guild       string       `json:"guild_id"`
	Author      *user        `json:"author"`
	Member      *member      `json:"member"`
	Webhook     string       `json:"webhook_id"`
	Type        int          `json:"type"`
	Content     string       `json:"content"`
	Timestamp   time.Time    `json:"timestamp"`
	Mentions    []user       `json:"mentions"`
	Attachments []attachment `json:"attachments"`
}

// The types of message that people write.
const (
	plainMessage = 0
	replyMessage = 19
)

// when is the time of a message.
func (m message) when() time.Time { return post{ID: m.ID, Timestamp: m.Timestamp}.when() }

// byPerson reports whether a person wrote the message: not a bot, not a webhook, not Discord itself.
func (m message) byPerson() bool {
	return m.ID != "" && m.Channel != "" && m.Author != nil && m.Author.ID != "" && !m.Author.Bot && m.Webhook == "" &&
		(m.Type == plainMessage || m.Type == replyMessage)
}

// names reports whether the message calls a user by mention.
func (m message) names(id string) bool {
	for _, u := range m.Mentions {
		if u.ID == id {
			return true
		}
	}
	return strings.Contains(m.Content, "<@"+id+">") || strings.Contains(m.Content, "<@!"+id+">")
}

// files are the attachments as the desk keeps them.
func (m message) files() []incident.File { return filesOf(m.Attachments) }

func filesOf(list []attachment) []incident.File {
	var out []incident.File
	for _, a := range list {
		if a.URL != "" {
			out = append(out, incident.File{Name: a.Name, Link: a.URL})
		}
	}
	return out
}

// The types of interaction.
const (
	commandInteraction  = 2
	pressInteraction    = 3
	completeInteraction = 4
	formInteraction     = 5
)

// An interaction is what somebody did with a command, a button or a form.
type interaction struct {
	ID      string           `json:"id"`
	App     string           `json:"application_id"`
	Type    int              `json:"type"`
	Token   string           `json:"token"`
	Guild   string           `json:"guild_id"`
	Channel string           `json:"channel_id"`
	Member  *member          `json:"member"` // in a server
	User    *user            `json:"user"`   // in a direct message
	Locale  string           `json:"locale"`
	Data    *interactionData `json:"data"`
	Message *message         `json:"message"` // on which a component stands
}

// interactionData is what was done, by type.
type interactionData struct {
	Name       string            `json:"name"` // of a command
	Options    []option          `json:"options"`
	CustomID   string            `json:"custom_id"` // of a component or form
	Values     []string          `json:"values"`    // of a select
	Components []json.RawMessage `json:"components"`
	Resolved   struct {
		Attachments map[string]attachment `json:"attachments"`
	} `json:"resolved"`
}

// An option is one argument of a command, or the command below it.
type option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Options []option        `json:"options"`
	Focused bool            `json:"focused"`
}

// text is the value of an option as people typed it.
func (o option) text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	return strings.TrimSpace(string(o.Value))
}

// who did it; an empty user if nobody is named.
func (i interaction) who() (user, string) {
	switch {
	case i.Member != nil && i.Member.User != nil:
		return *i.Member.User, i.Member.Nick
	case i.User != nil:
		return *i.User, ""
	}
	return user{}, ""
}

// whole reports whether everything is there that is needed to answer.
func (i interaction) whole() bool {
	u, _ := i.who()
	return i.ID != "" && i.Token != "" && i.Data != nil && u.ID != ""
}
