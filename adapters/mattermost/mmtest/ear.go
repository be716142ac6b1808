package mmtest

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/mattermost/mattermost/server/public/model"
)

// An Ear is somebody's websocket, which hears everything until the test ends.
type Ear struct {
	Socket *model.WebSocketClient

	s       *Server
	mu      sync.Mutex // protects what follows
	events  []*model.WebSocketEvent
	replies []*model.WebSocketResponse
	over    bool
}

// Websocket connects somebody and waits for the greeting.
func (s *Server) Websocket(u *model.User) *Ear {
	s.tb.Helper()
	ws, err := model.NewWebSocketClient4(strings.Replace(s.URL, "http", "ws", 1), s.Token(u.Id))
	if err != nil {
		s.tb.Fatalf("mmtest: websocket of %s: %v", u.Username, err)
	}
	e := s.Hear(ws)
	e.Await(model.WebsocketEventHello, nil)
	return e
}

// Hear listens on a socket that was made in another way.
func (s *Server) Hear(ws *model.WebSocketClient) *Ear {
	e := &Ear{Socket: ws, s: s}
	ws.Listen()
	var wg sync.WaitGroup
	wg.Go(func() {
		for event := range ws.EventChannel {
			e.mu.Lock()
			e.events = append(e.events, event)
			e.mu.Unlock()
		}
		e.mu.Lock()
		e.over = true
		e.mu.Unlock()
	})
	wg.Go(func() {
		for r := range ws.ResponseChannel {
			e.mu.Lock()
			e.replies = append(e.replies, r)
			e.mu.Unlock()
		}
	})
	s.tb.Cleanup(func() {
		ws.Close()
		wg.Wait()
	})
	return e
}

// Events are those of a kind that were heard so far; "" is all.
func (e *Ear) Events(kind model.WebsocketEventType) (all []*model.WebSocketEvent) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, event := range e.events {
		if kind == "" || event.EventType() == kind {
			all = append(all, event)
		}
	}
	return all
}

// Replies are the answers to what was sent on the socket.
func (e *Ear) Replies() []*model.WebSocketResponse {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]*model.WebSocketResponse(nil), e.replies...)
}

// Over says whether the connection has ended.
func (e *Ear) Over() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.over
}

// Await waits for an event of a kind that fits; nil fits all.
func (e *Ear) Await(kind model.WebsocketEventType, fits func(*model.WebSocketEvent) bool) (found *model.WebSocketEvent) {
	e.s.tb.Helper()
	e.s.Await("event "+string(kind), func() bool {
		for _, event := range e.Events(kind) {
			if fits == nil || fits(event) {
				found = event
				return true
			}
		}
		return false
	})
	return found
}

// PostOf is the post that an event carries; nil is none.
func PostOf(event *model.WebSocketEvent) *model.Post {
	text, yes := event.GetData()["post"].(string)
	p := &model.Post{}
	if !yes || json.Unmarshal([]byte(text), p) != nil {
		return nil
	}
	return p
}
