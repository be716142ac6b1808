package discord

import (
	"net/http"
	"strings"
)

// ownCodes is where Discord's codes of refusals begin. Smaller ones repeat the status, or say nothing.
const ownCodes = 10000

// likelyCode says what a refusal without a code of Discord's most probably means: other servers of its kind
// refuse the same things, and say so by status and words only. 0 if that says nothing.
func likelyCode(status int, r route, words string) int {
	words = strings.ToLower(words)
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusBadRequest:
		switch {
		case strings.Contains(words, "missing access"):
			return missingAccess
		case status == http.StatusForbidden || strings.Contains(words, "missing permission"):
			return missingPermissions
		}
	case http.StatusNotFound:
		if !unknownAddress(words) {
			return likelyGone(r.name)
		}
	}
	return 0
}

// unknownAddress tells words that mean the address of a request and not what it names.
func unknownAddress(words string) bool {
	for _, mark := range []string{"endpoint", "route", "cannot "} {
		if strings.Contains(words, mark) {
			return true
		}
	}
	return false
}

// likelyGone says what is not there when a request finds nothing: what its address ends with.
func likelyGone(name string) int {
	_, path, _ := strings.Cut(name, " ")
	path = strings.TrimSuffix(path, "/")
	switch {
	case strings.HasSuffix(path, "/permissions/{id}"), strings.HasSuffix(path, "/members/{id}"):
		return unknownMember
	case strings.HasSuffix(path, "/messages/{id}"), strings.HasSuffix(path, "/pins/{id}"):
		return unknownMessage
	case strings.HasPrefix(path, "/channels/{id}"):
		return unknownChannel
	case path == "/guilds/{id}":
		return unknownGuild
	}
	return 0
}
