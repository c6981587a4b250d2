package carewire

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// What is left of a person who was erased is an opt-out under a number that
// nobody has, +999 and twelve digits of a keyed hash, of a tenant of its own.
// The hash is in its ID, so that two people with the same digits are two. It
// is looked for when consent or an opt-in comes on file, and never by Send:
// without a consent on file there is nothing to send, and a consent that comes
// on file brings the opt-out back with it.

// tomb is the opt-out of erased people that one secret leads to.
type tomb struct {
	at     recipient.ID
	prefix string // of the IDs of this person's records there
}

const (
	erasedRule = "erased"
	erasedID   = "erased-" // starts the ID of an erasure, whatever the secret
)

// tombs are where an erased person may be found: under the secret of now
// first, then under those of before.
func (c *Client) tombs(id recipient.ID) []tomb {
	out := make([]tomb, 0, 1+len(c.cfg.PreviousSecrets))
	for _, secret := range append([][]byte{c.cfg.Secret}, c.cfg.PreviousSecrets...) {
		out = append(out, tombOf(secret, id))
	}
	return out
}

func tombOf(secret []byte, id recipient.ID) tomb {
	h := hmac.New(sha256.New, secret)
	for _, part := range []string{"erased", id.Tenant, id.Phone.E164()} {
		_ = binary.Write(h, binary.BigEndian, uint64(len(part))) //nolint:errcheck // a hash does not fail
		h.Write([]byte(part))
	}
	sum := h.Sum(nil)
	digits := binary.BigEndian.Uint64(sum[20:]) % 1_000_000_000_000
	phone, _ := recipient.Parse(fmt.Sprintf("+999%012d", digits)) //nolint:errcheck // fifteen digits are a number
	return tomb{
		at:     recipient.ID{Tenant: tombTenant(id.Tenant), Phone: phone},
		prefix: "e-" + base64.RawURLEncoding.EncodeToString(sum[:20]) + "-",
	}
}

func tombTenant(tenant string) string { return "erased:" + tenant }

// tombMark is on file once anybody of a tenant was erased.
func tombMark(tenant string) recipient.ID {
	phone, _ := recipient.Parse("+999000000000000") //nolint:errcheck // it is a number
	return recipient.ID{Tenant: tombTenant(tenant), Phone: phone}
}

// erasing is a store in which people who were erased come back with their
// opt-out only. It asks nothing more than it is asked until somebody was
// erased, but for one look-up when consent or an opt-in comes on file.
type erasing struct {
	store.Store
	c    *Client
	used atomic.Bool // whether anybody of the tenant was erased; once true, it stays
}

// Unwrap returns the store, so that its abilities are found.
func (s *erasing) Unwrap() store.Store { return s.Store }

// anybody reports whether anybody of the tenant was erased.
func (s *erasing) anybody(ctx context.Context) (bool, error) {
	if s.used.Load() {
		return true, nil
	}
	rs, err := s.OptOuts(ctx, tombMark(s.c.cfg.Program.Tenant))
	if err != nil {
		return false, err
	}
	if len(rs) > 0 {
		s.used.Store(true)
	}
	return len(rs) > 0, nil
}

// erasedOf returns the erasures of people of the tenant, by person.
func (s *erasing) erasedOf(ctx context.Context, ids []recipient.ID) (map[recipient.ID][]optout.Record, error) {
	if used, err := s.anybody(ctx); err != nil || !used {
		return nil, err
	}
	var ask []recipient.ID
	var tombs []tomb
	var whose []recipient.ID
	for _, id := range ids {
		if id.Tenant != s.c.cfg.Program.Tenant {
			continue
		}
		for _, t := range s.c.tombs(id) {
			ask, tombs, whose = append(ask, t.at), append(tombs, t), append(whose, id)
		}
	}
	all, err := store.FactsOf(ctx, s.Store, ask)
	if err != nil {
		return nil, err
	}
	out := map[recipient.ID][]optout.Record{}
	for i, f := range all {
		for _, r := range f.OptOuts {
			name, mine := strings.CutPrefix(r.ID, tombs[i].prefix) // somebody else's digits can be the same
			r.ID = erasedID + name
			known := slices.ContainsFunc(out[whose[i]], func(o optout.Record) bool { return o.ID == r.ID })
			if mine && !known { // found under another secret
				out[whose[i]] = append(out[whose[i]], r)
			}
		}
	}
	return out, nil
}

// back is an erasure as the opt-out of the person that it was.
func back(r optout.Record, id recipient.ID) optout.Record {
	r.Of, r.Brand = id, ""
	return r
}

// recall puts the opt-outs of erased people on file again, before anything
// comes on file that could permit a message. One that was lifted since stays
// lifted: it is the same record.
func (s *erasing) recall(ctx context.Context, ids ...recipient.ID) error {
	erased, err := s.erasedOf(ctx, ids)
	if err != nil {
		return err
	}
	for id, rs := range erased {
		for _, r := range rs {
			if err := s.Store.PutOptOut(ctx, back(r, id)); err != nil {
				return err
			}
		}
	}
	return nil
}

// PutConsent implements [consent.Store].
func (s *erasing) PutConsent(ctx context.Context, r consent.Record) error {
	if !r.Revoked {
		if err := s.recall(ctx, r.Of); err != nil {
			return err
		}
	}
	return s.Store.PutConsent(ctx, r)
}

// PutOptOut implements [optout.Store].
func (s *erasing) PutOptOut(ctx context.Context, r optout.Record) error {
	if r.In {
		if err := s.recall(ctx, r.Of); err != nil {
			return err
		}
	}
	return s.Store.PutOptOut(ctx, r)
}

// PutAll implements [store.BulkWriter].
func (s *erasing) PutAll(ctx context.Context, cs []consent.Record, os []optout.Record, ds []disclosure.Record) error {
	var ids []recipient.ID
	for _, r := range cs {
		if !r.Revoked {
			ids = append(ids, r.Of)
		}
	}
	for _, r := range os {
		if r.In {
			ids = append(ids, r.Of)
		}
	}
	if len(ids) > 0 {
		if err := s.recall(ctx, ids...); err != nil {
			return err
		}
	}
	return store.PutAll(ctx, s.Store, cs, os, ds)
}

// Finish implements [store.Ledger].
func (s *erasing) Finish(ctx context.Context, o store.Outcome) error {
	permits := slices.ContainsFunc(o.Consents, func(r consent.Record) bool { return !r.Revoked }) ||
		slices.ContainsFunc(o.OptOuts, func(r optout.Record) bool { return r.In })
	if permits {
		if err := s.recall(ctx, o.Of); err != nil {
			return err
		}
	}
	return s.Store.Finish(ctx, o)
}

// FactsOf implements [store.BulkReader]. An erased person has an opt-out and a
// revocation of the day of the erasure, so that a list that is imported is
// told so, row by row.
func (s *erasing) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	facts, err := store.FactsOf(ctx, s.Store, ids)
	if err != nil {
		return nil, err
	}
	erased, err := s.erasedOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		f := &facts[i]
		for _, r := range erased[id] {
			r = back(r, id)
			if slices.ContainsFunc(f.OptOuts, func(o optout.Record) bool { return o.ID == r.ID }) {
				continue // it is on file again
			}
			f.OptOuts = append([]optout.Record{r}, f.OptOuts...)
			f.Consents = append([]consent.Record{{ID: r.ID, Of: id, Revoked: true, Ref: erasedRule, At: r.At}}, f.Consents...)
		}
	}
	return facts, nil
}
