package discordtest

// A handler does what one request asks. The server's lock is held, and the body has the shape the description
// asks for.
type handler func(s *Server, c *call) (answer, *apiError)

// handlers are the requests this server offers; testdata holds the description of the same ones.
var handlers = map[string]handler{
	"GET /gateway":             (*Server).getGateway,
	"GET /gateway/bot":         (*Server).getGatewayBot,
	"GET /users/@me":           (*Server).getMe,
	"GET /users/@me/guilds":    (*Server).getMyGuilds,
	"POST /users/@me/channels": (*Server).createDM,
	"GET /users/{user_id}":     (*Server).getUser,
	"GET /applications/@me":    (*Server).getApp,

	"GET /applications/{application_id}/commands":                                   (*Server).getCommands,
	"PUT /applications/{application_id}/commands":                                   (*Server).putCommands,
	"POST /applications/{application_id}/commands":                                  (*Server).createCommand,
	"GET /applications/{application_id}/commands/{command_id}":                      (*Server).getCommand,
	"DELETE /applications/{application_id}/commands/{command_id}":                   (*Server).deleteCommand,
	"GET /applications/{application_id}/guilds/{guild_id}/commands":                 (*Server).getCommands,
	"PUT /applications/{application_id}/guilds/{guild_id}/commands":                 (*Server).putCommands,
	"POST /applications/{application_id}/guilds/{guild_id}/commands":                (*Server).createCommand,
	"GET /applications/{application_id}/guilds/{guild_id}/commands/{command_id}":    (*Server).getCommand,
	"DELETE /applications/{application_id}/guilds/{guild_id}/commands/{command_id}": (*Server).deleteCommand,

	"GET /guilds/{guild_id}":                                      (*Server).getGuild,
	"GET /guilds/{guild_id}/channels":                             (*Server).getChannels,
	"POST /guilds/{guild_id}/channels":                            (*Server).createChannel,
	"PATCH /guilds/{guild_id}/channels":                           (*Server).moveChannels,
	"GET /guilds/{guild_id}/members":                              (*Server).getMembers,
	"GET /guilds/{guild_id}/members/search":                       (*Server).searchMembers,
	"GET /guilds/{guild_id}/members/{user_id}":                    (*Server).getMember,
	"PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}":    (*Server).addMemberRole,
	"DELETE /guilds/{guild_id}/members/{user_id}/roles/{role_id}": (*Server).removeMemberRole,
	"GET /guilds/{guild_id}/roles":                                (*Server).getRoles,
	"POST /guilds/{guild_id}/roles":                               (*Server).createRole,
	"GET /guilds/{guild_id}/roles/{role_id}":                      (*Server).getRole,
	"PATCH /guilds/{guild_id}/roles/{role_id}":                    (*Server).updateRole,
	"DELETE /guilds/{guild_id}/roles/{role_id}":                   (*Server).deleteRole,

	"GET /channels/{channel_id}":                               (*Server).getChannel,
	"PATCH /channels/{channel_id}":                             (*Server).updateChannel,
	"DELETE /channels/{channel_id}":                            (*Server).deleteChannel,
	"PUT /channels/{channel_id}/permissions/{overwrite_id}":    (*Server).putOverwrite,
	"DELETE /channels/{channel_id}/permissions/{overwrite_id}": (*Server).deleteOverwrite,
	"POST /channels/{channel_id}/typing":                       (*Server).typing,

	"GET /channels/{channel_id}/messages":                      (*Server).getMessages,
	"POST /channels/{channel_id}/messages":                     (*Server).createMessage,
	"POST /channels/{channel_id}/messages/bulk-delete":         (*Server).deleteMessages,
	"GET /channels/{channel_id}/messages/{message_id}":         (*Server).getMessage,
	"PATCH /channels/{channel_id}/messages/{message_id}":       (*Server).updateMessage,
	"DELETE /channels/{channel_id}/messages/{message_id}":      (*Server).deleteMessage,
	"GET /channels/{channel_id}/messages/pins":                 (*Server).getPins,
	"PUT /channels/{channel_id}/messages/pins/{message_id}":    (*Server).putPin,
	"DELETE /channels/{channel_id}/messages/pins/{message_id}": (*Server).deletePin,
	"GET /channels/{channel_id}/pins":                          (*Server).getOldPins,
	"PUT /channels/{channel_id}/pins/{message_id}":             (*Server).putPin,
	"DELETE /channels/{channel_id}/pins/{message_id}":          (*Server).deletePin,

	"POST /interactions/{interaction_id}/{interaction_token}/callback":    (*Server).callback,
	"POST /webhooks/{webhook_id}/{webhook_token}":                         (*Server).followUp,
	"GET /webhooks/{webhook_id}/{webhook_token}/messages/@original":       (*Server).getHooked,
	"PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original":     (*Server).updateHooked,
	"DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original":    (*Server).deleteHooked,
	"GET /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}":    (*Server).getHooked,
	"PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}":  (*Server).updateHooked,
	"DELETE /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": (*Server).deleteHooked,
}
