package pgstore_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/storetest"
)

// Every way in which pgx can run a statement will do: poolers in front of the
// server need others than the default. Two of them pass parameters in another
// form, and run the whole kit.
func TestExecModes(t *testing.T) {
	t.Parallel()
	for mode, whole := range map[pgx.QueryExecMode]bool{
		pgx.QueryExecModeCacheDescribe: false, pgx.QueryExecModeDescribeExec: false,
		pgx.QueryExecModeExec: true, pgx.QueryExecModeSimpleProtocol: true,
	} {
		t.Run(mode.String(), func(t *testing.T) {
			t.Parallel()
			with := func(c *pgxpool.Config) { c.ConnConfig.DefaultQueryExecMode = mode }
			a, _ := shared(t, with)
			b, _ := shared(t, with)
			if whole {
				storetest.Run(t, func(*testing.T) (store.Store, store.Store) { return a, b })
				return
			}
			storetest.Consents(t, func(*testing.T) (consent.Store, consent.Store) { return a, b })
			roundTrip(t, a, b)
		})
	}
}

// roundTrip begins, finishes and reads once.
func roundTrip(t *testing.T, a, b store.Store) {
	t.Helper()
	first := attempt(someone(), "k")
	snap, err := a.Begin(t.Context(), first)
	require.NoError(t, err)
	require.True(t, snap.Held)
	require.NoError(t, a.PutOptOut(t.Context(), stop(first.Of, "1")))
	require.NoError(t, a.Finish(t.Context(), outcome(first)))
	snap, err = b.Begin(t.Context(), attempt(first.Of, "k"))
	require.NoError(t, err)
	require.Equal(t, first.ID, snap.Prior.ID)
	require.Len(t, snap.OptOuts, 1)
	require.Len(t, snap.Disclosures, 1)
	outs, err := b.Outcomes(t.Context(), first.Of)
	require.NoError(t, err)
	require.Len(t, outs, 1)
}

// The contract holds whatever isolation level the sessions have: statements
// that the server rolls back are repeated.
func TestIsolationLevels(t *testing.T) {
	t.Parallel()
	for _, level := range []string{"repeatable read", "serializable"} {
		t.Run(level, func(t *testing.T) {
			t.Parallel()
			with := func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["default_transaction_isolation"] = level }
			s, pool := shared(t, with)
			var got string
			require.NoError(t, pool.QueryRow(t.Context(), "SHOW transaction_isolation").Scan(&got))
			require.Equal(t, level, got)
			of := someone()
			for i := range 20 {
				a := attempt(of, fmt.Sprint(i))
				snap, err := s.Begin(t.Context(), a)
				require.NoError(t, err)
				require.True(t, snap.Held)
				require.NoError(t, s.Finish(t.Context(), outcome(a)))
			}
			snap, err := s.Begin(t.Context(), attempt(of, "0"))
			require.NoError(t, err)
			require.False(t, snap.Held)
			require.Len(t, snap.Disclosures, 20)
		})
	}
}
