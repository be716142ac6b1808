package discordtest

import "fmt"

// A looser is a place where the description knows only a number and Discord uses a string as well: for bits
// of permissions, which do not fit the numbers of many languages, and for the codes of single fields in an
// error, such as BASE_TYPE_MAX_LENGTH. The documentation itself says string for both.
type looser []string

var loosened = []looser{
	{"components", "schemas", "ChannelPermissionOverwriteRequest", "properties", "allow"},
	{"components", "schemas", "ChannelPermissionOverwriteRequest", "properties", "deny"},
	{"components", "schemas", "ApplicationCommandCreateRequest", "properties", "default_member_permissions"},
	{"components", "schemas", "ApplicationCommandUpdateRequest", "properties", "default_member_permissions"},
	{"components", "schemas", "CreateRoleRequest", "properties", "permissions"},
	{"components", "schemas", "UpdateRoleRequestPartial", "properties", "permissions"},
	{"components", "schemas", "Error", "properties", "code"},
	{"paths", "/channels/{channel_id}/permissions/{overwrite_id}", "put", "requestBody", "content", "application/json", "schema", "properties", "allow"},
	{"paths", "/channels/{channel_id}/permissions/{overwrite_id}", "put", "requestBody", "content", "application/json", "schema", "properties", "deny"},
}

// patchDescription lets the description take what Discord takes. A place that has moved in a newer
// description is an error, so that no patch is lost in silence.
func patchDescription(root map[string]any) error {
	for _, place := range loosened {
		schema, ok := dig(root, place...).(map[string]any)
		if !ok {
			return fmt.Errorf("patch description: nothing at %v", place)
		}
		schema["type"] = []any{"integer", "string", "null"}
	}
	return nil
}
