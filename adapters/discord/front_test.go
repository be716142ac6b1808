package discord_test

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// A front stands between the bot and the stand-in. It passes everything on, but lets a test change what the
// gateway says.
type front struct {
	t       *testing.T
	api     *url.URL
	server  *httptest.Server
	closing chan struct{}

	mu      sync.Mutex // protects what follows
	n       int        // connections so far
	greet   func(n int)
	gateway string
	change  func(n int, said frame) [][]byte
	asked   func(w http.ResponseWriter, r *http.Request, body string) bool // answers a request instead of the stand-in
}

// A frame is what the gateway says, in its parts.
type frame struct {
	raw   []byte
	Op    int             `json:"op"`
	Data  json.RawMessage `json:"d"`
	S     *int            `json:"s"`
	Event string          `json:"t"`
}

// with returns the frame with other data.
func (f frame) with(data string) []byte {
	f.Data = json.RawMessage(data)
	raw, err := json.Marshal(map[string]any{"op": f.Op, "d": f.Data, "s": f.S, "t": f.Event})
	if err != nil {
		panic(err)
	}
	return raw
}

// as is the frame unchanged.
func (f frame) as() [][]byte { return [][]byte{f.raw} }

func newFront(t *testing.T, api string) *front {
	t.Helper()
	base, err := url.Parse(api)
	must(t, err)
	f := &front{t: t, api: base, closing: make(chan struct{}), greet: func(int) {}, change: func(_ int, said frame) [][]byte { return said.as() }}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: base.Scheme, Host: base.Host})
	proxy.ErrorLog = nil
	proxy.ModifyResponse = f.redirect
	mux := http.NewServeMux()
	mux.HandleFunc("/front/", f.carry)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		f.mu.Lock()
		asked := f.asked
		f.mu.Unlock()
		if asked == nil || !asked(w, r, string(body)) {
			r.Body = io.NopCloser(bytes.NewReader(body))
			proxy.ServeHTTP(w, r)
		}
	})
	f.server = httptest.NewServer(mux)
	t.Cleanup(func() { close(f.closing); f.server.Close() })
	return f
}

// base is where the bot finds the interface.
func (f *front) base() string { return f.server.URL + f.api.Path }

// redirect has the gateway stand here.
func (f *front) redirect(r *http.Response) error {
	if !strings.HasSuffix(r.Request.URL.Path, "/gateway") || r.StatusCode != http.StatusOK {
		return nil
	}
	var told struct {
		URL string `json:"url"`
	}
	if err := json.NewDecoder(r.Body).Decode(&told); err != nil {
		return err
	}
	f.mu.Lock()
	f.gateway = told.URL
	f.mu.Unlock()
	body := `{"url":"` + strings.Replace(f.server.URL, "http", "ws", 1) + `/front"}`
	r.Header.Del("Content-Length")
	r.ContentLength = int64(len(body))
	r.Body = io.NopCloser(strings.NewReader(body))
	return nil
}

// answers has some requests answered here instead.
func (f *front) answers(asked func(w http.ResponseWriter, r *http.Request, body string) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = asked
}

// carry is one connection with the gateway.
func (f *front) carry(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.n++
	n, greet, gateway := f.n, f.greet, f.gateway
	f.mu.Unlock()
	greet(n)
	behind, answer, err := websocket.DefaultDialer.DialContext(r.Context(), strings.TrimSuffix(gateway, "/")+"/?"+r.URL.RawQuery, nil)
	if answer != nil {
		_ = answer.Body.Close()
	}
	if err != nil {
		http.Error(w, "nobody there", http.StatusBadGateway)
		return
	}
	defer func() { _ = behind.Close() }()
	ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = ws.Close() }()
	go func() {
		for {
			kind, said, err := ws.ReadMessage()
			if err != nil || behind.WriteMessage(kind, said) != nil {
				_ = behind.NetConn().Close()
				return
			}
		}
	}()
	for {
		_, said, err := behind.ReadMessage()
		if code, ok := errors.AsType[*websocket.CloseError](err); ok && code.Code != websocket.CloseAbnormalClosure {
			_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code.Code, ""), time.Now().Add(time.Second))
		}
		if err != nil || !f.say(ws, n, said) {
			return
		}
	}
}

// say passes one message on as the test wants it. What begins with a zero byte is compressed, with a one cut in
// pieces, with a two it is the code of a good-bye; nothing at all ends the connection.
func (f *front) say(ws *websocket.Conn, n int, raw []byte) bool {
	said := frame{raw: raw}
	_ = json.Unmarshal(raw, &said)
	f.mu.Lock()
	change := f.change
	f.mu.Unlock()
	for _, out := range change(n, said) {
		var err error
		switch {
		case len(out) == 0:
			return false
		case out[0] == 2:
			err = ws.WriteControl(websocket.CloseMessage, out[1:], time.Now().Add(time.Second))
		case out[0] == 0:
			var packed bytes.Buffer
			z := zlib.NewWriter(&packed)
			_, _ = z.Write(out[1:])
			_ = z.Close()
			err = ws.WriteMessage(websocket.BinaryMessage, packed.Bytes())
		case out[0] == 1:
			err = inFrames(ws.NetConn(), out[1:])
		default:
			err = ws.WriteMessage(websocket.TextMessage, out)
		}
		if err != nil {
			return false
		}
	}
	return true
}

// says changes what the gateway says from now on; nil is nothing more.
func (f *front) says(change func(n int, said frame) [][]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.change = change
}

// connections is how many there were.
func (f *front) connections() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n
}

// inFrames writes a message in pieces that a short head can count.
func inFrames(c net.Conn, message []byte) error {
	op := byte(websocket.TextMessage)
	for len(message) > 0 {
		part := message[:min(len(message), 100)]
		if message = message[len(part):]; len(message) == 0 {
			op |= 0x80
		}
		if _, err := c.Write(append([]byte{op, byte(len(part))}, part...)); err != nil {
			return err
		}
		op = 0
	}
	return nil
}

// greets does something before a connection is taken.
func (f *front) greets(greet func(n int)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.greet = greet
}

// wait is a server that takes its time.
func (f *front) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-f.closing:
	}
}
