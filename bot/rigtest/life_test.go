package rigtest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"wardline/commands"
)

// life is one run of a bot, from its start to its death.
type life struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    sync.WaitGroup
	stderr strings.Builder
	ready  chan struct{} // closed when the first answer came
	once   sync.Once
}

// start starts a bot. Every answer it gives is handed to heard.
func start(t *testing.T, s childSettings, heard func(ack)) *life {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	text, err := json.Marshal(s)
	must(t, err)
	l := &life{cmd: exec.CommandContext(t.Context(), self), ready: make(chan struct{})}
	l.cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	l.cmd.Stderr = &l.stderr
	l.in, err = l.cmd.StdinPipe()
	must(t, err)
	out, err := l.cmd.StdoutPipe()
	must(t, err)
	must(t, l.cmd.Start())
	l.out.Go(func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var a ack
			if json.Unmarshal(lines.Bytes(), &a) == nil && a.ID != "" { // the last line may be torn
				l.once.Do(func() { close(l.ready) })
				heard(a)
			}
		}
	})
	return l
}

func (l *life) say(line commands.Line) { writeJSON(l.in, line) }

// awake waits until the bot has answered for the first time.
func (l *life) awake(t *testing.T) {
	t.Helper()
	select {
	case <-l.ready:
	case <-time.After(2 * time.Minute):
		t.Fatal("the bot does not answer")
	}
}

// kill ends the bot as a power switch would, but for the disk.
func (l *life) kill(t *testing.T) {
	t.Helper()
	_ = l.cmd.Process.Kill() // it may have ended by itself, which Wait tells
	l.out.Wait()
	if err := l.cmd.Wait(); err == nil || l.stderr.Len() > 0 {
		t.Fatalf("the bot ended by itself: %v\n%s", err, l.stderr.String())
	}
}

// finish lets the bot say all it has to say and stop.
func (l *life) finish(t *testing.T) {
	t.Helper()
	must(t, l.in.Close())
	slow := time.AfterFunc(time.Minute, func() { _ = l.cmd.Process.Kill() })
	defer slow.Stop()
	l.out.Wait()
	if err := l.cmd.Wait(); err != nil {
		t.Fatalf("the bot did not come to its end: %v\n%s", err, l.stderr.String())
	}
}

// crowd is what people say to the bot: every line with a word of its own, so that it can be found.
type crowd struct {
	chance    *rand.Rand
	said      []commands.Line
	incidents int

	mu       sync.Mutex // protects what follows
	answered map[string]ack
}

func newCrowd(seed uint64) *crowd {
	return &crowd{chance: rand.New(rand.NewPCG(seed, 2)), answered: map[string]ack{}}
}

// heard takes an answer. The first that is no refusal counts: a repeat is answered otherwise.
func (c *crowd) heard(a ack) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.answered[a.ID]; !ok || old.Refused {
		c.answered[a.ID] = a
	}
}

func (c *crowd) acknowledged() map[string]ack {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]ack{}
	for id, a := range c.answered {
		if !a.Refused {
			out[id] = a
		}
	}
	return out
}

// next is the next thing somebody says: something new, or now and then what was said before, because
// platforms repeat themselves.
func (c *crowd) next() commands.Line {
	if n := len(c.said); n > 0 && c.chance.IntN(3) == 0 {
		return c.said[max(0, n-1-c.chance.IntN(40))]
	}
	l := c.fresh()
	c.said = append(c.said, l)
	return l
}

func (c *crowd) fresh() commands.Line {
	n := len(c.said)
	word := fmt.Sprintf("word%dx", n)
	l := commands.Line{ID: word, Platform: "web", User: "kate", Room: "it"}
	if n%60 == 0 && c.incidents < 4 {
		c.incidents++
		l.Text = "/outage declare PACS " + word + " departments:imaging extent:partial level:L1 confirm:yes"
		return l
	}
	l.Room = "inc/1"
	if id := 1 + c.chance.IntN(c.incidents); id > 1 {
		l.Room = incidentRoom(id)
	}
	switch c.chance.IntN(50) {
	case 46:
		l.Text = "/outage restore override:" + word + " confirm:yes"
		return l
	case 47, 48:
		l.Text = "/outage close override:" + word + " confirm:yes"
		return l
	case 49:
		l.Text = "/outage reopen " + word
		return l
	}
	switch c.chance.IntN(8) {
	case 0:
		l.Text = fmt.Sprintf("/fix eta %dm reason:%s", 30+c.chance.IntN(100), word)
	case 1:
		l.Text = "/outage symptom " + word
	case 2:
		l.Text = "/outage update " + word
	case 3:
		l.Text = "/fix need " + word
	case 4:
		l.User, l.Room, l.Text = "helen", "leaders/main", "/digest now"
	case 5:
		if n%6 != 0 { // the first question of a life takes long
			l.Text = "/fix progress " + word
			break
		}
		l.User, l.Room, l.Text = "sam", "dept/imaging", "/ask person who has the key of cupboard "+word
	default:
		l.Text = "/fix progress " + word
	}
	return l
}
