package pgstore_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/storetest"
)

func TestConformanceBulk(t *testing.T) {
	t.Parallel()
	a, _ := shared(t, nil)
	b, _ := shared(t, nil)
	storetest.Bulk(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}

// The same in the modes of connection poolers, which keep no statement.
func TestConformanceBulkWithoutPreparedStatements(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]pgx.QueryExecMode{"exec": pgx.QueryExecModeExec, "simple": pgx.QueryExecModeSimpleProtocol} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := shared(t, func(c *pgxpool.Config) { c.ConnConfig.DefaultQueryExecMode = mode })
			storetest.Bulk(t, func(*testing.T) (store.Store, store.Store) { return s, s })
		})
	}
}

// One round trip for the facts of many people, one for many records of a role,
// one for a list of people.
func TestOneRoundTripForMany(t *testing.T) {
	t.Parallel()
	w := &wire{}
	s, _ := shared(t, w.dial)
	var ids []recipient.ID
	var out []optout.Record
	var in []consent.Record
	for range store.BulkLimit {
		of := someone()
		ids = append(ids, of)
		out = append(out, stop(of, "1"))
		in = append(in, consent.Record{ID: "1", Of: of, Brand: "acme", Basis: consent.Transaction, Ref: "1", Purposes: []consent.Purpose{consent.Service}})
	}
	calls := map[string]struct {
		want int
		call func() error
	}{
		"FactsOf":    {1, func() error { _, err := s.FactsOf(t.Context(), ids); return err }},
		"PutAll":     {1, func() error { return s.PutAll(t.Context(), nil, out, nil) }},
		"both roles": {2, func() error { return s.PutAll(t.Context(), in, out, nil) }},
		"Recipients": {1, func() error { _, err := s.Recipients(t.Context(), ids[0].Tenant, recipient.Phone{}, 100); return err }},
	}
	for name, c := range calls {
		require.NoError(t, c.call(), name) // describes the statement
		require.Equal(t, c.want, w.trips(t, c.call), name)
	}
}

func TestBulkRefusesWhatCannotBeKept(t *testing.T) {
	t.Parallel()
	s, _ := shared(t, nil)
	of := someone()
	bad := stop(of, "2")
	bad.Text = "a\x00b"
	err := s.PutAll(t.Context(), nil, []optout.Record{stop(of, "1"), bad}, nil)
	isError(t, err, "put", pgstore.ErrValue)
	facts, err := s.FactsOf(t.Context(), []recipient.ID{of})
	require.NoError(t, err)
	require.Empty(t, facts[0].OptOuts, "a call that cannot succeed puts nothing")
	_, err = s.FactsOf(t.Context(), []recipient.ID{{Tenant: "\xff", Phone: of.Phone}})
	isError(t, err, "look up", pgstore.ErrValue)
	_, err = s.Recipients(t.Context(), "\xff", recipient.Phone{}, 1)
	isError(t, err, "list", pgstore.ErrValue)
}
