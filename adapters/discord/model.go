package discord

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// What Discord's interface calls things, as far as we write or read them. What is not set is left out: some
// servers refuse a null.

// rights is a set of permissions. It is written as text, as Discord does, and read as text or number.
type rights uint64

// The rights that matter here.
const (
	mayManageChannels rights = 1 << 4
	mayView           rights = 1 << 10
	maySend           rights = 1 << 11
	mayEmbed          rights = 1 << 14
	mayAttach         rights = 1 << 15
	mayRead           rights = 1 << 16
	mayManageRoles    rights = 1 << 28
	mayPin            rights = 1 << 51
	administrator     rights = 1 << 3
)

// MarshalJSON writes the digits in quotes.
func (r rights) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, `"%d"`, uint64(r)), nil }

// UnmarshalJSON reads digits with or without quotes; null is none.
func (r *rights) UnmarshalJSON(raw []byte) error {
	var digits json.Number
	if err := json.Unmarshal(raw, &digits); err != nil {
		return fmt.Errorf("read permissions: %w", err)
	}
	if digits == "" {
		*r = 0
		return nil
	}
	n, err := strconv.ParseUint(digits.String(), 10, 64)
	if err != nil {
		return fmt.Errorf("read permissions: %w", err)
	}
	*r = rights(n)
	return nil
}

// The kinds of channel.
const (
	textChannel     = 0
	categoryChannel = 4
)

// The kinds of overwrite.
const (
	forRole   = 0
	forMember = 1
)

// An overwrite gives or takes rights in one channel.
type overwrite struct {
	ID    string `json:"id"`
	Type  int    `json:"type"`
	Allow rights `json:"allow"`
	Deny  rights `json:"deny"`
}

// A channel is a place of the server, or a category of them.
type channel struct {
	ID         string      `json:"id,omitempty"`
	Type       int         `json:"type"`
	Name       string      `json:"name,omitempty"`
	Topic      string      `json:"topic,omitempty"`
	Parent     string      `json:"parent_id,omitempty"`
	Overwrites []overwrite `json:"permission_overwrites,omitempty"`
}

// A post is a message as Discord shows it, as far as it matters for finding our own.
type post struct {
	ID      string `json:"id"`
	Channel string `json:"channel_id"`
	Author  struct {
		ID string `json:"id"`
	} `json:"author"`
	Embeds    []embed   `json:"embeds"`
	Timestamp time.Time `json:"timestamp"`
	Pinned    bool      `json:"pinned"`
}

// when is the time of a post: as it says, else as its id does.
func (p post) when() time.Time {
	id, err := strconv.ParseInt(p.ID, 10, 64)
	if !p.Timestamp.IsZero() || err != nil {
		return p.Timestamp
	}
	return time.UnixMilli(id>>22 + epoch)
}

// outgoing is a message as we write it.
type outgoing struct {
	Content    string      `json:"content"`
	Embeds     []embed     `json:"embeds"`
	Components []component `json:"components"`
	Allowed    mentions    `json:"allowed_mentions"`
	Nonce      string      `json:"nonce,omitempty"`
	Enforce    bool        `json:"enforce_nonce,omitempty"`
}

// recognised implements once: Discord shows a message with a nonce it knows no second time.
func (o outgoing) recognised() bool { return o.Enforce }

// mentions says who may be called by a message: the users named, and nobody that the text happens to name.
type mentions struct {
	Parse []string `json:"parse"`
	Users []string `json:"users,omitempty"`
}

// An embed is the card of a message.
type embed struct {
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description,omitempty"`
	Color       int        `json:"color,omitempty"`
	Author      *signature `json:"author,omitempty"`
	Footer      *footer    `json:"footer,omitempty"`
	Timestamp   string     `json:"timestamp,omitempty"`
}

type signature struct {
	Name string `json:"name"`
}

type footer struct {
	Text string `json:"text"`
}
