package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// The layout of a bbolt meta page, as far as it is needed here: a page header of 16 bytes, then magic,
// version, page size and flags of 4 bytes each, root page and root sequence, free list, number of
// pages, transaction and an FNV-1a checksum over what precedes it, of 8 bytes each. The file is in
// the byte order of the machine that wrote it; all those bbolt supports in practice are little-endian.
const (
	metaAt       = 16
	metaSize     = 64
	metaMagic    = 0xED0CDAED
	pageSizeAt   = 8
	pagesAt      = 40
	checksumAt   = 56
	smallestPage = 1 << 10
	largestPage  = 1 << 16
)

// checkSize refuses a file that ends before the pages it says it has: bbolt maps the file, and
// reading a page that is not there kills the process. A file that is no database is left to bbolt.
func checkSize(path string, size int64) error {
	if size == 0 {
		return nil
	}
	need, _, _, err := metas(path)
	switch {
	case err != nil:
		return fmt.Errorf("open %s: %w", path, err)
	case size < need:
		return fmt.Errorf("open %s: the file is cut short (%d bytes, %d are needed); restore a backup: %w", path, size, need, ErrDamaged)
	}
	return nil
}

// metas returns the size the valid meta pages of a file ask for, that of a page, and how many of the two are valid.
// bbolt writes them in turns: with one of them lost it silently goes on from the commit before.
func metas(path string) (need, page int64, valid int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, 0, explain(path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head := make([]byte, metaSize)
	for at := int64(0); at <= largestPage; at = max(2*at, smallestPage) {
		if n, err := f.ReadAt(head, at+metaAt); n < metaSize {
			if errors.Is(err, io.EOF) {
				break
			}
			return 0, 0, 0, err
		}
		if pages, pageSize, ok := readMeta(head); ok && (at == 0 || at == pageSize) {
			need, page = max(need, pages*pageSize), pageSize
			valid++
		}
	}
	if valid == 0 {
		return 0, 0, 0, fmt.Errorf("it is not a wardline database, or it is damaged; name another file or restore a backup: %w", ErrDamaged)
	}
	return need, page, valid, nil
}

// The kinds of page whose header says how many more pages belong to it.
const treeOrList = 0x01 | 0x02 | 0x10

// checkRuns refuses a file with a page that goes on beyond the last one: bbolt counts through all the pages a
// header speaks of, and one flipped bit makes them millions, so that it seems never to end. Pages that are not in
// use any more keep headers that were right once, and the number of pages never shrinks.
func checkRuns(path string) (err error) {
	need, size, _, err := metas(path)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return explain(path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head := make([]byte, metaAt)
	for id := int64(0); id < need/size; id++ {
		if _, err := f.ReadAt(head, id*size); err != nil {
			return fmt.Errorf("open %s: page %d cannot be read: %w", path, id, errors.Join(err, ErrDamaged))
		}
		kind, more := binary.LittleEndian.Uint16(head[8:]), int64(binary.LittleEndian.Uint32(head[12:]))
		header := binary.LittleEndian.Uint64(head) == uint64(id) && kind != 0 && kind&^treeOrList == 0
		if header && id+more >= need/size {
			return fmt.Errorf("open %s: page %d goes on beyond the end: %w", path, id, ErrDamaged)
		}
	}
	return nil
}

func readMeta(b []byte) (pages, pageSize int64, ok bool) {
	sum := fnv.New64a()
	_, _ = sum.Write(b[:checksumAt]) // a hash never fails
	ok = binary.LittleEndian.Uint32(b) == metaMagic && binary.LittleEndian.Uint64(b[checksumAt:]) == sum.Sum64()
	return int64(binary.LittleEndian.Uint64(b[pagesAt:])), int64(binary.LittleEndian.Uint32(b[pageSizeAt:])), ok
}
