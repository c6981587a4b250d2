package seal

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
)

// File is a [Storage] in a directory of a local disk. It is for one process at
// a time, which it makes sure of where the system can lock files.
//
// In the directory are the entries, in frames with a checksum that are written
// as a whole; the hashes of the tree, which are made again from the entries if
// they do not fit; the keys of people, which an erasure overwrites in place;
// and the checkpoint. A frame that a crash has cut off is dropped by OpenFile.
type File struct {
	mu      sync.Mutex
	dir     string
	lock    *os.File
	leaves  *os.File
	hashes  *os.File
	people  *os.File
	offsets []span
	end     int64 // of the frames
	known   []fileWho
}

// span is where the text of an entry is.
type span struct {
	at  int64
	len int32
}

// fileWho is where a person's line is in the file of people.
type fileWho struct{ who string }

const (
	frameHead = 12      // bytes: length, number of entries, checksum
	frameMax  = 1 << 30 // bytes of a frame
	whoLen    = 32      // bytes
	nameLen   = 32      // bytes
	personLen = whoLen + nameLen + 8 + keyLen
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var _ Storage = (*File)(nil)

// OpenFile opens the log in a directory, and makes the directory and an empty
// log if there is none.
func OpenFile(dir string) (*File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("seal: open: %w", err)
	}
	f := &File{dir: dir}
	if err := f.open(); err != nil {
		return nil, fmt.Errorf("seal: open: %w", errors.Join(err, f.Close()))
	}
	return f, nil
}

func (f *File) open() (err error) {
	for _, x := range []struct {
		file **os.File
		name string
	}{{&f.lock, "lock"}, {&f.leaves, "leaves"}, {&f.hashes, "hashes"}, {&f.people, "people"}} {
		if *x.file, err = os.OpenFile(filepath.Join(f.dir, x.name), os.O_RDWR|os.O_CREATE, 0o600); err != nil { //nolint:gosec // the caller's directory
			return err
		}
	}
	if err := lockFile(f.lock); err != nil {
		return fmt.Errorf("%w: %w", ErrConflict, err)
	}
	if err := f.readFrames(); err != nil {
		return err
	}
	if err := f.readPeople(); err != nil {
		return err
	}
	return f.checkHashes()
}

// Close closes the files and gives up the lock.
func (f *File) Close() error {
	var errs []error
	for _, x := range []*os.File{f.leaves, f.hashes, f.people, f.lock} {
		if x != nil {
			errs = append(errs, x.Close())
		}
	}
	return errors.Join(errs...)
}

// readFrames finds every entry and cuts off a frame that is not whole.
func (f *File) readFrames() error {
	in := io.NewSectionReader(f.leaves, 0, 1<<62)
	var head [frameHead]byte
	for {
		if _, err := io.ReadFull(in, head[:]); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			break
		}
		size, count := binary.BigEndian.Uint32(head[:]), binary.BigEndian.Uint32(head[4:])
		if size > frameMax {
			break
		}
		text := make([]byte, size)
		if _, err := io.ReadFull(in, text); err != nil {
			break
		}
		if crc32.Checksum(text, castagnoli) != binary.BigEndian.Uint32(head[8:]) || !f.addSpans(text, count) {
			break
		}
	}
	info, err := f.leaves.Stat()
	if err != nil {
		return err
	}
	if rest := info.Size() - f.end; rest > 0 && !f.lastFrame(rest) {
		return fmt.Errorf("%w: an entry was changed, or more than one write is cut off", ErrDamaged)
	}
	return f.leaves.Truncate(f.end)
}

// lastFrame reports whether what cannot be read can be one write that was cut off.
func (f *File) lastFrame(rest int64) bool {
	var head [frameHead]byte
	if n, err := f.leaves.ReadAt(head[:], f.end); n < frameHead {
		return err != nil
	}
	size := int64(binary.BigEndian.Uint32(head[:]))
	return rest <= frameHead+size || bytes.Equal(head[:], make([]byte, frameHead))
}

// addSpans notes where the entries of a frame at the end are.
func (f *File) addSpans(text []byte, count uint32) bool {
	var spans []span
	at := f.end + frameHead
	for rest := text; len(rest) > 0; {
		if len(rest) < 4 {
			return false
		}
		n := int(binary.BigEndian.Uint32(rest))
		if n > len(rest)-4 {
			return false
		}
		spans = append(spans, span{at + 4, int32(n)}) //nolint:gosec // a frame is less than 1 GiB
		at, rest = at+4+int64(n), rest[4+n:]
	}
	if uint32(len(spans)) != count { //nolint:gosec // as above
		return false
	}
	f.offsets, f.end = append(f.offsets, spans...), f.end+frameHead+int64(len(text))
	return true
}

// Leaves implements [Storage].
func (f *File) Leaves(ctx context.Context, from, to int64) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if from < 0 || to < from || to > int64(len(f.offsets)) {
		return nil, fmt.Errorf("%w: no such entry", ErrDamaged)
	}
	out := make([]string, 0, to-from)
	for _, s := range f.offsets[from:to] {
		text := make([]byte, s.len)
		if _, err := f.leaves.ReadAt(text, s.at); err != nil {
			return nil, fmt.Errorf("seal: read entry: %w", err)
		}
		out = append(out, string(text))
	}
	return out, nil
}

