package bolt_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage"
	"wardline/storage/bolt"
)

// Files that are damaged are judged by a process of their own, which may die of it.
const (
	judgedFile    = "WARDLINE_JUDGE_FILE"
	judgedBlindly = "WARDLINE_JUDGE_BLINDLY" // without verifying, as the control does
)

// endsAtOnce keeps the race detector from waiting a second at the end of every process.
const endsAtOnce = "GORACE=atexit_sleep_ms=0"

// What a judge says, or is said of it.
const (
	noticed = "noticed"
	reads   = "reads "
	died    = "died"
)

// judge verifies a file; one that verifies it opens as a bot does, reads all of it, writes to it and
// verifies it once more.
func judge(path string, blindly bool) {
	ctx := context.Background()
	if !blindly {
		w, err := bolt.ReadWitness(path)
		report, verr := bolt.Verify(ctx, path)
		if err != nil || verr != nil || !report.OK() || len(report.Notes) > 0 || report.Standing.Behind(w.Standing) {
			fmt.Print(noticed)
			return
		}
	}
	sum, err := everything(ctx, path)
	if err != nil {
		fmt.Print(noticed) // by the store itself, when it was opened or read
		return
	}
	fmt.Print(reads, sum)
	if blindly {
		return
	}
	if report, err := bolt.Verify(ctx, path); err != nil || !report.OK() {
		fmt.Printf(" and is spoiled by writing: %+v %v", report.Problems, err)
	}
}

// everything opens a file, returns a digest of all its records, and then writes to it.
func everything(ctx context.Context, path string) (string, error) {
	s, e, err := bolt.OpenStore(path, bolt.Options{NoSync: true})
	if err != nil {
		return "", err
	}
	entries, err := e.Range(ctx, storage.Span{})
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, entry := range entries {
		sum.Write(fmt.Appendf(nil, "%q %q\n", entry.Key, entry.Value))
	}
	for i := range 20 {
		err := s.Shelf("rig").Put(ctx, storage.Entry{Key: strconv.Itoa(i), Value: make([]byte, 3000)})
		if err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:8]), s.Close()
}

