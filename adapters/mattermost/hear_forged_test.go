package mattermost_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost"
	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
	"wardline/commands"
)

// A tap stands between the server and the bot: it keeps what the server sends, and may hold it back.
type tap struct {
	*httptest.Server

	mu   sync.Mutex
	bot  string // the address of the bot's listener
	hold bool
	got  []tapped
}

type tapped struct {
	path   string
	header http.Header
	body   []byte
}

func newTap(t *testing.T) *tap {
	p := &tap{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		p.mu.Lock()
		one := tapped{r.URL.Path, r.Header.Clone(), body}
		p.got = append(p.got, one)
		hold := p.hold
		p.mu.Unlock()
		answer := "{}"
		if !hold {
			answer = p.send(t, one)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer) // the test sees what is missing
	}))
	t.Cleanup(p.Close)
	return p
}

// send sends a request to the bot, and returns its answer, which has status 200 and is JSON in any case.
func (p *tap) send(t *testing.T, one tapped) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+p.bot+one.path, bytes.NewReader(one.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = one.header
	began := time.Now()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !json.Valid(body) || resp.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s: %d %q %v", one.path, resp.StatusCode, body, err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("%s took %v", one.path, took)
	}
	return string(body)
}

// held has the server send something that does not reach the bot, and returns it.
func (p *tap) held(t *testing.T, what func() error) tapped {
	t.Helper()
	p.mu.Lock()
	p.hold = true
	p.mu.Unlock()
	err := what()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold = false
	if err != nil {
		t.Fatal(err)
	}
	return p.got[len(p.got)-1]
}

// with returns the request with form fields changed.
func (o tapped) with(pairs ...string) tapped {
	form, err := url.ParseQuery(string(o.body))
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	o.body = []byte(form.Encode())
	return o
}

// as returns the request with another token in its header.
func (o tapped) as(token string) tapped {
	o.header = o.header.Clone()
	o.header.Set("Authorization", "Token "+token)
	return o
}

// tappedStage is a stage with a tap, and its configuration.
func tappedStage(t *testing.T) (*stage, *heard, *tap, mattermost.Config) {
	t.Helper()
	p := newTap(t)
	var config mattermost.Config
	s, h, _ := overheard(t, mmtest.Options{}, nil)
	change := s.change
	s.change = func(c *mattermost.Config) {
		change(c)
		p.bot, c.Callback = c.Listen, p.URL
		config = *c
	}
	s.listening()
	return s, h, p, config
}

const unproved = "无法确认这是您本人的操作"

func TestASlashCommandNeedsEveryProof(t *testing.T) {
	s, h, p, _ := tappedStage(t)
	secret := s.server.Commands(s.team)[0].Token
	other := s.server.Team("visitors")
	genuine := p.held(t, func() error {
		_, err := s.server.Execute(s.users["lin"], s.square(), s.team.Id, "/outage 情况")
		return err
	})
	form, err := url.ParseQuery(string(genuine.body))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(form.Get("trigger_id"))
	if err != nil {
		t.Fatal(err)
	}
	later := strings.Split(string(raw), ":")
	later[2] += "0"
	kate := s.users["kate"].Id
	for name, forged := range map[string]tapped{
		"wrong token":         genuine.as("wrong").with("token", "wrong"),
		"token in the form":   genuine.as("wrong"),
		"token in the header": genuine.with("token", "wrong"),
		"no token":            genuine.as("").with("token", ""),
		"foreign team":        genuine.with("team_id", other.Id, "team_domain", other.Name),
		"another command":     genuine.with("command", "/fix"),
		"no trigger":          genuine.with("trigger_id", ""),
		"another user":        genuine.with("user_id", kate, "user_name", "nurse.kate"),
		"another time":        genuine.with("trigger_id", base64.StdEncoding.EncodeToString([]byte(strings.Join(later, ":")))),
		"no base64":           genuine.with("trigger_id", "%%%"),
	} {
		if got := p.send(t, forged); !strings.Contains(got, unproved) {
			t.Errorf("%s: %s", name, got)
		}
	}
	equal(t, "heard", len(h.all()), 0)
	if got := p.send(t, genuine); strings.Contains(got, unproved) {
		t.Errorf("genuine: %s", got)
	}
	equal(t, "heard", strings.Join(h.texts(), "|"), "/outage 情况")
	if got := p.send(t, genuine); !strings.Contains(got, unproved) {
		t.Errorf("replayed: %s", got)
	}
	equal(t, "heard", len(h.all()), 1)
	log := s.log.String()
	equal(t, "lines about it", strings.Count(log, "something made up was refused"), 5) // one of a kind and user
	for _, private := range []string{secret, form.Get("trigger_id"), s.token, string(key), "情况"} {
		if strings.Contains(log, private) {
			t.Errorf("the log holds %q", private)
		}
	}
}

