package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"wardline/adapters/web"
	"wardline/bot"
	"wardline/bot/guard"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/commands"
)

// The cast: a coordinator, and a nurse who sees the incident's room and her ward's.
var (
	chen = bot.Person{ID: "chen", Name: "陈值班", Lang: hospital.ZH, Roles: []bot.Role{bot.Coordinator}}
	lily = bot.Person{ID: "lily", Name: "李丽", Lang: hospital.ZH, Department: "ed"}
	john = bot.Person{ID: "john", Name: "John Smith", Lang: hospital.EN, Roles: []bot.Role{bot.Leader}}
)

// memory is a shelf that outlives a server, as a disk does.
type memory struct {
	mu      sync.Mutex
	entries map[string][]byte
	full    bool // refuse to write
}

func newMemory() *memory { return &memory{entries: make(map[string][]byte)} }

func (m *memory) Put(_ context.Context, entries ...web.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.full {
		return errors.New("the disk is full")
	}
	for _, e := range entries {
		m.entries[e.Key] = bytes.Clone(e.Value)
	}
	return nil
}

func (m *memory) Get(_ context.Context, key string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, found := m.entries[key]
	return v, found, nil
}

func (m *memory) Range(_ context.Context, prefix, after string, limit int) ([]web.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []web.Entry
	for _, key := range slices.Sorted(maps.Keys(m.entries)) {
		if strings.HasPrefix(key, prefix) && key > after && (limit == 0 || len(found) < limit) {
			found = append(found, web.Entry{Key: key, Value: m.entries[key]})
		}
	}
	return found, nil
}

func (m *memory) Last(ctx context.Context, prefix string, limit int) ([]web.Entry, error) {
	all, err := m.Range(ctx, prefix, "", 0)
	return all[max(0, len(all)-limit):], err
}

// reception is a desk with three people and four rooms, and the rooms of past incidents.
type reception struct{ past int }

func (reception) People() []bot.Person { return []bot.Person{chen, lily, john} }

func (reception) PersonFor(_, user, name, _ string) bot.Person {
	for _, p := range []bot.Person{chen, lily, john} {
		if string(p.ID) == user {
			return p
		}
	}
	return bot.Person{ID: incident.PersonID(user), Name: name}
}

func (reception) Relay(context.Context, bot.Talk) error { return nil }

func (reception) Guard(text string) (guard.Class, bool) { return guard.Found(text) }

func (r reception) Rooms(p bot.Person) []bot.Room {
	rooms := []bot.Room{
		{ID: "it", Kind: bot.ITRoom, Name: hospital.Text{ZH: "信息科", EN: "IT"}},
		{ID: "leaders/main", Kind: bot.LeadersRoom, Name: hospital.Text{ZH: "院领导", EN: "Leaders"}},
		{ID: "inc/7", Kind: bot.IncidentRoom, Incident: 7, Name: hospital.Text{ZH: "INC-7 HIS 打不开", EN: "INC-7 HIS does not open"}, Phone: "8120"},
		{ID: "dept/ed", Kind: bot.DepartmentRoom, Department: "ed", Name: hospital.Text{ZH: "急诊科", EN: "Emergency department"}},
	}
	for n := r.past; n > 0; n-- {
		id := incident.ID(100 + n)
		rooms = append(rooms, bot.Room{ID: bot.IncidentRoomID(id), Kind: bot.IncidentRoom, Incident: id, Name: hospital.Text{ZH: id.String(), EN: id.String()}})
	}
	if p.ID == "lily" {
		return rooms[2:]
	}
	for i := range 12 {
		n := strconv.Itoa(i + 1)
		rooms = append(rooms, bot.Room{ID: bot.RoomID("dept/ward" + n), Kind: bot.DepartmentRoom, Name: hospital.Text{ZH: "第" + n + "病区", EN: "Ward " + n}})
	}
	return rooms
}

func (reception) Sheet(_ context.Context, name string, lang hospital.Lang) (bot.Sheet, bool) {
	return bot.Sheet{
		Lang: lang, Head: "仁和医院", Title: name, Foot: "2026-05-12 10:30 打印",
		Parts: []bot.SheetPart{
			{Title: "【ED-RX】手写处方", Mark: "⚠ 模板", Warn: true, Lines: []string{"1. 写通用名 <b>", "2. 签名"}},
			{Title: "回报", Rows: [][]string{{"", "科室"}, {"✓", "急诊科"}}},
		},
	}, name == "department/ed"
}

// ear answers lines by a script, and remembers what it heard.
type ear struct {
	mu     sync.Mutex
	heard  []commands.Line
	answer func(commands.Line) commands.Reply
}

