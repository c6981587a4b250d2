package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

// able is a spy with all abilities.
type able struct {
	*spy
	mem *memstore.Store
}

func (a *able) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	if err := a.log.note(fmt.Sprintf("%s.FactsOf %d", a.name, len(ids))); err != nil {
		return nil, err
	}
	return a.mem.FactsOf(ctx, ids)
}

func (a *able) PutAll(ctx context.Context, cs []consent.Record, os []optout.Record, ds []disclosure.Record) error {
	if err := a.log.note(fmt.Sprintf("%s.PutAll %d %d %d", a.name, len(cs), len(os), len(ds))); err != nil {
		return err
	}
	return a.mem.PutAll(ctx, cs, os, ds)
}

func (a *able) Recipients(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	if err := a.log.note(a.name + ".Recipients"); err != nil {
		return nil, err
	}
	return a.mem.Recipients(ctx, tenant, after, limit)
}

// newAble makes a part with all abilities and one without any, over a log they share.
func newAble(log *calls, name string) *able {
	mem := memstore.New()
	return &able{&spy{mem, name, log}, mem}
}

func people(n int) (ids []recipient.ID) {
	for i := range n {
		ids = append(ids, recipient.ID{Tenant: "tenant", Phone: recipient.MustParse(fmt.Sprintf("+1415555%04d", i))})
	}
	return ids
}

func newLog() *calls { return &calls{fail: map[string]error{}} }

func TestFactsOfAsksInParts(t *testing.T) {
	t.Parallel()
	s := newAble(newLog(), "s")
	ids := people(2*store.BulkLimit + 1)
	require.NoError(t, s.mem.PutOptOut(t.Context(), optout.Record{ID: "1", Of: ids[1500]}))
	facts, err := store.FactsOf(t.Context(), s, ids)
	require.NoError(t, err)
	require.Len(t, facts, len(ids))
	require.Len(t, facts[1500].OptOuts, 1)
	require.Equal(t, []string{"s.FactsOf 1000", "s.FactsOf 1000", "s.FactsOf 1"}, s.log.names)
}

func TestWithoutAbilitiesOneByOne(t *testing.T) {
	t.Parallel()
	s := newParts().l
	ids := people(2)
	require.NoError(t, store.PutAll(t.Context(), s, []consent.Record{{ID: "1", Of: ids[0]}},
		[]optout.Record{{ID: "1", Of: ids[0]}, {ID: "2", Of: ids[1]}}, []disclosure.Record{{ID: "1", Of: ids[1]}}))
	require.Equal(t, []string{"l.PutOptOut", "l.PutOptOut", "l.PutConsent", "l.PutDisclosure"}, s.log.names, "opt-outs first")
	facts, err := store.FactsOf(t.Context(), s, ids)
	require.NoError(t, err)
	require.Len(t, facts[0].Consents, 1)
	require.Len(t, facts[1].OptOuts, 1)
	require.Len(t, facts[1].Disclosures, 1)
	_, err = store.Recipients(t.Context(), s, "tenant", recipient.Phone{}, 10)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	for _, call := range []string{"l.Consents", "l.OptOuts", "l.Disclosures"} {
		s.log.fail = map[string]error{call: errDown}
		facts, err = store.FactsOf(t.Context(), s, ids)
		require.ErrorIs(t, err, errDown, call)
		require.Nil(t, facts)
	}
	s.log.names, s.log.fail = nil, map[string]error{"l.PutOptOut": errDown}
	require.ErrorIs(t, store.PutAll(t.Context(), s, []consent.Record{{ID: "3", Of: ids[0]}}, []optout.Record{{ID: "3", Of: ids[0]}}, nil), errDown)
	require.Equal(t, []string{"l.PutOptOut"}, s.log.names, "no consent without the opt-outs")
}

// wrapper is a decorator that is looked through.
type wrapper struct{ store.Store }

func (w wrapper) Unwrap() store.Store { return w.Store }

// changer is a decorator that is not: what it puts and reads is its own matter.
type changer struct{ wrapper }

func (changer) FactsOf(context.Context, []recipient.ID) ([]store.Facts, error) {
	return nil, errors.ErrUnsupported
}

func (changer) PutAll(context.Context, []consent.Record, []optout.Record, []disclosure.Record) error {
	return errors.ErrUnsupported
}

func TestAbilitiesOfDecorators(t *testing.T) {
	t.Parallel()
	s := newAble(newLog(), "s")
	for _, wrapped := range []store.Store{wrapper{s}, wrapper{wrapper{s}}} {
		s.log.names = nil
		_, err := store.FactsOf(t.Context(), wrapped, people(2))
		require.NoError(t, err)
		require.NoError(t, store.PutAll(t.Context(), wrapped, nil, []optout.Record{{ID: "1", Of: someone}}, nil))
		_, err = store.Recipients(t.Context(), wrapped, "tenant", recipient.Phone{}, 1)
		require.NoError(t, err)
		require.Equal(t, []string{"s.FactsOf 2", "s.PutAll 0 1 0", "s.Recipients"}, s.log.names)
	}
	s.log.names = nil
	c := changer{wrapper{s}}
	_, err := store.FactsOf(t.Context(), c, people(1))
	require.NoError(t, err)
	require.NoError(t, store.PutAll(t.Context(), c, nil, []optout.Record{{ID: "1", Of: someone}}, nil))
	require.Equal(t, []string{"s.OptOuts", "s.Consents", "s.Disclosures", "s.PutOptOut"}, s.log.names)
}