// post has a person post a button of their own making.
func (s *stage) forge(who, channelID, address string, context map[string]any) *model.Post {
	s.t.Helper()
	p, _, err := s.server.Client(s.users[personID(who)]).CreatePost(s.t.Context(), &model.Post{ChannelId: channelID, Message: "INC-1", Props: model.StringInterface{
		"from_bot": "true", "override_username": "wardline",
		"attachments": []any{map[string]any{"actions": []any{map[string]any{
			"id": "b0", "type": "button", "name": "press", "integration": map[string]any{"url": address, "context": context},
		}}}},
	}})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func TestAButtonIsBelievedOnlyWhereWePutIt(t *testing.T) {
	s, h, p, config := tappedStage(t)
	_, address, _ := mattermost.Doors(config)
	s.types("lin", bot.IT, "/outage declare his 医生站打不开")
	s.quiet()
	room := s.channel("wl-inc-1")
	s.joined(room.Id, "kate", "lin")
	lin, kate := s.users["lin"].Id, s.users["kate"].Id
	const line = "/outage close INC-1 confirm:yes"
	never := time.Time{}
	changed := mattermost.Sealed(config, "/outage status", "", kate, never)
	changed["line"] = line
	widened := mattermost.Sealed(config, line, "inc/1", lin, never)
	widened["for"] = kate
	for name, forged := range map[string]struct {
		channel string
		context map[string]any
		said    string
	}{
		"without a seal":       {room.Id, map[string]any{"line": line, "room": "inc/1", "for": "", "until": 0, "mark": ""}, unproved},
		"nothing at all":       {room.Id, map[string]any{}, unproved},
		"a made-up seal":       {room.Id, map[string]any{"line": line, "room": "inc/1", "for": "", "until": 0, "mark": strings.Repeat("A", 22)}, unproved},
		"a changed line":       {room.Id, changed, unproved},
		"another's name in it": {room.Id, widened, unproved},
		"copied to own post":   {room.Id, mattermost.Sealed(config, line, "inc/1", "", never), unproved},
		"copied elsewhere":     {s.square(), mattermost.Sealed(config, line, "inc/1", "", never), unproved},
		"another user's":       {room.Id, mattermost.Sealed(config, line, "inc/1", lin, never), "这个按钮是给另一位同事的"},
		"expired":              {room.Id, mattermost.Sealed(config, line, "inc/1", kate, time.Now().Add(-time.Minute)), "This button is too old, so nothing was done. If you still want it, type: " + line},
	} {
		post := s.forge("kate", forged.channel, address, forged.context)
		before := len(s.server.Ephemerals(kate))
		if err := s.server.Press(s.users["kate"], post.Id, "press"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := s.server.AwaitEphemeral(kate, before+1); !strings.Contains(got.Message, forged.said) {
			t.Errorf("%s: %q", name, got.Message)
		}
	}
	equal(t, "heard", len(h.all()), 0)
	equal(t, "outages", len(s.open()), 1)

	board := s.board("wl-inc-1")
	press := p.held(t, func() error { return s.server.Press(s.users["kate"], board.Id, labels(board)[0]) })
	var fields map[string]any
	if err := json.Unmarshal(press.body, &fields); err != nil {
		t.Fatal(err)
	}
	fields["user_id"] = lin
	stolen := press
	stolen.body, _ = json.Marshal(fields) // it came from JSON
	if got := p.send(t, stolen); !strings.Contains(got, unproved) {
		t.Errorf("another user's trigger: %s", got)
	}
	equal(t, "heard", len(h.all()), 0)
	p.send(t, press)
	equal(t, "heard", len(h.all()), 1)
	if got := p.send(t, press); !strings.Contains(got, unproved) {
		t.Errorf("replayed: %s", got)
	}
	equal(t, "heard", len(h.all()), 1)
	if log := s.log.String(); strings.Contains(log, "confirm:yes") || strings.Contains(log, widened["mark"].(string)) {
		t.Error("the log holds what was forged")
	}
}

func TestAFormIsBelievedOnlyFromWhomItWasShown(t *testing.T) {
	s, h, _, config := tappedStage(t)
	_, _, address := mattermost.Doors(config)
	form := commands.Form{Command: "outage declare", Title: "x", Fields: []commands.Field{{Name: "systems", Label: "s"}, {Name: "what", Label: "w"}}}
	sealed := func(user string, until time.Time) string {
		d, ok := mattermost.SealedForm(config, form, user, until, true)
		if !ok {
			t.Fatal("no form")
		}
		return d.State
	}
	kate, lin, soon := s.users["kate"], s.users["lin"], time.Now().Add(time.Minute)
	body, mark, _ := strings.Cut(sealed(kate.Id, soon), ".")
	stolen, _, _ := strings.Cut(sealed(lin.Id, soon), ".")
	for name, forged := range map[string]struct{ state, said string }{
		"no state":       {"", unproved},
		"a made-up one":  {"eyJ1IjoieCJ9." + strings.Repeat("A", 22), unproved},
		"another body":   {stolen + "." + mark, unproved},
		"another's":      {sealed(lin.Id, soon), unproved},
		"not sealed":     {body, unproved},
		"open too long":  {sealed(kate.Id, time.Now().Add(-time.Second)), "This form was open too long, so nothing was sent. Please open it anew."},
		"the other seal": {mattermost.Sealed(config, "/outage declare his x confirm:yes", "", kate.Id, soon)["mark"].(string), unproved},
	} {
		got, _, err := s.server.Client(kate).SubmitInteractiveDialog(t.Context(), model.SubmitDialogRequest{
			URL: address, CallbackId: "outage declare", State: forged.state, ChannelId: s.square(), TeamId: s.team.Id,
			Submission: map[string]any{"systems": "his", "what": "假的", "confirm": "yes"},
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !strings.Contains(got.Error, forged.said) {
			t.Errorf("%s: %q", name, got.Error)
		}
	}
	equal(t, "heard", len(h.all()), 0)
	// What was not a field of the form is left out: nobody skips the preview by a field of their own.
	if _, _, err := s.server.Client(kate).SubmitInteractiveDialog(t.Context(), model.SubmitDialogRequest{
		URL: address, State: sealed(kate.Id, soon), ChannelId: s.square(), TeamId: s.team.Id,
		Submission: map[string]any{"systems": "his", "what": "x", "confirm": "yes", "level": "L4"},
	}); err != nil {
		t.Fatal(err)
	}
	equal(t, "arguments", fmt.Sprint(h.all()[0].Args), "map[systems:his what:x]")
	if log := s.log.String(); strings.Contains(log, "假的") || strings.Contains(log, mark) {
		t.Error("the log holds what was forged")
	}
}

func TestBombsCostNothing(t *testing.T) {
	s, h, p, config := tappedStage(t)
	command, button, dialog := mattermost.Doors(config)
	bomb := func(n int) []byte {
		return []byte(`{"state":` + strings.Repeat(`[`, n/2) + strings.Repeat(`]`, n/2) + `}`)
	}
	for name, body := range map[string][]byte{
		"depth, 1 MiB": bomb(1 << 20), "depth, 300 kB": bomb(300_000), "size": bytes.Repeat([]byte("a=b&"), 1<<20),
		"nested objects": []byte(`{"context":` + strings.Repeat(`{"a":`, 30_000) + "1" + strings.Repeat("}", 30_000) + "}"), "no JSON": []byte("\x00\xff{"), "nothing": nil,
	} {
		for _, address := range []string{command, button, dialog} {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			p.send(t, tapped{path: u.Path, header: http.Header{}, body: body})
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("%s: %v", name, took)
			}
		}
	}
	for _, path := range []string{"/", "/mattermost/command/", "/mattermost/button/guess", "/mattermost/dialog"} {
		equal(t, path, p.send(t, tapped{path: path, header: http.Header{}}), "{}")
	}
	equal(t, "heard", len(h.all()), 0)
	if n := strings.Count(s.log.String(), "something made up was refused"); n == 0 || n > 6 {
		t.Errorf("%d lines in the log", n)
	}
}

func TestATriggerIsGoodForAMinuteOnce(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	user := model.NewId()
	trigger := func(by *ecdsa.PrivateKey, at time.Time) string {
		data := fmt.Sprintf("%s:%s:%d:", model.NewId(), user, at.UnixMilli())
		sum := sha256.Sum256([]byte(data))
		signature, err := ecdsa.SignASN1(rand.Reader, by, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return base64.StdEncoding.EncodeToString([]byte(data + base64.StdEncoding.EncodeToString(signature)))
	}
	for name, c := range map[string]struct {
		by    *ecdsa.PrivateKey
		ago   time.Duration
		ahead time.Duration // of the server's clock
		user  string
		want  string
	}{
		"now":                           {key, 0, 0, user, ""},
		"50 s ago":                      {key, 50 * time.Second, 0, user, ""},
		"70 s ago":                      {key, 70 * time.Second, 0, user, "the trigger is too old"},
		"in 70 s":                       {key, -70 * time.Second, 0, user, "the trigger is too old"},
		"another's key":                 {stranger, 0, 0, user, "the trigger is not signed by the server"},
		"another user":                  {key, 0, 0, model.NewId(), "the trigger is another user's"},
		"a server an hour ahead":        {key, -time.Hour, time.Hour, user, ""},
		"a server an hour ahead, later": {key, -time.Hour + 70*time.Second, time.Hour, user, "the trigger is too old"},
	} {
		check := mattermost.Checker(&key.PublicKey, c.ahead)
		one := trigger(c.by, time.Now().Add(-c.ago))
		got := ""
		if err := check(one, c.user); err != nil {
			got = err.Error()
		}
		equal(t, name, got, c.want)
		if c.want == "" {
			equal(t, name+" again", check(one, c.user).Error(), "the trigger was used before")
		}
	}
}
