package seal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/evidence/seal"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

func stop(id recipient.ID, name string) optout.Record {
	return optout.Record{ID: name, Of: id, Brand: "acme", At: start, Via: "inbound", Text: "stop", Rule: "stop"}
}

func (b *bench) size() int64 {
	b.t.Helper()
	n, _, err := b.storage.State(b.t.Context())
	require.NoError(b.t, err)
	return n
}

func TestWhatIsSealedIsNotSealedAgain(t *testing.T) {
	t.Parallel()
	b, _ := sealed(t)
	before := b.size()
	n, err := b.s.Sweep(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	b.seal()
	require.Equal(t, before, b.size())
	again, err := seal.New(t.Context(), b.cfg)
	require.NoError(t, err)
	n, err = again.Sweep(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "nor by another sealer over the same log")
}

func TestSweepFindsWhatWasNotNoted(t *testing.T) {
	t.Parallel()
	st := memstore.New()
	b := setup(t, st)
	story(t.Context(), t, st, someone, func() {})
	tried := store.Attempt{ID: "x", Of: another, Key: "k", At: start}
	_, err := st.Begin(t.Context(), tried) // only attempted, and left behind by a crash
	require.NoError(t, err)
	b.seal()
	require.Zero(t, b.size(), "nobody was noted")
	n, err := b.s.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 31, n)
	for _, id := range []recipient.ID{someone, another} {
		_, err = seal.Verify(b.pack(id), b.key)
		require.NoError(t, err)
	}
}

func TestOpenAttemptsWait(t *testing.T) {
	t.Parallel()
	st := memstore.New()
	b := setup(t, st)
	now := b.cfg.Now()
	b.cfg.Now = func() time.Time { return now }
	var err error
	b.s, err = seal.New(t.Context(), b.cfg)
	require.NoError(t, err)
	young := store.Attempt{ID: "x", Of: someone, Key: "k", At: b.cfg.Now().Add(-time.Second)}
	_, err = b.w.Begin(t.Context(), young)
	require.NoError(t, err)
	b.seal()
	b.seal()
	require.Zero(t, b.size())
	require.NoError(t, st.Finish(t.Context(), store.Outcome{Attempt: young, State: store.Accepted, Settled: start})) // by another process
	b.seal()
	require.Zero(t, b.size(), "nothing was seen of it yet")
	now = now.Add(2 * time.Minute)
	b.seal()
	require.EqualValues(t, 1, b.size())
}

// failing is a store that fails while it is told to.
type failing struct {
	store.Store
	down bool
}

func (f *failing) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	if f.down {
		return nil, errors.New("down")
	}
	return f.Store.OptOuts(ctx, id)
}

func TestAfterAnErrorNothingIsForgotten(t *testing.T) {
	t.Parallel()
	f := &failing{Store: memstore.New()}
	b := setup(t, f)
	require.NoError(t, b.w.PutOptOut(t.Context(), stop(someone, "1")))
	f.down = true
	_, err := b.s.SealOnce(t.Context())
	require.Error(t, err)
	f.down = false
	b.seal()
	require.EqualValues(t, 1, b.size())
}

func TestALateRecordShows(t *testing.T) {
	t.Parallel()
	b, _ := sealed(t)
	late := stop(someone, "slipped in")
	late.At, late.Sent = start.AddDate(0, 0, -40), start.AddDate(0, 0, -40)
	require.NoError(t, b.w.PutOptOut(t.Context(), late))
	r, err := seal.Verify(b.pack(someone), b.key)
	require.NoError(t, err)
	require.Equal(t, []int{1}, r.Late)
}

