package bolt_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"wardline/bot/incident"
	"wardline/storage/bolt"
)

// An op is one thing a writer did, as its system calls tell: it wrote bytes to the file, had them made
// durable, or acknowledged a commit. The file grows in steps of 16 MB, which this writer does not need.
type op struct {
	write bool
	data  []byte
	at    int64
	sync  bool
	ack   string
}

// sector is what a disk writes as a whole.
const sector = 512

// recorded runs a writer under strace and returns the file as it was before, and what was done to it.
func recorded(t *testing.T, rounds int) (base []byte, ops []op) {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("strace is not here, which records the writes; apt-get install strace")
	}
	path := filepath.Join(t.TempDir(), "wardline.db")
	s, _, err := bolt.OpenStore(path, bolt.Options{})
	must(t, err)
	must(t, s.Close())
	base, err = os.ReadFile(path)
	must(t, err)
	self, err := os.Executable()
	must(t, err)
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.CommandContext(t.Context(), "strace", "-f", "-xx", "-s", "99999999", "-e", "signal=none",
		"-e", "trace=openat,pwrite64,write,fdatasync,fsync,ftruncate", "-o", trace, self)
	cmd.Env = append(os.Environ(), crashFile+"="+path, crashRounds+"="+strconv.Itoa(rounds))
	if out, err := cmd.CombinedOutput(); err != nil {
		if strings.Contains(string(out), "PTRACE") {
			t.Skipf("strace may not trace here: %s", out)
		}
		t.Fatalf("strace: %v: %.2000s", err, out)
	}
	f, err := os.Open(trace)
	must(t, err)
	defer closed(t, f)
	return base, parse(t, f, path)
}

var call = regexp.MustCompile(`^(\d+) +(\w+)\((\w+)(?:, "([^"]*)")?(?:, )?([^)<]*)`)

// parse reads what strace wrote. A call another thread interrupts stands on two lines: its data are on
// the first, and it has its effect at the second.
func parse(t *testing.T, f *os.File, path string) (ops []op) {
	t.Helper()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 256<<20)
	fd, opening, syncing := "", map[string]bool{}, map[string]bool{}
	name := regexp.MustCompile(`"` + regexp.QuoteMeta(escaped(path)) + `", O_RDWR`)
	for lines.Scan() {
		line := lines.Text()
		pid, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimLeft(rest, " ")
		switch {
		case strings.HasPrefix(rest, "openat(") && name.MatchString(rest):
			opening[pid] = true
		case strings.HasPrefix(rest, "<... fdatasync resumed") && syncing[pid], strings.HasPrefix(rest, "<... fsync resumed") && syncing[pid]:
			delete(syncing, pid)
			ops = append(ops, op{sync: true})
		}
		if opening[pid] && strings.Contains(rest, " = ") {
			delete(opening, pid)
			fd = rest[strings.LastIndex(rest, " ")+1:]
			continue
		}
		m := call.FindStringSubmatch(line)
		if m == nil || fd == "" {
			continue
		}
		switch on, what := m[3], m[2]; {
		case what == "pwrite64" && on == fd:
			_, offset, _ := strings.Cut(m[5], ", ")
			at, err := strconv.ParseInt(strings.TrimSpace(offset), 10, 64)
			must(t, err)
			ops = append(ops, op{write: true, data: unescaped(t, m[4]), at: at})
		case what == "ftruncate" && on == fd:
			t.Fatalf("the file was resized, which this rig does not play: %.200s", line)
		case (what == "fdatasync" || what == "fsync") && on == fd:
			if strings.Contains(rest, "unfinished") {
				syncing[pid] = true
				continue
			}
			ops = append(ops, op{sync: true})
		case what == "write" && on == "1":
			ops = append(ops, op{ack: string(unescaped(t, m[4]))})
		}
	}
	must(t, lines.Err())
	return ops
}

func escaped(s string) string {
	var out strings.Builder
	for _, b := range []byte(s) {
		fmt.Fprintf(&out, `\x%02x`, b)
	}
	return out.String()
}

func unescaped(t *testing.T, s string) []byte {
	t.Helper()
	out, err := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
	must(t, err)
	return out
}

