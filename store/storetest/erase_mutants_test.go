package storetest_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
	"github.com/carewire/carewire/store/storetest"
)

// eraser is the reference store with one fault in what it erases or in what it
// tells of many people's attempts.
type eraser struct {
	*memstore.Store
	erase    func(ctx context.Context, s *memstore.Store, e store.Erasure) error
	outcomes func(ctx context.Context, s *memstore.Store, ids []recipient.ID) ([][]store.Outcome, error)
	tried    func(ctx context.Context, s *memstore.Store, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error)
}

func (s eraser) Erase(ctx context.Context, e store.Erasure) error {
	if s.erase != nil {
		return s.erase(ctx, s.Store, e)
	}
	return s.Store.Erase(ctx, e)
}

func (s eraser) OutcomesOf(ctx context.Context, ids []recipient.ID) ([][]store.Outcome, error) {
	if s.outcomes != nil {
		return s.outcomes(ctx, s.Store, ids)
	}
	return s.Store.OutcomesOf(ctx, ids)
}

func (s eraser) Attempted(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	if s.tried != nil {
		return s.tried(ctx, s.Store, tenant, after, limit)
	}
	return s.Store.Attempted(ctx, tenant, after, limit)
}

// keeping erases and puts back what keep says.
func keeping(keep func(ctx context.Context, s *memstore.Store, f store.Facts, os []store.Outcome, e store.Erasure) error) eraser {
	return eraser{erase: func(ctx context.Context, s *memstore.Store, e store.Erasure) error {
		f, err := s.FactsOf(ctx, []recipient.ID{e.Of})
		if err != nil {
			return err
		}
		os, err := s.Outcomes(ctx, e.Of)
		if err != nil {
			return err
		}
		if err := s.Erase(ctx, e); err != nil {
			return err
		}
		return keep(ctx, s, f[0], os, e)
	}}
}

// refile puts an attempt on file as it is.
func refile(ctx context.Context, s *memstore.Store, o store.Outcome) error {
	if _, err := s.Begin(ctx, o.Attempt); err != nil {
		return err
	}
	return s.Finish(ctx, o)
}

