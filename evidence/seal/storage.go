package seal

import (
	"context"
	"errors"

	"golang.org/x/mod/sumdb/tlog"
)

// Person is what a [Storage] keeps about one person.
type Person struct {
	Who       string // keyed hash of tenant and number: finds the person
	Pseudonym string // the person's name in the log
	Key       []byte // opens the person's entries; nil once erased
}

// Storage keeps one log. It has one writer at a time, and any number of
// readers in the same process. Every method returns an error if its context
// has ended.
type Storage interface {
	// Leaves returns the texts of the entries from index from up to and
	// without index to. Asking beyond the end is an error.
	Leaves(ctx context.Context, from, to int64) ([]string, error)
	// Append adds entries behind the first size, and what is to be known of
	// people who are new, all or nothing, and durably once it returns nil. If
	// the log does not have size entries, it returns ErrConflict and adds
	// nothing. hashes are those that the entries add to the tree.
	Append(ctx context.Context, size int64, leaves []string, hashes []tlog.Hash, people []Person) error
	// Hashes returns hashes of the tree by their index.
	Hashes(ctx context.Context, indexes []int64) ([]tlog.Hash, error)
	// State returns how many entries there are and the last checkpoint that
	// was put, nil if there is none.
	State(ctx context.Context) (size int64, checkpoint []byte, err error)
	// PutCheckpoint replaces the checkpoint, durably once it returns nil.
	PutCheckpoint(ctx context.Context, checkpoint []byte) error
	// People calls f for every person there is, in the order in which they were added.
	People(ctx context.Context, f func(Person) error) error
	// Erase overwrites the key of everybody with this Who, durably once it returns nil.
	Erase(ctx context.Context, who string) error
}

var (
	// ErrConflict reports that somebody else has written to the log.
	ErrConflict = errors.New("seal: the log has another writer")
	// ErrDamaged reports a log whose parts do not fit together.
	ErrDamaged = errors.New("seal: the log is damaged")
)

// reader reads hashes for tlog, those that are about to be appended too.
type reader struct {
	ctx     context.Context //nolint:containedctx // tlog's interface has none
	storage Storage
	stored  int64 // hashes in the storage
	pending []tlog.Hash
}

// ReadHashes implements [tlog.HashReader].
func (r *reader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	var ask []int64
	var at []int
	for i, x := range indexes {
		if x >= r.stored {
			if x-r.stored >= int64(len(r.pending)) {
				return nil, ErrDamaged
			}
			out[i] = r.pending[x-r.stored]
			continue
		}
		ask, at = append(ask, x), append(at, i)
	}
	if len(ask) == 0 {
		return out, nil
	}
	hs, err := r.storage.Hashes(r.ctx, ask)
	if err != nil {
		return nil, err
	}
	if len(hs) != len(ask) {
		return nil, ErrDamaged
	}
	for i, h := range hs {
		out[at[i]] = h
	}
	return out, nil
}
