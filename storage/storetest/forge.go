package storetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"

	"wardline/storage"
)

// An event record as the schema lays it out: checksum, flag, chain hash, body hash, length of the
// header, header, body.
const (
	chainAt = 5
	hashAt  = chainAt + sha256.Size
	wordsAt = hashAt + sha256.Size + 4
)

// reseal gives a forged record the checksum a careful forger would.
func reseal(key string, value []byte) storage.Entry {
	table := crc32.MakeTable(crc32.Castagnoli)
	binary.BigEndian.PutUint32(value, crc32.Update(crc32.Checksum([]byte(key), table), table, value[4:]))
	return storage.Entry{Key: key, Value: value}
}

// forgedRecords changes events as somebody with the file and the schema in hand might.
func forgedRecords(t *testing.T, h *house) {
	must(t, h.store.Commit(t.Context(), tell(his, 0, "first", "patch went in", "last")))
	entries, err := h.engine.Range(t.Context(), storage.Prefix("event/"))
	must(t, err)
	for _, c := range []struct {
		name   string
		event  int // of the three
		change func(value []byte) []byte
		want   string
	}{
		{"the words", 1, func(v []byte) []byte { return bytes.Replace(v, []byte("patch"), []byte("hatch"), 1) }, "event 2 of INC-7: its body does not match its hash"},
		{"the words and their hash", 1, func(v []byte) []byte {
			v = bytes.Replace(v, []byte("patch"), []byte("hatch"), 1)
			sum := sha256.Sum256(v[bytes.Index(v, []byte(`{"text"`)):])
			copy(v[hashAt:], sum[:])
			return v
		}, "event 2 of INC-7: the chain is broken here"},
		{"the author", 1, func(v []byte) []byte { return bytes.Replace(v, []byte(`"li"`), []byte(`"xu"`), 1) }, "event 2 of INC-7: the chain is broken here"},
		{"the chain hash", 0, func(v []byte) []byte { v[chainAt] ^= 1; return v }, "event 1 of INC-7: the chain is broken here"},
		{"all of the last event", 2, func(v []byte) []byte {
			return rechain(entries[1].Value, bytes.Replace(v, []byte(`"li"`), []byte(`"xu"`), 1))
		}, "event 3 of INC-7: the log does not end as its head says"},
	} {
		e := entries[c.event]
		must(t, h.engine.Apply(t.Context(), storage.Batch{Write: []storage.Entry{reseal(e.Key, c.change(bytes.Clone(e.Value)))}}))
		if _, err := h.store.Events(t.Context(), his, 0, 0); err == nil || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
		if report, err := storage.Verify(t.Context(), h.engine); err != nil || report.OK() {
			t.Errorf("%s: verify found nothing (%v)", c.name, err)
		}
		must(t, h.engine.Apply(t.Context(), storage.Batch{Write: []storage.Entry{e}}))
	}
	wantSound(t, h.engine)
}

// rechain computes the chain hash of a forged record anew.
func rechain(before, v []byte) []byte {
	end := wordsAt + int(binary.BigEndian.Uint32(v[wordsAt-4:]))
	sum := sha256.New()
	sum.Write(before[chainAt:hashAt])
	sum.Write(v[wordsAt:end])
	sum.Write(v[hashAt : hashAt+sha256.Size])
	copy(v[chainAt:], sum.Sum(nil))
	return v
}
