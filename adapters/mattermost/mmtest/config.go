package mmtest

import (
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/mattermost/mattermost/server/public/model"
)

func ping(*call) (reply, *model.AppError) { return ok(map[string]any{"status": "OK"}) }

// clientConfig is readable by anybody. 9.10 wants to be told the format.
func clientConfig(c *call) (reply, *model.AppError) {
	if format := c.query("format"); format == "" && c.s.v9() {
		return no(http.StatusNotImplemented, "api.config.client.old_format.app_error")
	} else if format != "" && format != "old" {
		return no(http.StatusBadRequest, "api.context.invalid_url_param.app_error")
	}
	der, err := x509.MarshalPKIXPublicKey(&c.s.key.PublicKey)
	if err != nil {
		return no(http.StatusInternalServerError, "api.config.client.app_error")
	}
	return ok(map[string]string{
		"AsymmetricSigningPublicKey": base64.StdEncoding.EncodeToString(der),
		"EnableCommands":             "true",
		"EnableUserAccessTokens":     strconv.FormatBool(c.s.opt.UserTokens),
		"SiteURL":                    c.s.URL,
		"Version":                    c.s.opt.Version,
	})
}
