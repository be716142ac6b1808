package bolt_test

import (
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

// What a judge says. Anything else is that it died.
const (
	noticed = "noticed"
	reads   = "reads "
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
		fmt.Fprintf(sum, "%q %q\n", entry.Key, entry.Value)
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
	cmd.Env = append(os.Environ(), judgedFile+"="+path)
	if blindly {
		cmd.Env = append(cmd.Env, judgedBlindly+"=1")
	}
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return "is without end"
	}
	if err != nil {
		return "died"
	}
	return string(out)
}

// TestDamageIsNoticedOrHarmless damages a file again and again. Either it is noticed, be it that the
// process dies which looks, or every record reads as it was written, also after writing more.
func TestDamageIsNoticedOrHarmless(t *testing.T) {
	tries := count(t, "WARDLINE_DAMAGES", 60)
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	tally := map[string]int{}
	for i := range tries {
		base, data, whole := victim(t, i%2)
		what, spoiled := damage(append([]byte{}, data...), r)
		must(t, os.WriteFile(base, spoiled, 0o600))
		switch said := asked(t, base, false); said {
		case noticed, "died":
			tally[said]++
		case reads + whole:
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
	wrong, died := 0, 0
	for i := range tries {
		base, data, whole := victim(t, i%2)
		_, spoiled := damage(append([]byte{}, data...), r)
		must(t, os.WriteFile(base, spoiled, 0o600))
		switch said := asked(t, base, true); {
		case strings.HasPrefix(said, reads) && said != reads+whole:
			wrong++
		case !strings.HasPrefix(said, reads) && said != noticed:
			died++
		}
	}
	t.Logf("%d damages, not verified: %d silent wrong answers, %d dead processes", tries, wrong, died)
	if wrong == 0 {
		t.Error("the rig cannot tell wrong answers from right ones")
	}
}

// victim returns a file to be damaged, what it holds, and the digest of its records: of a bot that
// stopped (0) or crashed (1).
func victim(t *testing.T, crashed int) (path string, data []byte, whole string) {
	t.Helper()
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("wardline-victim-%d-%d", os.Getpid(), crashed))
	path = filepath.Join(folder, "wardline.db")
	kept := filepath.Join(folder, "kept")
	data, err := os.ReadFile(kept)
	if err != nil {
		must(t, os.MkdirAll(folder, 0o700))
		t.Cleanup(func() { _ = os.RemoveAll(folder) })
		live := filepath.Join(folder, "live")
		lively(t, live, 20+crashed)
		data, err = os.ReadFile(live)
		must(t, err)
		_, end := lastCommit(data)
		data = data[:end]
		must(t, os.WriteFile(kept, data, 0o600))
		must(t, os.Rename(live+".witness", path+".witness"))
		must(t, os.WriteFile(path, data, 0o600))
		said := asked(t, path, false)
		if !strings.HasPrefix(said, reads) || strings.Contains(said, "spoiled") {
			t.Fatalf("the whole file %s", said)
		}
		must(t, os.WriteFile(filepath.Join(folder, "sum"), []byte(strings.TrimPrefix(said, reads)), 0o600))
	}
	sum, err := os.ReadFile(filepath.Join(folder, "sum"))
	must(t, err)
	return path, data, string(sum)
}
