package discord_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wardline/adapters/discord/discordtest"
)

// An account is somebody signed in at a server of Discord's kind, over its own interface and gateway: the bot,
// or a person of the cast.
type account struct {
	base, auth string
	id         string

	mu     sync.Mutex // protects what follows
	events []liveEvent
}

// A liveEvent is what the gateway said.
type liveEvent struct {
	Op   int             `json:"op"`
	Kind string          `json:"t"`
	Data json.RawMessage `json:"d"`
}

// A liveMessage is a message as a server shows it, as far as people read it.
type liveMessage struct {
	ID        string              `json:"id"`
	Type      int                 `json:"type"`
	ChannelID string              `json:"channel_id"`
	Author    struct{ ID string } `json:"author"`
	Content   string              `json:"content"`
	Embeds    []map[string]any    `json:"embeds"`
	Rows      []map[string]any    `json:"components"`
	Flags     int                 `json:"flags"`
	Pinned    bool                `json:"pinned"`
	Nonce     any                 `json:"nonce"`
	Meta      struct{ ID string } `json:"interaction_metadata"`
	Files     []struct {
		Filename string `json:"filename"`
	} `json:"attachments"`
}

// shown is the message as the other stories know one.
func (m liveMessage) shown() discordtest.Message {
	out := discordtest.Message{
		ID: m.ID, Type: m.Type, ChannelID: m.ChannelID, Content: m.Content, Embeds: m.Embeds, Components: m.Rows, Flags: m.Flags, Pinned: m.Pinned,
	}
	out.Author.ID = m.Author.ID
	return out
}

// try asks the server and returns its status.
func (a *account) try(t testing.TB, method, path string, in, out any) int {
	t.Helper()
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		must(t, err)
		body = bytes.NewReader(raw)
	}
	return a.send(t, method, path, "application/json", body, out)
}

func (a *account) send(t testing.TB, method, path, kind string, body io.Reader, out any) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, body)
	must(t, err)
	req.Header.Set("Authorization", a.auth)
	req.Header.Set("User-Agent", "DiscordBot (https://wardline.invalid, 1)")
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	must(t, err)
	if out != nil && resp.StatusCode < 300 {
		if err := json.Unmarshal(raw, out); err != nil {
			t.Fatalf("%s %s: %v: %.300s", method, path, err, raw)
		}
	}
	return resp.StatusCode
}

// want is try for what must work.
func (a *account) want(t testing.TB, method, path string, in, out any) {
	t.Helper()
	if status := a.try(t, method, path, in, out); status >= 300 {
		t.Fatalf("%s %s: status %d", method, path, status)
	}
}

// upload says something with a file, and returns the status.
func (a *account) upload(t testing.TB, channel, text, name string) int {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	raw, err := json.Marshal(map[string]any{"content": text, "attachments": []any{map[string]any{"id": 0, "filename": name}}})
	must(t, err)
	must(t, form.WriteField("payload_json", string(raw)))
	part, err := form.CreateFormFile("files[0]", name)
	must(t, err)
	_, err = part.Write([]byte("\x89PNG\r\n\x1a\n"))
	must(t, err)
	must(t, form.Close())
	return a.send(t, http.MethodPost, "/channels/"+channel+"/messages", form.FormDataContentType(), &body, nil)
}

// listen signs the account in at the gateway and keeps all it hears, until it leaves.
func (a *account) listen(t testing.TB) (leave func()) {
	t.Helper()
	var where struct{ URL string }
	a.want(t, http.MethodGet, "/gateway", nil, &where)
	ws, answer, err := websocket.DefaultDialer.DialContext(t.Context(), strings.TrimSuffix(where.URL, "/")+"/?v=9&encoding=json", nil)
	must(t, err)
	_ = answer.Body.Close()
	var hello struct {
		Data struct {
			Beat int `json:"heartbeat_interval"`
		} `json:"d"`
	}
	must(t, ws.ReadJSON(&hello))
	must(t, ws.WriteJSON(map[string]any{"op": 2, "d": map[string]any{
		"token": a.auth, "intents": 1 | 1<<9 | 1<<12, "properties": map[string]string{"os": "linux", "browser": "test", "device": "test"},
	}}))
	var parts sync.WaitGroup
	done := make(chan struct{})
	leave = sync.OnceFunc(func() {
		close(done)
		_ = ws.Close()
		parts.Wait()
	})
	t.Cleanup(leave)
	from := a.now()
	parts.Go(func() {
		for {
			var e liveEvent
			if ws.ReadJSON(&e) != nil {
				return
			}
			a.mu.Lock()
			a.events = append(a.events, e)
			a.mu.Unlock()
		}
	})
	parts.Go(func() {
		beat := time.NewTicker(time.Duration(max(hello.Data.Beat, 1000)) * time.Millisecond)
		defer beat.Stop()
		for {
			select {
			case <-done:
				return
			case <-beat.C:
				_ = ws.WriteJSON(map[string]any{"op": 1, "d": nil}) // who is cut off misses what a test waits for
			}
		}
	})
	a.await(t, "READY", from, func(json.RawMessage) bool { return true })
	return leave
}

// heard returns what was heard of a kind from a place in time on.
func (a *account) heard(kind string, from int) []json.RawMessage {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []json.RawMessage
	for _, e := range a.events[from:] {
		if e.Kind == kind {
			out = append(out, e.Data)
		}
	}
	return out
}

// now is the place in time of what is heard next.
func (a *account) now() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.events)
}

func (a *account) await(t testing.TB, kind string, from int, fits func(json.RawMessage) bool) {
	t.Helper()
	for end := time.Now().Add(enough); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if slices.ContainsFunc(a.heard(kind, from), fits) {
			return
		}
	}
	t.Fatalf("%s: no %s", a.id, fmt.Sprint(kind))
}
