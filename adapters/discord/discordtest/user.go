package discordtest

import (
	"slices"
)

// A User is a person of the guild, as whom a test acts.
type User struct {
	s      *Server
	m      *member
	locale string
}

// A File is something a person sends along.
type File struct {
	Name, Kind string
	Data       []byte
}

// ID is the person's id.
func (u *User) ID() string { return u.m.User.ID }

// Mention is how to mention the person.
func (u *User) Mention() string { return "<@" + u.m.User.ID + ">" }

// SetLocale sets the language of the person's Discord, such as zh-CN.
func (u *User) SetLocale(locale string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.locale = locale
}

// CloseDMs refuses direct messages from the bot, or takes them again.
func (u *User) CloseDMs(closed bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.m.closedDMs = closed
}

// SetRoles gives the person these roles and no others, as an administrator of the guild may.
func (u *User) SetRoles(roles ...string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.m.Roles = append([]string{}, roles...)
	u.s.dispatch("GUILD_MEMBER_UPDATE", intentMembers, withGuild(u.m, u.s.guildID))
}

// Sees says whether the person may see a channel.
func (u *User) Sees(channel string) bool {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	ch := u.s.channels[channel]
	return ch != nil && u.s.inChannel(u.m, ch).Has(ViewChannel)
}

// Messages are what the person sees in a channel, the oldest first: none where the channel is hidden, and
// of messages for one person only the own ones.
func (u *User) Messages(channel string) (seen []Message) {
	if !u.Sees(channel) {
		return nil
	}
	return slices.DeleteFunc(u.s.Messages(channel), func(m Message) bool { return m.OnlyFor != "" && m.OnlyFor != u.ID() })
}

// DMChannel is the channel of direct messages between the person and the bot.
func (u *User) DMChannel() string {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.dm(u.m).ID
}

// room gives a channel in which the person may do something; the test ends when they may not.
func (u *User) room(id string, asked Permission) *channel {
	u.s.t.Helper()
	ch := u.s.channels[id]
	if ch == nil {
		u.s.t.Fatalf("%s: no channel %s", u.m.User.Username, id)
	}
	if !u.s.inChannel(u.m, ch).Has(asked | ViewChannel) {
		u.s.t.Fatalf("%s may not do that in #%s", u.m.User.Username, ch.Name)
	}
	return ch
}

// Say writes a message in a channel.
func (u *User) Say(channel, text string, files ...File) Message {
	u.s.t.Helper()
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	ch := u.room(channel, SendMessages)
	m := u.s.blank(ch, u.m.User)
	m.Content = text
	for _, f := range files {
		a, e := u.s.keep(m, upload{f.Name, f.Kind, f.Data}, attachmentRef{})
		if e != nil {
			u.s.t.Fatalf("%s sends %s: %s", u.m.User.Username, f.Name, e.message)
		}
		m.Attachments = append(m.Attachments, a)
	}
	u.s.mention(ch, m, u.m, nil, true, "users", "roles", "everyone")
	u.s.post(ch, m)
	return *m
}

// DM writes a direct message to the bot.
func (u *User) DM(text string, files ...File) Message {
	u.s.t.Helper()
	return u.Say(u.DMChannel(), text, files...)
}

// Edit changes a message of the person's own.
func (u *User) Edit(m Message, text string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	ch := u.s.channels[m.ChannelID]
	if ch == nil {
		return
	}
	if own := ch.find(m.ID); own != nil && own.Author.ID == u.ID() {
		now := u.s.options.Now()
		own.Content, own.Edited = text, &now
		u.s.mention(ch, own, u.m, nil, false, "users", "roles", "everyone")
		u.s.dispatchMessage("MESSAGE_UPDATE", ch, own)
	}
}

// Delete removes any message, as somebody who manages messages may.
func (u *User) Delete(m Message) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if ch := u.s.channels[m.ChannelID]; ch != nil {
		if found := ch.find(m.ID); found != nil {
			u.s.remove(ch, found)
		}
	}
}
