package pgstore_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

// The disk of the tables is full. Where no small disk can be mounted, a trigger
// says what the server would say.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	pool := pgtest.Pool(t, server.DSN(), 2, nil)
	disk, real := pgtest.SmallDisk(t, 2<<20)
	if real {
		exec(t, pool, "CREATE TABLESPACE small LOCATION '"+disk+"'")
		exec(t, pool, "ALTER DATABASE postgres SET default_tablespace = small")
		pool.Reset()
	}
	require.NoError(t, pgstore.Migrate(t.Context(), pool, nil))
	s, err := pgstore.Open(t.Context(), pool, nil)
	require.NoError(t, err)
	x := newSender(t, s)
	require.NoError(t, x.send())

	var filed []string
	of := someone()
	for i := 0; err == nil; i++ {
		if !real && i == 10 {
			fullByTrigger(t, pool)
		}
		r := stop(of, fmt.Sprint(i))
		r.Text = noise(1000)
		if err = s.PutOptOut(t.Context(), r); err == nil {
			filed = append(filed, r.ID)
		}
		require.Less(t, i, 10000)
	}
	code(t, err, "put", "53100")
	rs, err := s.OptOuts(t.Context(), of)
	require.NoError(t, err)
	require.Len(t, rs, len(filed), "what was acknowledged can be read while the disk is full")
	if real {
		for _, table := range []string{"attempts", "opt_outs", "disclosures", "consents"} {
			exec(t, pool, "ALTER TABLE carewire_"+table+" SET TABLESPACE pg_default")
			exec(t, pool, "ALTER INDEX carewire_"+table+"_pkey SET TABLESPACE pg_default")
		}
	} else {
		exec(t, pool, "DROP TRIGGER full_disk ON carewire_opt_outs")
	}
	require.NoError(t, s.PutOptOut(t.Context(), stop(of, "last")))
	rs, err = s.OptOuts(t.Context(), of)
	require.NoError(t, err)
	require.Len(t, rs, len(filed)+1)
	require.NoError(t, x.send())
}

// noise is text of about n bytes that does not compress.
func noise(n int) string {
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(rand.Text())
	}
	return b.String()
}

func fullByTrigger(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	t.Log("SIMULATED: no small disk can be mounted here; a trigger raises SQLSTATE 53100")
	exec(t, pool, `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
		'BEGIN RAISE EXCEPTION ''no space left on device'' USING ERRCODE = ''53100''; END'`)
	exec(t, pool, "CREATE TRIGGER full_disk BEFORE INSERT ON carewire_opt_outs FOR EACH ROW EXECUTE FUNCTION full_disk()")
}

// The disk of the write-ahead log is full: the server crashes, and goes on when
// there is room again, with everything that it has acknowledged.
func TestLogDiskFull(t *testing.T) {
	t.Parallel()
	disk, ok := pgtest.SmallDisk(t, 24<<20)
	if !ok {
		t.Skip("NOT TESTED: pgstore with a full disk of the write-ahead log: mounting a small disk needs root")
	}
	server := pgtest.StartWithLog(t, filepath.Join(disk, "wal"), "max_wal_size=1GB", "min_wal_size=2MB", "checkpoint_timeout=1h")
	pool := pgtest.Pool(t, server.DSN(), 2, nil)
	require.NoError(t, pgstore.Migrate(t.Context(), pool, nil))
	s, err := pgstore.Open(t.Context(), pool, nil)
	require.NoError(t, err)
	x := newSender(t, s)
	require.NoError(t, x.send())

	hog := filepath.Join(disk, "hog")
	require.Error(t, os.WriteFile(hog, make([]byte, 32<<20), 0o600), "the disk must be full now")
	of := someone()
	filed := 0
	for i := 0; err == nil; i++ {
		r := stop(of, fmt.Sprint(i))
		r.Text = noise(8000)
		if err = s.PutOptOut(t.Context(), r); err == nil {
			filed++
		}
		require.Less(t, i, 10000)
	}
	isError(t, err, "put", nil)
	x.closed(t)

	server.Stop("immediate")
	require.NoError(t, os.Remove(hog))
	server.Run()
	require.NoError(t, pgtest.Wait(t.Context(), "the server is back", func(ctx context.Context) bool {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		return pool.Ping(ctx) == nil
	}))
	rs, err := s.OptOuts(t.Context(), of)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(rs), filed)
	require.LessOrEqual(t, len(rs), filed+1, "only the one that failed may be on file as well")
	x.recovered(t)
}
