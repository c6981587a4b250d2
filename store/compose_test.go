package store_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

var (
	someone = recipient.ID{Tenant: "tenant", Phone: recipient.MustParse("+14155550100")}
	errDown = errors.New("down")
	noon    = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
)

// spy notes every call into a log that several parts share, and fails the
// calls that it is told to fail.
type spy struct {
	store.Store
	name string
	log  *calls
}

type calls struct {
	mu    sync.Mutex
	names []string
	fail  map[string]error
}

func (c *calls) note(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names = append(c.names, name)
	return c.fail[name]
}

func (s *spy) PutConsent(ctx context.Context, r consent.Record) error {
	if err := s.log.note(s.name + ".PutConsent"); err != nil {
		return err
	}
	return s.Store.PutConsent(ctx, r)
}

func (s *spy) Consents(ctx context.Context, id recipient.ID) ([]consent.Record, error) {
	if err := s.log.note(s.name + ".Consents"); err != nil {
		return nil, err
	}
	return s.Store.Consents(ctx, id)
}

func (s *spy) PutOptOut(ctx context.Context, r optout.Record) error {
	if err := s.log.note(s.name + ".PutOptOut"); err != nil {
		return err
	}
	return s.Store.PutOptOut(ctx, r)
}

func (s *spy) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	if err := s.log.note(s.name + ".OptOuts"); err != nil {
		return nil, err
	}
	return s.Store.OptOuts(ctx, id)
}

func (s *spy) PutDisclosure(ctx context.Context, r disclosure.Record) error {
	if err := s.log.note(s.name + ".PutDisclosure"); err != nil {
		return err
	}
	return s.Store.PutDisclosure(ctx, r)
}

func (s *spy) Disclosures(ctx context.Context, id recipient.ID) ([]disclosure.Record, error) {
	if err := s.log.note(s.name + ".Disclosures"); err != nil {
		return nil, err
	}
	return s.Store.Disclosures(ctx, id)
}

func (s *spy) Begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	if err := s.log.note(s.name + ".Begin"); err != nil {
		return store.Snapshot{}, err
	}
	return s.Store.Begin(ctx, a)
}

func (s *spy) Finish(ctx context.Context, o store.Outcome) error {
	name := s.name + ".Finish"
	if o.State == store.Open {
		name = s.name + ".probe"
	}
	if err := s.log.note(name); err != nil {
		return err
	}
	return s.Store.Finish(ctx, o)
}

// parts are four spies over four stores of their own.
type parts struct {
	c, o, d, l *spy
	log        *calls
}

func newParts() parts {
	log := &calls{fail: map[string]error{}}
	part := func(name string) *spy { return &spy{memstore.New(), name, log} }
	return parts{part("c"), part("o"), part("d"), part("l"), log}
}

func attempt(id string) store.Attempt {
	return store.Attempt{ID: id, Of: someone, Key: store.Key(store.KeyMessage, "acme", "1"), At: noon}
}

func settled(id string) store.Outcome {
	return store.Outcome{
		Attempt: attempt(id), State: store.Accepted, ProviderID: "SM1", Settled: noon,
		Consents:    []consent.Record{{ID: "c1", Of: someone, Brand: "acme"}},
		OptOuts:     []optout.Record{{ID: "o1", Of: someone, Brand: "acme"}},
		Disclosures: []disclosure.Record{{ID: "d1", Of: someone, Brand: "acme"}},
	}
}

func TestComposeOrderOfCalls(t *testing.T) {
	t.Parallel()
	p := newParts()
	s := store.Compose(p.c, p.o, p.d, p.l)
	_, err := s.Begin(t.Context(), attempt("a"))
	require.NoError(t, err)
	require.NoError(t, s.Finish(t.Context(), settled("a")))
	require.Equal(t, []string{
		"l.Begin", "c.Consents", "o.OptOuts", "d.Disclosures",
		"l.probe", "o.PutOptOut", "c.PutConsent", "d.PutDisclosure", "l.Finish",
	}, p.log.names)

	snap, err := s.Begin(t.Context(), attempt("b"))
	require.NoError(t, err)
	require.False(t, snap.Held)
	require.Equal(t, "a", snap.Prior.ID)
	require.Len(t, snap.Consents, 1)
	require.Len(t, snap.OptOuts, 1)
	require.Len(t, snap.Disclosures, 1)
	own, err := p.l.OptOuts(t.Context(), someone)
	require.NoError(t, err)
	require.Empty(t, own, "the ledger keeps a fact that belongs elsewhere")
}

