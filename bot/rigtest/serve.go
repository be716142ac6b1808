package rigtest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// routes are the calls a chat system of this kind offers to bots.
func (c *Chat) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /rooms", c.call("list", c.list))
	mux.Handle("GET /names/{name}", c.call("room", c.byName))
	mux.Handle("POST /rooms", c.call("create", c.create))
	mux.Handle("PUT /rooms/{id}", c.call("change", c.change))
	mux.Handle("GET /rooms/{id}/posts", c.call("find", c.newest))
	mux.Handle("POST /rooms/{id}/posts", c.call("post", c.post))
	mux.Handle("PUT /posts/{id}", c.call("edit", c.edit))
	return mux
}

// call wraps what is done for a request in limits and faults. The body is read first, so that what is
// done does not depend on whether the caller is still there.
func (c *Chat) call(name string, do func(r *http.Request, body []byte) answer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.working.RLock()
		defer c.working.RUnlock()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		c.mu.Lock()
		c.calls[name]++
		fault, life := c.plan(name), c.life
		style := RoomLimit
		pause := time.Duration(0)
		if name == "post" || name == "edit" {
			pause = c.admit(w, r.URL.Path, c.settings.PerRoom)
		}
		if pause == 0 {
			if pause = c.admit(w, "", c.settings.Global); pause > 0 {
				style = GlobalLimit
			}
		}
		c.mu.Unlock()
		switch {
		case pause > 0:
			c.askToWait(w, style, pause)
			return
		case c.settings.Latency > 0:
			wait(r.Context(), life, c.settings.Latency)
		}
		c.suffer(life, w, r, fault, func() answer { return do(r, body) })
	})
}

func reply(status int, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		return answer{status: http.StatusInternalServerError}
	}
	return answer{status: status, body: body}
}

func refusal(status int, id string) answer {
	return reply(status, map[string]any{"id": id, "status_code": status})
}

func (c *Chat) list(*http.Request, []byte) answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return reply(http.StatusOK, c.rooms)
}

func (c *Chat) byName(r *http.Request, _ []byte) answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	room, ok := c.names[r.PathValue("name")]
	if !ok {
		return refusal(http.StatusNotFound, "app.channel.get_by_name.missing.app_error")
	}
	return reply(http.StatusOK, room)
}

func (c *Chat) create(_ *http.Request, body []byte) answer {
	var in Room
	if json.Unmarshal(body, &in) != nil || in.Name == "" || len(in.Name) > 64 {
		return refusal(http.StatusBadRequest, "model.channel.is_valid.1_or_more.app_error")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.names[in.Name]; ok {
		return refusal(http.StatusBadRequest, "store.sql_channel.save_channel.exists.app_error")
	}
	return reply(http.StatusCreated, c.addRoom(in.Name, in.Marker))
}

// addRoom makes a room; its caller holds mu.
func (c *Chat) addRoom(name, marker string) *Room {
	room := &Room{ID: len(c.rooms) + 1, Name: name, Marker: marker}
	c.names[name] = room
	c.rooms = append(c.rooms, room)
	return room
}

// roomOf returns the room a request names; its caller holds mu.
func (c *Chat) roomOf(r *http.Request) *Room {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || id < 1 || id > len(c.rooms) {
		return nil
	}
	return c.rooms[id-1]
}

func (c *Chat) change(r *http.Request, body []byte) answer {
	var in Room
	if err := json.Unmarshal(body, &in); err != nil {
		return refusal(http.StatusBadRequest, "api.context.invalid_body_param.app_error")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	room := c.roomOf(r)
	if room == nil {
		return refusal(http.StatusForbidden, "api.context.permissions.app_error")
	}
	room.Archived = in.Archived
	return reply(http.StatusOK, room)
}

// newest returns posts of a room, newest first, those before a post if one is named.
func (c *Chat) newest(r *http.Request, _ []byte) answer {
	const page = 60
	pinned := r.URL.Query().Has("pinned")
	before, err := strconv.Atoi(r.URL.Query().Get("before"))
	c.mu.Lock()
	defer c.mu.Unlock()
	room := c.roomOf(r)
	if room == nil {
		return refusal(http.StatusForbidden, "api.context.permissions.app_error")
	}
	out := []*Post{}
	for _, p := range slices.Backward(c.posts) {
		if p.Room == room.ID && !p.Deleted && (err != nil || p.ID < before) && (!pinned || p.Pinned) && len(out) < page {
			out = append(out, p)
		}
	}
	return reply(http.StatusOK, out)
}

// post shows a message. A key that was used within the window gives the post it was used for, or an
// error while that is still being made; later, or after a restart, it is a new post.
func (c *Chat) post(r *http.Request, body []byte) answer {
	var in Post
	if err := json.Unmarshal(body, &in); err != nil {
		return refusal(http.StatusBadRequest, "api.context.invalid_body_param.app_error")
	}
	now := time.Now()
	c.mu.Lock()
	room := c.roomOf(r)
	switch {
	case room == nil:
		c.mu.Unlock()
		return refusal(http.StatusForbidden, "api.context.permissions.app_error")
	case room.Archived:
		c.mu.Unlock()
		return refusal(http.StatusBadRequest, "api.post.create_post.can_not_post_to_deleted.error")
	}
	if e := c.recent[in.Pending]; in.Pending != "" && e != nil && now.Before(e.until) {
		defer c.mu.Unlock()
		if e.post == nil {
			return refusal(http.StatusInternalServerError, "api.post.deduplicate_create_post.pending")
		}
		return reply(http.StatusCreated, e.post)
	}
	e := &entry{until: now.Add(c.settings.Window)}
	c.recent[in.Pending] = e
	c.mu.Unlock()
	wait(r.Context(), r.Context(), time.Millisecond) // a data base takes a while, and callers may come in between
	c.mu.Lock()
	defer c.mu.Unlock()
	p := &Post{ID: len(c.posts) + 1, Room: room.ID, Key: in.Key, Text: in.Text, At: now}
	e.post = p
	c.posts = append(c.posts, p)
	return reply(http.StatusCreated, p)
}

func (c *Chat) edit(r *http.Request, body []byte) answer {
	var in Post
	if err := json.Unmarshal(body, &in); err != nil {
		return refusal(http.StatusBadRequest, "api.context.invalid_body_param.app_error")
	}
	id, err := strconv.Atoi(r.PathValue("id"))
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || id < 1 || id > len(c.posts) || c.posts[id-1].Deleted {
		return refusal(http.StatusNotFound, "app.post.get.app_error")
	}
	p := c.posts[id-1]
	if c.rooms[p.Room-1].Archived {
		return refusal(http.StatusBadRequest, "api.post.update_post.can_not_update_post_in_deleted.error")
	}
	p.Text, p.Edits, p.Pinned = in.Text, p.Edits+1, in.Pinned
	return reply(http.StatusOK, p)
}
