package bolt

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"wardline/storage"
)

// witnessSuffix names the file beside a database that says how far the database had come. It is
// written after the commits it tells of, never before, so a crash cannot make the database look older
// than it is; only a lost meta page or an older file in its place can.
const witnessSuffix = ".witness"

// A Witness says how far a store had come at some moment.
type Witness struct {
	storage.Standing
	At time.Time `json:"at"`
}

// witnessed is the form of the file. The sum covers the witness as it stands there.
type witnessed struct {
	Witness json.RawMessage `json:"witness"`
	Sum     uint32          `json:"sum"`
}

// Testify writes the witness of a database, durably.
func Testify(path string, w Witness) error {
	text, err := json.Marshal(w)
	if err == nil {
		text, err = json.Marshal(witnessed{Witness: text, Sum: crc32.ChecksumIEEE(text)})
	}
	if err == nil {
		err = replace(path+witnessSuffix, append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write the witness of %s: %w", path, err)
	}
	return nil
}

// ReadWitness reads the witness of a database; without one it returns the zero Witness. A damaged one
// says nothing about the database, so it is an error nobody need stop for.
func ReadWitness(path string) (Witness, error) {
	text, err := os.ReadFile(path + witnessSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return Witness{}, nil
	}
	var outer witnessed
	if err == nil {
		err = json.Unmarshal(text, &outer)
	}
	if err == nil && crc32.ChecksumIEEE(outer.Witness) != outer.Sum {
		err = errors.New("its checksum does not match")
	}
	var w Witness
	if err == nil {
		err = json.Unmarshal(outer.Witness, &w)
	}
	if err != nil {
		return Witness{}, fmt.Errorf("read the witness of %s: %w", path, err)
	}
	return w, nil
}

// replace gives a file a new content: after a power failure it holds the old or the new one.
func replace(path string, content []byte) error {
	next := path + ".next"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(next))
	}
	return syncFolder(filepath.Dir(path))
}
