package mmtest

import (
	"encoding/json"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// data is what a server keeps in its database, and the two things it only keeps in memory: pending
// and lastSeen.
type data struct {
	users    map[string]*user
	sessions map[string]*session          // by token
	tokens   map[string]*personal         // by id
	roles    map[string]*model.Role       // by name
	teams    map[string]*team             // by id
	channels map[string]*channel          // by id
	posts    map[string]*model.Post       // by id, as stored: with integrations
	replies  map[string][]*model.Post      // by the id of their root
	files    map[string]*file             // by id
	commands map[string]*model.Command    // by id
	hooks    map[string]*hook             // by id: response urls
	prefs    map[string]model.Preferences // by user id
	triggers map[string]place             // by client trigger id: where it came from
	eph      map[string][]Ephemeral       // by user id
	dialogs  map[string][]Dialog          // by user id
	pending  map[string]pending           // by pending_post_id
	lastSeen map[string]int64             // by channel id: the cached time that makes since= lose posts
}

type user struct {
	model.User
	password string
	bot      *model.Bot
}

// A session is who a token stands for.
type session struct {
	user     *user
	personal *personal // nil after a login
}

type personal struct {
	model.UserAccessToken
	secret string
}

type team struct {
	model.Team
	members map[string]*model.TeamMember // by user id
}

type channel struct {
	model.Channel
	members map[string]*model.ChannelMember // by user id
	order   []string                        // ids of its members in the order they came
	posts   []*model.Post                   // in the order they were created
	heap    []*model.Post                   // in the order of the table: what is changed goes to the end
}

type file struct {
	model.FileInfo
	data []byte
}

// A hook is where a delayed reply to a slash command goes.
type hook struct {
	args    model.CommandArgs
	command string
	created time.Time
	uses    int
}

// A place is where somebody was who got a trigger id.
type place struct{ channel, team string }

// pending is a post whose key was seen: its id is empty while it is being saved.
type pending struct {
	id    string
	until time.Time
}

func newData(o Options) data {
	return data{
		users: map[string]*user{}, sessions: map[string]*session{}, tokens: map[string]*personal{},
		roles: rolesOf(o.Version), teams: map[string]*team{}, channels: map[string]*channel{},
		posts: map[string]*model.Post{}, replies: map[string][]*model.Post{}, files: map[string]*file{}, commands: map[string]*model.Command{},
		hooks: map[string]*hook{}, prefs: map[string]model.Preferences{}, triggers: map[string]place{},
		eph: map[string][]Ephemeral{}, dialogs: map[string][]Dialog{},
		pending: map[string]pending{}, lastSeen: map[string]int64{},
	}
}

// deep copies a value by way of JSON, as a database would.
func deep[T any](v *T) *T {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // what came in as JSON goes out as JSON
	}
	c := new(T)
	if err := json.Unmarshal(b, c); err != nil {
		panic(err)
	}
	return c
}
