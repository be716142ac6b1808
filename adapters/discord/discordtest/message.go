package discordtest

import (
	"slices"
	"strings"
	"time"
)

// Flags of messages.
const (
	Ephemeral    = 1 << 6
	Loading      = 1 << 7
	ComponentsV2 = 1 << 15
)

// A Message is a message as the API shows one, with what a test wants to know beside it.
type Message struct {
	ID              string           `json:"id"`
	Type            int              `json:"type"`
	ChannelID       string           `json:"channel_id"`
	Author          Person           `json:"author"`
	Content         string           `json:"content"`
	Timestamp       time.Time        `json:"timestamp"`
	Edited          *time.Time       `json:"edited_timestamp"`
	TTS             bool             `json:"tts"`
	MentionEveryone bool             `json:"mention_everyone"`
	Mentions        []Person         `json:"mentions"`
	MentionRoles    []string         `json:"mention_roles"`
	Attachments     []Attachment     `json:"attachments"`
	Embeds          []map[string]any `json:"embeds"`
	Components      []map[string]any `json:"components"`
	Flags           int              `json:"flags"`
	Pinned          bool             `json:"pinned"`
	Nonce           any              `json:"nonce,omitempty"`
	ApplicationID   string           `json:"application_id,omitempty"`
	WebhookID       string           `json:"webhook_id,omitempty"`
	Reference       *Reference       `json:"message_reference,omitempty"`
	Interaction     map[string]any   `json:"interaction_metadata,omitempty"`

	// Pinged are the ids of the people the message notified, in order; editing notifies nobody.
	Pinged []string `json:"-"`
	// OnlyFor is the id of the person who alone sees an ephemeral message.
	OnlyFor string `json:"-"`
	// Edits is the number of edits after OldAfter.
	Edits int `json:"-"`
}

// A Reference says which message is replied to.
type Reference struct {
	Type      int    `json:"type"`
	ChannelID string `json:"channel_id"`
	MessageID string `json:"message_id"`
	GuildID   string `json:"guild_id,omitempty"`
}

// An Attachment is a file of a message.
type Attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
	ProxyURL    string `json:"proxy_url"`
	ContentType string `json:"content_type,omitempty"`
	Description string `json:"description,omitempty"`
	Ephemeral   bool   `json:"ephemeral,omitempty"`
}

// A nonceUse is a message that was made with enforce_nonce.
type nonceUse struct {
	channel, message string
	at               time.Time
}

// A draft is the body of a request that makes or changes a message.
type draft struct {
	Content         *string           `json:"content"`
	Embeds          *[]map[string]any `json:"embeds"`
	Components      *[]map[string]any `json:"components"`
	Flags           *int              `json:"flags"`
	AllowedMentions *allowedMentions  `json:"allowed_mentions"`
	Attachments     *[]attachmentRef  `json:"attachments"`
	Nonce           any               `json:"nonce"`
	EnforceNonce    bool              `json:"enforce_nonce"`
	Reference       *Reference        `json:"message_reference"`
	TTS             bool              `json:"tts"`
	given           map[string]bool   // the keys that were there, be it null
	files           map[int]upload
}

type attachmentRef struct {
	ID          string  `json:"id"`
	Filename    *string `json:"filename"`
	Description *string `json:"description"`
}

// draftOf reads a draft out of a call; data is the object that holds it.
func draftOf(c *call, data map[string]any) (*draft, *apiError) {
	d := &draft{given: make(map[string]bool), files: c.files}
	for key := range data {
		d.given[key] = true
	}
	if e := strictMessage(data); e != nil {
		return nil, e
	}
	sub := &call{body: marshal(data)}
	return d, sub.into(d)
}

// object is the body as an object.
func (c *call) object() map[string]any {
	object, _ := c.value.(map[string]any)
	return object
}

// fill puts a draft into a message: what is not given stays, what is null goes.
func (s *Server) fill(m *Message, d *draft) *apiError {
	if d.given["content"] {
		m.Content = ""
		if d.Content != nil {
			m.Content = strings.TrimSpace(*d.Content)
		}
	}
	if d.given["embeds"] {
		m.Embeds = []map[string]any{}
		if d.Embeds != nil {
			m.Embeds = asRich(*d.Embeds)
		}
	}
	if d.given["components"] {
		m.Components = []map[string]any{}
		if d.Components != nil {
			m.Components = numbered(*d.Components)
		}
	}
	if d.Flags != nil {
		const settable = 1<<2 | Ephemeral | 1<<12 | ComponentsV2
		m.Flags = m.Flags&^(1<<2|ComponentsV2) | *d.Flags&settable
	}
	m.TTS = m.TTS || d.TTS
	if e := s.attach(m, d); e != nil {
		return e
	}
	if m.Flags&ComponentsV2 != 0 && (m.Content != "" || len(m.Embeds) > 0) {
		return badForm("/content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
	}
	if m.Content == "" && len(m.Embeds) == 0 && len(m.Attachments) == 0 && len(m.Components) == 0 {
		return emptyMessage()
	}
	return nil
}

// blank is a new message of nothing.
func (s *Server) blank(ch *channel, author Person) *Message {
	return &Message{
		ID: s.newID(), ChannelID: ch.ID, Author: author, Timestamp: s.options.Now(), Mentions: []Person{}, MentionRoles: []string{},
		Attachments: []Attachment{}, Embeds: []map[string]any{}, Components: []map[string]any{},
	}
}

// post puts a message into its channel and tells the gateway.
func (s *Server) post(ch *channel, m *Message) {
	ch.messages = append(ch.messages, m)
	if m.OnlyFor == "" {
		ch.LastMessageID = &m.ID
		s.dispatchMessage("MESSAGE_CREATE", ch, m)
	}
	s.showPeople("MESSAGE_CREATE", ch, m)
	s.tell()
}

// find gives a message of a channel; ephemeral ones are nobody's business but their interaction's.
func (ch *channel) find(id string) *Message {
	for _, m := range ch.messages {
		if m.ID == id && m.OnlyFor == "" {
			return m
		}
	}
	return nil
}

// remove takes a message out of its channel.
func (s *Server) remove(ch *channel, m *Message) {
	ch.messages = slices.DeleteFunc(slices.Clone(ch.messages), func(other *Message) bool { return other == m })
	ch.pins = slices.DeleteFunc(slices.Clone(ch.pins), func(p pin) bool { return p.message == m })
	if m.OnlyFor == "" {
		body := map[string]any{"id": m.ID, "channel_id": ch.ID}
		if ch.GuildID != "" {
			body["guild_id"] = ch.GuildID
		}
		s.dispatchIn("MESSAGE_DELETE", ch, body)
	}
	s.tell()
}

// Messages are what was said in a channel, the oldest first, with ephemeral messages.
func (s *Server) Messages(channel string) (found []Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.channels[channel]; ch != nil {
		for _, m := range ch.messages {
			found = append(found, *m)
		}
	}
	return found
}

// AwaitMessages waits until done likes what was said in a channel, and gives it either way.
func (s *Server) AwaitMessages(channel string, limit time.Duration, done func([]Message) bool) ([]Message, bool) {
	ok := s.await(limit, func() bool {
		ch := s.channels[channel]
		if ch == nil {
			return false
		}
		found := make([]Message, len(ch.messages))
		for i, m := range ch.messages {
			found[i] = *m
		}
		return done(found)
	})
	return s.Messages(channel), ok
}
