package mattermost

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	bodyLimit   = 384 << 10        // the longest command is 60 kB, in Chinese and encoded three times as much
	depthLimit  = 16               // of what we get, nothing is nested deeper than this
	hearTimeout = 10 * time.Second // for one request to come in whole
	hearAtOnce  = 128              // requests that are worked on at the same time
	listenAgain = 5 * time.Second
)

// answerCallbacks listens where the server calls back, until ctx ends. That it cannot listen is no reason
// to be deaf to mentions as well: it says so and tries again.
func (e *ears) answerCallbacks(ctx context.Context) {
	told := ""
	for ctx.Err() == nil {
		var l net.ListenConfig
		listener, err := l.Listen(ctx, "tcp", e.config.Listen)
		if err != nil {
			if said := err.Error(); said != told {
				told = said
				e.log.Error("slash commands, buttons and forms of mattermost are not heard", "listen", e.config.Listen, "err", err,
					"remedy", "end what uses this address, or name another one in mattermost.listen")
			}
			sleep(ctx, listenAgain)
			continue
		}
		told = ""
		e.log.Info("mattermost may call back", "listen", listener.Addr().String())
		e.answerOn(ctx, listener)
	}
}

// answerOn serves one listener until ctx ends or it fails.
func (e *ears) answerOn(ctx context.Context, listener net.Listener) {
	server := &http.Server{
		Handler: e.callbacks(), ReadHeaderTimeout: hearTimeout, ReadTimeout: hearTimeout, WriteTimeout: 2 * hearTimeout,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	failed := make(chan error, 1)
	var serving sync.WaitGroup
	serving.Go(func() { failed <- server.Serve(listener) })
	defer serving.Wait()
	select {
	case err := <-failed:
		e.log.Error("the listener for mattermost failed", "err", err)
	case <-ctx.Done():
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), hearTimeout)
		defer cancel()
		if server.Shutdown(last) == nil { // what is being answered is answered first
			return
		}
	}
	_ = server.Close() // it is over either way
}

// callbacks is everything the server may call. Every answer has status 200: the server takes any other
// for a failure and shows people a sentence that helps nobody.
func (e *ears) callbacks() http.Handler {
	turns := make(chan struct{}, hearAtOnce)
	guard := func(hear func(ctx context.Context, r *http.Request, body []byte) any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			select {
			case turns <- struct{}{}:
				defer func() { <-turns }()
			default:
				answer(w, empty{})
				return
			}
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
			if err != nil || r.Method != http.MethodPost {
				e.forged.tell("unreadable", "")
				answer(w, empty{})
				return
			}
			answer(w, hear(r.Context(), r, body))
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc(e.doors.commandPath(), guard(e.hearCommand))
	mux.HandleFunc(e.doors.buttonPath(), guard(e.hearButton))
	mux.HandleFunc(e.doors.dialogPath(), guard(e.hearDialog))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { answer(w, empty{}) })
	return mux
}

// empty is the answer that shows nothing. It must not be an empty body: for a slash command that is an error.
type empty struct{}

func answer(w http.ResponseWriter, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		body = []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // who has hung up reads nothing
}

// promptly does some work and returns what it made, or what it makes later: when it takes longer than
// soon, waiting is returned at once, and late is given what was made.
func promptly[T any](ctx context.Context, e *ears, work func(ctx context.Context) T, waiting func() T, late func(ctx context.Context, made T)) T {
	made, gone := make(chan T), make(chan struct{})
	e.work.Go(func() {
		working, cancel := e.workTime(ctx)
		defer cancel()
		result := work(working)
		select {
		case made <- result:
		case <-gone:
			telling, cancel := e.workTime(ctx)
			defer cancel()
			late(telling, result)
		}
	})
	timer := time.NewTimer(soon)
	defer timer.Stop()
	select {
	case result := <-made:
		return result
	case <-timer.C:
		close(gone)
		return waiting()
	}
}

// workTime is the context of something that has begun: the end of the bot does not break it off, but it may not take
// for ever. Telling what came of it gets time of its own: what took long to make must still reach who asked.
func (e *ears) workTime(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), e.tempo.work)
}

// decode reads the JSON of a callback. What is nested deeper than anything the server sends is refused
// before anything is built of it.
func decode(body []byte, into any) bool {
	return shallow(body) && json.Unmarshal(body, into) == nil
}

// shallow reports whether a JSON text is nested no deeper than depthLimit.
func shallow(body []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > depthLimit {
				return false
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return true
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
