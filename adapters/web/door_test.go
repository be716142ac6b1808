package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wardline/adapters/web"
)

var key = bytes.Repeat([]byte("k"), 32)

// ward is the configuration of a hospital that is not a demo.
func ward() web.Config {
	c := demo()
	c.Demo, c.Key = false, key
	return c
}

func TestBeyondThisMachineTheDeskWantsTLS(t *testing.T) {
	for _, listen := range []string{"0.0.0.0:8420", ":8420", "[::]:8420", "192.0.2.7:8420", "desk.example.org:8420"} {
		c := ward()
		c.Listen = listen
		_, err := web.New(t.Context(), c, newMemory(), slog.Default())
		want := "listen on " + listen + ": beyond this machine the desk needs TLS (web.tls_cert_file and web.tls_key_file) " +
			"or a proxy that speaks it (web.behind_proxy = true); or set web.listen to 127.0.0.1"
		if err == nil || err.Error() != want {
			t.Errorf("listen on %s: %v\nwant %s", listen, err, want)
		}
		c.BehindProxy = true
		if _, err := web.New(t.Context(), c, newMemory(), slog.Default()); err != nil {
			t.Errorf("listen on %s behind a proxy: %v", listen, err)
		}
	}
	for _, listen := range []string{"127.0.0.1:0", "localhost:8420", "[::1]:8420"} {
		c := ward()
		c.Listen = listen
		if _, err := web.New(t.Context(), c, newMemory(), slog.Default()); err != nil {
			t.Errorf("listen on %s: %v", listen, err)
		}
	}
}

func TestAShortKeyIsRefused(t *testing.T) {
	c := ward()
	c.Key = []byte("secret")
	_, err := web.New(t.Context(), c, newMemory(), slog.Default())
	if err == nil || err.Error() != "read the key of sign-in links: it has 6 bytes, want at least 32" {
		t.Errorf("got %v", err)
	}
}

func TestASignInLinkOpensTheDoorForItsPersonOnly(t *testing.T) {
	h := open(t, ward(), newMemory(), &ear{})
	soon, past := time.Now().Add(time.Hour), time.Now().Add(-time.Minute)
	good := web.SignInLink(key, h.base, "lily", soon)
	for name, link := range map[string]string{
		"another person": strings.Replace(good, "p=lily", "p=chen", 1),
		"a later expiry": strings.Replace(good, "exp=", "exp=9", 1),
		"expired":        web.SignInLink(key, h.base, "lily", past),
		"another key":    web.SignInLink(bytes.Repeat([]byte("x"), 32), h.base, "lily", soon),
		"a stranger":     web.SignInLink(key, h.base, "nobody", soon),
		"no signature":   h.base + "/signin?p=lily",
	} {
		if who, status := h.signIn(link); who != "" || status != http.StatusForbidden {
			t.Errorf("%s: signed in as %q with status %d, want nobody and 403", name, who, status)
		}
	}
	if who, status := h.signIn(good); who != "lily" || status != http.StatusOK {
		t.Errorf("signed in as %q with status %d, want lily", who, status)
	}
	// Outside a demo nobody is who they say they are.
	if status := h.ask("GET", "/api/rooms", "chen", nil, nil); status != http.StatusUnauthorized {
		t.Errorf("a header opened the door: status %d", status)
	}
}

func TestASessionCookieIsOnlyForTheBrowserItself(t *testing.T) {
	c := ward()
	c.BehindProxy = true
	h := open(t, c, newMemory(), &ear{})
	r, _ := http.NewRequestWithContext(t.Context(), "GET", web.SignInLink(key, h.base, "lily", time.Now().Add(time.Hour)), nil)
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	discard(answer)
	cookie := answer.Cookies()[0]
	if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteStrictMode || cookie.MaxAge <= 0 {
		t.Errorf("the cookie is %+v", cookie)
	}
	// A link is not a session, and a session is not for another person.
	parts := strings.SplitN(cookie.Value, ".", 2)
	link := web.SignInLink(key, "", "lily", time.Now().Add(time.Hour))
	of := regexp.MustCompile(`exp=(\d+)&sig=(.+)`).FindStringSubmatch(link)
	for _, forged := range []string{"chen." + parts[1], "lily." + of[1] + "." + of[2], "lily", ""} {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", h.base+"/api/rooms", nil)
		r.AddCookie(&http.Cookie{Name: cookie.Name, Value: forged})
		if got := h.do(r); got.StatusCode != http.StatusUnauthorized {
			t.Errorf("cookie %q: status %d", forged, got.StatusCode)
		}
	}
}

func TestOtherSitesCannotSpeakForAPerson(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	for name, headers := range map[string]map[string]string{
		"another origin":          {"Origin": "https://evil.example"},
		"another site":            {"Sec-Fetch-Site": "cross-site"},
		"a neighbour of the site": {"Sec-Fetch-Site": "same-site"},
	} {
		r, _ := http.NewRequestWithContext(t.Context(), "POST", h.base+"/api/say", strings.NewReader(`{"id":"line-0001","room":"it","text":"x"}`))
		r.Header.Set("X-Wardline-Person", "chen")
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		if got := h.do(r); got.StatusCode != http.StatusForbidden {
			t.Errorf("%s: status %d", name, got.StatusCode)
		}
	}
	// A foreign name that points at this machine.
	r, _ := http.NewRequestWithContext(t.Context(), "GET", h.base+"/api/start", nil)
	r.Host = "evil.example"
	if got := h.do(r); got.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("foreign host: status %d", got.StatusCode)
	}
	if posts, _ := h.room("chen", "it"); len(posts) != 0 {
		t.Errorf("the room shows %+v", posts)
	}
}