func (e *ear) Handle(_ context.Context, l commands.Line) commands.Reply {
	e.mu.Lock()
	e.heard = append(e.heard, l)
	answer := e.answer
	e.mu.Unlock()
	if answer == nil {
		return commands.Reply{Text: "heard " + l.Text, Lang: hospital.EN}
	}
	return answer(l)
}

func (e *ear) Complete(_ context.Context, l commands.Line) []commands.Suggestion {
	var found []commands.Suggestion
	for _, s := range []commands.Suggestion{
		{Insert: "/outage declare ", Label: "/outage declare", Hint: "报告系统故障"},
		{Insert: "/outage status", Label: "/outage status", Hint: "现在情况怎样"},
		{Insert: "/fix eta ", Label: "/fix eta", Hint: "预计恢复时间"},
	} {
		if strings.HasPrefix(s.Insert, l.Text) {
			found = append(found, s)
		}
	}
	return found
}

func (e *ear) lines() []commands.Line {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.heard)
}

// A house is a running web desk.
type house struct {
	t      testing.TB
	server *web.Server
	base   string
	shelf  *memory
	ear    *ear
	desk   *reception
	stop   func() // and wait
}

// demo is the configuration of most tests.
func demo() web.Config {
	return web.Config{
		Listen: "127.0.0.1:0", Demo: true, Lang: hospital.ZH, Zone: time.FixedZone("CST", 8*3600),
		Hospital: hospital.Text{ZH: "仁和医院", EN: "Renhe Hospital"},
	}
}

// open starts a web desk on a shelf. It stops with the test, or before.
func open(t testing.TB, config web.Config, shelf *memory, e *ear) *house {
	t.Helper()
	server, err := web.New(t.Context(), config, shelf, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	desk := &reception{}
	go func() { ended <- server.Serve(ctx, e, desk) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	t.Cleanup(stop)
	return &house{t: t, server: server, base: "http://" + server.Addr(), shelf: shelf, ear: e, desk: desk, stop: stop}
}

// ask sends a request as a person and decodes the answer. It returns the status.
func (h *house) ask(method, path string, as incident.PersonID, body, into any) int {
	h.t.Helper()
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			h.t.Fatal(err)
		}
		sent = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.base+path, sent)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("X-Wardline-Person", string(as))
	r.Header.Set("X-Wardline-Lang", "zh")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer discard(answer)
	if into != nil {
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
			h.t.Fatal(err)
		}
	}
	return answer.StatusCode
}

// discard closes an answer. What could go wrong there has gone wrong before.
func discard(answer *http.Response) { _ = answer.Body.Close() }

// seen is what tests look at in a post.
type seen struct {
	ID, Rev                       uint64
	Room, Kind, Name, Text, Clock string
	Echo, Edited                  string
	Private, Refused              bool
}

// answer is what a page is told of something said.
type answer struct {
	Text, Error, Code string
	Refused           bool
	Form              *struct{ Command, Title string }
	Posts             []seen
}

// says sends a line as a person.
func (h *house) says(as incident.PersonID, id string, room bot.RoomID, text string) (answer, int) {
	h.t.Helper()
	var a answer
	status := h.ask("POST", "/api/say", as, map[string]any{"id": id, "room": room, "text": text}, &a)
	return a, status
}

// room reads a room as a person: its posts, and what is pinned.
func (h *house) room(as incident.PersonID, room bot.RoomID) (posts, pinned []seen) {
	h.t.Helper()
	var a struct{ Posts, Pinned []seen }
	if status := h.ask("GET", "/api/posts?room="+string(room), as, nil, &a); status != http.StatusOK {
		h.t.Fatalf("read room %s: status %d", room, status)
	}
	return a.Posts, a.Pinned
}

// post says a message of the bot.
func (h *house) post(m bot.Message, old bot.Ref) bot.Ref {
	h.t.Helper()
	m.Platform = "web"
	ref, err := h.server.Say(h.t.Context(), m, old)
	if err != nil {
		h.t.Fatal(err)
	}
	return ref
}

// An event is one server-sent event.
type event struct{ id, name, data string }

// listen opens a stream of events behind a number; the channel closes when the stream ends.
func (h *house) listen(ctx context.Context, as incident.PersonID, after string) <-chan event {
	h.t.Helper()
	r, err := http.NewRequestWithContext(ctx, "GET", h.base+"/events?person="+string(as), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	if after != "" {
		r.Header.Set("Last-Event-ID", after)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		discard(answer)
		h.t.Fatalf("events: status %d", answer.StatusCode)
	}
	events := make(chan event)
	go func() {
		defer close(events)
		defer discard(answer)
		var e event
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				e.data = value
			case "":
				select {
				case events <- e:
				case <-ctx.Done():
					return
				}
				e = event{}
			}
		}
	}()
	return events
}
