package mattermost

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot/incident"
)

// knownFor is how long what the server said about a user is believed.
const knownFor = 10 * time.Minute

// platform is the adapter's name.
const platform = "mattermost"

// stranger begins the ids of people who are in no configuration: the desk names them by their account.
const stranger = platform + ":"

// people knows who has which account. It may be used by several goroutines.
type people struct {
	config Config
	api    *api

	mu   sync.Mutex // protects what follows
	byID map[string]knownUser
	byIs map[string]knownUser // by how the configuration names them
	lang string               // locale of whoever never chose one
}

type knownUser struct {
	user  *model.User
	until time.Time
}

func newPeople(config Config, a *api) *people {
	return &people{config: config, api: a, byID: map[string]knownUser{}, byIs: map[string]knownUser{}}
}

// who tells how the configuration names a user, which is the id of those it does not name; the name to
// show, and the language the user chose to read, "" for none.
func (p *people) who(ctx context.Context, userID string) (account, name, locale string, err error) {
	user, err := p.user(ctx, userID)
	if err != nil {
		return "", "", "", err
	}
	account = userID
	for _, named := range p.config.Accounts {
		if means(named, user) {
			account = named
		}
	}
	return account, shown(user), p.chosen(user.Locale), nil
}

// chosen is a user's locale if it says something about them: every account begins with the server's own.
func (p *people) chosen(locale string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if locale == p.lang {
		return ""
	}
	return locale
}

// begin notes the locale every account begins with.
func (p *people) begin(locale string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lang = locale
}

// means tells whether the configuration means a user by an account: its id, user name or address.
func means(account string, user *model.User) bool {
	return account == user.Id || strings.EqualFold(strings.TrimPrefix(account, "@"), user.Username) ||
		user.Email != "" && strings.EqualFold(account, user.Email)
}

// shown is the name by which colleagues know a user.
func shown(user *model.User) string {
	if user.Nickname != "" {
		return user.Nickname
	}
	if full := user.GetFullName(); full != "" {
		return full
	}
	return user.Username
}

// user returns a user by id.
func (p *people) user(ctx context.Context, userID string) (*model.User, error) {
	p.mu.Lock()
	known, ok := p.byID[userID]
	p.mu.Unlock()
	if ok && time.Now().Before(known.until) {
		return known.user, nil
	}
	user, err := call(ctx, p.api, "look a user up", func(ctx context.Context, c *model.Client4) (*model.User, *model.Response, error) {
		return c.GetUser(ctx, userID, "")
	})
	if err != nil {
		return nil, err
	}
	p.know("", user)
	return user, nil
}

func (p *people) know(account string, user *model.User) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := knownUser{user: user, until: time.Now().Add(knownFor)}
	p.byID[user.Id] = known
	if account != "" {
		p.byIs[account] = known
	}
}

// account returns the account of a person, and whether they have one.
func (p *people) account(person incident.PersonID) (string, bool) {
	if account := p.config.Accounts[person]; account != "" {
		return account, true
	}
	id, ok := strings.CutPrefix(string(person), stranger)
	return id, ok && id != ""
}

// of returns the user of a person; nil for people without an account, or with one that is not there or
// was switched off.
func (p *people) of(ctx context.Context, person incident.PersonID) (*model.User, error) {
	account, ok := p.account(person)
	if !ok {
		return nil, nil
	}
	p.mu.Lock()
	known, ok := p.byIs[account]
	p.mu.Unlock()
	if ok && time.Now().Before(known.until) {
		return known.user, nil
	}
	user, err := p.find(ctx, account)
	if err != nil || user == nil || user.DeleteAt != 0 {
		return nil, err
	}
	p.know(account, user)
	return user, nil
}

// find asks the server for the user of an account; nil if there is none.
func (p *people) find(ctx context.Context, account string) (*model.User, error) {
	type lookup = func(ctx context.Context, c *model.Client4) (*model.User, *model.Response, error)
	name := strings.ToLower(strings.TrimPrefix(account, "@"))
	lookups := []lookup{func(ctx context.Context, c *model.Client4) (*model.User, *model.Response, error) {
		return c.GetUserByUsername(ctx, name, "")
	}}
	if strings.Contains(name, "@") {
		lookups[0] = func(ctx context.Context, c *model.Client4) (*model.User, *model.Response, error) {
			return c.GetUserByEmail(ctx, name, "")
		}
	}
	if model.IsValidId(account) { // a user name may look like an id, but hardly ever does
		lookups = append([]lookup{func(ctx context.Context, c *model.Client4) (*model.User, *model.Response, error) {
			return c.GetUser(ctx, account, "")
		}}, lookups...)
	}
	for _, look := range lookups {
		user, err := call(ctx, p.api, "look up account "+account, look)
		switch {
		case err == nil:
			return user, nil
		case !is(err, http.StatusNotFound) && !is(err, http.StatusBadRequest) && !is(err, http.StatusForbidden):
			return nil, fmt.Errorf("find a person: %w", err)
		}
	}
	return nil, nil
}

// all returns the users of people who have one, and the people who have none.
func (p *people) all(ctx context.Context, list []incident.PersonID) (users []*model.User, without []incident.PersonID, err error) {
	for _, person := range list {
		user, err := p.of(ctx, person)
		if err != nil {
			return nil, nil, err
		}
		if user == nil {
			without = append(without, person)
			continue
		}
		users = append(users, user)
	}
	return users, without, nil
}