// lively writes a file as a hospital would: incidents with events, messages said and unsaid, posts.
func lively(t testing.TB, path string, incidents int) {
	t.Helper()
	s, _, err := bolt.OpenStore(path, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	for id := incident.ID(1); int(id) <= incidents; id++ {
		for n := range 40 {
			c := bot.Change{
				Incident: id, Version: n, Head: &bot.Head{Open: n < 39, Title: "HIS"},
				Events: []incident.Event{{At: time.Unix(1, 0), Recorded: time.Unix(int64(id), 0), By: "li", Body: incident.Progressed{Text: strings.Repeat("patching ", 30)}}},
				Say:    []bot.Message{{ID: bot.MessageID(fmt.Sprint(id, "/", n)), Platform: "web", Room: "it", Text: strings.Repeat("words ", 50)}},
				Marks:  []bot.Mark{{Name: fmt.Sprint("heard/web/", id, "/", n), Value: "2026-05-12T19:30:00Z"}},
			}
			if n > 2 {
				c.Settled = []bot.Settled{{Platform: "web", ID: bot.MessageID(fmt.Sprint(id, "/", n-3))}}
			}
			err := s.Commit(t.Context(), c)
			if err == nil {
				err = s.Shelf("web").Put(t.Context(), storage.Entry{Key: fmt.Sprint("post/", id, "/", n), Value: []byte(strings.Repeat("words ", 60))})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := bolt.Testify(path, bolt.Witness{Standing: s.Standing(), At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if incidents%2 == 0 { // the others are left as a crash leaves them, without a list of free pages
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// lastCommit finds the newest meta page, and the end of the pages in use.
func lastCommit(data []byte) (meta, end int) {
	const page = 4096
	txid := func(at int) uint64 { return binary.LittleEndian.Uint64(data[at+16+48:]) }
	if txid(page) > txid(0) {
		meta = page
	}
	return meta, int(binary.LittleEndian.Uint64(data[meta+16+40:])) * page
}

// damage spoils a file in one of the ways disks and people do, and names it.
func damage(data []byte, r *rand.Rand) (string, []byte) {
	meta, end := lastCommit(data)
	at := r.IntN(end)
	switch r.IntN(10) {
	case 0, 1, 2, 3:
		data[at] ^= 1 << r.IntN(8)
		return fmt.Sprintf("a flipped bit at %d", at), data
	case 4, 5:
		clear(data[at/4096*4096:][:4096])
		return fmt.Sprintf("page %d zeroed", at/4096), data
	case 6:
		return fmt.Sprintf("cut to %d", at), data[:at]
	case 7:
		clear(data[meta:][:512])
		return "the newest meta page gone", data
	case 8:
		clear(data[:8192])
		return "both meta pages gone", data
	}
	from := r.IntN(end)
	copy(data[at/512*512:end], data[from/512*512:][:512])
	if r.IntN(2) == 0 {
		return "garbage behind the end", append(data, data[:1000]...)
	}
	return fmt.Sprintf("a sector of %d at %d", from/512, at/512), data
}

// count is how often a rig tries; more in .ci/run than by default.
func count(t *testing.T, name string, usual int) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv(name))
	if err != nil {
		return usual
	}
	return n
}

// asked asks a judge about a file.
func asked(t *testing.T, path string, blindly bool) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), judgedFile+"="+path, endsAtOnce)
	if blindly {
		cmd.Env = append(cmd.Env, judgedBlindly+"=1")
	}
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return "is without end"
	}
	if err != nil {
		return died
	}
	return string(out)
}

// TestDamageIsNoticedOrHarmless damages a file again and again. Either it is noticed, be it that the
// process dies which looks, or every record reads as it was written, also after writing more.
func TestDamageIsNoticedOrHarmless(t *testing.T) {
	tries := count(t, "WARDLINE_DAMAGES", 60)
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	tally, both := map[string]int{}, victims(t)
	for i := range tries {
		v := both[i%2]
		what, spoiled := damage(bytes.Clone(v.data), r)
		v.spoil(t, spoiled)
		switch said := asked(t, v.path, false); said {
		case noticed, died:
			tally[said]++
		case v.says:
			tally["harmless"]++
		default:
			t.Errorf("%s (seed %d, try %d): it %s", what, seed, i, said)
		}
	}
	t.Logf("%d damages: %v", tries, tally)
}

// TestUnverifiedDamageIsSeenByThisRig is the control: without verification the same damages give
// wrong answers nobody notices, and dying processes.
func TestUnverifiedDamageIsSeenByThisRig(t *testing.T) {
	tries := count(t, "WARDLINE_DAMAGES", 60)/2 + 10
	r := rand.New(rand.NewPCG(1, 2))
	wrong, dead, both := 0, 0, victims(t)
	for i := range tries {
		v := both[i%2]
		_, spoiled := damage(bytes.Clone(v.data), r)
		v.spoil(t, spoiled)
		switch said := asked(t, v.path, true); {
		case strings.HasPrefix(said, reads) && said != v.says:
			wrong++
		case said == died:
			dead++
		}
	}
	t.Logf("%d damages, not verified: %d silent wrong answers, %d dead processes", tries, wrong, dead)
	if wrong == 0 {
		t.Error("the rig cannot tell wrong answers from right ones")
	}
}

// A victim is a file to be damaged.
type victim struct {
	path string // where it stands; its witness is beside it
	data []byte // what it holds
	says string // what a judge says of it as it is
}

// victims are the files of a bot that stopped and of one that crashed.
func victims(t *testing.T) (out []victim) {
	t.Helper()
	for crashed := range 2 {
		folder := t.TempDir()
		v := victim{path: filepath.Join(folder, "wardline.db")}
		live := filepath.Join(folder, "live")
		lively(t, live, 20+crashed)
		data, err := os.ReadFile(live)
		must(t, err)
		_, end := lastCommit(data)
		v.data = data[:end]
		must(t, os.Rename(live+".witness", v.path+".witness"))
		v.spoil(t, v.data)
		v.says = asked(t, v.path, false)
		if !strings.HasPrefix(v.says, reads) || strings.Contains(v.says, "spoiled") {
			t.Fatalf("the whole file %s", v.says)
		}
		out = append(out, v)
	}
	return out
}

func (v victim) spoil(t *testing.T, data []byte) {
	t.Helper()
	must(t, os.WriteFile(v.path, data, 0o600))
}
