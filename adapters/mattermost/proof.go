package mattermost

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

const (
	triggerAge   = time.Minute     // a trigger is older than this only when it is played back
	keyPatience  = time.Minute     // between two looks at the server's key
	keyRetry     = 2 * time.Second // the same while it has told none
	replayMemory = 3 * triggerAge  // longer than a trigger can be good for, whichever clock is ahead
)

// What a proof lacks. None of them holds anything of what was sent.
var (
	errNoTrigger = errors.New("no trigger")
	errUnsigned  = errors.New("the trigger is not signed by the server")
	errOthers    = errors.New("the trigger is another user's")
	errOld       = errors.New("the trigger is too old")
	errReplayed  = errors.New("the trigger was used before")
	errToken     = errors.New("the token is not this command's")
)

// triggers checks the server's signature on what a user did. Every slash command and every press of a
// button carries one: random id, user id and time, signed with a key whose public half everybody may
// read. It may be used by several goroutines.
type triggers struct {
	fetch func(ctx context.Context) (facts, error)

	mu     sync.Mutex // protects what follows
	facts  facts
	asked  time.Time            // when the key was last asked for
	used   map[string]time.Time // random id -> when it may be forgotten
	swept  time.Time
	ahead  time.Duration // of the server's clock before ours
	asking chan struct{} // holds one token: only one asks at a time
}

// facts are what the server tells everybody about itself.
type facts struct {
	key     *ecdsa.PublicKey
	site    string    // its address for people, "" if it has none
	version string    // such as "11.6.0"
	at      time.Time // the server's clock when it said so
}

func newTriggers(fetch func(ctx context.Context) (facts, error)) *triggers {
	return &triggers{fetch: fetch, used: map[string]time.Time{}, asking: make(chan struct{}, 1)}
}

// parseKey reads the public half of the key that signs triggers.
func parseKey(text string) (*ecdsa.PublicKey, error) {
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("read the server's signing key: %w", err)
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("read the server's signing key: %w", err)
	}
	if key, ok := key.(*ecdsa.PublicKey); ok {
		return key, nil
	}
	return nil, errors.New("read the server's signing key: it is no ECDSA key")
}

// known returns what was last heard of the server, asking once if nothing was.
func (t *triggers) known(ctx context.Context) facts {
	t.mu.Lock()
	f := t.facts
	t.mu.Unlock()
	if f.key == nil {
		f, _ = t.look(ctx)
	}
	return f
}

// look asks the server for its key, at most once a minute. It reports whether it is newer than before.
func (t *triggers) look(ctx context.Context) (facts, bool) {
	select {
	case t.asking <- struct{}{}:
		defer func() { <-t.asking }()
	case <-ctx.Done():
		return facts{}, false
	}
	t.mu.Lock()
	f := t.facts
	patience := keyPatience
	if f.key == nil {
		patience = keyRetry
	}
	early := time.Since(t.asked) < patience
	t.mu.Unlock()
	if early {
		return f, false
	}
	got, err := t.fetch(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked = time.Now()
	if err != nil {
		return t.facts, false
	}
	t.facts = got
	if !got.at.IsZero() {
		t.ahead = got.at.Sub(t.asked)
	}
	return got, true
}

// tick sets the difference of the clocks by a time the server has just told.
func (t *triggers) tick(server time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ahead = time.Until(server)
}

// check reports that a user did something a moment ago, and returns the random id of it: the same
// twice is refused.
func (t *triggers) check(ctx context.Context, trigger, userID string) (id string, err error) {
	raw, err := base64.StdEncoding.DecodeString(trigger)
	parts := strings.Split(string(raw), ":")
	if err != nil || len(parts) != 4 {
		return "", errNoTrigger
	}
	id, user, ms := parts[0], parts[1], parts[2]
	signature, err := base64.StdEncoding.DecodeString(parts[3])
	if err != nil || !model.IsValidId(id) {
		return "", errNoTrigger
	}
	stamp, err := strconv.ParseInt(ms, 10, 64)
	if err != nil {
		return "", errNoTrigger
	}
	sum := sha256.Sum256([]byte(id + ":" + user + ":" + ms + ":"))
	key := t.known(ctx).key
	if key == nil || !ecdsa.VerifyASN1(key, sum[:], signature) {
		// The server may have been set up anew, with a new key.
		f, newer := t.look(ctx)
		if !newer || f.key == nil || !ecdsa.VerifyASN1(f.key, sum[:], signature) {
			return "", errUnsigned
		}
	}
	if subtle.ConstantTimeCompare([]byte(user), []byte(userID)) != 1 {
		return "", errOthers
	}
	if !t.fresh(time.UnixMilli(stamp)) {
		if _, newer := t.look(ctx); !newer || !t.fresh(time.UnixMilli(stamp)) { // perhaps a clock was set
			return "", errOld
		}
	}
	if !t.use(id) {
		return "", errReplayed
	}
	return id, nil
}

// fresh reports whether something happened a moment ago by the server's clock.
func (t *triggers) fresh(at time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	age := time.Since(at) + t.ahead
	return age < triggerAge && age > -triggerAge
}

// use notes an id, and reports whether it is new. After a restart the desk still knows what it acted on.
func (t *triggers) use(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if now.Sub(t.swept) > replayMemory {
		t.swept = now
		maps.DeleteFunc(t.used, func(_ string, until time.Time) bool { return until.Before(now) })
	}
	if _, used := t.used[id]; used {
		return false
	}
	t.used[id] = now.Add(replayMemory)
	return true
}

// tokens are what the server proves with that a slash command comes from it: one secret per command and
// team. It may be used by several goroutines.
type tokens struct {
	mu    sync.Mutex          // protects known
	known map[string][]string // "<team>/<trigger>" -> tokens; a team by name and by id
}

func newTokens(config Config) *tokens {
	t := &tokens{known: map[string][]string{}}
	for place, token := range config.Tokens {
		team, trigger, _ := strings.Cut(place, "/")
		t.know(team, trigger, token)
	}
	return t
}

// know adds the token of a command in a team, named as the server names it or by its id.
func (t *tokens) know(team, trigger, token string) {
	if team == "" || token == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	place := team + "/" + strings.TrimPrefix(trigger, "/")
	for _, have := range t.known[place] {
		if have == token {
			return
		}
	}
	t.known[place] = append(t.known[place], token)
}

// hold reports whether all of the given tokens are the one of a command in a team.
func (t *tokens) hold(trigger string, teams []string, given ...string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	ok := 0
	for _, team := range teams {
		for _, want := range t.known[team+"/"+strings.TrimPrefix(trigger, "/")] {
			all := 1
			for _, g := range given {
				all &= subtle.ConstantTimeCompare([]byte(g), []byte(want))
			}
			ok |= all
		}
	}
	return ok == 1 && len(given) > 0
}
