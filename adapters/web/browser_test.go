package web_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"wardline/bot/incident"
)

// A tab is one page of a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// browser opens a tab on a blank page. Without a Chromium the test is skipped, or fails where one
// is required.
func browser(t *testing.T, width, height int64) *tab {
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
		t.Skip("no Chromium found: the page is not tested in a browser")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("force-prefers-reduced-motion", true), chromedp.Flag("lang", "zh-CN"),
	)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &tab{t, ctx}
	b.do(chromedp.EmulateViewport(width, height, chromedp.EmulateScale(2)))
	if _, err := chromedp.Call(ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "America/New_York"}); err != nil {
		t.Fatal(err) // the phone's zone is not the hospital's
	}
	go func() {
		for m, err := range chromedp.Console(ctx) {
			if err != nil {
				return
			}
			// A desk that is being restarted refuses connections; everything else is a fault.
			if (m.IsException() || m.Type == "error") && !strings.Contains(m.Text, "net::ERR_") {
				t.Errorf("the browser complains: %s %s", m.Text, m.URL)
			}
		}
	}()
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// until waits until an expression of the page holds.
func (b *tab) until(expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingTimeout(time.Minute))); err != nil {
		shown, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		b.shot("failed")
		b.t.Fatalf("wait until %s: %v\nthe page shows:\n%s", expression, err, shown)
	}
}

func (b *tab) text(selector string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](fmt.Sprintf("[...document.querySelectorAll(%q)].map((e) => e.innerText).join('|')", selector)))
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}

// js runs a statement in the page.
func (b *tab) js(statement string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("(() => {"+statement+"; return true})()")); err != nil {
		b.t.Fatal(err)
	}
}

// click presses what a person would: it must be visible. Between being found and being pressed, what is
// pressed may have been put in another place; a person presses again what is where it was found before.
func (b *tab) click(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
	for err != nil && strings.Contains(err.Error(), "Could not find node") && ctx.Err() == nil {
		err = chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
	}
	if err != nil {
		b.shot("failed")
		b.t.Fatalf("click %s: %v", selector, err)
	}
}

// types writes with the keyboard into what has the focus.
func (b *tab) types(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// enter opens the desk as a person of the cast.
func (b *tab) enter(h *house, who incident.PersonID) {
	b.t.Helper()
	b.do(chromedp.Navigate(h.base + "/"))
	b.click(fmt.Sprintf("[data-person=%q]", who))
	b.until("document.querySelector('#room-name').textContent !== ''")
}

// shot keeps a picture where somebody asked for them: WARDLINE_PICTURES=folder.
func (b *tab) shot(name string) {
	folder := os.Getenv("WARDLINE_PICTURES")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, strings.ReplaceAll(b.t.Name()+"-"+name, "/", "-")+".png"), picture, 0o600)
	}
	if err != nil {
		b.t.Errorf("keep a picture: %v", err)
	}
}

// fits checks a screen: nothing hangs over its edge, and every control has a name and room for a
// finger.
func (b *tab) fits(name string) {
	b.t.Helper()
	b.shot(name)
	over, err := chromedp.Run(b.ctx, chromedp.Evaluate[int]("document.documentElement.scrollWidth - innerWidth"))
	if err != nil {
		b.t.Fatal(err)
	}
	if over > 0 {
		b.t.Errorf("%s: the page is %d px too wide", name, over)
	}
	small, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("button, select, textarea, summary, input:not([type=checkbox]):not([type=radio]), .choice, a")]
		.filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.matches(".skip"))
		.filter((e) => { const r = e.getBoundingClientRect(); return r.height < 43.5 || r.width < 43.5; })
		.map((e) => e.outerHTML.slice(0, 80)).join("\n")`))
	if err != nil {
		b.t.Fatal(err)
	}
	if small != "" {
		b.t.Errorf("%s: too small for a finger:\n%s", name, small)
	}
	tree, err := chromedp.Call(b.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		b.t.Fatal(err)
	}
	controls := 0
	for _, node := range tree.Nodes {
		if node.Ignored || node.Role == nil {
			continue
		}
		switch role := strings.Trim(string(node.Role.Value), `"`); role {
		case "button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "dialog", "listbox", "navigation", "region", "complementary", "group":
			if role == "complementary" || role == "group" {
				continue
			}
			controls++
			if node.Name == nil || strings.Trim(string(node.Name.Value), `" `) == "" {
				b.t.Errorf("%s: a %s has no name (node %d)", name, role, node.BackendDOMNodeID)
			}
		}
	}
	if controls < 3 {
		b.t.Errorf("%s: the accessibility tree has %d controls; the check is blind", name, controls)
	}
}