// What is changed in the store after it was sealed shows in the next pack.
func TestAChangedStoreShows(t *testing.T) {
	t.Parallel()
	b, _ := sealed(t)
	other := memstore.New()
	story(t.Context(), t, other, someone, func() {})
	p, err := evidence.Build(t.Context(), other, someone, program, evidence.Options{Now: start, Library: "x"})
	require.NoError(t, err)
	p.Events = p.Events[:29] // the store forgot the last one
	require.NoError(t, b.s.Attach(t.Context(), &p))
	_, err = seal.Verify(p, b.key)
	var problem *seal.Problem
	require.ErrorAs(t, err, &problem)
	require.Equal(t, seal.Removed, problem.Fault)
}

// A record that was changed in the store after it was sealed shows, although
// the log has taken down what it was changed into.
func TestAChangedRecordShows(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		bend func(f *store.Facts, os []store.Outcome)
		want string
	}{
		"text of a consent": {func(f *store.Facts, _ []store.Outcome) { f.Consents[1].Shown = "something else" }, "(consent): shown: changed"},
		"time of a consent": {func(f *store.Facts, _ []store.Outcome) { f.Consents[1].At = start.AddDate(-1, 0, 0) }, "(consent): at: back-dated"},
		"words of a stop":   {func(f *store.Facts, _ []store.Outcome) { f.OptOuts[0].Text = "go on" }, "(opt-out): text: changed"},
		"a stop into a go":  {func(f *store.Facts, _ []store.Outcome) { f.OptOuts[0].In = true }, "(opt-out): in: changed"},
		"a disclosure":      {func(f *store.Facts, _ []store.Outcome) { f.Disclosures[2].Failed = true }, "(disclosure): failed: changed"},
		"time of a message": {func(_ *store.Facts, os []store.Outcome) { os[3].At = os[3].At.Add(-time.Hour) }, "(attempt): at: back-dated"},
		"state of a message": {func(_ *store.Facts, os []store.Outcome) {
			os[3].State = store.Refused
		}, "(attempt): state: changed"},
		"text of a message": {func(_ *store.Facts, os []store.Outcome) { os[4].Text = "other" }, "(attempt): text: changed"},
	} {
		b, _ := sealed(t)
		f, err := store.FactsOf(t.Context(), b.w, []recipient.ID{someone})
		require.NoError(t, err)
		os, err := b.w.Outcomes(t.Context(), someone)
		require.NoError(t, err)
		tc.bend(&f[0], os)
		st := memstore.New()
		require.NoError(t, st.PutAll(t.Context(), f[0].Consents, f[0].OptOuts, f[0].Disclosures))
		for _, o := range os {
			_, err := st.Begin(t.Context(), o.Attempt)
			require.NoError(t, err)
			require.NoError(t, st.Finish(t.Context(), o))
		}
		cfg := b.cfg
		cfg.Store, cfg.Watched = st, nil
		b.s, err = seal.New(t.Context(), cfg)
		require.NoError(t, err)
		p, err := evidence.Build(t.Context(), st, someone, program, evidence.Options{Now: start})
		require.NoError(t, err)
		require.NoError(t, b.s.Attach(t.Context(), &p))
		_, err = seal.Verify(p, b.key)
		require.ErrorContains(t, err, tc.want, name)
	}
}

func TestAStalePackIsNotSealed(t *testing.T) {
	t.Parallel()
	b, _ := sealed(t)
	p, err := evidence.Build(t.Context(), b.w, someone, program, evidence.Options{Now: start})
	require.NoError(t, err)
	os, err := b.w.Outcomes(t.Context(), someone)
	require.NoError(t, err)
	o := os[1]
	require.Equal(t, store.Accepted, o.State)
	o.State = store.Failed
	require.NoError(t, b.w.Finish(t.Context(), o))
	require.ErrorIs(t, b.s.Attach(t.Context(), &p), seal.ErrStale)
}

func TestAMessageUnderWayIsSealed(t *testing.T) {
	t.Parallel()
	b, _ := sealed(t)
	_, err := b.w.Begin(t.Context(), store.Attempt{ID: "now", Of: someone, Key: "k", At: b.cfg.Now()})
	require.NoError(t, err)
	r, err := seal.Verify(b.pack(someone), b.key)
	require.NoError(t, err)
	require.Equal(t, 31, r.Events)
}

