package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Limits of a connection. Events are exempt from the answer's limit and set their own for each write.
const (
	headerWait   = 5 * time.Second
	bodyWait     = 15 * time.Second
	answerWait   = 60 * time.Second
	idleWait     = 2 * time.Minute
	goodbye      = 5 * time.Second
	headerLimit  = 16 << 10
	bodyLimit    = 64 << 10
	lettersLimit = 4000 // of one plain post
)

// Server is the web desk: a chat platform of its own, and the HTTP server that shows it.
type Server struct {
	config Config
	diary  *diary
	shelf  Shelf
	log    *slog.Logger
	boot   string // another one after each start, so that pages notice
	assets map[string]asset
	words  dictionary
	auth   auth
	limits *limiter
	saying sync.Mutex // one Say at a time

	stopping chan struct{} // closed when Serve ends; streams end with it

	mu       sync.Mutex // guards what follows
	listener net.Listener
	underway map[string]chan struct{} // lines being acted on

	// Set by Serve, before the first request.
	hearer Hearer
	desk   Desk
}

// New returns a web desk that keeps its posts on a shelf. It is a platform at once, and serves
// people once Serve is called.
func New(ctx context.Context, config Config, shelf Shelf, log *slog.Logger) (*Server, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	diary, err := openDiary(ctx, shelf)
	if err != nil {
		return nil, err
	}
	assets, words, err := loadAssets()
	if err != nil {
		return nil, err
	}
	s := &Server{
		config: config, diary: diary, shelf: shelf, log: log, boot: rand.Text(),
		assets: assets, words: words, limits: newLimiter(),
		stopping: make(chan struct{}), underway: make(map[string]chan struct{}),
	}
	s.auth = signedIn{key: config.Key, secure: config.secure()}
	if config.Demo {
		s.auth = cast{}
	}
	return s, nil
}

// Listen takes the port, so that a wrong address is known before anything else starts. Serve calls
// it when nobody has.
func (s *Server) Listen(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.config.Listen)
	if err != nil {
		return fmt.Errorf("listen on web.listen %s: %w", s.config.Listen, err)
	}
	s.listener = l
	return nil
}

// Addr returns the host and port the desk listens on, "" before Listen.
func (s *Server) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// Serve answers people until ctx ends, then lets running requests finish. It is called once.
func (s *Server) Serve(ctx context.Context, hearer Hearer, desk Desk) error {
	s.hearer, s.desk = hearer, desk
	if err := s.Listen(ctx); err != nil {
		return err
	}
	server := &http.Server{
		Handler:           s.routes(),
		ReadHeaderTimeout: headerWait, ReadTimeout: bodyWait, WriteTimeout: answerWait,
		IdleTimeout: idleWait, MaxHeaderBytes: headerLimit,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before the wait above: a server that failed is cleared away too
	wg.Go(func() {
		<-ctx.Done()
		close(s.stopping) // Shutdown would wait for the streams for ever
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
		defer cancel()
		if err := server.Shutdown(late); err != nil {
			s.log.WarnContext(ctx, "web desk cut off requests", "error", err)
			_ = server.Close()
		}
	})
	var err error
	if s.config.TLSCert != "" {
		err = server.ServeTLS(s.listener, s.config.TLSCert, s.config.TLSKey)
	} else {
		err = server.Serve(s.listener)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve the web desk: %w", err)
}
