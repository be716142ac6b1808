package discordtest_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"wardline/adapters/discord/discordtest"
)

// A wire is a gateway connection without a library.
type wire struct {
	t  *testing.T
	ws *websocket.Conn
}

// A packet is what the gateway sends.
type packet struct {
	Op   int             `json:"op"`
	Name string          `json:"t"`
	Seq  int             `json:"s"`
	Data json.RawMessage `json:"d"`
}

// dial connects to the gateway as the API says.
func dial(t *testing.T, s *discordtest.Server) *wire {
	t.Helper()
	url := accepted(t, s, "GET", "/gateway/bot", nil)["url"].(string)
	ws, response, err := websocket.DefaultDialer.DialContext(t.Context(), url+"/?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	return &wire{t, ws}
}

func (w *wire) send(op int, data any) {
	w.t.Helper()
	if err := w.ws.WriteJSON(body{"op": op, "d": data}); err != nil {
		w.t.Fatal(err)
	}
}

// next reads the next packet, which must be of an operation.
func (w *wire) next(op int) packet {
	w.t.Helper()
	_ = w.ws.SetReadDeadline(time.Now().Add(enough))
	var p packet
	if err := w.ws.ReadJSON(&p); err != nil {
		w.t.Fatal(err)
	}
	if p.Op != op {
		w.t.Fatalf("got operation %d %s %s, want %d", p.Op, p.Name, p.Data, op)
	}
	return p
}

// event reads events until one of a name comes.
func (w *wire) event(name string) packet {
	w.t.Helper()
	for {
		if p := w.next(0); p.Name == name {
			return p
		}
	}
}

// closed wants the connection to end with a code.
func (w *wire) closed(code int) {
	w.t.Helper()
	w.closedAs("closing", code)
}

func (w *wire) closedAs(name string, code int) {
	w.t.Helper()
	_ = w.ws.SetReadDeadline(time.Now().Add(enough))
	for {
		var p packet
		err := w.ws.ReadJSON(&p)
		var end *websocket.CloseError
		if errors.As(err, &end) && end.Code == code {
			return
		}
		if err != nil {
			w.t.Fatalf("%s: got %v, want to be closed with %d", name, err, code)
		}
	}
}

// identify is what a bot signs in with.
func identify(s *discordtest.Server, intents int) body {
	return body{"token": s.Token(), "intents": intents, "properties": body{"os": "linux"}}
}

// signIn greets and signs in, and gives the id of the session.
func (w *wire) signIn(s *discordtest.Server, intents int) string {
	w.t.Helper()
	w.next(10)
	w.send(2, identify(s, intents))
	var ready struct {
		Session string `json:"session_id"`
	}
	if err := json.Unmarshal(w.event("READY").Data, &ready); err != nil {
		w.t.Fatal(err)
	}
	return ready.Session
}

const intents = 1<<0 | 1<<9 | 1<<12

func TestLibraryResumesAndMissesNothing(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	nurse := s.AddUser("Nurse")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	d := bot(t, s)
	heard := make(chan string, 20)
	d.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) { heard <- m.ID })
	open(t, s, d)
	var want []string
	say := func() { want = append(want, nurse.Say(room, "hello <@"+s.BotID()+">").ID) }
	say()
	if !s.Gateway().AwaitFrames(enough, 1, 1) { // cut before its first heartbeat, the library connects twice
		t.Fatal("no heartbeat came")
	}
	s.Gateway().Cut()
	say()
	if !s.Gateway().AwaitFrames(enough, 6, 1) {
		t.Fatal("no resume came")
	}
	say()
	var got []string
	for range want {
		select {
		case id := <-heard:
			got = append(got, id)
		case <-time.After(enough):
			t.Fatalf("heard %v of %v", got, want)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("heard %v, want %v", got, want)
	}
	if n := len(s.Gateway().Frames(2)); n != 1 {
		t.Errorf("%d sign-ins, want 1", n)
	}
}

func TestLibrarySignsInAnewWhenItMayNotResume(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	d := bot(t, s)
	open(t, s, d)
	s.Gateway().RefuseResume(1)
	s.Gateway().AskReconnect()
	if !s.Gateway().AwaitFrames(enough, 2, 2) || !s.Gateway().AwaitReady(enough) {
		t.Errorf("frames %v", s.Gateway().Frames())
	}
	if n := len(s.Gateway().Frames(6)); n != 1 {
		t.Errorf("%d resumes, want 1", n)
	}
}

func TestSessionsAreToldTheirEventsInOrder(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	nurse := s.AddUser("Nurse")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	w := dial(t, s)
	session := w.signIn(s, intents)
	var guild struct {
		Channels []struct{ Name string }
		Roles    []struct{ Name string }
	}
	if err := json.Unmarshal(w.event("GUILD_CREATE").Data, &guild); err != nil || guild.Channels[0].Name != "ward-3" || len(guild.Roles) != 2 {
		t.Errorf("guild %+v, %v", guild, err)
	}
	w.send(1, 2)
	w.next(11)
	said := func(p packet) string {
		var m struct{ Content string }
		if err := json.Unmarshal(p.Data, &m); err != nil {
			t.Fatal(err)
		}
		return m.Content
	}
	us := " <@" + s.BotID() + ">"
	nurse.Say(room, "one"+us)
	nurse.Say(room, "not for the bot")
	s.Gateway().Double(1)
	nurse.Say(room, "two"+us)
	s.Gateway().Swap(1)
	nurse.Say(room, "three"+us)
	nurse.Say(room, "four"+us)
	for i, want := range []string{"one" + us, "", "two" + us, "two" + us, "four" + us, "three" + us} {
		p := w.next(0)
		if got := said(p); p.Name != "MESSAGE_CREATE" || got != want || p.Seq != 3+i {
			t.Errorf("event %d: got %d %s %q, want %q", i, p.Seq, p.Name, got, want)
		}
	}
	// What came after event 6 is told again.
	s.Gateway().Cut()
	again := dial(t, s)
	again.next(10)
	again.send(6, body{"token": s.Token(), "session_id": session, "seq": 6})
	for i, want := range []string{"four" + us, "three" + us} {
		if p := again.next(0); said(p) != want || p.Seq != 7+i {
			t.Errorf("replayed %d %s, want %q", p.Seq, p.Data, want)
		}
	}
	again.event("RESUMED")
	// A client that says good-bye cannot come back.
	_ = again.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second))
	if !s.Gateway().AwaitFrames(enough, -1, 1) {
		t.Fatal("the good-bye was not heard")
	}
	late := dial(t, s)
	late.next(10)
	late.send(6, body{"token": s.Token(), "session_id": session, "seq": 6})
	if p := late.next(9); string(p.Data) != "false" {
		t.Errorf("invalid session says %s", p.Data)
	}
}

