package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"wardline/storage"
)

// Run tests the contract of an engine.
func Run(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, func() storage.Engine)
	}{
		{"what is written is read", readsWhatIsWritten},
		{"an empty value is there, a nil one is not", tellsEmptyFromAbsent},
		{"a batch is whole or not at all", batchIsWhole},
		{"conditions", conditions},
		{"spans", spans},
		{"bytes are copied in and out", copies},
		{"limits are refused before anything is written", limits},
		{"a range is one moment", oneMoment},
		{"reopen keeps everything", reopenKeeps},
		{"an ended context stops", endedContext},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func use(t *testing.T, open func() storage.Engine) storage.Engine {
	e := open()
	t.Cleanup(func() { must(t, e.Close()) })
	return e
}

func put(pairs ...string) storage.Batch {
	var b storage.Batch
	for i := 0; i < len(pairs); i += 2 {
		b.Write = append(b.Write, storage.Entry{Key: pairs[i], Value: []byte(pairs[i+1])})
	}
	return b
}

// show writes entries as "key=value key=value".
func show(entries []storage.Entry) string {
	var words []string
	for _, e := range entries {
		words = append(words, e.Key+"="+string(e.Value))
	}
	return strings.Join(words, " ")
}

func wantAll(t testing.TB, e storage.Engine, s storage.Span, want string) {
	t.Helper()
	entries, err := e.Range(t.Context(), s)
	must(t, err)
	if got := show(entries); got != want {
		t.Errorf("range %+v: got %q, want %q", s, got, want)
	}
}

func readsWhatIsWritten(t *testing.T, open func() storage.Engine) {
	e := use(t, open)
	wantAll(t, e, storage.Span{}, "")
	must(t, e.Apply(t.Context(), put("b", "2", "a", "1", "c", "3")))
	must(t, e.Apply(t.Context(), storage.Batch{Write: []storage.Entry{{Key: "b", Value: []byte("two")}, {Key: "a"}}}))
	wantAll(t, e, storage.Span{}, "b=two c=3")
	if v, found, err := e.Get(t.Context(), "b"); err != nil || !found || string(v) != "two" {
		t.Errorf("get b: %q %v %v", v, found, err)
	}
	if v, found, err := e.Get(t.Context(), "a"); err != nil || found || v != nil {
		t.Errorf("get a, which was deleted: %q %v %v", v, found, err)
	}
	must(t, e.Apply(t.Context(), storage.Batch{Write: []storage.Entry{{Key: "never there"}}}))
	big := bytes.Repeat([]byte("big"), 1<<20)
	must(t, e.Apply(t.Context(), storage.Batch{Write: []storage.Entry{{Key: "big", Value: big}}}))
	if v, _, err := e.Get(t.Context(), "big"); err != nil || !bytes.Equal(v, big) {
		t.Errorf("3 MB came back as %d bytes: %v", len(v), err)
	}
}

func tellsEmptyFromAbsent(t *testing.T, open func() storage.Engine) {
	e := use(t, open)
	must(t, e.Apply(t.Context(), put("empty", "")))
	v, found, err := e.Get(t.Context(), "empty")
	if err != nil || !found || v == nil || len(v) != 0 {
		t.Errorf("get: %v %v %v", v, found, err)
	}
	wantAll(t, e, storage.Span{}, "empty=")
	if err := e.Apply(t.Context(), storage.Batch{Require: []storage.Condition{{Key: "empty"}}}); !errors.Is(err, storage.ErrPrecondition) {
		t.Errorf("an empty value passed for an absent one: %v", err)
	}
	must(t, e.Apply(t.Context(), storage.Batch{Require: []storage.Condition{{Key: "empty", Value: []byte{}}}}))
}

func batchIsWhole(t *testing.T, open func() storage.Engine) {
	e := use(t, open)
	must(t, e.Apply(t.Context(), put("a", "1", "b", "2")))
	b := put("a", "changed", "c", "new")
	b.Write = append(b.Write, storage.Entry{Key: "b"})
	b.Require = []storage.Condition{{Key: "a", Value: []byte("1")}, {Key: "b", Value: []byte("not this")}}
	if err := e.Apply(t.Context(), b); !errors.Is(err, storage.ErrPrecondition) || !strings.Contains(err.Error(), `"b"`) {
		t.Errorf("want a failed precondition that names b, got %v", err)
	}
	wantAll(t, e, storage.Span{}, "a=1 b=2")
}

func conditions(t *testing.T, open func() storage.Engine) {
	e := use(t, open)
	must(t, e.Apply(t.Context(), put("a", "1")))
	for _, c := range []struct {
		condition storage.Condition
		holds     bool
	}{
		{storage.Condition{Key: "a", Value: []byte("1")}, true},
		{storage.Condition{Key: "a", Value: []byte("12")}, false},
		{storage.Condition{Key: "a", Value: []byte{}}, false},
		{storage.Condition{Key: "a"}, false},
		{storage.Condition{Key: "b"}, true},
		{storage.Condition{Key: "b", Value: []byte{}}, false},
	} {
		b := put("seen", "yes")
		b.Require = []storage.Condition{c.condition}
		err := e.Apply(t.Context(), b)
		_, found, _ := e.Get(t.Context(), "seen")
		if (err == nil) != c.holds || found != c.holds {
			t.Errorf("%q is %q: got %v, written: %v", c.condition.Key, c.condition.Value, err, found)
		}
		must(t, e.Apply(t.Context(), storage.Batch{Write: []storage.Entry{{Key: "seen"}}}))
	}
}

func spans(t *testing.T, open func() storage.Engine) {
	e := use(t, open)
	must(t, e.Apply(t.Context(), put("a", "", "ab", "", "b\x00", "", "b\xff", "", "b\xff\xff", "", "c", "", "\xff\xff", "")))
	for _, c := range []struct {
		span storage.Span
		want string
	}{
		{storage.Span{}, "a= ab= b\x00= b\xff= b\xff\xff= c= \xff\xff="},
		{storage.Span{Limit: 2}, "a= ab="},
		{storage.Span{Reverse: true, Limit: 2}, "\xff\xff= c="},
		{storage.Span{From: "ab", To: "c"}, "ab= b\x00= b\xff= b\xff\xff="},
		{storage.Span{From: "ab", To: "c", Reverse: true}, "b\xff\xff= b\xff= b\x00= ab="},
		{storage.Span{From: "aa", To: "bz", Reverse: true, Limit: 1}, "b\x00="},
		{storage.Prefix("b"), "b\x00= b\xff= b\xff\xff="},
		{storage.Prefix("b\xff"), "b\xff= b\xff\xff="},
		{storage.Prefix("\xff"), "\xff\xff="},
		{storage.Prefix("nothing"), ""},
		{storage.Span{From: "c", To: "a"}, ""},
		{storage.Span{From: "c", To: "a", Reverse: true}, ""},
		{storage.Span{To: "a", Reverse: true}, ""},
		{storage.Span{From: "\xff\xff\xff"}, ""},
	} {
		wantAll(t, e, c.span, c.want)
	}
}

func copies(t *testing.T, open func() storage.Engine) {
	e := use(t, open)
	value := []byte("as written")
	must(t, e.Apply(t.Context(), storage.Batch{Write: []storage.Entry{{Key: "k", Value: value}}}))
	copy(value, "SCRIBBLED!")
	got, _, err := e.Get(t.Context(), "k")
	must(t, err)
	copy(got, "SCRIBBLED!")
	all, err := e.Range(t.Context(), storage.Span{})
	must(t, err)
	copy(all[0].Value, "SCRIBBLED!")
	wantAll(t, e, storage.Span{}, "k=as written")
}

func limits(t *testing.T, open func() storage.Engine) {
	e := use(t, open)
	for _, key := range []string{"", strings.Repeat("k", storage.MaxKey+1)} {
		if err := e.Apply(t.Context(), put("a", "1", key, "2")); err == nil {
			t.Errorf("a key of %d bytes was taken", len(key))
		}
	}
	wantAll(t, e, storage.Span{}, "")
	longest := strings.Repeat("k", storage.MaxKey)
	must(t, e.Apply(t.Context(), put(longest, "fits")))
	wantAll(t, e, storage.Span{}, longest+"=fits")
}

// oneMoment has one writer keep twenty keys equal while others read them.
func oneMoment(t *testing.T, open func() storage.Engine) {
	e := use(t, open)
	same := func(n int) storage.Batch {
		var b storage.Batch
		for i := range 20 {
			b.Write = append(b.Write, storage.Entry{Key: fmt.Sprint(i), Value: fmt.Append(nil, n)})
		}
		return b
	}
	must(t, e.Apply(t.Context(), same(0)))
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				entries, err := e.Range(t.Context(), storage.Span{})
				if err != nil || len(entries) != 20 {
					t.Errorf("%d entries, %v", len(entries), err)
					return
				}
				for _, x := range entries {
					if !bytes.Equal(x.Value, entries[0].Value) {
						t.Errorf("two moments in one range: %s", show(entries))
						return
					}
				}
			}
		})
	}
	for n := range 100 {
		if err := e.Apply(t.Context(), same(n)); err != nil {
			t.Error(err)
		}
	}
	stop()
	readers.Wait()
}

