package mattermost

import (
	"log/slog"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

const (
	watchPace = time.Minute // the same of the same user is said once in this time
	watchMost = 200         // so much is told apart; a flood is one more line
)

// watch says in the log that something made up came in, once a minute for each kind and user. It is never
// given what came in.
type watch struct {
	log *slog.Logger

	mu     sync.Mutex // protects what follows
	told   map[[2]string]int
	turned time.Time
}

func newWatch(log *slog.Logger) *watch { return &watch{log: log, told: map[[2]string]int{}} }

// tell notes something made up: its class, and who sent it if that is known.
func (w *watch) tell(class, userID string) {
	if !model.IsValidId(userID) { // it may be anything
		userID = ""
	}
	if !w.first(class, userID) {
		return
	}
	w.log.Warn("something made up was refused", "class", class, "user", userID)
}

func (w *watch) first(class, userID string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := time.Now(); now.Sub(w.turned) > watchPace {
		w.turned = now
		clear(w.told)
	}
	key := [2]string{class, userID}
	if _, known := w.told[key]; !known && len(w.told) >= watchMost {
		key = [2]string{"others", ""}
	}
	w.told[key]++
	return w.told[key] == 1
}
