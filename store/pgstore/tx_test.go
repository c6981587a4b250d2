package pgstore_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store/pgstore"
)

// A consent is on file exactly if the booking is.
func TestTx(t *testing.T) {
	t.Parallel()
	s, pool := shared(t, nil)
	ctx, of := t.Context(), someone()
	exec(t, pool, "CREATE TABLE IF NOT EXISTS bookings (id text PRIMARY KEY)")
	errBooking := errors.New("no car is free")
	book := func(id string, fail error) error {
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO bookings VALUES ($1)", of.Tenant+id); err != nil {
				return err
			}
			in := s.Tx(tx)
			if err := errors.Join(
				in.PutConsent(ctx, consent.Record{ID: id, Of: of, Brand: "acme", Ref: id, At: noon}),
				in.PutDisclosure(ctx, disclosure.Record{ID: id, Of: of, Brand: "acme", At: noon}),
				in.PutOptOut(ctx, optout.Record{ID: id, Of: of, Brand: "acme", In: true, At: noon}),
			); err != nil {
				return err
			}
			within, err := in.Consents(ctx, of)
			require.NoError(t, err)
			require.Equal(t, id, within[len(within)-1].ID)
			outside, err := s.Consents(ctx, of)
			require.NoError(t, err)
			require.NotContains(t, ids(outside), id, "seen before it was committed")
			return fail
		})
	}
	require.ErrorIs(t, book("booking-1", errBooking), errBooking)
	require.NoError(t, book("booking-2", nil))
	snap, err := s.Begin(ctx, attempt(of, "k"))
	require.NoError(t, err)
	require.Equal(t, []string{"booking-2"}, ids(snap.Consents))
	require.Len(t, snap.OptOuts, 1)
	require.Len(t, snap.Disclosures, 1)
}

func ids(rs []consent.Record) []string {
	var out []string
	for _, r := range rs {
		out = append(out, r.ID)
	}
	return out
}

// An opt-out that was put while an opt-in waited in an open transaction is not
// lifted by it, even if the transaction commits later and reads old rows.
func TestTxQuietOrder(t *testing.T) {
	t.Parallel()
	s, pool := shared(t, nil)
	for _, level := range []pgx.TxIsoLevel{pgx.ReadCommitted, pgx.RepeatableRead, pgx.Serializable} {
		ctx, of := t.Context(), someone()
		tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: level})
		require.NoError(t, err)
		in := s.Tx(tx)
		require.NoError(t, in.PutOptOut(ctx, optout.Record{ID: "in", Of: of, Brand: "acme", In: true, At: noon}))
		require.NoError(t, s.PutOptOut(ctx, stop(of, "out")))
		require.NoError(t, tx.Commit(ctx))
		rs, err := s.OptOuts(ctx, of)
		require.NoError(t, err)
		require.Equal(t, "out", rs[len(rs)-1].ID)
		_, err = optout.Check(rs, "acme")
		require.ErrorIs(t, err, optout.ErrOptedOut)
	}
}

// An opt-out put by a transaction with an old snapshot comes after an opt-in
// that the snapshot does not show.
func TestTxOldSnapshot(t *testing.T) {
	t.Parallel()
	s, pool := shared(t, nil)
	ctx, of := t.Context(), someone()
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	require.NoError(t, err)
	in := s.Tx(tx)
	_, err = in.OptOuts(ctx, of) // takes the snapshot
	require.NoError(t, err)
	for _, id := range []string{"1", "2", "3"} {
		require.NoError(t, s.PutOptOut(ctx, optout.Record{ID: id, Of: of, Brand: "acme", In: true, At: noon}))
	}
	require.NoError(t, in.PutOptOut(ctx, stop(of, "out")))
	require.NoError(t, tx.Commit(ctx))
	rs, err := s.OptOuts(ctx, of)
	require.NoError(t, err)
	require.Equal(t, "out", rs[3].ID)
}

func TestTxErrors(t *testing.T) {
	t.Parallel()
	s, pool := shared(t, nil)
	of := someone()
	tx, err := pool.Begin(t.Context())
	require.NoError(t, err)
	in := s.Tx(tx)
	isError(t, in.PutOptOut(t.Context(), stop(of, "a\x00")), "put", pgstore.ErrValue)
	require.NoError(t, in.PutOptOut(t.Context(), stop(of, "a")), "a value that cannot be kept does not spoil the transaction")
	require.NoError(t, tx.Rollback(t.Context()))
	isError(t, in.PutOptOut(t.Context(), stop(of, "b")), "put", pgx.ErrTxClosed)
	_, err = in.OptOuts(t.Context(), of)
	isError(t, err, "look up", pgx.ErrTxClosed)
	rs, err := s.OptOuts(t.Context(), of)
	require.NoError(t, err)
	require.Empty(t, rs)
}
