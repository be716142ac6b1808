package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	main "wardline"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"wardline": main.Main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", UpdateScripts: *update})
}

// bot is a wardline that runs in a process of its own.
type bot struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *bufio.Scanner // of what it prints first
	seen  bytes.Buffer   // all it printed
}

// start runs wardline and reads from its stdout, or else from its stderr.
func start(t *testing.T, stdout bool, args ...string) *bot {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	b := &bot{t: t, cmd: exec.CommandContext(ctx, "wardline", args...)}
	var out io.Reader
	var err error
	if stdout {
		out, err = b.cmd.StdoutPipe()
		b.cmd.Stderr = &b.seen
	} else {
		out, err = b.cmd.StderrPipe()
		b.cmd.Stdout = &b.seen
	}
	if err == nil {
		err = b.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	b.lines = bufio.NewScanner(out)
	return b
}

// await reads until a line fits, and returns what its group matched.
func (b *bot) await(pattern string) string {
	b.t.Helper()
	var said strings.Builder
	re := regexp.MustCompile(pattern)
	for b.lines.Scan() {
		said.WriteString(b.lines.Text() + "\n")
		if found := re.FindStringSubmatch(b.lines.Text()); found != nil {
			return found[1]
		}
	}
	err := b.cmd.Wait()
	b.t.Fatalf("no line fits %s before the end (%v):\n%s%s", pattern, err, said.String(), b.seen.String())
	return ""
}

// end stops the bot as a service manager does, and returns the rest of what it printed.
func (b *bot) end() string {
	b.t.Helper()
	if err := b.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.t.Fatal(err)
	}
	var rest strings.Builder
	for b.lines.Scan() {
		rest.WriteString(b.lines.Text() + "\n")
	}
	if err := b.cmd.Wait(); err != nil {
		b.t.Errorf("the bot ended with %v:\n%s%s", err, rest.String(), b.seen.String())
	}
	return rest.String() + b.seen.String()
}

// get fetches a page without following where it leads.
func get(t *testing.T, address string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// wardline runs one command to its end.
func wardline(t *testing.T, args ...string) (output string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "wardline", args...)
	text, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

func TestDemoOpensAndCanBeResumed(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "demo")
	for range 2 {
		b := start(t, true, "demo", "--data", folder)
		address := b.await(`Open: +(http://127\.0\.0\.1:\d+)$`)
		if name := b.await(`the coordinator: +(.*)$`); name != "林岚 Lin Lan" {
			t.Errorf("the coordinator is %q", name)
		}
		response := get(t, address)
		page, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("<html")) {
			t.Errorf("the desk answers %s:\n%s", response.Status, page)
		}
		rest := b.end()
		if !strings.Contains(rest, "wardline demo --data "+folder) {
			t.Errorf("it does not say how to go on:\n%s", rest)
		}
	}
	if out, code := wardline(t, "verify", filepath.Join(folder, "wardline.db")); code != 0 {
		t.Errorf("verify ends with %d:\n%s", code, out)
	}
}

func TestTwoDemosStandSideBySide(t *testing.T) {
	first := start(t, true, "demo", "--data", t.TempDir())
	a := first.await(`Open: +(\S+)$`)
	second := start(t, true, "demo", "--data", t.TempDir())
	b := second.await(`Open: +(\S+)$`)
	if a == b {
		t.Errorf("both say %s", a)
	}
	for _, address := range []string{a, b} {
		if response := get(t, address); response.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s", address, response.Status)
		}
	}
	first.end()
	second.end()
}

func TestRunSignsInBacksUpAndStops(t *testing.T) {
	const key = "HUNTER2SECRET-0123456789-0123456789"
	folder := t.TempDir()
	config := filepath.Join(folder, "wardline.toml")
	for name, text := range map[string]string{
		config: "[web]\nlisten = \"127.0.0.1:0\"\nkey_file = \"key\"\n[log]\nlevel = \"debug\"\nformat = \"json\"\n" +
			"[[people]]\nid = \"lin\"\nname = \"林岚\"\nroles = [\"coordinator\"]\n",
		filepath.Join(folder, "key"): key + "\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	b := start(t, false, "run", "--config", config)
	address := b.await(`"msg":"web desk is open","address":"([^"]+)"`)

	link, code := wardline(t, "sign-in", "lin", "--config", config)
	if code != 0 {
		t.Fatalf("sign-in ends with %d:\n%s", code, link)
	}
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		t.Fatal(err)
	}
	response := get(t, address+u.RequestURI())
	if cookies := response.Cookies(); response.StatusCode != http.StatusSeeOther || len(cookies) != 1 {
		t.Errorf("the link answers %s with %d cookies, want 303 and one", response.Status, len(cookies))
	}
	if response := get(t, address+strings.Replace(u.RequestURI(), "p=lin", "p=wu", 1)); len(response.Cookies()) > 0 {
		t.Error("a changed link signs in")
	}

	again, code := wardline(t, "run", "--config", config)
	if code != 1 || !strings.Contains(again, "another wardline has this file open") {
		t.Errorf("a second bot on the same file ends with %d:\n%s", code, again)
	}
	saved, code := wardline(t, "backup", "--config", config, filepath.Join(folder, "copy.db"))
	if code != 0 {
		t.Errorf("backup ends with %d:\n%s", code, saved)
	}
	whole, code := wardline(t, "verify", filepath.Join(folder, "copy.db"))
	if code != 0 || !strings.Contains(whole, "copy.db is whole: ") {
		t.Errorf("verify ends with %d:\n%s", code, whole)
	}

	rest := b.end()
	last := strings.TrimSpace(rest[strings.LastIndex(strings.TrimSpace(rest), "\n")+1:])
	var line struct{ Msg string }
	if err := json.Unmarshal([]byte(last), &line); err != nil || line.Msg != "stopped" {
		t.Errorf("the last line is %q, want the message stopped", last)
	}
	for _, text := range []string{link, again, saved, whole, rest} {
		if strings.Contains(text, "HUNTER2") {
			t.Errorf("the secret is shown:\n%s", text)
		}
	}
}
