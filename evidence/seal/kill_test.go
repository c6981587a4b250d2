package seal_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/evidence/seal"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
)

const killedDir = "CAREWIRE_SEAL_KILLED_DIR"

// TestMain lets the test be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(killedDir); dir != "" {
		if err := sendAndSeal(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
	}
	os.Exit(m.Run())
}

func person(i int) recipient.ID {
	return recipient.ID{Tenant: someone.Tenant, Phone: recipient.MustParse(fmt.Sprintf("+1415557%04d", i))}
}

func openSQLite(ctx context.Context, path string) (*sqlitestore.Store, *sql.DB, error) {
	db, err := sql.Open("sqlite", sqlitestore.DSN(path))
	if err != nil {
		return nil, nil, err
	}
	if err := sqlitestore.Migrate(ctx, db, nil); err != nil {
		return nil, nil, err
	}
	s, err := sqlitestore.Open(ctx, db, nil)
	return s, db, err
}

// sendAndSeal writes facts and attempts and seals them, until it is killed.
func sendAndSeal(dir string) error {
	ctx := context.Background()
	st, _, err := openSQLite(ctx, filepath.Join(dir, "store.db"))
	if err != nil {
		return err
	}
	storage, err := seal.OpenFile(filepath.Join(dir, "log"))
	if err != nil {
		return err
	}
	w := seal.Watch(st)
	signer, _ := newKey(&testing.T{})
	s, err := seal.New(ctx, seal.Config{
		Store: w, Watched: w, Tenant: someone.Tenant, Origin: "acme.example/carewire", Secret: secret, Signer: signer, Storage: storage,
		Every: time.Millisecond, OpenAfter: time.Nanosecond, SweepEach: 50 * time.Millisecond,
	})
	if err != nil {
		return err
	}
	failed := make(chan error, 8)
	go func() { _ = s.Run(ctx, func(err error) { failed <- err }) }()
	var wg sync.WaitGroup
	for g := range 3 {
		wg.Go(func() {
			for i := 0; ; i++ {
				if err := one(ctx, w, person((i*3+g)%40), fmt.Sprintf("%d-%d-%d", os.Getpid(), g, i)); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	return <-failed
}

// one puts a consent and an attempt of a person on file.
func one(ctx context.Context, s store.Store, id recipient.ID, name string) error {
	at := time.Now().UTC().Truncate(time.Microsecond)
	if err := s.PutConsent(ctx, consent.Record{ID: "c-" + name, Of: id, Brand: "acme", Basis: consent.Form, Shown: "x", Purposes: []consent.Purpose{consent.Service}, At: at}); err != nil {
		return err
	}
	a := store.Attempt{ID: "a-" + name, Of: id, Key: store.Key(store.KeyMessage, "acme", name), Brand: "acme", Purpose: consent.Service, At: at}
	if _, err := s.Begin(ctx, a); err != nil {
		return err
	}
	return s.Finish(ctx, store.Outcome{Attempt: a, State: store.Accepted, Settled: at})
}

// However often the process is killed, nothing that is on file is missing in
// the log, and nothing is in it twice.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	exe, err := os.Executable()
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(1, 2))
	for range 8 {
		cmd := exec.Command(exe)
		cmd.Env = append(os.Environ(), killedDir+"="+dir)
		cmd.Stderr = os.Stderr
		require.NoError(t, cmd.Start())
		time.Sleep(time.Duration(150+r.IntN(250)) * time.Millisecond)
		require.NoError(t, cmd.Process.Kill())
		require.Error(t, cmd.Wait(), "it does not end by itself")
		require.NotEqual(t, 3, cmd.ProcessState.ExitCode(), "it found something wrong when it was started again")
	}
	st, db, err := openSQLite(t.Context(), filepath.Join(dir, "store.db"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	storage, err := seal.OpenFile(filepath.Join(dir, "log"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = storage.Close() })
	signer, key := newKey(t)
	before, _, err := storage.State(t.Context())
	require.NoError(t, err)
	require.NotZero(t, before, "something was sealed before the last kill")
	s, err := seal.New(t.Context(), seal.Config{Store: st, Tenant: someone.Tenant, Origin: "acme.example/carewire", Secret: secret, Signer: signer, Storage: storage, OpenAfter: time.Nanosecond})
	require.NoError(t, err)
	caught, err := s.Sweep(t.Context())
	require.NoError(t, err)
	after, _, err := storage.State(t.Context())
	require.NoError(t, err)
	events := 0
	for i := range 40 {
		p, err := evidence.Build(t.Context(), st, person(i), program, evidence.Options{Now: start, Library: "x"})
		require.NoError(t, err)
		require.NoError(t, s.Attach(t.Context(), &p))
		report, err := seal.Verify(p, key)
		require.NoError(t, err)
		require.Equal(t, len(p.Events), report.Events)
		events += report.Events
	}
	size, _, err := storage.State(t.Context())
	require.NoError(t, err)
	require.Equal(t, after, size, "the sweep has left nothing for Attach to seal")
	require.GreaterOrEqual(t, size, int64(events))
	t.Logf("8 kills: %d events on file, all in the log of %d entries; the last sweep caught up with %d", events, size, caught)
}
