package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// sheet reads a printable page and returns its status and text.
func (h *house) sheet(path string) (int, string) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.base+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer discard(answer)
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestASheetIsPlainHTMLForThoseWhoAreSignedIn(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	status, page := h.sheet("/print/department/ed?lang=zh&person=lily")
	if status != http.StatusOK {
		t.Fatalf("status %d:\n%s", status, page)
	}
	for _, want := range []string{
		`<html lang="zh-CN">`, "<h1>department/ed</h1>", "<h2>【ED-RX】手写处方</h2>", `<p class="warn">⚠ 模板</p>`, "<p>1. 写通用名 &lt;b&gt;</p>",
		`<th scope="col">科室</th>`, "<td>急诊科</td>", "<footer>2026-05-12 10:30 打印</footer>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "style=") {
		t.Errorf("the page wants more than HTML:\n%s", page)
	}
	if status, _ := h.sheet("/print/department/ed?lang=en"); status != http.StatusUnauthorized {
		t.Errorf("nobody gets %d", status)
	}
	if status, page := h.sheet("/print/department/moon?lang=en&person=lily"); status != http.StatusNotFound || !strings.Contains(page, "no such page to print") {
		t.Errorf("what is not there gets %d:\n%s", status, page)
	}
}

func TestARoomSaysWhatCanBePrintedForIt(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	var got struct{ Rooms []struct{ ID, Print string } }
	h.ask(http.MethodGet, "/api/rooms", "chen", nil, &got)
	want := map[string]string{"it": "", "leaders/main": "", "inc/7": "/print/wards/INC-7", "dept/ed": "/print/department/ed"}
	for _, r := range got.Rooms {
		if path, ok := want[r.ID]; ok && r.Print != path {
			t.Errorf("%s offers %q, want %q", r.ID, r.Print, path)
		}
		delete(want, r.ID)
	}
	if len(want) > 0 {
		t.Errorf("rooms not listed: %v", want)
	}
}
