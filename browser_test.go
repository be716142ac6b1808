package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromium starts a browser. Without one the test is skipped, or fails where one is required.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("WARDLINE_REQUIRE_BROWSER") == "1" {
			t.Fatal("no Chromium found, and WARDLINE_REQUIRE_BROWSER=1")
		}
		t.Skip("no Chromium found: the bot is not tested in a browser")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("force-prefers-reduced-motion", true), chromedp.Flag("lang", "zh-CN"),
	)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// A seat is somebody before their own device: a page of the demo that nobody else's settings touch.
type seat struct {
	t    *testing.T
	ctx  context.Context
	base string
	who  string
}

// A look is how somebody's device shows the page.
type look struct {
	width, height int64
	scale         float64
	lang, theme   string
}

// sit opens the demo as a person of the cast.
func sit(browser context.Context, t *testing.T, base, who string, l look) *seat {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	s := &seat{t: t, ctx: ctx, base: base, who: who}
	s.do(chromedp.EmulateViewport(l.width, l.height, chromedp.EmulateScale(l.scale)), chromedp.Navigate(base+"/"))
	go s.listen()
	s.js(fmt.Sprintf("localStorage.setItem('wardline.lang', %q); localStorage.setItem('wardline.theme', %q)", l.lang, l.theme))
	s.do(chromedp.Reload())
	s.click(fmt.Sprintf("[data-person=%q]", who))
	s.until("document.querySelector('#room-name').textContent !== ''")
	return s
}

// listen reports what the browser complains about.
func (s *seat) listen() {
	for m, err := range chromedp.Console(s.ctx) {
		if err != nil {
			return
		}
		// A desk that was killed refuses connections; everything else is a fault.
		if (m.IsException() || m.Type == "error") && !strings.Contains(m.Text, "net::ERR_") {
			s.t.Errorf("the browser of %s complains: %s %s", s.who, m.Text, m.URL)
		}
	}
}

func (s *seat) do(steps ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	if err := chromedp.Do(s.ctx, steps...); err != nil {
		s.t.Fatalf("%s: %v", s.who, err)
	}
}

// js runs statements in the page.
func (s *seat) js(statements string) {
	s.t.Helper()
	if _, err := chromedp.Run(s.ctx, chromedp.Evaluate[bool]("(() => {"+statements+"; return true})()")); err != nil {
		s.t.Fatalf("%s: %s: %v", s.who, statements, err)
	}
}

// evaluate returns a text from the page.
func (s *seat) evaluate(expression string) string {
	s.t.Helper()
	text, err := chromedp.Run(s.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		s.t.Fatalf("%s: %s: %v", s.who, expression, err)
	}
	return text
}

// until waits until an expression of the page holds.
func (s *seat) until(expression string) {
	s.t.Helper()
	if _, err := chromedp.Run(s.ctx, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingTimeout(60*time.Second))); err != nil {
		shown, _ := chromedp.Run(s.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		s.t.Fatalf("%s waits until %s: %v\nthe page shows:\n%s", s.who, expression, err, shown)
	}
}

// reads waits until a part of the page holds some words.
func (s *seat) reads(selector, words string) {
	s.t.Helper()
	s.until(fmt.Sprintf("[...document.querySelectorAll(%q)].some((e) => e.innerText.includes(%q))", selector, words))
}

// still waits until what a selector names stays where it is: a page that scrolls to a new post would let
// the press fall beside it.
func (s *seat) still(selector string) {
	s.t.Helper()
	s.until(fmt.Sprintf(`(() => {
		const e = document.querySelector(%[1]q);
		if (!e) return false;
		e.scrollIntoView({ block: "nearest", behavior: "instant" });
		const at = JSON.stringify(e.getBoundingClientRect()), now = performance.now();
		window.stillAt ??= {};
		const old = window.stillAt[%[1]q];
		if (old?.at !== at) window.stillAt[%[1]q] = { at, since: now };
		return old?.at === at && now - old.since > 300;
	})()`, selector))
}

// click presses what a person would: it must be visible.
func (s *seat) click(selector string) {
	s.t.Helper()
	s.still(selector)
	ctx, cancel := context.WithTimeout(s.ctx, time.Minute)
	defer cancel()
	err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
	for err != nil && strings.Contains(err.Error(), "Could not find node") && ctx.Err() == nil { // it was made anew meanwhile
		err = chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
	}
	if err != nil {
		shown, _ := chromedp.Run(s.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		s.t.Fatalf("%s clicks %s: %v\nthe page shows:\n%s", s.who, selector, err, shown)
	}
}

// press clicks the newest button with a label below a selector.
func (s *seat) press(selector, label string) {
	s.t.Helper()
	const mark = "data-pressed-by-test"
	s.until(fmt.Sprintf(`(() => {
		document.querySelectorAll("[%[1]s]").forEach((e) => e.removeAttribute("%[1]s"));
		const found = [...document.querySelectorAll(%[2]q)].filter((e) => e.matches("button") && e.innerText.includes(%[3]q)).at(-1);
		found?.setAttribute("%[1]s", "");
		return found;
	})()`, mark, selector+" button", label))
	s.click("[" + mark + "]")
}

// types writes with the keyboard into what a selector names.
func (s *seat) types(selector, keys string) {
	s.t.Helper()
	s.click(selector)
	s.do(chromedp.KeyEvent(keys))
}

// says writes a line into the room and sends it.
func (s *seat) says(line string) { s.t.Helper(); s.types("#say", line+"\r") }

// goes opens a room from the list of rooms.
func (s *seat) goes(room string) {
	s.t.Helper()
	s.until(fmt.Sprintf("document.querySelector('[data-room=%q]')", room))
	s.js(fmt.Sprintf("document.querySelector('[data-room=%q]').click()", room))
	s.until(fmt.Sprintf("decodeURIComponent(location.hash) === %q && document.querySelector('#posts').children.length > 0", "#"+room))
}

// shown lists the posts the page shows: the number and the words of each, without spaces.
func (s *seat) shown() []string {
	s.t.Helper()
	text := s.evaluate(`JSON.stringify([...document.querySelectorAll("#posts [data-post]")]
		.map((e) => e.dataset.post + " " + (e.querySelector(".text") ?? e.querySelector("[lang]")).textContent.replace(/\s/g, "")))`)
	var list []string
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		s.t.Fatalf("%s: read the page: %v", s.who, err)
	}
	return list
}

// kept lists what the desk keeps of a room for this person, in the form of shown.
func (s *seat) kept(room string) []string {
	s.t.Helper()
	q := url.Values{"room": {room}, "limit": {"200"}}
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.base+"/api/posts?"+q.Encode(), http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("X-Wardline-Person", s.who)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	var answer struct {
		Posts []struct {
			ID                uint64
			Kind, Title, Text string
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		s.t.Fatalf("%s reads %s: %s: %v", s.who, room, response.Status, err)
	}
	var list []string
	for _, p := range answer.Posts {
		text := p.Title + p.Text
		if p.Kind == "open_room" || p.Kind == "close_room" {
			text = p.Title
		}
		list = append(list, strconv.FormatUint(p.ID, 10)+" "+strings.Join(strings.Fields(text), ""))
	}
	return list
}

// picture keeps what the page shows in a file.
func (s *seat) picture(folder, name string) {
	s.t.Helper()
	image, err := chromedp.Run(s.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name), image, 0o600)
	}
	if err != nil {
		s.t.Fatalf("keep a picture: %v", err)
	}
}