func TestWhoPostsTooFastIsAskedToWait(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	for i := range 20 {
		if _, status := h.says("lily", "line-00"+string(rune('a'+i))+"0", "dept/ed", "x"); status != http.StatusOK {
			t.Fatalf("post %d: status %d", i, status)
		}
	}
	a, status := h.says("lily", "line-over", "dept/ed", "x")
	if status != http.StatusTooManyRequests || a.Error != "发得太快了，稍等几秒会自动重发。" {
		t.Errorf("answered %d %q", status, a.Error)
	}
	if _, status := h.says("chen", "line-0001", "dept/ed", "x"); status != http.StatusOK {
		t.Errorf("somebody else is held back too: status %d", status)
	}
}

func TestTooMuchAtOnceIsRefused(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	for _, letters := range []int{4001, 70_000} {
		a, status := h.says("lily", "line-0001", "dept/ed", strings.Repeat("x", letters))
		if status < 400 || a.Code != "too_long" {
			t.Errorf("%d letters: answered %d %q", letters, status, a.Code)
		}
	}
	if _, status := h.says("lily", "line-0002", "it", "x"); status != http.StatusUnprocessableEntity {
		t.Errorf("a room she does not see: status %d", status)
	}
}

func TestEverythingThePageNeedsIsInsideAndNothingElse(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	for _, path := range []string{"/static/", "/static/words", "/static/words/", "/static/%2e%2e/server.go", "/nothing"} {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", h.base+path, nil)
		if got := h.do(r); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", path, got.StatusCode)
		}
	}
	r, _ := http.NewRequestWithContext(t.Context(), "GET", h.base+"/", nil)
	if policy := h.do(r).Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'self';") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
	// Nothing is fetched from elsewhere, and nothing is written inline.
	elsewhere := regexp.MustCompile(`https?://|//[a-z]+\.|\sstyle=|\son[a-z]+=|<script>|<style|innerHTML`)
	walk(t, "static", func(name, text string) {
		for _, found := range elsewhere.FindAllString(strings.ReplaceAll(text, "http://www.w3.org/2000/svg", ""), -1) {
			t.Errorf("%s has %q", name, found)
		}
	})
}

func TestBothLanguagesSayEverythingThePageAsksFor(t *testing.T) {
	tables := make(map[string]map[string]string)
	for _, l := range []string{"zh", "en"} {
		text, err := os.ReadFile("static/words/" + l + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var table map[string]string
		if err := json.Unmarshal(text, &table); err != nil {
			t.Fatal(err)
		}
		tables[l] = table
	}
	zh, en := slices.Sorted(maps.Keys(tables["zh"])), slices.Sorted(maps.Keys(tables["en"]))
	if !slices.Equal(zh, en) {
		t.Errorf("zh has %q\nen has %q", zh, en)
	}
	place := regexp.MustCompile(`\{\w+\}`)
	for name, text := range tables["zh"] {
		if a, b := place.FindAllString(text, -1), place.FindAllString(tables["en"][name], -1); !slices.Equal(a, b) {
			t.Errorf("%s: zh fills %q, en fills %q", name, a, b)
		}
	}
	asked := regexp.MustCompile(`\bt\("([a-z0-9_.]+)"|data-(?:word|label)="([a-z0-9_.]+)"`)
	walk(t, "static", func(name, text string) {
		for _, m := range asked.FindAllStringSubmatch(text, -1) {
			if _, found := tables["zh"][m[1]+m[2]]; !found {
				t.Errorf("%s asks for %q, which no language has", name, m[1]+m[2])
			}
		}
	})
	fault := regexp.MustCompile(`s\.fail\(w, r, [\w.]+, "(\w+)"|return "(\w+)", nil`)
	faults := 0
	walk(t, ".", func(name, text string) {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return
		}
		for _, m := range fault.FindAllStringSubmatch(text, -1) {
			faults++
			if _, found := tables["zh"]["error."+m[1]+m[2]]; !found {
				t.Errorf("%s answers with fault %q, which no language has", name, m[1]+m[2])
			}
		}
	})
	if faults < 10 {
		t.Errorf("found %d faults in the code; the pattern has grown old", faults)
	}
}

// walk reads every file of a folder.
func walk(t *testing.T, folder string, see func(name, text string)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if err == nil {
			see(name, string(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// signIn follows a link in a fresh browser and tells who it is then.
func (h *house) signIn(link string) (who string, status int) {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	get := func(address string) (*http.Response, []byte) {
		r, err := http.NewRequestWithContext(h.t.Context(), "GET", address, nil)
		if err != nil {
			h.t.Fatal(err)
		}
		answer, err := browser.Do(r)
		if err != nil {
			h.t.Fatal(err)
		}
		defer discard(answer)
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			h.t.Fatal(err)
		}
		return answer, body
	}
	first, _ := get(link)
	_, body := get(h.base + "/api/start")
	var start struct{ Me *struct{ ID string } }
	if err := json.Unmarshal(body, &start); err != nil {
		h.t.Fatal(err)
	}
	if start.Me != nil {
		who = start.Me.ID
	}
	return who, first.StatusCode
}

// do sends a request without following redirects. The body is read and closed.
func (h *house) do(r *http.Request) *http.Response {
	h.t.Helper()
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		h.t.Fatal(err)
	}
	discard(answer)
	return answer
}
