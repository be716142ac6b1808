package discordtest

import (
	"slices"
	"strings"
	"time"
)

// A Person is a user as the API shows one.
type Person struct {
	ID            string  `json:"id"`
	Username      string  `json:"username"`
	Avatar        *string `json:"avatar"`
	Discriminator string  `json:"discriminator"`
	PublicFlags   int     `json:"public_flags"`
	Flags         int     `json:"flags"`
	Bot           bool    `json:"bot,omitempty"`
	GlobalName    *string `json:"global_name"`
	PrimaryGuild  *string `json:"primary_guild"`
}

// A Role is a role of the guild.
type Role struct {
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	Permissions  Permission        `json:"permissions"`
	Position     int               `json:"position"`
	Color        int               `json:"color"`
	Colors       roleColors        `json:"colors"`
	Hoist        bool              `json:"hoist"`
	Managed      bool              `json:"managed"`
	Mentionable  bool              `json:"mentionable"`
	Icon         *string           `json:"icon"`
	UnicodeEmoji *string           `json:"unicode_emoji"`
	Tags         map[string]string `json:"tags,omitempty"`
	Flags        int               `json:"flags"`
}

type roleColors struct {
	Primary   int  `json:"primary_color"`
	Secondary *int `json:"secondary_color"`
	Tertiary  *int `json:"tertiary_color"`
}

// A member is a person in the guild.
type member struct {
	User      Person    `json:"user"`
	Roles     []string  `json:"roles"`
	Nick      *string   `json:"nick"`
	Avatar    *string   `json:"avatar"`
	Banner    *string   `json:"banner"`
	Timeout   *string   `json:"communication_disabled_until"`
	JoinedAt  time.Time `json:"joined_at"`
	Premium   *string   `json:"premium_since"`
	Flags     int       `json:"flags"`
	Pending   bool      `json:"pending"`
	Mute      bool      `json:"mute"`
	Deaf      bool      `json:"deaf"`
	closedDMs bool
}

func (m *member) has(role string) bool { return slices.Contains(m.Roles, role) }

// found makes the guild: a role for everyone, the bot, and the bot's role.
func (s *Server) found() {
	s.appID = s.newID()
	s.guildID = s.newID()
	s.everyone = &Role{ID: s.guildID, Name: "@everyone", Permissions: Member}
	s.roles = []*Role{s.everyone}
	person := s.person("wardline", true)
	person.ID = s.appID // as Discord does for applications of today
	s.botRole = s.addRole("wardline", s.options.Permissions)
	s.botRole.Managed = true
	s.botRole.Tags = map[string]string{"bot_id": person.ID}
	s.bot = &member{User: person, Roles: []string{s.botRole.ID}, JoinedAt: s.options.Now()}
	s.members = []*member{s.bot}
}

func (s *Server) person(name string, bot bool) Person {
	shown := name
	return Person{ID: s.newID(), Username: strings.ToLower(strings.ReplaceAll(name, " ", "_")), Discriminator: "0", Bot: bot, GlobalName: &shown}
}

func (s *Server) addRole(name string, rights Permission) *Role {
	r := &Role{ID: s.newID(), Name: name, Permissions: rights, Position: len(s.roles)}
	s.roles = append(s.roles, r)
	return r
}

// AddRole makes a role without the bot's doing and gives its id.
func (s *Server) AddRole(name string, rights Permission) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.addRole(name, rights)
	s.dispatch("GUILD_ROLE_CREATE", intentGuilds, map[string]any{"guild_id": s.guildID, "role": *r})
	return r.ID
}

// SetMentionable lets everyone mention a role, or not.
func (s *Server) SetMentionable(role string, yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.role(role); r != nil {
		r.Mentionable = yes
	}
}

// SetBotPermissions changes the rights of the bot's own role, as an administrator of the guild may.
func (s *Server) SetBotPermissions(rights Permission) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.botRole.Permissions = rights
	s.dispatch("GUILD_ROLE_UPDATE", intentGuilds, map[string]any{"guild_id": s.guildID, "role": *s.botRole})
}

// AddUser lets a person join the guild, with roles given by id.
func (s *Server) AddUser(name string, roles ...string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &member{User: s.person(name, false), Roles: append([]string{}, roles...), JoinedAt: s.options.Now()}
	s.members = append(s.members, m)
	u := &User{s: s, m: m, locale: "en-US"}
	s.users[m.User.ID] = u
	s.dispatch("GUILD_MEMBER_ADD", intentMembers, withGuild(m, s.guildID))
	return u
}

// withGuild is a member as events show one.
func withGuild(m *member, guild string) any {
	return struct {
		member
		GuildID string `json:"guild_id"`
	}{*m, guild}
}

func (s *Server) role(id string) *Role {
	for _, r := range s.roles {
		if r.ID == id {
			return r
		}
	}
	return nil
}

func (s *Server) member(id string) *member {
	for _, m := range s.members {
		if m.User.ID == id {
			return m
		}
	}
	return nil
}

// above says whether the bot's highest role is above a role, which it must be to manage or give it.
func (s *Server) above(r *Role) bool {
	highest := 0
	for _, own := range s.bot.Roles {
		if mine := s.role(own); mine != nil {
			highest = max(highest, mine.Position)
		}
	}
	return highest > r.Position
}