func TestNothingOnFile(t *testing.T) {
	t.Parallel()
	b := setup(t, memstore.New())
	p := b.pack(someone)
	r, err := seal.Verify(p, b.key)
	require.NoError(t, err)
	require.Zero(t, r.Events)
	p.Seal = nil
	_, err = seal.Verify(p, b.key)
	require.ErrorIs(t, err, seal.ErrBroken)
}

func TestAfterForgetTheLogVerifies(t *testing.T) {
	t.Parallel()
	b, before := sealed(t)
	gone := evidence.Erasure{At: start.AddDate(0, 0, 1), By: "Kim", Reason: "request"}
	require.NoError(t, b.s.Forget(t.Context(), someone.Phone, gone))
	require.NoError(t, b.s.Forget(t.Context(), someone.Phone, gone), "it may be repeated")

	_, err := seal.Verify(before, b.key)
	require.NoError(t, err, "what was handed out before stays valid")
	_, err = seal.Verify(b.pack(another), b.key)
	require.NoError(t, err, "and so does everybody else's")

	p := evidence.Pack{Schema: evidence.Schema, Generated: start, Program: program, Tenant: someone.Tenant, Phone: someone.Phone.E164(), Erased: []evidence.Erasure{gone}, Events: []evidence.Event{}}
	// The store must have forgotten too; here it is an empty one.
	cfg := b.cfg
	cfg.Store, cfg.Watched = memstore.New(), nil
	s, err := seal.New(t.Context(), cfg)
	require.NoError(t, err)
	require.NoError(t, s.Attach(t.Context(), &p))
	r, err := seal.Verify(p, b.key)
	require.NoError(t, err)
	require.Greater(t, r.Erased, 30)
	require.Empty(t, p.Seal.Key)

	p.Erased[0].By = "nobody"
	_, err = seal.Verify(p, b.key)
	require.ErrorContains(t, err, "erased")

	// A new record of the number is under another name.
	require.NoError(t, cfg.Store.PutOptOut(t.Context(), stop(someone, "after")))
	q, err := evidence.Build(t.Context(), cfg.Store, someone, program, evidence.Options{Now: start, Erased: []evidence.Erasure{gone}})
	require.NoError(t, err)
	require.NoError(t, s.Attach(t.Context(), &q))
	r, err = seal.Verify(q, b.key)
	require.NoError(t, err)
	require.Equal(t, 1, r.Events)
}

func TestFilesHoldNothingPersonal(t *testing.T) {
	t.Parallel()
	b, p := sealed(t)
	words := []string{"4155550123", "booking-6", "please stop", "on our way", "\"SM1\"", "consent to receive", "acme.example/book"}
	all := func() []byte {
		var text []byte
		require.NoError(t, filepath.WalkDir(b.dir, func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			part, err := os.ReadFile(name)
			text = append(text, part...)
			return err
		}))
		return text
	}
	for _, w := range words {
		require.False(t, bytes.Contains(all(), []byte(w)), w)
	}
	key := p.Seal.Key
	require.NoError(t, b.s.Forget(t.Context(), someone.Phone, evidence.Erasure{At: start, By: "Kim"}))
	require.NotEmpty(t, key)
	require.NotContains(t, fmt.Sprintf("%x", all()), fmt.Sprintf("%x", mustKey(t, key)))
}

func TestFileIsForOneWriter(t *testing.T) {
	t.Parallel()
	b, _ := sealed(t)
	_, err := seal.OpenFile(b.dir)
	require.ErrorIs(t, err, seal.ErrConflict)
	require.ErrorIs(t, b.storage.Append(t.Context(), 0, []string{"x"}, []tlog.Hash{{}}, nil), seal.ErrConflict)
}

