package mmtest_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
)

func (w *world) wsURL() string { return "ws" + strings.TrimPrefix(w.URL, "http") }

func TestTheAuthorHearsTheirOwnPostBeforeTheAnswer(t *testing.T) {
	w := newWorld(t, mmtest.Options{EventLead: 100 * time.Millisecond})
	ch := w.room("inc-1", model.ChannelTypeOpen, w.wang)
	ear, outside := w.Websocket(w.bot), w.Websocket(w.Admin())
	heard := make(chan time.Time, 1)
	go func() {
		ear.Await(model.WebsocketEventPosted, func(e *model.WebSocketEvent) bool { return mmtest.PostOf(e).PendingPostId == "key" })
		heard <- time.Now()
	}()
	p := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "@clin.wang HIS down", PendingPostId: "key"})
	answered := time.Now()
	if at := <-heard; !at.Before(answered) {
		t.Errorf("heard %v after the answer", at.Sub(answered))
	}
	event := ear.Await(model.WebsocketEventPosted, func(e *model.WebSocketEvent) bool { return mmtest.PostOf(e).Id == p.Id })
	for key, want := range map[string]any{
		"channel_type": "O", "channel_name": "inc-1", "channel_display_name": "故障 inc-1", "sender_name": "@wardline",
		"team_id": w.team.Id, "mentions": `["` + w.wang.Id + `"]`,
	} {
		equal(t, key, event.GetData()[key], want)
	}
	for _, e := range outside.Events(model.WebsocketEventPosted) {
		if mmtest.PostOf(e).ChannelId == ch.Id {
			t.Error("an admin who is no member heard the post")
		}
	}
}

func TestEventsAreNumberedAndASocketAnswersPings(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ear := w.Websocket(w.bot)
	ch := w.room("inc-1", model.ChannelTypeOpen, w.wang)
	ear.Await(model.WebsocketEventChannelCreated, func(e *model.WebSocketEvent) bool { return e.GetData()["channel_id"] == ch.Id })
	ear.Await(model.WebsocketEventUserAdded, func(e *model.WebSocketEvent) bool { return e.GetData()["user_id"] == w.wang.Id })
	for i, e := range ear.Events("") {
		equal(t, "sequence", e.GetSequence(), int64(i))
	}
	hello := ear.Events(model.WebsocketEventHello)[0].GetData()
	equal(t, "server version", hello["server_version"], any("11.6.0..hash.false"))
	equal(t, "first reply", fmt.Sprint(ear.Replies()[0].Status, ear.Replies()[0].SeqReply), "OK1")
	ear.Socket.SendMessage("ping", nil)
	w.Await("pong", func() bool { return len(ear.Replies()) > 1 })
	equal(t, "pong", ear.Replies()[1].Data["text"], any("pong"))
}

func TestABadTokenClosesTheSocketWithoutAWord(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ws, err := model.NewWebSocketClient4(w.wsURL(), "no-such-token")
	w.must(err)
	ear := w.Hear(ws)
	w.Await("the end", ear.Over)
	equal(t, "events", len(ear.Events("")), 0)
}

// resume connects again where an ear left off.
func (w *world) resume(old *mmtest.Ear, withHeader bool) *mmtest.Ear {
	w.t.Helper()
	id := old.Events(model.WebsocketEventHello)[0].GetData()["connection_id"].(string)
	events := old.Events("")
	next := int(events[len(events)-1].GetSequence()) + 1
	ws, err := model.NewReliableWebSocketClientWithDialer(websocket.DefaultDialer, w.wsURL(), w.token, id, next, withHeader)
	w.must(err)
	return w.Hear(ws)
}

// reliable connects the bot in a way that can be resumed.
func (w *world) reliable() *mmtest.Ear {
	w.t.Helper()
	ws, err := model.NewReliableWebSocketClientWithDialer(websocket.DefaultDialer, w.wsURL(), w.token, "", 0, true)
	w.must(err)
	ear := w.Hear(ws)
	ear.Await(model.WebsocketEventHello, nil)
	return ear
}

func texts(e *mmtest.Ear) string {
	var all []string
	for _, event := range e.Events(model.WebsocketEventPosted) {
		all = append(all, mmtest.PostOf(event).Message)
	}
	return strings.Join(all, " ")
}

func TestASocketThatIsCutGoesOnWhereItWas(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("inc-1", model.ChannelTypeOpen, w.wang)
	ear := w.reliable()
	w.Say(w.wang, ch.Id, "0")
	ear.Await(model.WebsocketEventPosted, nil)
	w.Cut()
	w.Await("the end", ear.Over)
	if ear.Socket.ListenError == nil {
		t.Error("a cut came as a normal end")
	}
	for i := range 5 {
		w.Say(w.wang, ch.Id, fmt.Sprint(i+1))
	}
	again := w.resume(ear, true)
	w.Await("what was missed", func() bool { return texts(again) == "1 2 3 4 5" })
	equal(t, "greetings", len(again.Events(model.WebsocketEventHello)), 0)
	w.Say(w.wang, ch.Id, "6")
	w.Await("what is new", func() bool { return texts(again) == "1 2 3 4 5 6" })
}

func TestASocketThatCannotGoOnIsGreetedAnew(t *testing.T) {
	w := newWorld(t, mmtest.Options{SendQueue: 20, DeadQueue: 10})
	ch := w.room("inc-1", model.ChannelTypeOpen, w.wang)
	renewed := func(what string, withHeader bool, interrupt func()) {
		t.Helper()
		ear := w.reliable()
		interrupt()
		w.Await("the end", ear.Over)
		again := w.resume(ear, withHeader)
		hello := again.Await(model.WebsocketEventHello, nil)
		if hello.GetData()["connection_id"] == ear.Events(model.WebsocketEventHello)[0].GetData()["connection_id"] {
			t.Errorf("%s: the greeting has the old id", what)
		}
		w.asBot.HTTPClient.CloseIdleConnections()
	}
	renewed("a restart", true, w.Restart)
	renewed("no header", false, w.Cut)
	renewed("too much was missed", true, func() {
		w.Cut()
		for i := range 30 {
			w.Say(w.wang, ch.Id, fmt.Sprint(i))
		}
	})
}

func TestWhoReadsTooSlowlyIsPutOutWithoutAnError(t *testing.T) {
	w := newWorld(t, mmtest.Options{SendQueue: 8, EventLead: 1})
	ch := w.room("inc-1", model.ChannelTypeOpen)
	narrow := &websocket.Dialer{NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if tcp, yes := conn.(*net.TCPConn); yes {
			err = tcp.SetReadBuffer(1 << 14)
		}
		return conn, err
	}}
	ws, err := model.NewWebSocketClient4WithDialer(narrow, w.wsURL(), w.token)
	w.must(err)
	text := strings.Repeat("x", 16000)
	for range 100 { // more than the buffers of two sockets hold, while nobody reads
		w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: text})
	}
	ear := w.Hear(ws)
	w.Await("the end", ear.Over)
	equal(t, "error", ws.ListenError == nil, true)
	if n := len(ear.Events(model.WebsocketEventPosted)); n == 0 || n >= 100 {
		t.Errorf("%d of 100 posts arrived, want a part", n)
	}
}
