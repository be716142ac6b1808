package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// pagePosts is the most posts that the server gives at once.
const pagePosts = 200

// dialogPatience is how long opening a form may take: who asked for it looks at the screen.
const dialogPatience = 3 * time.Second

// facts asks the server what it tells everybody. The library's own call is refused by 9.10.
func (a *api) facts(ctx context.Context) (facts, error) {
	fields := map[string]string{}
	resp, err := call(ctx, a, "read the server's settings", func(ctx context.Context, c *model.Client4) (*http.Response, *model.Response, error) {
		r, err := c.DoAPIGet(ctx, "/config/client?format=old", "")
		if err != nil {
			return nil, model.BuildResponse(r), err
		}
		defer func() { _ = r.Body.Close() }() //nolint:errcheck // it was read
		return r, model.BuildResponse(r), json.NewDecoder(r.Body).Decode(&fields)
	})
	if err != nil {
		return facts{}, err
	}
	key, err := parseKey(fields["AsymmetricSigningPublicKey"])
	if err != nil {
		return facts{}, err
	}
	f := facts{key: key, site: fields["SiteURL"], version: fields["Version"]}
	f.at, _ = http.ParseTime(resp.Header.Get("Date")) //nolint:errcheck // without it the clocks are taken to agree
	return f, nil
}

// openDialog shows a form to whom a trigger belongs.
func (a *api) openDialog(ctx context.Context, r model.OpenDialogRequest) error {
	ctx, cancel := context.WithTimeout(ctx, dialogPatience)
	defer cancel()
	return done(ctx, a, "open a form", func(ctx context.Context, c *model.Client4) (*model.Response, error) {
		return c.OpenInteractiveDialog(ctx, r)
	})
}

// respond answers a slash command later. The server names an address of its own for it, of which only
// the id is used: an answer goes to the server we know, and to no other.
func (a *api) respond(ctx context.Context, id string, r *model.CommandResponse) error {
	return done(ctx, a, "answer a command later", func(ctx context.Context, c *model.Client4) (*model.Response, error) {
		body, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/hooks/commands/"+id, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		request.Header.Set("Content-Type", "application/json")
		got, err := c.HTTPClient.Do(request)
		if err != nil {
			return nil, err
		}
		defer func() { _ = got.Body.Close() }() //nolint:errcheck // it is not read
		if got.StatusCode != http.StatusOK {
			return model.BuildResponse(got), fmt.Errorf("status %d", got.StatusCode)
		}
		return model.BuildResponse(got), nil
	})
}

// postsAfter returns a page of what was written after a post, the oldest first.
func (a *api) postsAfter(ctx context.Context, channelID, postID string, page int) ([]*model.Post, error) {
	return ordered(call(ctx, a, "read what was written meanwhile", func(ctx context.Context, c *model.Client4) (*model.PostList, *model.Response, error) {
		return c.GetPostsAfter(ctx, channelID, postID, page, pagePosts, "", false, false)
	}))
}

// postsBefore returns what was written before a post, or the newest of all if it is ""; the oldest first.
func (a *api) postsBefore(ctx context.Context, channelID, postID string, page int) ([]*model.Post, error) {
	return ordered(call(ctx, a, "read what was written last", func(ctx context.Context, c *model.Client4) (*model.PostList, *model.Response, error) {
		if postID == "" {
			return c.GetPostsForChannel(ctx, channelID, page, pagePosts, "", false, false)
		}
		return c.GetPostsBefore(ctx, channelID, postID, page, pagePosts, "", false, false)
	}))
}

// ordered returns the posts of a page, not those they answer, by time.
func ordered(list *model.PostList, err error) ([]*model.Post, error) {
	if err != nil {
		return nil, err
	}
	var out []*model.Post
	for _, id := range list.Order {
		if p := list.Posts[id]; p != nil {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b *model.Post) int { return int(a.CreateAt - b.CreateAt) })
	return out, nil
}

// channels lists the channels the bot is in, direct ones as well.
func (a *api) channels(ctx context.Context, userID string) ([]*model.Channel, error) {
	return call(ctx, a, "list the bot's channels", func(ctx context.Context, c *model.Client4) ([]*model.Channel, *model.Response, error) {
		return c.GetChannelsForUserWithLastDeleteAt(ctx, userID, 0)
	})
}

// channel reads one channel.
func (a *api) channel(ctx context.Context, channelID string) (*model.Channel, error) {
	return call(ctx, a, "read a channel", func(ctx context.Context, c *model.Client4) (*model.Channel, *model.Response, error) {
		return c.GetChannel(ctx, channelID)
	})
}

// files lists what is attached to a post.
func (a *api) files(ctx context.Context, postID string) ([]*model.FileInfo, error) {
	return call(ctx, a, "list the files of a post", func(ctx context.Context, c *model.Client4) ([]*model.FileInfo, *model.Response, error) {
		return c.GetFileInfosForPost(ctx, postID, "")
	})
}
