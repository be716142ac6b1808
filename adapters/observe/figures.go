package observe

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wardline/bot"
	"wardline/bot/incident"
)

// figures reads the desk when it is scraped, so that nothing is counted twice or goes stale.
type figures Server

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("wardline_"+name, help, labels, nil)
}

// described are the figures read at scrape time.
func described() map[string]*prometheus.Desc {
	return map[string]*prometheus.Desc{
		"waiting":   desc("outbox_messages", "Messages stored to be said and not said yet", "platform", "urgency"),
		"age":       desc("outbox_oldest_seconds", "Age of the oldest message not said yet", "platform"),
		"said":      desc("messages_said_total", "Messages said since the start", "platform"),
		"retried":   desc("messages_retried_total", "Tries that did not succeed", "platform"),
		"found":     desc("messages_found_total", "Messages found already said when looked for before trying again", "platform"),
		"refused":   desc("messages_refused_total", "Messages a platform refused for good", "platform"),
		"merged":    desc("messages_merged_total", "Boards and digests said as part of a newer one", "platform"),
		"failing":   desc("rooms_failing", "Rooms that are not reached now", "platform"),
		"incidents": desc("incidents", "Incidents in which something is owed", "level", "phase"),
		"questions": desc("questions_waiting", "Questions no person has answered"),
		"decisions": desc("decisions_waiting", "Decisions no leader has taken"),
	}
}

// Describe implements prometheus.Collector.
func (f *figures) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range described() {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (f *figures) Collect(ch chan<- prometheus.Metric) {
	if f.desk == nil {
		return
	}
	d := described()
	put := func(name string, kind prometheus.ValueType, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d[name], kind, v, labels...)
	}
	for _, st := range f.desk.Stats() {
		for u := bot.Reply; u <= bot.Sum; u++ {
			put("waiting", prometheus.GaugeValue, float64(st.Waiting[u]), st.Platform, u.String())
		}
		age := 0.0
		if !st.Oldest.IsZero() {
			age = time.Since(st.Oldest).Seconds()
		}
		put("age", prometheus.GaugeValue, age, st.Platform)
		put("said", prometheus.CounterValue, float64(st.Said), st.Platform)
		put("retried", prometheus.CounterValue, float64(st.Retried), st.Platform)
		put("found", prometheus.CounterValue, float64(st.Found), st.Platform)
		put("refused", prometheus.CounterValue, float64(st.Refused), st.Platform)
		put("merged", prometheus.CounterValue, float64(st.Merged), st.Platform)
		put("failing", prometheus.GaugeValue, float64(st.Failing), st.Platform)
	}
	f.incidents(put)
}

func (f *figures) incidents(put func(string, prometheus.ValueType, float64, ...string)) {
	type place struct {
		level incident.Level
		phase incident.Phase
	}
	count := map[place]int{}
	questions, decisions := len(f.desk.Log().OpenQuestions()), 0
	for _, in := range f.desk.Ongoing() {
		count[place{in.Level, in.Phase}]++
		questions += len(in.OpenQuestions())
		decisions += len(in.OpenDecisions())
	}
	for level := incident.L1; level <= incident.L4; level++ {
		for _, phase := range []incident.Phase{incident.Open, incident.Restored, incident.Recovering} {
			put("incidents", prometheus.GaugeValue, float64(count[place{level, phase}]), strconv.Itoa(int(level)), string(phase))
		}
	}
	put("questions", prometheus.GaugeValue, float64(questions))
	put("decisions", prometheus.GaugeValue, float64(decisions))
}