var eraseMutants = map[string]eraser{
	"keeps consents": keeping(func(ctx context.Context, s *memstore.Store, f store.Facts, _ []store.Outcome, _ store.Erasure) error {
		return s.PutAll(ctx, f.Consents, nil, nil)
	}),
	"keeps opt-outs": keeping(func(ctx context.Context, s *memstore.Store, f store.Facts, _ []store.Outcome, _ store.Erasure) error {
		return s.PutAll(ctx, nil, f.OptOuts, nil)
	}),
	"keeps disclosures": keeping(func(ctx context.Context, s *memstore.Store, f store.Facts, _ []store.Outcome, _ store.Erasure) error {
		return s.PutAll(ctx, nil, nil, f.Disclosures)
	}),
	"keeps attempts": keeping(func(ctx context.Context, s *memstore.Store, _ store.Facts, os []store.Outcome, _ store.Erasure) error {
		for _, o := range os {
			if err := refile(ctx, s, o); err != nil {
				return err
			}
		}
		return nil
	}),
	"keeps open attempts": keeping(func(ctx context.Context, s *memstore.Store, _ store.Facts, os []store.Outcome, _ store.Erasure) error {
		for _, o := range os {
			if o.State == store.Open {
				if _, err := s.Begin(ctx, o.Attempt); err != nil {
					return err
				}
			}
		}
		return nil
	}),
	"loses attempts": {erase: func(ctx context.Context, s *memstore.Store, e store.Erasure) error {
		e.As = recipient.ID{Tenant: "nobody", Phone: e.As.Phone}
		return s.Erase(ctx, e)
	}},
	"moves attempts with their texts": {erase: func(ctx context.Context, s *memstore.Store, e store.Erasure) error {
		os, err := s.Outcomes(ctx, e.Of)
		if err != nil {
			return err
		}
		for _, o := range os {
			o.Of = e.As
			if o.State == store.Open {
				continue
			}
			if err := refile(ctx, s, o); err != nil {
				return err
			}
		}
		return s.Erase(ctx, e)
	}},
	"does nothing":       {erase: func(ctx context.Context, _ *memstore.Store, _ store.Erasure) error { return ctx.Err() }},
	"fails about nobody": {erase: failsAboutNobody},
	"is deaf": {erase: func(ctx context.Context, s *memstore.Store, e store.Erasure) error {
		return s.Erase(context.WithoutCancel(ctx), e)
	}},
	"erases every tenant": {erase: everyTenant},
	"answers in order of number": {outcomes: func(ctx context.Context, s *memstore.Store, ids []recipient.ID) ([][]store.Outcome, error) {
		ids = slices.Clone(ids)
		slices.SortFunc(ids, func(a, b recipient.ID) int { return compareIDs(a, b) })
		return s.OutcomesOf(ctx, ids)
	}},
	"answers a twin once": {outcomes: func(ctx context.Context, s *memstore.Store, ids []recipient.ID) ([][]store.Outcome, error) {
		out, err := s.OutcomesOf(ctx, ids)
		seen := map[recipient.ID]bool{}
		for i, id := range ids {
			if seen[id] && err == nil {
				out[i] = nil
			}
			seen[id] = true
		}
		return out, err
	}},
	"leaves refused attempts out": {outcomes: func(ctx context.Context, s *memstore.Store, ids []recipient.ID) ([][]store.Outcome, error) {
		out, err := s.OutcomesOf(ctx, ids)
		for i := range out {
			out[i] = slices.DeleteFunc(out[i], func(o store.Outcome) bool { return o.State == store.Rejected })
		}
		return out, err
	}},
	"does not hear the end": {outcomes: func(ctx context.Context, s *memstore.Store, ids []recipient.ID) ([][]store.Outcome, error) {
		return s.OutcomesOf(context.WithoutCancel(ctx), ids)
	}},
	"lists nobody": {tried: func(ctx context.Context, _ *memstore.Store, _ string, _ recipient.Phone, _ int) ([]recipient.ID, error) {
		return nil, ctx.Err()
	}},
	"lists those before": {tried: func(ctx context.Context, s *memstore.Store, tenant string, _ recipient.Phone, limit int) ([]recipient.ID, error) {
		return s.Attempted(ctx, tenant, recipient.Phone{}, limit)
	}},
}

func compareIDs(a, b recipient.ID) int {
	switch {
	case a.Phone.E164() < b.Phone.E164():
		return -1
	case a.Phone.E164() > b.Phone.E164():
		return 1
	}
	return 0
}

func failsAboutNobody(ctx context.Context, s *memstore.Store, e store.Erasure) error {
	f, err := s.FactsOf(ctx, []recipient.ID{e.Of})
	if err != nil {
		return err
	}
	if len(f[0].OptOuts) == 0 {
		return store.ErrNotHeld
	}
	return s.Erase(ctx, e)
}

// everyTenant erases the number of the empty tenant too.
func everyTenant(ctx context.Context, s *memstore.Store, e store.Erasure) error {
	if err := s.Erase(ctx, e); err != nil {
		return err
	}
	e.Of.Tenant = ""
	return s.Erase(ctx, e)
}

// Every store that is wrong on purpose fails a case, and the right one none.
func TestEraseMutants(t *testing.T) {
	t.Parallel()
	fails := func(e eraser) (names []string) {
		for _, c := range storetest.EraseCases() {
			s := e
			s.Store = memstore.New()
			if err := c.Run(t.Context(), s, s); err != nil {
				names = append(names, c.Name)
			}
		}
		return names
	}
	require.Empty(t, fails(eraser{}))
	caught := map[string]bool{}
	for name, m := range eraseMutants {
		names := fails(m)
		require.NotEmpty(t, names, name)
		for _, c := range names {
			caught[c] = true
		}
	}
	for _, c := range storetest.EraseCases() {
		if c.Name != "history/nobody" && c.Name != "history/fresh" { // what they find needs a store that fails or caches
			require.True(t, caught[c.Name], "no mutant is caught by %s", c.Name)
		}
	}
}
