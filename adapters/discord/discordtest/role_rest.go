package discordtest

import (
	"net/http"
	"slices"
)

func unknownRole() *apiError {
	return &apiError{status: http.StatusNotFound, code: 10011, message: "Unknown Role"}
}

func (s *Server) getRoles(c *call) (answer, *apiError) {
	if e := s.guildOf(c); e != nil {
		return no(e)
	}
	return ok(s.roles)
}

func (s *Server) getRole(c *call) (answer, *apiError) {
	if e := s.guildOf(c); e != nil {
		return no(e)
	}
	if r := s.role(c.vars["role_id"]); r != nil {
		return ok(r)
	}
	return no(unknownRole())
}

// A roleForm is the body that makes or changes a role.
type roleForm struct {
	Name        *string     `json:"name"`
	Permissions *Permission `json:"permissions"`
	Mentionable *bool       `json:"mentionable"`
	Hoist       *bool       `json:"hoist"`
}

// apply puts what is given into a role. A bot gives no right that it lacks.
func (s *Server) apply(f roleForm, r *Role) *apiError {
	if f.Permissions != nil && *f.Permissions&^s.inGuild(s.bot) != 0 {
		return missingRight()
	}
	for to, from := range map[*bool]*bool{&r.Mentionable: f.Mentionable, &r.Hoist: f.Hoist} {
		if from != nil {
			*to = *from
		}
	}
	if f.Name != nil {
		r.Name = *f.Name
	}
	if f.Permissions != nil {
		r.Permissions = *f.Permissions
	}
	return nil
}

func (s *Server) createRole(c *call) (answer, *apiError) {
	var form roleForm
	switch e := c.into(&form); {
	case s.guildOf(c) != nil:
		return no(s.guildOf(c))
	case e != nil:
		return no(e)
	case !s.inGuild(s.bot).Has(ManageRoles):
		return no(missingRight())
	case len(s.roles) >= 250:
		return no(&apiError{status: http.StatusBadRequest, code: 30005, message: "Maximum number of guild roles reached (250)"})
	}
	r := Role{Name: "new role", Permissions: s.everyone.Permissions}
	if e := s.apply(form, &r); e != nil {
		return no(e)
	}
	// A new role is the lowest but for everyone's, so that the bot stands above it.
	for _, other := range s.roles {
		if other != s.everyone {
			other.Position++
		}
	}
	r.ID, r.Position = s.newID(), 1
	s.roles = append(s.roles, &r)
	s.dispatch("GUILD_ROLE_CREATE", intentGuilds, map[string]any{"guild_id": s.guildID, "role": r})
	return ok(r)
}

// managed gives the role of the path when the bot may change it.
func (s *Server) managed(c *call) (*Role, *apiError) {
	r := s.role(c.vars["role_id"])
	switch {
	case s.guildOf(c) != nil:
		return nil, s.guildOf(c)
	case r == nil:
		return nil, unknownRole()
	case !s.inGuild(s.bot).Has(ManageRoles) || !s.above(r):
		return nil, missingRight()
	}
	return r, nil
}

func (s *Server) updateRole(c *call) (answer, *apiError) {
	r, e := s.managed(c)
	if e != nil {
		return no(e)
	}
	var form roleForm
	if e := c.into(&form); e != nil {
		return no(e)
	}
	if e := s.apply(form, r); e != nil {
		return no(e)
	}
	s.dispatch("GUILD_ROLE_UPDATE", intentGuilds, map[string]any{"guild_id": s.guildID, "role": *r})
	return ok(*r)
}

func (s *Server) deleteRole(c *call) (answer, *apiError) {
	r, e := s.managed(c)
	if e != nil {
		return no(e)
	}
	s.roles = slices.DeleteFunc(s.roles, func(other *Role) bool { return other == r })
	for _, m := range s.members {
		m.Roles = slices.DeleteFunc(slices.Clone(m.Roles), func(id string) bool { return id == r.ID })
	}
	s.dispatch("GUILD_ROLE_DELETE", intentGuilds, map[string]any{"guild_id": s.guildID, "role_id": r.ID})
	return nothing()
}
