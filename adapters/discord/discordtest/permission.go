package discordtest

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// A Permission is a set of rights, one bit each. On the wire it is a string of digits.
type Permission uint64

// The rights this stand-in knows how to hold.
const (
	AddReactions    Permission = 1 << 6
	Administrator   Permission = 1 << 3
	ManageChannels  Permission = 1 << 4
	ViewChannel     Permission = 1 << 10
	SendMessages    Permission = 1 << 11
	ManageMessages  Permission = 1 << 13
	EmbedLinks      Permission = 1 << 14
	AttachFiles     Permission = 1 << 15
	ReadHistory     Permission = 1 << 16
	MentionEveryone Permission = 1 << 17
	ManageRoles     Permission = 1 << 28
	UseCommands     Permission = 1 << 31
	PinMessages     Permission = 1 << 51

	// Core is what a bot needs to make rooms and to speak in them, with pins and mentions of all.
	Core = ManageChannels | ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadHistory | ManageRoles |
		AddReactions | MentionEveryone | PinMessages
	// Member is what everyone has by default.
	Member = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadHistory | AddReactions | UseCommands

	all Permission = 1<<53 - 1
)

// Has says whether all rights asked for are in the set.
func (p Permission) Has(asked Permission) bool { return p&asked == asked }

// MarshalJSON writes the digits in quotes.
func (p Permission) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `"%d"`, uint64(p)), nil
}

// UnmarshalJSON reads digits with or without quotes; null is none.
func (p *Permission) UnmarshalJSON(raw []byte) error {
	var digits json.Number
	if err := json.Unmarshal(raw, &digits); err != nil {
		return fmt.Errorf("read permissions: %w", err)
	}
	if digits == "" {
		*p = 0
		return nil
	}
	n, err := strconv.ParseUint(digits.String(), 10, 64)
	if err != nil {
		return fmt.Errorf("read permissions: %w", err)
	}
	*p = Permission(n)
	return nil
}

// inGuild adds up the rights of a member's roles.
func (s *Server) inGuild(m *member) Permission {
	sum := s.everyone.Permissions
	for _, r := range s.roles {
		if m.has(r.ID) {
			sum |= r.Permissions
		}
	}
	if sum.Has(Administrator) {
		return all
	}
	return sum
}

// inChannel works out the rights of a member in a channel, in Discord's order: everyone, roles, the
// member. Who may not see a channel may do nothing there, and that holds for the bot as for anyone.
func (s *Server) inChannel(m *member, ch *channel) Permission {
	if ch.Type == typeDM {
		for _, r := range ch.Recipients {
			if r.ID == m.User.ID || m == s.bot {
				return Member | PinMessages
			}
		}
		return 0
	}
	rights := s.inGuild(m)
	if rights == all {
		return all
	}
	var roleAllow, roleDeny, own Overwrite
	for _, o := range ch.Overwrites {
		switch {
		case o.ID == s.guildID:
			rights = rights&^o.Deny | o.Allow
		case o.Type == OverwriteRole && m.has(o.ID):
			roleAllow.Allow |= o.Allow
			roleDeny.Deny |= o.Deny
		case o.Type == OverwriteMember && o.ID == m.User.ID:
			own = o
		}
	}
	rights = rights&^roleDeny.Deny | roleAllow.Allow
	rights = rights&^own.Deny | own.Allow
	if !rights.Has(ViewChannel) {
		return 0
	}
	if !rights.Has(SendMessages) {
		rights &^= MentionEveryone | AttachFiles | EmbedLinks
	}
	return rights
}

// botMay says why the bot may not do something in a channel, or nil. A channel it cannot see is one it has
// no access to; Discord says so with another code than for a right it lacks.
func (s *Server) botMay(ch *channel, asked Permission) *apiError {
	rights := s.inChannel(s.bot, ch)
	switch {
	case !rights.Has(ViewChannel):
		return missingAccess()
	case !rights.Has(asked):
		return missingRight()
	default:
		return nil
	}
}
