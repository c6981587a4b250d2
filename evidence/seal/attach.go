package seal

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/recipient"
)

// ErrStale reports a pack that is no longer what the store has: something
// happened since it was built. Build it again.
var ErrStale = errors.New("seal: the pack is older than the log")

// Attach seals what is new about the person of a pack and adds the proof to
// the pack: the person's entries, that they are in the log, and a statement
// that there are no others. Events that happened at one time come in the order
// of the log. The pack must have been built from the sealer's store just
// before; if a record in it has changed since, the error is [ErrStale]. An event
// that the store has lost is not an error here: it shows when the pack is verified.
func (s *Sealer) Attach(ctx context.Context, p *evidence.Pack) error {
	phone, err := recipient.Parse(p.Phone)
	if err != nil || p.Tenant != s.cfg.Tenant {
		return errors.New("seal: the pack is of another tenant or of no number")
	}
	id := recipient.ID{Tenant: p.Tenant, Phone: phone}
	if _, err := s.sealPeople(ctx, []recipient.ID{id}, nil, true); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, signed, err := s.cfg.Storage.State(ctx)
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	cp, ok := bodyOfCheckpoint(signed)
	if !ok {
		if s.size > 0 {
			return fmt.Errorf("%w: no checkpoint", ErrDamaged)
		}
		if err := s.checkpoint(ctx); err != nil { // nothing about anybody: an empty log says so
			return err
		}
		if _, signed, err = s.cfg.Storage.State(ctx); err != nil {
			return fmt.Errorf("seal: %w", err)
		}
		cp, _ = bodyOfCheckpoint(signed)
	}
	p.Seal = &evidence.Seal{Checkpoint: string(signed), Entries: []evidence.Entry{}}
	persons := s.people[s.who(id)]
	if n := len(persons); n > 0 && persons[n-1].key != nil {
		p.Seal.Key = b64.EncodeToString(persons[n-1].key)
	}
	leaves, err := s.entries(ctx, p, persons, cp.size)
	if err != nil {
		return err
	}
	if number(p, leaves) {
		return ErrStale
	}
	p.Seal.Statement, err = sign(statementOf(p, cp, persons, s.chains), s.cfg.Signer)
	return err
}

// entries collects a person's entries, by the chains, and proves them.
func (s *Sealer) entries(ctx context.Context, p *evidence.Pack, persons []entry, size int64) ([]leaf, error) {
	byIndex := map[int64]leaf{}
	var indexes []int64
	for _, person := range persons {
		c, ok := s.chains[person.pseudonym]
		for at := c.last; ok && at >= 0; {
			texts, err := s.cfg.Storage.Leaves(ctx, at, at+1)
			if err != nil {
				return nil, fmt.Errorf("seal: read log: %w", err)
			}
			l, err := parseLeaf(texts[0])
			if err != nil {
				return nil, fmt.Errorf("%w: entry %d", ErrDamaged, at)
			}
			byIndex[at], indexes, at = l, append(indexes, at), l.prev
		}
	}
	slices.Sort(indexes)
	r := &reader{ctx: ctx, storage: s.cfg.Storage, stored: tlog.StoredHashCount(size)}
	var leaves []leaf
	for _, at := range indexes {
		l := byIndex[at]
		proof, err := tlog.ProveRecord(size, at, r)
		if err != nil {
			return nil, fmt.Errorf("seal: prove: %w", err)
		}
		e := evidence.Entry{Index: at, Leaf: l.String(), Proof: []string{}}
		for _, h := range proof {
			e.Proof = append(e.Proof, base64.StdEncoding.EncodeToString(h[:]))
		}
		p.Seal.Entries, leaves = append(p.Seal.Entries, e), append(leaves, l)
	}
	return leaves, nil
}

// number puts events that happened at one time into the order of the log, and
// says which entry seals which event. It reports whether one of them is not as
// it was sealed.
func number(p *evidence.Pack, leaves []leaf) (stale bool) {
	key, _ := b64.DecodeString(p.Seal.Key) //nolint:errcheck // our own
	first, last := map[string]int{}, map[string]int{}
	for i, l := range leaves {
		if _, ok := first[l.record]; !ok {
			first[l.record] = i
		}
		last[l.record] = i
	}
	place := func(e *evidence.Event) int {
		if i, ok := first[recordName(key, e)]; ok {
			return i
		}
		return len(leaves)
	}
	slices.SortStableFunc(p.Events, func(a, b evidence.Event) int {
		if c := a.At().Compare(b.At()); c != 0 {
			return c
		}
		return place(&a) - place(&b)
	})
	evidence.Derive(p.Events)
	for i := range p.Events {
		record := recordName(key, &p.Events[i])
		at, ok := last[record]
		if !ok || leaves[at].body != body(key, record, &p.Events[i]) {
			stale = true
			continue
		}
		p.Seal.Entries[at].Event = p.Events[i].N
	}
	return stale
}

// statementOf is the text that is signed about a pack.
func statementOf(p *evidence.Pack, cp checkpoint, persons []entry, chains map[string]chain) string {
	var b strings.Builder
	b.WriteString("carewire/statement/1\n" + cp.String())
	for _, person := range persons {
		c, ok := chains[person.pseudonym]
		if !ok {
			continue
		}
		b.WriteString("person " + person.pseudonym + " " + strconv.FormatInt(c.n, 10) + " " + strconv.FormatInt(c.last, 10) + " " + c.sum + "\n")
	}
	for _, part := range parts(p) {
		b.WriteString("part " + part.name + " " + part.sum() + "\n")
	}
	return b.String()
}

// part is a part of a pack that the statement has the sum of.
type part struct {
	name string
	what any
}

func parts(p *evidence.Pack) []part {
	return []part{
		{"schema", p.Schema},
		{"library", p.Library},
		{"generated", p.Generated},
		{"program", p.Program},
		{"tenant", p.Tenant},
		{"phone", p.Phone},
		{"erased", p.Erased},
		{"events", p.Events},
		{"key", p.Seal.Key},
		{"checkpoint", p.Seal.Checkpoint},
		{"entries", p.Seal.Entries},
	}
}

func (p part) sum() string {
	text, err := json.Marshal(p.what)
	if err != nil {
		return "none" // nothing of a pack fails
	}
	h := sha256.Sum256(text)
	return b64.EncodeToString(h[:])
}
