package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"
)

const (
	helloPatience = 10 * time.Second
	frameLimit    = 8 << 20
)

// A tempo is how often a connection is tried.
type tempo struct {
	ping  time.Duration // between two signs of life that are asked for
	grace time.Duration // for each of them
	pause time.Duration // before the first try to connect again; it doubles
	most  time.Duration // up to this
	work  time.Duration // for one piece of work, and again for telling what came of it
}

// usual is the tempo of a bot that runs. A server that hangs is noticed after half a minute.
func usual() tempo {
	return tempo{ping: 20 * time.Second, grace: 10 * time.Second, pause: time.Second, most: 30 * time.Second, work: time.Minute}
}

// socket hears the server's events, for as long as the bot runs: whenever the connection ends, for any
// reason or none, it makes a new one, and has read what was missed meanwhile.
//
// It speaks to the server itself instead of through the library's client. That one panics when something
// is sent while it closes, has no limit for writing, stops reading when one of its channels is left alone,
// and cannot be told to be silent for less than a minute.
type socket struct {
	tempo
	ears *ears

	// What follows belongs to the goroutine of run.
	connection string // the server's name of the connection, to take it up again
	sequence   int64  // the number of the event that comes next
	up         bool   // of the present one, something was heard

	due    chan struct{} // holds a token when catching up is due
	owed   atomic.Int64  // how often something may have been missed
	paid   atomic.Int64  // up to which of these times all was read; what is left outlives a connection
	before atomic.Bool   // the server was heard before
}

func newSocket(e *ears) *socket {
	return &socket{tempo: e.tempo, ears: e, due: make(chan struct{}, 1)}
}

// run hears until ctx ends.
func (s *socket) run(ctx context.Context) {
	pause, told := s.pause, false
	for ctx.Err() == nil {
		s.up = false
		err := s.session(ctx)
		if ctx.Err() != nil {
			return
		}
		if s.up {
			pause, told = s.pause, false
		}
		if !told {
			s.ears.log.Warn("the connection to mattermost was lost; trying again until it is back", "err", err)
			told = true
		}
		sleep(ctx, pause/2+rand.N(pause/2+1))
		pause = min(2*pause, s.most)
	}
}

// session is one connection, from dialing to its end.
func (s *socket) session(ctx context.Context) error {
	places := s.ears.posts.places
	places.freeze()
	ctx, end := context.WithCancel(ctx)
	var parts sync.WaitGroup
	defer parts.Wait()
	defer end()
	conn, err := s.dial(ctx)
	if err != nil {
		return err
	}
	select { // what was due is due anew, once it is known from where
	case <-s.due:
	default:
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // it is over either way
	defer stop()
	defer func() { _ = conn.Close() }() // it is over either way
	conn.SetReadLimit(frameLimit)
	parts.Go(func() { s.pings(ctx, conn) })
	parts.Go(func() { s.catchUps(ctx) })
	patience := helloPatience
	for {
		if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		_, frame, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		if err := s.heard(ctx, frame); err != nil {
			return err
		}
		if s.up {
			patience = s.ping + s.grace
		}
	}
}

// dial connects, and asks to go on where the last connection ended. The server does so only for somebody
// it knows by the header.
func (s *socket) dial(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, helloPatience)
	defer cancel()
	address := "ws" + strings.TrimPrefix(s.ears.config.URL, "http") + model.APIURLSuffix + "/websocket?" + url.Values{
		"connection_id": {s.connection}, "sequence_number": {strconv.FormatInt(s.sequence, 10)},
	}.Encode()
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: helloPatience}
	conn, resp, err := dialer.DialContext(ctx, address, http.Header{"Authorization": {"Bearer " + s.ears.config.Token}})
	if resp != nil {
		_ = resp.Body.Close() // nothing is read from it
	}
	if err != nil {
		if resp != nil {
			return nil, fmt.Errorf("connect to the events of mattermost: status %d: %w", resp.StatusCode, err)
		}
		return nil, fmt.Errorf("connect to the events of mattermost: %w", err)
	}
	return conn, nil
}

// pings asks the server for a sign of life, at once and then again and again: a server that hangs keeps its
// connections open. It is the only one that writes.
func (s *socket) pings(ctx context.Context, conn *websocket.Conn) {
	for n := int64(1); ctx.Err() == nil; n++ {
		err := conn.SetWriteDeadline(time.Now().Add(s.grace))
		if err == nil {
			err = conn.WriteJSON(model.WebSocketRequest{Seq: n, Action: "ping"})
		}
		if err != nil {
			_ = conn.Close() // who reads will see it
			return
		}
		sleep(ctx, s.ping)
	}
}