// short forgets the last answer.
type short struct{ *able }

func (s short) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	return s.able.FactsOf(ctx, ids[1:])
}

func TestFactsOfWithTooFewAnswers(t *testing.T) {
	t.Parallel()
	s := short{newAble(newLog(), "s")}
	_, err := store.FactsOf(t.Context(), s, people(3))
	require.ErrorContains(t, err, "answered 2 of 3")
	_, err = store.FactsOf(t.Context(), store.Compose(s, s.spy, s, s), people(3))
	require.ErrorContains(t, err, "answered 2 of 3")
}

func TestComposeAsksEachRoleOnce(t *testing.T) {
	t.Parallel()
	log := newLog()
	ledger, own := newAble(log, "l"), newAble(log, "o")
	plain := &spy{memstore.New(), "p", log}
	for name, tc := range map[string]struct {
		s    store.Store
		want []string
	}{
		"two able roles": {store.Compose(ledger, own, ledger, ledger), []string{"o.FactsOf 2", "l.FactsOf 2"}},
		"one is not":     {store.Compose(ledger, plain, ledger, ledger), []string{"p.OptOuts", "p.OptOuts", "l.FactsOf 2"}},
		"one has both":   {store.Compose(own, own, ledger, ledger), []string{"o.FactsOf 2", "l.FactsOf 2"}},
		"all are apart":  {store.Compose(own, plain, newAble(log, "d"), ledger), []string{"p.OptOuts", "p.OptOuts", "o.FactsOf 2", "d.FactsOf 2"}},
	} {
		log.names = nil
		_, err := store.FactsOf(t.Context(), tc.s, people(2))
		require.NoError(t, err, name)
		require.Equal(t, tc.want, log.names, name)
	}
}

func TestComposeTakesFactsFromTheirRole(t *testing.T) {
	t.Parallel()
	log := newLog()
	ledger, own := newAble(log, "l"), newAble(log, "o")
	s := store.Compose(ledger, own, ledger, ledger)
	require.NoError(t, store.PutAll(t.Context(), s, []consent.Record{{ID: "c", Of: someone}},
		[]optout.Record{{ID: "o", Of: someone}}, []disclosure.Record{{ID: "d", Of: someone}}))
	require.Equal(t, []string{"o.PutAll 0 1 0", "l.PutAll 1 0 0", "l.PutAll 0 0 1"}, log.names)
	// What a role keeps besides its own is not asked for.
	require.NoError(t, ledger.mem.PutOptOut(t.Context(), optout.Record{ID: "not this", Of: someone}))
	facts, err := store.FactsOf(t.Context(), s, []recipient.ID{someone})
	require.NoError(t, err)
	require.Len(t, facts[0].OptOuts, 1)
	require.Equal(t, "o", facts[0].OptOuts[0].ID)
	require.Len(t, facts[0].Consents, 1)
	require.Len(t, facts[0].Disclosures, 1)
}

func TestComposeInBulkFails(t *testing.T) {
	t.Parallel()
	log := newLog()
	c, o, d, l := newAble(log, "c"), newAble(log, "o"), &spy{memstore.New(), "d", log}, newAble(log, "l")
	s := store.Compose(c, o, d, l)
	cs, os, ds := []consent.Record{{ID: "1", Of: someone}}, []optout.Record{{ID: "1", Of: someone}}, []disclosure.Record{{ID: "1", Of: someone}}
	for call, after := range map[string]int{"o.PutAll 0 1 0": 1, "c.PutAll 1 0 0": 2, "d.PutDisclosure": 3} {
		log.names, log.fail = nil, map[string]error{call: errDown}
		require.ErrorIs(t, store.PutAll(t.Context(), s, cs, os, ds), errDown, call)
		require.Len(t, log.names, after, "nothing is put after the failure of %s", call)
	}
	for _, call := range []string{"o.FactsOf 1", "c.FactsOf 1", "d.Disclosures"} {
		log.fail = map[string]error{call: errDown}
		facts, err := store.FactsOf(t.Context(), s, people(1))
		require.ErrorIs(t, err, errDown, call)
		require.Nil(t, facts)
	}
}

func TestComposeWalks(t *testing.T) {
	t.Parallel()
	log := newLog()
	c, o, l := newAble(log, "c"), newAble(log, "o"), newAble(log, "l")
	ids := people(6)
	for i, id := range ids {
		require.NoError(t, []store.Store{c, o, l}[i%3].PutOptOut(t.Context(), optout.Record{ID: "1", Of: id}))
	}
	require.NoError(t, l.PutOptOut(t.Context(), optout.Record{ID: "1", Of: ids[0]}), "twice on file, listed once")
	s := store.Compose(c, o, l, l)
	got, err := store.Recipients(t.Context(), s, "tenant", ids[0].Phone, 3)
	require.NoError(t, err)
	require.Equal(t, ids[1:4], got)
	got, err = store.Recipients(t.Context(), s, "tenant", recipient.Phone{}, 100)
	require.NoError(t, err)
	require.Equal(t, ids, got)

	log.fail["o.Recipients"] = errDown
	_, err = store.Recipients(t.Context(), s, "tenant", recipient.Phone{}, 100)
	require.ErrorIs(t, err, errDown)
	_, err = store.Recipients(t.Context(), store.Compose(l, &spy{memstore.New(), "p", log}, l, l), "tenant", recipient.Phone{}, 100)
	require.ErrorIs(t, err, errors.ErrUnsupported, "a list with gaps would read as complete")
}