func reopenKeeps(t *testing.T, open func() storage.Engine) {
	e := open()
	random := rand.New(rand.NewPCG(1, 2))
	want := map[string]string{}
	for range 50 {
		var b storage.Batch
		for _, i := range random.Perm(500)[:100] {
			k, v := fmt.Sprint("key ", i), strings.Repeat("v", random.IntN(300))
			w := storage.Entry{Key: k, Value: []byte(v)}
			want[k] = v
			if random.IntN(3) == 0 {
				w.Value = nil
				delete(want, k)
			}
			b.Write = append(b.Write, w)
		}
		must(t, e.Apply(t.Context(), b))
	}
	must(t, e.Close())
	e = use(t, open)
	entries, err := e.Range(t.Context(), storage.Span{})
	must(t, err)
	for _, x := range entries {
		if v, ok := want[x.Key]; !ok || v != string(x.Value) {
			t.Errorf("%q: got %q, want %q (%v)", x.Key, x.Value, v, ok)
		}
		delete(want, x.Key)
	}
	if len(entries) == 0 || len(want) > 0 {
		t.Errorf("%d entries are there, %d are missing", len(entries), len(want))
	}
}

func endedContext(t *testing.T, open func() storage.Engine) {
	e := use(t, open)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := e.Apply(ctx, put("a", "1")); !errors.Is(err, context.Canceled) {
		t.Errorf("apply: %v", err)
	}
	if _, err := e.Range(ctx, storage.Span{}); !errors.Is(err, context.Canceled) {
		t.Errorf("range: %v", err)
	}
	wantAll(t, e, storage.Span{}, "")
}