// Whatever a crash leaves at the end of the files, the log opens with what was
// written before.
func TestFileAfterACrash(t *testing.T) {
	t.Parallel()
	for name, bend := range map[string]func(t *testing.T, dir string){
		"half a frame": func(t *testing.T, dir string) {
			appendTo(t, dir, "leaves", []byte{0, 0, 9, 9, 0, 0, 0, 1, 1, 2, 3, 4, 5})
		},
		"half a head":       func(t *testing.T, dir string) { appendTo(t, dir, "leaves", []byte{0, 0}) },
		"zeros":             func(t *testing.T, dir string) { appendTo(t, dir, "leaves", make([]byte, 5000)) },
		"half a person":     func(t *testing.T, dir string) { appendTo(t, dir, "people", []byte("half")) },
		"hashes too many":   func(t *testing.T, dir string) { appendTo(t, dir, "hashes", make([]byte, 640)) },
		"hashes gone":       func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "hashes"))) },
		"hashes wrong":      func(t *testing.T, dir string) { overwrite(t, dir, "hashes", 0) },
		"checkpoint gone":   func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "checkpoint"))) },
		"checkpoint is new": func(t *testing.T, dir string) { appendTo(t, dir, "checkpoint.new", []byte("half")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, _ := sealed(t)
			size := b.size()
			require.NoError(t, b.storage.(*seal.File).Close())
			bend(t, b.dir)
			again, err := seal.OpenFile(b.dir)
			require.NoError(t, err)
			t.Cleanup(func() { _ = again.Close() })
			b.storage, b.cfg.Storage = again, again
			require.Equal(t, size, b.size())
			b.s, err = seal.New(t.Context(), b.cfg)
			require.NoError(t, err)
			_, err = seal.Verify(b.pack(someone), b.key)
			require.NoError(t, err)
		})
	}
}

// An entry that was changed on the disk is no crash.
func TestFileThatWasChanged(t *testing.T) {
	t.Parallel()
	b, _ := sealed(t)
	require.NoError(t, b.storage.(*seal.File).Close())
	overwrite(t, b.dir, "leaves", 40)
	_, err := seal.OpenFile(b.dir)
	require.ErrorIs(t, err, seal.ErrDamaged)
}

func appendTo(t *testing.T, dir, name string, text []byte) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	require.NoError(t, err)
	_, err = f.Write(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func overwrite(t *testing.T, dir, name string, at int64) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = f.WriteAt([]byte("something else"), at)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	b := setup(t, memstore.New())
	for name, bend := range map[string]func(*seal.Config){
		"store":   func(c *seal.Config) { c.Store = nil },
		"storage": func(c *seal.Config) { c.Storage = nil },
		"signer":  func(c *seal.Config) { c.Signer = nil },
		"secret":  func(c *seal.Config) { c.Secret = []byte("short") },
		"origin":  func(c *seal.Config) { c.Origin = "two\nlines" },
		"every":   func(c *seal.Config) { c.Every = -1 },
	} {
		c := b.cfg
		bend(&c)
		_, err := seal.New(t.Context(), c)
		require.Error(t, err, name)
	}
	require.NotContains(t, fmt.Sprintf("%+v %#v", b.cfg, b.cfg), "secret of the tests")
}

func TestRunSealsUntilTheContextEnds(t *testing.T) {
	t.Parallel()
	b := setup(t, memstore.New())
	b.cfg.Every = time.Millisecond
	s, err := seal.New(t.Context(), b.cfg)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, nil) }()
	require.NoError(t, b.w.PutOptOut(t.Context(), stop(someone, "1")))
	require.Eventually(t, func() bool { n, _, _ := b.storage.State(t.Context()); return n == 1 }, 10*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
}

func TestAnotherKeyDoesNotVerify(t *testing.T) {
	t.Parallel()
	_, p := sealed(t)
	_, err := seal.Verify(p, otherKey(t))
	require.ErrorIs(t, err, seal.ErrBroken)
	require.ErrorContains(t, err, string(seal.Unsigned))
}
