package discord

import (
	"errors"
	"slices"
)

const platform = "discord"

type mentions struct {
	Parse []string `json:"parse"`
	Users []string `json:"users,omitempty"`
}

type refusal struct {
	status int
	Code   int `json:"code"`
}

func (r *refusal) Error() string { return "refused" }

func refusedWith(err error, codes ...int) bool {
	var r *refusal
	return errors.As(err, &r) && slices.Contains(codes, r.Code)
}

func cut(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}
