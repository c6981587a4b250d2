package seal

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/recipient"
)

// writing is one batch of entries. Nothing of the sealer changes until it is
// committed.
type writing struct {
	s       *Sealer
	at      time.Time
	leaves  []leaf
	texts   []string
	people  []Person
	keys    map[string]entry  // who: people that are new in this batch
	chains  map[string]chain  // as Sealer.chains, of this batch
	records map[string]string // record: body of the entry in this batch
}

func (s *Sealer) newWriting() *writing {
	return &writing{
		s: s, at: s.cfg.Now().UTC().Truncate(time.Microsecond),
		keys: map[string]entry{}, chains: map[string]chain{}, records: map[string]string{},
	}
}

// event adds the entry of an event, unless it is in the log as it is.
func (w *writing) event(ctx context.Context, id recipient.ID, e *evidence.Event) error {
	p := w.person(id)
	record := recordName(p.key, e)
	text := body(p.key, record, e)
	old, ok := w.records[record]
	if !ok {
		if index, sealed := w.s.records[record]; sealed {
			texts, err := w.s.cfg.Storage.Leaves(ctx, index, index+1)
			if err != nil {
				return fmt.Errorf("seal: read log: %w", err)
			}
			l, err := parseLeaf(texts[0])
			if err != nil {
				return fmt.Errorf("%w: entry %d", ErrDamaged, index)
			}
			old, ok = l.body, true
		}
	}
	if ok && old == text {
		return nil
	}
	w.records[record] = text
	w.add(leaf{person: p.pseudonym, record: record, body: text})
	return nil
}

// person finds the person's key, or makes one.
func (w *writing) person(id recipient.ID) entry {
	who := w.s.who(id)
	if es := w.s.people[who]; len(es) > 0 && es[len(es)-1].key != nil {
		return es[len(es)-1]
	}
	if e, ok := w.keys[who]; ok {
		return e
	}
	key := newKey()
	e := entry{pseudonym(key, id.Tenant, id.Phone.E164()), key}
	w.keys[who] = e
	w.people = append(w.people, Person{who, e.pseudonym, key})
	return e
}

// add gives an entry its place.
func (w *writing) add(l leaf) {
	c, ok := w.chains[l.person]
	if !ok {
		c, ok = w.s.chains[l.person]
	}
	l.n, l.prev, l.sealed = c.n+1, -1, w.at
	if ok {
		l.prev, l.prevSum = c.last, c.sum
	}
	text := l.String()
	w.chains[l.person] = chain{l.n, w.s.size + int64(len(w.leaves)), sumOf(text)}
	w.leaves, w.texts = append(w.leaves, l), append(w.texts, text)
}

// commit appends the batch to the log and signs a checkpoint.
func (w *writing) commit(ctx context.Context) (int, error) {
	if len(w.leaves) == 0 {
		return 0, nil
	}
	s := w.s
	r := &reader{ctx: ctx, storage: s.cfg.Storage, stored: tlog.StoredHashCount(s.size)}
	for i, text := range w.texts {
		hs, err := tlog.StoredHashes(s.size+int64(i), []byte(text), r)
		if err != nil {
			return 0, fmt.Errorf("seal: hash: %w", err)
		}
		r.pending = append(r.pending, hs...)
	}
	if err := s.cfg.Storage.Append(ctx, s.size, w.texts, r.pending, w.people); err != nil {
		return 0, fmt.Errorf("seal: append: %w", err)
	}
	for who, e := range w.keys {
		s.people[who] = append(s.people[who], e)
	}
	for i, l := range w.leaves {
		s.records[l.record] = s.size + int64(i)
	}
	for person, c := range w.chains {
		s.chains[person] = c
	}
	s.size += int64(len(w.leaves))
	return len(w.leaves), s.checkpoint(ctx)
}
