package storetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store"
)

// A field that a record gains later must not go unchecked.
func TestEveryFieldIsCompared(t *testing.T) {
	t.Parallel()
	var (
		c consent.Record
		o optout.Record
		d disclosure.Record
		a store.Attempt
	)
	for _, tc := range []struct {
		of     any
		fields []field
	}{
		{c, consentFields(&c)}, {o, optOutFields(&o)}, {d, disclosureFields(&d)}, {a, attemptFields(&a)},
	} {
		typ := reflect.TypeOf(tc.of)
		require.Len(t, tc.fields, typ.NumField(), "%v", typ)
		for i, f := range tc.fields {
			require.Equal(t, typ.Field(i).Name, f.name, "%v", typ)
			require.Equal(t, typ.Field(i).Type, reflect.TypeOf(f.at).Elem(), "%v.%s", typ, f.name)
		}
	}
	var out store.Outcome
	require.Len(t, outcomeFields(&out), reflect.TypeOf(out).NumField()-1-3+len(attemptFields(&a)), "all but the three lists of facts")
}

// A record of the samples must not hide a field that is lost: none is zero.
func TestSamplesAreFull(t *testing.T) {
	t.Parallel()
	l := newLab()
	c := consentRole[store.Store]().sample(l.of, "1")
	o := optOutRole[store.Store]().sample(l.of, "1")
	d := disclosureRole[store.Store]().sample(l.of, "1")
	out := settledAs(l.attempt("1"), store.Accepted)
	for _, fields := range [][]field{consentFields(&c), optOutFields(&o), disclosureFields(&d), outcomeFields(&out)} {
		for _, f := range fields {
			require.False(t, reflect.ValueOf(f.at).Elem().IsZero(), "%s", f.name)
		}
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	require.True(t, same(ptr(base), ptr(base.In(time.FixedZone("", 3600)))))
	require.True(t, same(ptr(base), ptr(base.Add(999))))
	require.False(t, same(ptr(base), ptr(base.Add(time.Microsecond))))
	require.False(t, same(ptr(base), ptr(base.Add(-time.Microsecond))))
	require.False(t, same(ptr(time.Time{}), ptr(time.Unix(0, 0))))
	require.True(t, same(ptr([]consent.Purpose(nil)), ptr([]consent.Purpose{})))
	require.False(t, same(ptr([]consent.Purpose{"a"}), ptr([]consent.Purpose{"a", ""})))
	require.False(t, same(ptr("\u00e9"), ptr("e\u0301")))
	require.False(t, same(ptr(newLab().of), ptr(newLab().of)))
}

func TestShowTellsLikeStringsApart(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range literal() {
		require.False(t, seen[show(&s)], "%s", show(&s))
		seen[show(&s)] = true
	}
	of := newLab().of
	require.NotContains(t, show(&of), of.Phone.E164(), "a number is printed")
}

func TestNeighboursAreUnlike(t *testing.T) {
	t.Parallel()
	l := newLab()
	seen := map[any]bool{}
	for _, of := range l.neighbours() {
		require.False(t, seen[of])
		require.True(t, of.Phone.InCountry("999"))
		seen[of] = true
	}
	require.True(t, seen[l.of])
	require.NotEqual(t, newLab().of, l.of)
}

func TestSimilarAndLiteralHaveNoDoubles(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range literal() {
		require.False(t, seen[s], "%+q", s)
		seen[s] = true
		require.NotContains(t, s, "\x00")
		require.True(t, s == "" || s != string(rune(0)))
	}
}