// disk is a file as a power failure may leave it.
type disk struct {
	durable []byte // as far as it was ever written
	size    int64  // of the file
	pending []op   // not synced yet
	r       *rand.Rand
}

// apply does an op; keep says which sectors of a write reach the disk.
func apply(data []byte, o op, keep func() bool) []byte {
	for i := 0; i < len(o.data); i += sector {
		if keep() {
			end := min(i+sector, len(o.data))
			if more := int(o.at) + end - len(data); more > 0 {
				data = append(data, make([]byte, more)...)
			}
			copy(data[o.at+int64(i):], o.data[i:end])
		}
	}
	return data
}

// image is what may be on the disk if the power fails now: of all that was not synced some is there,
// some is not, and some in part.
func (d *disk) image() []byte {
	data := append([]byte{}, d.durable...)
	for _, o := range d.pending {
		whole, torn := d.r.IntN(2) == 0, d.r.IntN(4) == 0
		data = apply(data, o, func() bool {
			if torn {
				return d.r.IntN(2) == 0
			}
			return whole
		})
	}
	return data
}

// outage replays ops and lets the power fail about so many times. It returns how many of the images
// were bad, and why the first was.
func outage(t *testing.T, base []byte, ops []op, images int, honest bool) (tried, bad int, first error) {
	t.Helper()
	_, used := lastCommit(base)
	d := &disk{durable: bytes.Clone(base[:used]), size: int64(len(base)), r: rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))}
	acknowledged := map[incident.ID]int{}
	path := filepath.Join(t.TempDir(), "wardline.db")
	for i, o := range ops {
		switch {
		case o.ack != "":
			var id incident.ID
			var version int
			if _, err := fmt.Sscan(o.ack, &id, &version); err != nil {
				continue // what a test binary says of itself
			}
			acknowledged[id] = max(acknowledged[id], version)
		case o.sync && !honest && d.r.IntN(3) == 0: // a disk that lies
		case o.sync:
			for _, p := range d.pending {
				d.durable = apply(d.durable, p, func() bool { return true })
			}
			d.pending = d.pending[:0]
		default:
			d.pending = append(d.pending, o)
		}
		for (i+1)*images/len(ops) > tried {
			tried++
			must(t, os.WriteFile(path, d.image(), 0o600))
			must(t, os.Truncate(path, d.size))
			if err := outlives(t, path, acknowledged, honest); err != nil {
				bad++
				if first == nil {
					first = fmt.Errorf("at op %d of %d: %w", i, len(ops), err)
				}
			}
		}
	}
	return tried, bad, first
}

// opening is how long the next start may take. Pages of a disk that lies can point at each other in a
// circle, in which a process would go round, and take memory, for ever.
const opening = 10 * time.Second

// outlives asks whether the next start gets on with an image. An image of a disk that lies may end the
// process that opens it, or never let it go.
func outlives(t *testing.T, path string, acknowledged map[incident.ID]int, honest bool) error {
	t.Helper()
	if honest {
		return survives(path, acknowledged)
	}
	self, err := os.Executable()
	must(t, err)
	text, err := json.Marshal(acknowledged)
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), opening)
	defer cancel()
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), imageFile+"="+path, imageHeld+"="+string(text), endsAtOnce)
	return cmd.Run()
}

// TestPowerFailureLosesNothing replays the writes of a busy store into what a disk may hold when the
// power fails. The control is a disk that ignores a third of the syncs: it must give bad images.
func TestPowerFailureLosesNothing(t *testing.T) {
	images := count(t, "WARDLINE_IMAGES", 120)
	base, ops := recorded(t, 20+images/50)
	if len(ops) < 500 {
		t.Fatalf("only %d ops were recorded", len(ops))
	}
	tried, bad, first := outage(t, base, ops, images, true)
	t.Logf("%d ops, %d images, %d bad", len(ops), tried, bad)
	if bad > 0 {
		t.Errorf("the first bad image: %v", first)
	}
	tried, bad, _ = outage(t, base, ops, max(images/5, 40), false)
	t.Logf("a disk that ignores syncs: %d images, %d bad", tried, bad)
	if bad == 0 {
		t.Error("the rig does not see a disk that ignores syncs")
	}
}
