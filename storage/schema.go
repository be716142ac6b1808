package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"

	"wardline/bot/incident"
)

// The schema. <i>, <n> and <seq> are big-endian 64-bit numbers, so that keys sort as numbers do;
// <0> is a zero byte. Every value but that of "schema" is sealed: a CRC-32C over key and payload
// stands before the payload, so that neither a flipped bit nor a misplaced record goes unnoticed.
//
//	schema                      the version of this schema, as text
//	event/<i><n>                event n of incident i (record.go)
//	head/<i>                    version <n>, chain hash of event n, then the line in lists as JSON, if any
//	snapshot/<i>                version <n>, then the state after event n as the desk wrote it
//	unsaid/<platform><0><seq>   a message to be said, as JSON, in order of commit
//	saying/<platform><0><id>    the <seq> of the unsaid message of that id
//	mark/<name>                 the value of a mark
//	shelf/<name><0><key>        an adapter's own record
const (
	schemaKey      = "schema"
	eventPrefix    = "event/"
	headPrefix     = "head/"
	snapshotPrefix = "snapshot/"
	unsaidPrefix   = "unsaid/"
	sayingPrefix   = "saying/"
	markPrefix     = "mark/"
	shelfPrefix    = "shelf/"
)

// SchemaVersion is the version of the schema this code writes, and the newest it reads.
const SchemaVersion = 1

// castagnoli is the polynomial processors compute in hardware.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const sealSize = 4

// errSeal is what a sealed value says that was not written under this key like this.
var errSeal = errors.New("checksum does not match")

func number(n uint64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	return string(b[:])
}

func eventKey(id incident.ID, n int) string {
	return eventPrefix + number(uint64(id)) + number(uint64(n))
}

func headKey(id incident.ID) string     { return headPrefix + number(uint64(id)) }
func snapshotKey(id incident.ID) string { return snapshotPrefix + number(uint64(id)) }

func unsaidKey(platform string, seq uint64) string {
	return unsaidPrefix + platform + "\x00" + number(seq)
}

func sayingKey(platform, id string) string { return sayingPrefix + platform + "\x00" + id }

// incidentOf reads the incident's number from a key of a prefix that is followed by one.
func incidentOf(key, prefix string) (incident.ID, bool) {
	rest := key[len(prefix):]
	if len(rest) < 8 {
		return 0, false
	}
	return incident.ID(binary.BigEndian.Uint64([]byte(rest[:8]))), true
}

// seal completes a buffer whose first sealSize bytes were left free for the checksum.
func seal(key string, buf []byte) []byte {
	binary.BigEndian.PutUint32(buf, checksum(key, buf[sealSize:]))
	return buf
}

// sealed returns the payload sealed for its key, in a new buffer.
func sealed(key string, payload []byte) Entry {
	buf := append(make([]byte, sealSize, sealSize+len(payload)), payload...)
	return Entry{Key: key, Value: seal(key, buf)}
}

// unseal returns the payload of a sealed value.
func unseal(e Entry) ([]byte, error) {
	if len(e.Value) < sealSize {
		return nil, fmt.Errorf("%d bytes are too few: %w", len(e.Value), errSeal)
	}
	payload := e.Value[sealSize:]
	if binary.BigEndian.Uint32(e.Value) != checksum(e.Key, payload) {
		return nil, errSeal
	}
	return payload, nil
}

func checksum(key string, payload []byte) uint32 {
	return crc32.Update(crc32.Checksum([]byte(key), castagnoli), castagnoli, payload)
}

// checkSchema reports whether a schema record is one this code understands.
func checkSchema(value []byte) error {
	v, err := strconv.Atoi(string(value))
	switch {
	case err != nil || v < 1:
		return fmt.Errorf("schema record %.20q is damaged; restore a backup: %w", value, ErrNotWhole)
	case v > SchemaVersion:
		return fmt.Errorf("written by a newer wardline (schema %d, this one knows %d); use that version or restore a backup", v, SchemaVersion)
	}
	return nil
}
