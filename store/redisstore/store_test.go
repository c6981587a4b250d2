package redisstore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/redisstore"
	"github.com/carewire/carewire/store/redisstore/internal/redistest"
)

// No key shows a number or a tenant, and two installations do not meet.
func TestKeys(t *testing.T) {
	t.Parallel()
	c := redistest.Start(t).Client(nil)
	a := open(t, c, &redisstore.Options{InsecureVolatileStore: true, Prefix: "a:"})
	b := open(t, c, &redisstore.Options{InsecureVolatileStore: true, Prefix: "b:"})
	of := someone()
	_, err := a.Begin(t.Context(), attempt(of, "k"))
	require.NoError(t, err)
	require.NoError(t, a.PutOptOut(t.Context(), stop(of, "1")))
	rs, err := b.OptOuts(t.Context(), of)
	require.NoError(t, err)
	require.Empty(t, rs)
	keys, err := c.Keys(t.Context(), "*").Result()
	require.NoError(t, err)
	require.Len(t, keys, 2)
	for _, k := range keys {
		require.True(t, strings.HasPrefix(k, "a:{"))
		require.NotContains(t, k, of.Tenant)
		require.NotContains(t, k, of.Phone.E164()[1:])
	}
	tag := func(k string) string { return k[strings.Index(k, "{"):strings.Index(k, "}")] }
	require.Equal(t, tag(keys[0]), tag(keys[1]))
	// Lengths are part of the digest: what is one tenant's end is not the other's number.
	require.NoError(t, a.PutOptOut(t.Context(), stop(recipient.ID{Tenant: of.Tenant + "+", Phone: of.Phone}, "1")))
	require.Len(t, c.Keys(t.Context(), "*").Val(), 3)
}

// One round trip for every call once the server knows the scripts, with WAIT too.
func TestOneRoundTrip(t *testing.T) {
	t.Parallel()
	var w wire
	c := redistest.Start(t).Client(func(o *redis.Options) { o.PoolSize, o.Dialer = 1, w.dial })
	for name, o := range map[string]*redisstore.Options{
		"plain": &lenient,
		"WAIT":  {InsecureVolatileStore: true, WaitReplicas: 1, WaitTimeout: time.Millisecond},
	} {
		s := open(t, c, o)
		ctx, of := t.Context(), someone()
		var done error // with WAIT: no replica is there
		if o.WaitReplicas > 0 {
			done = redisstore.ErrReplicas
		}
		round := func() map[string]int {
			a := attempt(of, someone().Tenant)
			return map[string]int{
				"begin":    w.trips(t, done, func() error { _, err := s.Begin(ctx, a); return err }),
				"finish":   w.trips(t, done, func() error { return s.Finish(ctx, outcome(a)) }),
				"stop":     w.trips(t, done, func() error { return s.PutOptOut(ctx, stop(of, "o-"+a.ID)) }),
				"look up":  w.trips(t, nil, func() error { _, err := s.OptOuts(ctx, of); return err }),
				"outcomes": w.trips(t, nil, func() error { _, err := s.Outcomes(ctx, of); return err }),
			}
		}
		require.NoError(t, c.ScriptFlush(ctx).Err())
		require.Greater(t, round()["begin"], 1, "%s: the server does not know the script yet", name)
		for range 3 {
			for call, n := range round() {
				require.Equal(t, 1, n, "%s: %s", name, call)
			}
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	s := shared(t)
	ctx, of, bad := t.Context(), someone(), "caf\xe9"
	good := attempt(of, "k")
	_, err := s.Begin(ctx, good)
	require.NoError(t, err)
	badAttempt := attempt(of, bad)
	_, begin := s.Begin(ctx, badAttempt)
	far := attempt(of, "far")
	far.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	_, late := s.Begin(ctx, far)
	finish := func(change func(*store.Outcome)) error {
		o := outcome(good)
		change(&o)
		return s.Finish(ctx, o)
	}
	for i, err := range []error{
		begin, late,
		s.PutOptOut(ctx, stop(of, bad)),
		s.PutOptOut(ctx, optout.Record{ID: "1", Of: of, Text: bad}),
		s.PutConsent(ctx, consent.Record{ID: "1", Of: of, Purposes: []consent.Purpose{consent.Purpose(bad)}}),
		s.PutConsent(ctx, consent.Record{ID: "1", Of: of, Shown: bad}),
		s.PutDisclosure(ctx, disclosure.Record{ID: "1", Of: of, Text: bad}),
		finish(func(o *store.Outcome) { o.Text = bad }),
		finish(func(o *store.Outcome) { o.Consents = []consent.Record{{ID: "1", Of: of, Ref: bad}} }),
		finish(func(o *store.Outcome) { o.OptOuts = []optout.Record{stop(of, bad)} }),
		finish(func(o *store.Outcome) { o.Disclosures[0].Text = bad }),
		finish(func(o *store.Outcome) { o.Settled = far.At }),
	} {
		require.ErrorIs(t, err, redisstore.ErrValue, "case %d", i)
		require.NotContains(t, err.Error(), bad)
	}
	snap, err := s.Begin(ctx, good)
	require.NoError(t, err)
	require.True(t, snap.Held)
	require.Empty(t, snap.Consents)
	require.Empty(t, snap.OptOuts)
	require.Empty(t, snap.Disclosures)
}

func TestOtherKey(t *testing.T) {
	t.Parallel()
	s := shared(t)
	a := attempt(someone(), "k")
	_, err := s.Begin(t.Context(), a)
	require.NoError(t, err)
	a.Key = store.Key(store.KeyMessage, "acme", "other")
	snap, err := s.Begin(t.Context(), a)
	require.ErrorContains(t, err, "another key")
	require.Zero(t, snap)
}

// What somebody else has put under our keys is an error, and never nothing.
func TestForeignData(t *testing.T) {
	t.Parallel()
	c := redistest.Start(t).Client(nil)
	s := open(t, c, &lenient)
	ctx := t.Context()
	for name, fields := range map[string]map[string]string{
		"no number": {"o1": `{"brand":"acme"}`},
		"no JSON":   {"o1": "1:{"},
		"no kind":   {"x1": "1:{}"},
	} {
		of := someone()
		require.NoError(t, s.PutOptOut(ctx, stop(of, "first")))
		key := c.Keys(ctx, "*:facts").Val()[0]
		require.NoError(t, c.HSet(ctx, key, fields).Err())
		_, err := s.OptOuts(ctx, of)
		require.ErrorContains(t, err, "not understood", name)
		snap, err := s.Begin(ctx, attempt(of, "k"))
		isError(t, err, "begin", nil)
		require.Zero(t, snap)
		require.NoError(t, c.Set(ctx, key, "a string", 0).Err())
		_, err = s.Begin(ctx, attempt(of, "k"))
		require.ErrorContains(t, err, "WRONGTYPE")
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			require.NotContains(t, fmt.Sprintf(verb, err), key)
		}
		require.NoError(t, c.FlushAll(ctx).Err())
	}
}