// Append implements [Storage]: people first, then one frame, then the hashes.
func (f *File) Append(ctx context.Context, size int64, leaves []string, hashes []tlog.Hash, people []Person) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if size != int64(len(f.offsets)) {
		return ErrConflict
	}
	if err := f.addPeople(people); err != nil {
		return fmt.Errorf("seal: write people: %w", err)
	}
	if len(leaves) == 0 {
		return nil
	}
	var text []byte
	for _, l := range leaves {
		text = binary.BigEndian.AppendUint32(text, uint32(len(l))) //nolint:gosec // checked below
		text = append(text, l...)
	}
	if len(text) > frameMax {
		return errors.New("seal: too many entries at once")
	}
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(text)))    //nolint:gosec // checked above
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(leaves))) //nolint:gosec // as above
	frame = binary.BigEndian.AppendUint32(frame, crc32.Checksum(text, castagnoli))
	frame = append(frame, text...)
	if err := writeAt(f.leaves, frame, f.end); err != nil {
		return fmt.Errorf("seal: write entries: %w", err)
	}
	// The hashes can be made again: they need not be on disk.
	if _, err := f.hashes.WriteAt(joined(hashes), tlog.StoredHashCount(size)*tlog.HashSize); err != nil {
		return fmt.Errorf("seal: write hashes: %w", err)
	}
	f.addSpans(text, uint32(len(leaves))) //nolint:gosec // as above
	return nil
}

func writeAt(f *os.File, text []byte, at int64) error {
	if _, err := f.WriteAt(text, at); err != nil {
		return err
	}
	return f.Sync()
}

func joined(hashes []tlog.Hash) []byte {
	out := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		out = append(out, h[:]...)
	}
	return out
}

// Hashes implements [Storage].
func (f *File) Hashes(ctx context.Context, indexes []int64) ([]tlog.Hash, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if _, err := f.hashes.ReadAt(out[i][:], x*tlog.HashSize); err != nil {
			return nil, fmt.Errorf("seal: read hash: %w", err)
		}
	}
	return out, nil
}

// State implements [Storage].
func (f *File) State(ctx context.Context) (int64, []byte, error) {
	if err := ctx.Err(); err != nil {
		return 0, nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	checkpoint, err := os.ReadFile(filepath.Join(f.dir, "checkpoint"))
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return int64(len(f.offsets)), checkpoint, err
}

// PutCheckpoint implements [Storage].
func (f *File) PutCheckpoint(ctx context.Context, checkpoint []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	name := filepath.Join(f.dir, "checkpoint")
	tmp, err := os.OpenFile(name+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // the caller's directory
	if err != nil {
		return fmt.Errorf("seal: write checkpoint: %w", err)
	}
	_, err = tmp.Write(checkpoint)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		return fmt.Errorf("seal: write checkpoint: %w", err)
	}
	return syncDir(f.dir)
}

// checkHashes makes the file of hashes again unless it fits the entries.
func (f *File) checkHashes() error {
	n := int64(len(f.offsets))
	info, err := f.hashes.Stat()
	if err != nil {
		return err
	}
	if n == 0 {
		return f.hashes.Truncate(0)
	}
	if info.Size() >= tlog.StoredHashCount(n)*tlog.HashSize {
		if err := f.hashes.Truncate(tlog.StoredHashCount(n) * tlog.HashSize); err != nil {
			return err
		}
		if f.hashesFit(n) {
			return nil
		}
	}
	return f.makeHashes(n)
}

// hashesFit reports whether the root is that of the last checkpoint and the
// entries since are hashed right. A file of hashes that lost some pages in a
// crash does not have the root.
func (f *File) hashesFit(n int64) bool {
	ctx := context.Background()
	_, checkpoint, err := f.State(ctx)
	if err != nil {
		return false
	}
	cp, ok := bodyOfCheckpoint(checkpoint)
	if !ok || cp.size > n {
		return false
	}
	r := &reader{ctx: ctx, storage: f, stored: tlog.StoredHashCount(n)}
	root, err := tlog.TreeHash(cp.size, r)
	if err != nil || root != cp.root {
		return false
	}
	for i := cp.size; i < n; i++ {
		texts, err := f.Leaves(ctx, i, i+1)
		if err != nil {
			return false
		}
		want, err := tlog.StoredHashes(i, []byte(texts[0]), r)
		if err != nil {
			return false
		}
		for j, h := range want {
			got, err := r.ReadHashes([]int64{tlog.StoredHashIndex(0, i) + int64(j)})
			if err != nil || got[0] != h {
				return false
			}
		}
	}
	return true
}

// makeHashes hashes all entries.
func (f *File) makeHashes(n int64) error {
	ctx := context.Background()
	if err := f.hashes.Truncate(0); err != nil {
		return err
	}
	r := &reader{ctx: ctx, storage: f}
	for i := range n {
		texts, err := f.Leaves(ctx, i, i+1)
		if err != nil {
			return err
		}
		hs, err := tlog.StoredHashes(i, []byte(texts[0]), r)
		if err != nil {
			return err
		}
		r.pending = append(r.pending, hs...)
		if len(r.pending) > 1<<14 || i == n-1 {
			if _, err := f.hashes.WriteAt(joined(r.pending), r.stored*tlog.HashSize); err != nil {
				return err
			}
			r.stored, r.pending = r.stored+int64(len(r.pending)), nil
		}
	}
	return nil
}
