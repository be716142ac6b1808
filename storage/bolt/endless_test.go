package bolt_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"wardline/storage/bolt"
)

// bbolt counts through all the pages a header speaks of, which one flipped bit makes a hundred million.
func TestAPageThatGoesOnBeyondTheEndIsNoticed(t *testing.T) {
	v := victims(t)[1]
	data := bytes.Clone(v.data)
	at := 0
	for id := 2; at == 0; id++ {
		if h := data[id*4096:]; binary.LittleEndian.Uint64(h) == uint64(id) && h[8] == 2 {
			at = id * 4096
		}
	}
	data[at+15] ^= 1 << 3
	v.spoil(t, data)
	if _, err := bolt.Verify(t.Context(), v.path); !errors.Is(err, bolt.ErrDamaged) {
		t.Errorf("the file is looked at with %v", err)
	}
}