func TestGatewayClosesWithItsCodes(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for name, c := range map[string]struct {
		code int
		do   func(w *wire)
	}{
		"a wrong token":           {4004, func(w *wire) { w.send(2, body{"token": "wrong", "intents": 1, "properties": body{}}) }},
		"an intent not allowed":   {4014, func(w *wire) { w.send(2, identify(s, 1<<15)) }},
		"an intent not known":     {4013, func(w *wire) { w.send(2, identify(s, 1<<30)) }},
		"nonsense":                {4002, func(w *wire) { _ = w.ws.WriteMessage(websocket.TextMessage, []byte("nonsense")) }},
		"an unknown operation":    {4001, func(w *wire) { w.send(77, nil) }},
		"not signed in":           {4003, func(w *wire) { w.send(3, body{}) }},
		"signed in twice":         {4005, func(w *wire) { w.send(2, identify(s, 1)); w.send(2, identify(s, 1)) }},
		"whatever the test wants": {4000, func(w *wire) { w.send(2, identify(s, 1)); w.event("READY"); s.Gateway().Close(4000) }},
	} {
		w := dial(t, s)
		w.next(10)
		c.do(w)
		w.closedAs(name, c.code)
	}
	w := dial(t, s)
	w.signIn(s, 1)
	for range 121 {
		w.send(3, body{})
	}
	w.closed(4008)
}

func TestGatewayDoesHarm(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.Heartbeat = 20 * time.Millisecond })
	g := s.Gateway()

	g.WithholdHello(1)
	silent := dial(t, s)
	_ = silent.ws.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if _, _, err := silent.ws.ReadMessage(); err == nil {
		t.Error("got a greeting")
	}

	g.ReconnectFirst(1)
	w := dial(t, s)
	w.next(10)
	w.send(2, identify(s, 1))
	w.next(7)

	g.RefuseIdentify(2, 0)
	w.send(2, identify(s, 1))
	w.next(9)
	g.RefuseIdentify(1, 4011)
	w.send(2, identify(s, 1))
	w.closed(4011)

	w = dial(t, s)
	w.signIn(s, 1)
	w.event("GUILD_CREATE")
	g.StopAcks(true)
	heartbeats := len(g.Frames(1))
	w.send(1, nil)
	s.AddChannel("new", discordtest.TypeText, "")
	if p := w.next(0); p.Name != "CHANNEL_CREATE" {
		t.Errorf("got %s", p.Name)
	}
	if !g.AwaitFrames(enough, 1, heartbeats+1) { // or it is read after the acknowledgements are back
		t.Fatal("the heartbeat was not read")
	}
	g.StopAcks(false)
	w.send(1, nil)
	w.next(11)
	if g.AskReconnect() < 1 {
		t.Error("nobody was asked")
	}
	w.next(7)
	g.Invalidate(true)
	if p := w.next(9); string(p.Data) != "true" {
		t.Errorf("invalid session says %s", p.Data)
	}
	if g.Ready() != 1 {
		t.Errorf("%d ready, want the session that may be resumed", g.Ready())
	}
	g.Invalidate(false)
	if p := w.next(9); string(p.Data) != "false" || g.Ready() != 0 {
		t.Errorf("invalid session says %s, %d ready", p.Data, g.Ready())
	}
}

func TestSessionsAreKeptForSoLong(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.Replay, o.IdentifyEvery = 2, time.Hour })
	w := dial(t, s)
	session := w.signIn(s, intents)
	for _, name := range []string{"a", "b", "c"} {
		s.AddChannel(name, discordtest.TypeText, "")
	}
	resume := func(seq int) *wire {
		t.Helper()
		s.Gateway().Cut()
		w := dial(t, s)
		w.next(10)
		w.send(6, body{"token": s.Token(), "session_id": session, "seq": seq})
		return w
	}
	resume(99).closed(4007)
	again := resume(3) // of the five events the last two are kept
	again.event("CHANNEL_CREATE")
	again.event("CHANNEL_CREATE")
	again.event("RESUMED")
	resume(2).next(9)
	early := dial(t, s)
	early.next(10)
	early.send(2, identify(s, 1))
	early.next(9)
}

func TestSilentClientIsClosed(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.Heartbeat = 10 * time.Millisecond })
	w := dial(t, s)
	w.signIn(s, 1)
	w.closed(4009)
}

func TestGatewayWantsItsQuery(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	ws, response, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+s.URL()[4:]+"/gateway?v=6&encoding=etf", http.Header{})
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	_ = ws.Close()
	broken(t, s, "the gateway wants ?v=10")
}
