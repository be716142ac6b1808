package memory_test

import (
	"testing"

	"wardline/storage"
	"wardline/storage/memory"
	"wardline/storage/storetest"
)

func open(testing.TB) func() storage.Engine {
	e := memory.New()
	return func() storage.Engine {
		e = e.Reopen()
		return e
	}
}

func TestEngine(t *testing.T) { storetest.Run(t, open) }

func TestStore(t *testing.T) { storetest.RunStore(t, open) }

func TestStoreEqualsModel(t *testing.T) { storetest.RunModel(t, open) }

func TestKeyTwiceInOneBatchIsRefused(t *testing.T) {
	e := memory.New()
	err := e.Apply(t.Context(), storage.Batch{Write: []storage.Entry{{Key: "a", Value: []byte("1")}, {Key: "a"}}})
	if err == nil || err.Error() != `apply batch: key "a" is written twice` {
		t.Errorf("got %v", err)
	}
}