// heard takes in one frame.
func (s *socket) heard(ctx context.Context, frame []byte) error {
	if event, err := model.WebSocketEventFromJSON(bytes.NewReader(frame)); err == nil && event.IsValid() {
		return s.event(ctx, event)
	}
	var reply model.WebSocketResponse
	if err := json.Unmarshal(frame, &reply); err == nil && reply.IsValid() {
		if reply.Status == model.StatusFail {
			return s.disowned(reply)
		}
		s.pong(reply)
		return nil
	}
	s.doubt() // whatever it was, it may have been a post
	return nil
}

// disowned ends a connection of which the server says that it is nobody's any more: the account was switched off.
// It stays open and is told nothing, also when the account is on again, so what is missed must be read.
func (s *socket) disowned(reply model.WebSocketResponse) error {
	s.connection, s.sequence = "", 0
	if reply.Error != nil {
		return fmt.Errorf("the server does not know the connection any more: %s", reply.Error.Id)
	}
	return errors.New("the server does not know the connection any more")
}

// pong takes in an answer to a ping. An answer before any greeting means that the server goes on with the
// connection there was: what was missed comes by itself.
func (s *socket) pong(reply model.WebSocketResponse) {
	now, _ := reply.Data["server_time"].(float64)
	if reply.Data["text"] != "pong" {
		return
	}
	places := s.ears.posts.places
	if now > 0 {
		s.ears.triggers.tick(time.UnixMilli(int64(now)))
		places.tick(int64(now))
	}
	if !s.up && s.connection != "" {
		s.up = true
		s.resumed()
	}
}

// resumed is the server's word that it goes on where the last connection ended. That is all that was missed
// only if all that was due before has been read: a connection may end while its catching up still goes on.
func (s *socket) resumed() {
	if s.owed.Load() != s.paid.Load() {
		s.doubt()
		return
	}
	places := s.ears.posts.places
	places.thaw(places.state())
	s.back()
}

// event takes in an event.
func (s *socket) event(ctx context.Context, event *model.WebSocketEvent) error {
	if event.EventType() == model.WebsocketEventHello {
		id, _ := event.GetData()["connection_id"].(string)
		fresh := id == "" || id != s.connection
		s.connection, s.sequence, s.up = id, event.GetSequence()+1, true
		if fresh {
			s.doubt()
		} else {
			s.resumed()
		}
		return nil
	}
	if event.GetSequence() != s.sequence {
		s.doubt()
	}
	s.sequence = event.GetSequence() + 1
	if event.EventType() != model.WebsocketEventPosted {
		return nil
	}
	data := event.GetData()
	text, _ := data["post"].(string)
	post := &model.Post{}
	switch err := json.Unmarshal([]byte(text), post); {
	case err != nil:
		s.doubt()
	case !s.ears.posts.put(ctx, post, data["channel_type"] == string(model.ChannelTypeDirect)):
		return ctx.Err()
	}
	return nil
}

// doubt has everything read that may have been missed.
func (s *socket) doubt() {
	s.owed.Add(1)
	s.ears.posts.places.freeze()
	select {
	case s.due <- struct{}{}:
	default: // it is due already
	}
}

// back tells that the server is heard, and that nothing was missed up to now.
func (s *socket) back() {
	again := s.before.Swap(true)
	s.ears.log.Info("mattermost is heard", "again", again)
	if again {
		s.ears.reconnected()
	}
}

// catchUps reads what was missed, as often as that is due, until ctx ends.
func (s *socket) catchUps(ctx context.Context) {
	for {
		select {
		case <-s.due:
		case <-ctx.Done():
			return
		}
		places := s.ears.posts.places
		select {
		case <-places.begun:
		case <-ctx.Done():
			return
		}
		for pause := s.pause; ctx.Err() == nil; pause = min(2*pause, s.most) {
			doubts, owed := places.state(), s.owed.Load()
			err := s.ears.catchUp(ctx)
			if err == nil && s.ears.posts.settle(ctx) {
				s.paid.Store(owed)
				places.thaw(doubts)
				s.back()
				break
			}
			if ctx.Err() == nil {
				s.ears.log.Warn("what was written meanwhile could not be read; trying again", "err", err)
			}
			sleep(ctx, pause)
		}
	}
}
