package bolt_test

import (
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"wardline/storage"
	"wardline/storage/bolt"
	"wardline/storage/memory"
	"wardline/storage/storetest"
)

// open makes files that are not synced: what a power failure leaves is not the subject here.
func open(t testing.TB) func() storage.Engine {
	path := filepath.Join(t.TempDir(), "wardline.db")
	return func() storage.Engine {
		e, err := bolt.Open(path, bolt.Options{NoSync: true})
		if err != nil {
			panic(fmt.Sprintf("open %s: %v", path, err))
		}
		return e
	}
}

func openMemory(testing.TB) func() storage.Engine {
	e := memory.New()
	return func() storage.Engine {
		e = e.Reopen()
		return e
	}
}

func closed(t *testing.T, c io.Closer) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestEngine(t *testing.T) { storetest.Run(t, open) }

func TestStore(t *testing.T) { storetest.RunStore(t, open) }

func TestStoreEqualsModel(t *testing.T) { storetest.RunModel(t, open) }

func TestBoltEqualsMemory(t *testing.T) { storetest.RunEqual(t, open, openMemory) }
