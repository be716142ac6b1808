package discordtest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func ok(body any) (answer, *apiError) { return answer{status: http.StatusOK, body: body}, nil }

func nothing() (answer, *apiError) { return answer{status: http.StatusNoContent}, nil }

func no(e *apiError) (answer, *apiError) { return answer{}, e }

// guildOf says whether the path names the one guild there is.
func (s *Server) guildOf(c *call) *apiError {
	if c.vars["guild_id"] != s.guildID {
		return &apiError{status: http.StatusNotFound, code: 10004, message: "Unknown Guild"}
	}
	return nil
}

// guildBody is the guild as the API shows it.
func (s *Server) guildBody() map[string]any {
	body := map[string]any{
		"id": s.guildID, "name": "Hospital", "features": []string{}, "owner_id": "1", "region": "deprecated", "afk_timeout": 300,
		"system_channel_flags": 0, "widget_enabled": false, "verification_level": 1, "roles": s.roles, "default_message_notifications": 1,
		"mfa_level": 0, "explicit_content_filter": 0, "max_members": 500000, "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
		"premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": "en-US", "premium_progress_bar_enabled": false,
		"nsfw": false, "nsfw_level": 0, "emojis": []any{}, "stickers": []any{},
	}
	for _, absent := range []string{
		"icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id", "afk_channel_id", "system_channel_id", "widget_channel_id",
		"max_presences", "vanity_url_code", "rules_channel_id", "safety_alerts_channel_id", "public_updates_channel_id", "incidents_data",
	} {
		body[absent] = nil
	}
	return body
}

func (s *Server) getGuild(c *call) (answer, *apiError) {
	if e := s.guildOf(c); e != nil {
		return no(e)
	}
	body := s.guildBody()
	if c.query.Get("with_counts") == "true" {
		body["approximate_member_count"], body["approximate_presence_count"] = len(s.members), 1
	}
	return ok(body)
}

func (s *Server) getMyGuilds(*call) (answer, *apiError) {
	return ok([]any{map[string]any{
		"id": s.guildID, "name": "Hospital", "icon": nil, "banner": nil, "owner": false, "permissions": s.inGuild(s.bot), "features": []string{},
	}})
}

// getMembers lists members in the order of their ids. It is for bots with the intent for members only.
func (s *Server) getMembers(c *call) (answer, *apiError) {
	if e := s.guildOf(c); e != nil {
		return no(e)
	}
	if !s.options.GuildMembers {
		return no(missingAccess())
	}
	limit := 1
	if text := c.query.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1000 {
			return no(badForm("/limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 1000"))
		}
		limit = n
	}
	found := []*member{}
	after, _ := strconv.ParseUint(c.query.Get("after"), 10, 64)
	for _, m := range s.members {
		if numeric(m.User.ID) > after {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(a, b *member) int { return cmp.Compare(numeric(a.User.ID), numeric(b.User.ID)) })
	return ok(found[:min(limit, len(found))])
}

func numeric(id string) uint64 {
	n, _ := strconv.ParseUint(id, 10, 64) // ids are made here
	return n
}

func (s *Server) searchMembers(c *call) (answer, *apiError) {
	if e := s.guildOf(c); e != nil {
		return no(e)
	}
	found := []*member{}
	query := strings.ToLower(c.query.Get("query"))
	limit := 1
	if n, err := strconv.Atoi(c.query.Get("limit")); err == nil {
		limit = n
	}
	for _, m := range s.members {
		if strings.HasPrefix(m.User.Username, query) && len(found) < limit {
			found = append(found, m)
		}
	}
	return ok(found)
}

func (s *Server) getMember(c *call) (answer, *apiError) {
	if e := s.guildOf(c); e != nil {
		return no(e)
	}
	if m := s.member(c.vars["user_id"]); m != nil {
		return ok(m)
	}
	return no(&apiError{status: http.StatusNotFound, code: 10007, message: "Unknown Member"})
}

func (s *Server) addMemberRole(c *call) (answer, *apiError)    { return s.changeRoles(c, true) }
func (s *Server) removeMemberRole(c *call) (answer, *apiError) { return s.changeRoles(c, false) }

func (s *Server) changeRoles(c *call, add bool) (answer, *apiError) {
	m, r := s.member(c.vars["user_id"]), s.role(c.vars["role_id"])
	switch {
	case s.guildOf(c) != nil:
		return no(s.guildOf(c))
	case m == nil:
		return no(&apiError{status: http.StatusNotFound, code: 10007, message: "Unknown Member"})
	case r == nil:
		return no(unknownRole())
	case !s.inGuild(s.bot).Has(ManageRoles) || !s.above(r) || r.Managed:
		return no(missingRight())
	}
	m.Roles = slices.DeleteFunc(slices.Clone(m.Roles), func(id string) bool { return id == r.ID })
	if add {
		m.Roles = append(m.Roles, r.ID)
	}
	s.dispatch("GUILD_MEMBER_UPDATE", intentMembers, withGuild(m, s.guildID))
	return nothing()
}

func (s *Server) getMe(*call) (answer, *apiError) {
	return ok(struct {
		Person
		MFA      bool    `json:"mfa_enabled"`
		Locale   string  `json:"locale"`
		Verified bool    `json:"verified"`
		Email    *string `json:"email"`
	}{s.bot.User, true, "en-US", true, nil})
}

func (s *Server) getUser(c *call) (answer, *apiError) {
	if m := s.member(c.vars["user_id"]); m != nil {
		return ok(m.User)
	}
	return no(unknownUser())
}

// The flags of an application that say which privileged intents are switched on.
const (
	flagMembers = 1 << 15
	flagContent = 1 << 19
)

func (s *Server) appFlags() int {
	flags := 0
	if s.options.GuildMembers {
		flags |= flagMembers
	}
	if s.options.MessageContent {
		flags |= flagContent
	}
	return flags
}

func (s *Server) getApp(*call) (answer, *apiError) {
	return ok(map[string]any{
		"id": s.appID, "name": "wardline", "icon": nil, "description": "", "type": nil, "bot": s.bot.User, "bot_public": false, "verify_key": "00",
		"flags": s.appFlags(), "flags_new": strconv.Itoa(s.appFlags()), "redirect_uris": []string{}, "interactions_endpoint_url": nil, "role_connections_verification_url": nil,
		"owner": s.bot.User, "approximate_guild_count": 1, "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"explicit_content_filter": 0, "team": nil, "eligible_oauth2_scopes": []string{},
	})
}

func (s *Server) gatewayURL() string {
	return "ws" + strings.TrimPrefix(s.web.URL, "http") + "/gateway"
}

func (s *Server) getGateway(*call) (answer, *apiError) {
	return ok(map[string]any{"url": s.gatewayURL()})
}

func (s *Server) getGatewayBot(*call) (answer, *apiError) {
	return ok(map[string]any{
		"url": s.gatewayURL(), "shards": 1,
		"session_start_limit": map[string]any{"total": 1000, "remaining": max(1000-s.gateway.identified, 0), "reset_after": (24 * time.Hour).Milliseconds(), "max_concurrency": 1},
	})
}
