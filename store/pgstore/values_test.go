package pgstore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

// What PostgreSQL cannot keep is refused by name, in every field, and nothing is stored.
func TestValues(t *testing.T) {
	t.Parallel()
	s, _ := shared(t, nil)
	ctx := t.Context()
	for name, bad := range map[string]string{"NUL": "STOP\x00", "no UTF-8": "caf\xe9"} {
		of := someone()
		other := of
		other.Tenant = bad
		good := attempt(of, "k")
		begin := func(change func(*store.Attempt)) error {
			a := attempt(of, "k")
			change(&a)
			_, err := s.Begin(ctx, a)
			return err
		}
		finish := func(change func(*store.Outcome)) error {
			o := outcome(good)
			change(&o)
			return s.Finish(ctx, o)
		}
		_, err := s.Begin(ctx, good)
		require.NoError(t, err)
		for i, err := range []error{
			s.PutOptOut(ctx, stop(of, bad)),
			s.PutOptOut(ctx, stop(other, "1")),
			s.PutOptOut(ctx, optout.Record{ID: "1", Of: of, Text: bad}),
			s.PutOptOut(ctx, optout.Record{ID: "1", Of: of, Rule: bad}),
			s.PutConsent(ctx, consent.Record{ID: "1", Of: of, Purposes: []consent.Purpose{"a", consent.Purpose(bad)}}),
			s.PutConsent(ctx, consent.Record{ID: "1", Of: of, Confirmed: bad}),
			s.PutDisclosure(ctx, disclosure.Record{ID: "1", Of: of, Text: bad}),
			begin(func(a *store.Attempt) { a.ID = bad }),
			begin(func(a *store.Attempt) { a.Key = bad }),
			begin(func(a *store.Attempt) { a.Purpose = consent.Purpose(bad) }),
			finish(func(o *store.Outcome) { o.Text = bad }),
			finish(func(o *store.Outcome) { o.Disclosures[0].Text = bad }),
			finish(func(o *store.Outcome) { o.OptOuts = []optout.Record{stop(of, bad)} }),
			finish(func(o *store.Outcome) { o.Consents = []consent.Record{{ID: "1", Of: of, Ref: bad}} }),
		} {
			require.ErrorIs(t, err, pgstore.ErrValue, "%s, case %d", name, i)
			require.NotContains(t, err.Error(), bad)
		}
		outs, err := s.Outcomes(ctx, of)
		require.NoError(t, err)
		require.Len(t, outs, 1)
		require.Equal(t, store.Open, outs[0].State)
		snap, err := s.Begin(ctx, good)
		require.NoError(t, err)
		require.True(t, snap.Held)
		require.Empty(t, snap.Consents)
		require.Empty(t, snap.OptOuts)
		require.Empty(t, snap.Disclosures)
	}
}

// An index entry has room for what the documentation says, of any characters.
func TestLongest(t *testing.T) {
	t.Parallel()
	s, _ := shared(t, nil)
	ctx := t.Context()
	of := someone()
	random := make([]byte, 0, 2600)
	for len(random) < 2600 {
		random = append(random, someone().Tenant[1:]...) // does not compress
	}
	fits := string(random[:2500-len(of.Tenant)])
	require.NoError(t, s.PutOptOut(ctx, stop(of, fits)))
	a := attempt(of, "")
	a.Key = fits
	_, err := s.Begin(ctx, a)
	require.NoError(t, err)
	a = attempt(of, "")
	a.Key = fits + "x"
	_, err = s.Begin(ctx, a)
	isError(t, err, "begin", pgstore.ErrValue)
	isError(t, s.PutOptOut(ctx, stop(of, fits+"x")), "put", pgstore.ErrValue)
}

func TestOtherKey(t *testing.T) {
	t.Parallel()
	s, _ := shared(t, nil)
	a := attempt(someone(), "k")
	_, err := s.Begin(t.Context(), a)
	require.NoError(t, err)
	a.Key = store.Key(store.KeyMessage, "acme", "other")
	snap, err := s.Begin(t.Context(), a)
	require.ErrorContains(t, err, "another key")
	require.Zero(t, snap)
}

// Finish takes many facts at once, keeps their order, and takes the same ID once.
func TestFinishManyFacts(t *testing.T) {
	t.Parallel()
	s, _ := shared(t, nil)
	ctx, of := t.Context(), someone()
	a := attempt(of, "k")
	_, err := s.Begin(ctx, a)
	require.NoError(t, err)
	o := outcome(a)
	for i := range 7 {
		o.Consents = append(o.Consents, consent.Record{ID: fmt.Sprint((i * 3) % 7), Of: of, Ref: fmt.Sprint(i), At: noon})
		o.OptOuts = append(o.OptOuts, stop(of, fmt.Sprint((i*3)%7)))
	}
	o.Consents = append(o.Consents, consent.Record{ID: "0", Of: of, Ref: "second"})
	for range 2 {
		require.NoError(t, s.Finish(ctx, o))
	}
	snap, err := s.Begin(ctx, attempt(of, "next"))
	require.NoError(t, err)
	require.Equal(t, []string{"0", "3", "6", "2", "5", "1", "4"}, ids(snap.Consents))
	require.Len(t, snap.OptOuts, 7)
	require.Equal(t, "0", snap.Consents[0].Ref, "the second of the same ID wins")
}

// No error prints what the server says of the row that it could not take.
func TestErrorsAreDiscreet(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.Shared(t), 2, nil)
	o := lenient
	o.TablePrefix = "discreet_"
	require.NoError(t, pgstore.Migrate(t.Context(), pool, &o))
	s, err := pgstore.Open(t.Context(), pool, &o)
	require.NoError(t, err)
	of := someone()
	exec(t, pool, "ALTER TABLE discreet_opt_outs DROP CONSTRAINT IF EXISTS never")
	exec(t, pool, "ALTER TABLE discreet_opt_outs ADD CONSTRAINT never CHECK (false) NOT VALID")
	err = s.PutOptOut(t.Context(), stop(of, "1")) // DETAIL: Failing row contains (…)
	isError(t, err, "put", nil)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		text := fmt.Sprintf(verb, err)
		require.Contains(t, text, "SQLSTATE 23514")
		require.NotContains(t, text, of.Phone.E164()[1:])
	}
}
