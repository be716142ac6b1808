package mmtest

import "strings"

// table lists what the server can do. The first route that fits wins, so a fixed word comes before a
// name in its place.
func (s *Server) table() (all []route) {
	add := func(method, path string, do handler) *route {
		all = append(all, route{method: method, parts: strings.Split(strings.Trim(api+path, "/"), "/"), do: do})
		return &all[len(all)-1]
	}
	s.peopleTable(add)
	s.channelTable(add)
	s.postTable(add)
	s.integrationTable(add)
	return all
}

type adder func(method, path string, do handler) *route

func (s *Server) peopleTable(add adder) {
	add("GET", "/system/ping", ping).open = true
	add("GET", "/config/client", clientConfig).open = true
	socket := add("GET", "/websocket", websocketRoute)
	socket.open, socket.unlocked = true, true
	add("POST", "/users/login", login).open = true
	add("POST", "/users/logout", logout)
	add("POST", "/users", createUser)
	add("GET", "/users", listUsers)
	add("POST", "/users/ids", usersByIDs)
	add("POST", "/users/usernames", usersByNames)
	add("POST", "/users/search", searchUsers)
	add("POST", "/users/tokens/revoke", revokeToken)
	add("GET", "/users/username/{name*}", userByName)
	add("GET", "/users/email/{email*}", userByEmail)
	add("GET", "/users/{user}", getUser)
	add("PUT", "/users/{user}/patch", patchUser)
	add("PUT", "/users/{user}/roles", setRoles)
	add("PUT", "/users/{user}/active", setActive)
	add("POST", "/users/{user}/tokens", createToken)
	add("GET", "/users/{user}/tokens", listTokens)
	add("GET", "/users/{user}/preferences", getPreferences)
	add("PUT", "/users/{user}/preferences", setPreferences)
	add("POST", "/bots", createBot)
	add("GET", "/bots", listBots)
	add("GET", "/bots/{user}", getBot)
	add("POST", "/bots/{user}/disable", botActive(false))
	add("POST", "/bots/{user}/enable", botActive(true))
	add("POST", "/roles/names", rolesByNames)
	add("GET", "/roles/name/{name*}", roleByName)
	add("GET", "/roles/{role}", getRole)
	add("PUT", "/roles/{role}/patch", patchRole)
	add("POST", "/teams", createTeam)
	add("GET", "/teams", listTeams)
	add("GET", "/teams/name/{name*}", teamByName)
	add("GET", "/teams/{team}", getTeam)
	add("POST", "/teams/{team}/members", addTeamMember)
	add("GET", "/teams/{team}/members", listTeamMembers)
	add("POST", "/teams/{team}/members/ids", teamMembersByIDs)
	add("GET", "/teams/{team}/members/{user}", getTeamMember)
	add("PUT", "/teams/{team}/members/{user}/roles", setTeamRoles)
	add("DELETE", "/teams/{team}/members/{user}", removeTeamMember)
	add("GET", "/users/{user}/teams", teamsOf)
	add("GET", "/users/{user}/teams/members", teamMembersOf)
}

func (s *Server) channelTable(add adder) {
	add("POST", "/channels/direct", directChannel)
	add("POST", "/channels", createChannel)
	add("GET", "/channels/{channel}", getChannel)
	add("GET", "/teams/{team}/channels/name/{name*}", channelByName)
	add("GET", "/teams/{team}/channels", publicChannels)
	add("GET", "/users/{user}/teams/{team}/channels", channelsOfInTeam)
	add("GET", "/users/{user}/channels", channelsOf)
	add("PUT", "/channels/{channel}/patch", patchChannel)
	add("PUT", "/channels/{channel}/privacy", setPrivacy)
	add("DELETE", "/channels/{channel}", archiveChannel)
	add("POST", "/channels/{channel}/restore", restoreChannel)
	add("GET", "/channels/{channel}/stats", channelStats)
	add("POST", "/channels/{channel}/members", addMembers)
	add("GET", "/channels/{channel}/members", listMembers)
	add("POST", "/channels/{channel}/members/ids", membersByIDs)
	add("GET", "/channels/{channel}/members/{user}", getMember)
	add("DELETE", "/channels/{channel}/members/{user}", removeMember)
	add("PUT", "/channels/{channel}/members/{user}/roles", setMemberRoles)
}

func (s *Server) postTable(add adder) {
	add("POST", "/posts", createPost).unlocked = true
	add("POST", "/posts/ephemeral", createEphemeral)
	add("POST", "/posts/ids", postsByIDs)
	add("GET", "/posts/{post}", getPost)
	add("PUT", "/posts/{post}", updatePost)
	add("PUT", "/posts/{post}/patch", patchPost)
	add("DELETE", "/posts/{post}", deletePost)
	add("POST", "/posts/{post}/pin", setPin(true))
	add("POST", "/posts/{post}/unpin", setPin(false))
	add("GET", "/posts/{post}/thread", postThread)
	add("GET", "/channels/{channel}/posts", channelPosts)
	add("GET", "/channels/{channel}/pinned", pinnedPosts)
	add("POST", "/files", uploadFile).big = true
	add("GET", "/files/{file}", getFile)
	add("GET", "/files/{file}/info", getFileInfo)
	add("POST", "/reactions", addReaction)
	add("GET", "/posts/{post}/reactions", listReactions)
	add("DELETE", "/users/{user}/posts/{post}/reactions/{emoji*}", removeReaction)
}

func (s *Server) integrationTable(add adder) {
	add("POST", "/commands", createCommand)
	add("GET", "/commands", listCommands)
	add("POST", "/commands/execute", executeCommand).unlocked = true
	add("GET", "/commands/{command}", getCommand)
	add("PUT", "/commands/{command}", updateCommand)
	add("DELETE", "/commands/{command}", deleteCommand)
	add("GET", "/teams/{team}/commands/autocomplete_suggestions", suggestCommands)
	add("POST", "/posts/{post}/actions/{action}", pressAction).unlocked = true
	open := add("POST", "/actions/dialogs/open", openDialog)
	open.open = true
	add("POST", "/actions/dialogs/submit", submitDialog).unlocked = true
	if !s.v9() {
		add("POST", "/actions/dialogs/lookup", lookupDialog).unlocked = true
	}
	reply := add("POST", "/hooks", commandHook)
	reply.parts = []string{"hooks", "commands", "{hook}"}
	reply.open = true
}