func TestComposeOwnRolesCostNothing(t *testing.T) {
	t.Parallel()
	p := newParts()
	require.Same(t, p.l, store.Compose(p.l, p.l, p.l, p.l), "nothing to compose")

	s := store.Compose(p.l, p.o, p.l, p.l)
	_, err := s.Begin(t.Context(), attempt("a"))
	require.NoError(t, err)
	o := settled("a")
	require.NoError(t, s.Finish(t.Context(), o))
	require.Equal(t, []string{"l.Begin", "o.OptOuts", "l.probe", "o.PutOptOut", "l.Finish"}, p.log.names)
	require.Len(t, o.OptOuts, 1, "the caller's outcome was changed")

	p.log.names = nil
	o.OptOuts = nil
	require.NoError(t, s.Finish(t.Context(), o))
	require.Equal(t, []string{"l.Finish"}, p.log.names, "no foreign fact, no trip")

	snap, err := s.Begin(t.Context(), attempt("b"))
	require.NoError(t, err)
	require.Len(t, snap.Consents, 1)
	require.Len(t, snap.OptOuts, 1)
	require.Len(t, snap.Disclosures, 1)
}

// uncomparable is a store whose dynamic type cannot be compared with ==.
type uncomparable struct {
	store.Store
	_ []int
}

func TestComposeUncomparable(t *testing.T) {
	t.Parallel()
	u := uncomparable{Store: memstore.New()}
	s := store.Compose(u, u, u, u)
	_, err := s.Begin(t.Context(), attempt("a"))
	require.NoError(t, err)
	require.NoError(t, s.Finish(t.Context(), settled("a")))
	rs, err := s.OptOuts(t.Context(), someone)
	require.NoError(t, err)
	require.Len(t, rs, 1)
}

func TestComposeFailedLookUpFailsBegin(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"c.Consents", "o.OptOuts", "d.Disclosures", "l.Begin"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			p := newParts()
			p.log.fail[call] = errDown
			snap, err := store.Compose(p.c, p.o, p.d, p.l).Begin(t.Context(), attempt("a"))
			require.ErrorIs(t, err, errDown)
			require.Zero(t, snap)
		})
	}
}

func TestComposeFinishFails(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"o.PutOptOut", "c.PutConsent", "d.PutDisclosure", "l.Finish"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			p := newParts()
			s := store.Compose(p.c, p.o, p.d, p.l)
			_, err := s.Begin(t.Context(), attempt("a"))
			require.NoError(t, err)
			p.log.fail[call] = errDown
			require.ErrorIs(t, s.Finish(t.Context(), settled("a")), errDown)
			outs, err := s.Outcomes(t.Context(), someone)
			require.NoError(t, err)
			require.Equal(t, store.Open, outs[0].State, "settled without its facts")

			delete(p.log.fail, call)
			require.NoError(t, s.Finish(t.Context(), settled("a")), "a repeated Finish completes it")
			outs, err = s.Outcomes(t.Context(), someone)
			require.NoError(t, err)
			require.Equal(t, store.Accepted, outs[0].State)
			rs, err := s.Disclosures(t.Context(), someone)
			require.NoError(t, err)
			require.Len(t, rs, 1)
		})
	}
}

// An opt-out goes on file in its own table even if the ledger is down.
func TestComposeOptOutWithLedgerDown(t *testing.T) {
	t.Parallel()
	p := newParts()
	s := store.Compose(p.c, p.o, p.d, p.l)
	_, err := s.Begin(t.Context(), attempt("a"))
	require.NoError(t, err)
	p.log.fail["l.Finish"], p.log.fail["l.probe"] = errDown, errDown
	require.ErrorIs(t, s.Finish(t.Context(), settled("a")), errDown)
	rs, err := s.OptOuts(t.Context(), someone)
	require.NoError(t, err)
	require.Len(t, rs, 1)
}

func TestComposeNotHeld(t *testing.T) {
	t.Parallel()
	p := newParts()
	s := store.Compose(p.c, p.o, p.d, p.l)
	require.ErrorIs(t, s.Finish(t.Context(), settled("a")), store.ErrNotHeld)
	require.False(t, slices.Contains(p.log.names, "o.PutOptOut"), "put a fact of an attempt that never began")
}

// A fact that is put while Begin is under way may be missed; one that was put before may not,
// even if the claim takes long.
func TestComposeLooksUpAfterTheClaim(t *testing.T) {
	t.Parallel()
	p := newParts()
	l := &slowLedger{Ledger: p.l, during: func() {
		require.NoError(t, p.o.PutOptOut(t.Context(), optout.Record{ID: "o1", Of: someone}))
	}}
	snap, err := store.Compose(p.c, p.o, p.d, l).Begin(t.Context(), attempt("a"))
	require.NoError(t, err)
	require.Len(t, snap.OptOuts, 1)
}

// slowLedger lets something happen just after the claim.
type slowLedger struct {
	store.Ledger
	during func()
}

func (l *slowLedger) Begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	snap, err := l.Ledger.Begin(ctx, a)
	l.during()
	return snap, err
}
