// Package observe shows those who run the bot how it does: Prometheus metrics, whether it is alive and
// whether it is ready. It answers on a port of its own, apart from the web desk.
//
// It only reads. It never shows what people wrote, never names a patient or a person, and never holds
// the desk up: what cannot be read at once is left out.
package observe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"wardline/bot"
	"wardline/bot/incident"
)

// Desk is what is observed.
type Desk interface {
	Alive(ctx context.Context) error
	Stats() []bot.Stats
	Ongoing() []incident.Incident
	Log() incident.Incident
}

// aliveWithin is how long the desk may take to decide nothing at all before it counts as stuck.
const aliveWithin = 2 * time.Second

// tooOld is how long a message may wait before the bot no longer counts as ready to reach people.
const tooOld = 5 * time.Minute

// Server answers /metrics, /healthz and /readyz.
type Server struct {
	listen   string
	log      *slog.Logger
	registry *prometheus.Registry
	desk     Desk

	commits  prometheus.Histogram
	failed   prometheus.Counter
	late     prometheus.Histogram
	backup   prometheus.Gauge
	unsaved  prometheus.Counter
	commands *prometheus.HistogramVec
}

// New returns a server that counts from now on. Serve makes it answer.
func New(listen, version string, log *slog.Logger) *Server {
	s := &Server{
		listen: listen, log: log, registry: prometheus.NewRegistry(),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "wardline_commit_seconds", Help: "How long making a decision durable took",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
		}),
		failed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "wardline_commit_failures_total", Help: "Decisions that could not be made durable; nothing was done",
		}),
		late: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "wardline_clock_lag_seconds", Help: "How late what fell due was done",
			Buckets: []float64{0.01, 0.1, 0.5, 1, 2, 5, 15, 60, 600, 3600},
		}),
		commands: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "wardline_command_seconds", Help: "How long answering people took, by command and outcome",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 12),
		}, []string{"command", "outcome"}),
	}
	s.backup = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "wardline_backup_timestamp_seconds", Help: "When the newest verified backup was taken; 0 if none was",
	})
	s.unsaved = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "wardline_backup_failures_total", Help: "Backups that could not be taken or did not verify",
	})
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "wardline_build_info", Help: "The running version; always 1", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	s.registry.MustRegister(s.commits, s.failed, s.late, s.backup, s.unsaved, s.commands, build, (*figures)(s),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return s
}

// Committed implements bot.Observer.
func (s *Server) Committed(took time.Duration, err error) {
	s.commits.Observe(took.Seconds())
	if err != nil {
		s.failed.Inc()
	}
}

// Late implements bot.Observer.
func (s *Server) Late(by time.Duration) { s.late.Observe(by.Seconds()) }

// BackedUp counts a backup: when the newest good one was taken, and why this one failed.
func (s *Server) BackedUp(newest time.Time, err error) {
	if !newest.IsZero() {
		s.backup.Set(float64(newest.Unix()))
	}
	if err != nil {
		s.unsaved.Inc()
	}
}

// Heard implements commands.Watcher.
func (s *Server) Heard(command, outcome string, took time.Duration) {
	s.commands.WithLabelValues(command, outcome).Observe(took.Seconds())
}

// Serve answers until ctx ends. It returns at once if there is nothing to listen on.
func (s *Server) Serve(ctx context.Context, desk Desk) error {
	if s.listen == "" {
		return nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return fmt.Errorf("observe: listen on %s: %w", s.listen, err)
	}
	server := &http.Server{
		Handler: s.Handler(desk), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 15 * time.Second, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_ = server.Shutdown(closing) // scrapes may be cut off
	})
	s.log.Info("metrics are open", "address", listener.Addr().String())
	err = server.Serve(listener)
	if !stop() {
		<-stopped
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("observe: %w", err)
	}
	return nil
}

// Handler answers the three questions about a desk.
func (s *Server) Handler(desk Desk) http.Handler {
	s.desk = desk
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", s.healthy)
	mux.HandleFunc("GET /readyz", s.ready)
	return mux
}

// healthy says whether the bot still decides. If it does not, starting it again is the remedy.
func (s *Server) healthy(w http.ResponseWriter, r *http.Request) {
	var wrong []string
	if err := s.alive(r.Context()); err != nil {
		wrong = append(wrong, "the desk does not decide ("+err.Error()+"): restart the bot")
	}
	answer(w, wrong)
}

func (s *Server) alive(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, aliveWithin)
	defer cancel()
	return s.desk.Alive(ctx)
}

// ready says whether the bot can reach people. If it cannot, restarting it does not help.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	var wrong []string
	if err := s.alive(r.Context()); err != nil {
		wrong = append(wrong, "the desk does not decide ("+err.Error()+"): restart the bot")
	}
	for _, st := range s.desk.Stats() {
		if !st.Oldest.IsZero() && time.Since(st.Oldest) > tooOld {
			wrong = append(wrong, fmt.Sprintf("%s: a message waits since %s: look at the log for its rooms, and phone them", st.Platform, st.Oldest.Format(time.RFC3339)))
		}
	}
	answer(w, wrong)
}

func answer(w http.ResponseWriter, wrong []string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if len(wrong) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(struct { // the asker is gone: nobody to tell
		OK    bool     `json:"ok"`
		Wrong []string `json:"wrong,omitempty"`
	}{len(wrong) == 0, wrong})
}

// Registry returns what is scraped, for checks of its form.
func (s *Server) Registry() *prometheus.Registry { return s.registry }
