package pgstore_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

// erasedWords are what must be nowhere after an erasure.
var erasedWords = []string{"4155550142", "booking-of-anna", "what anna was shown", "anna wants to stop", "a text for anna", "key-of-anna", "SM-of-anna"}

// dump is all rows of all tables with a prefix, as text.
func dump(ctx context.Context, t *testing.T, pool *pgxpool.Pool, prefix string) string {
	t.Helper()
	var b strings.Builder
	for _, name := range []string{"consents", "opt_outs", "disclosures", "attempts"} {
		rows, err := pool.Query(ctx, fmt.Sprintf("SELECT t::text FROM %s%s t", prefix, name))
		require.NoError(t, err)
		for rows.Next() {
			var row string
			require.NoError(t, rows.Scan(&row))
			b.WriteString(row + "\n")
		}
		require.NoError(t, rows.Err())
	}
	return b.String()
}

// files is the content of the server's files of all tables and indexes with a prefix.
func files(ctx context.Context, t *testing.T, pool *pgxpool.Pool, prefix string) []byte {
	t.Helper()
	_, err := pool.Exec(ctx, "CHECKPOINT")
	require.NoError(t, err)
	rows, err := pool.Query(ctx, `SELECT pg_read_binary_file(pg_relation_filepath(f.oid)) FROM pg_class c
CROSS JOIN LATERAL unnest(ARRAY[c.oid, c.reltoastrelid]) AS f (oid)
WHERE starts_with(c.relname, $1) AND f.oid <> 0 AND pg_relation_filepath(f.oid) IS NOT NULL`, prefix)
	require.NoError(t, err)
	var all []byte
	n := 0
	for rows.Next() {
		var text []byte
		require.NoError(t, rows.Scan(&text))
		all = append(all, text...)
		n++
	}
	require.NoError(t, rows.Err())
	require.Greater(t, n, 8, "tables and indexes")
	return all
}

// After Forget a dump of the database holds neither number nor texts, and after
// VACUUM FULL its files do not either. A message is still refused.
func TestFilesAfterForget(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tenant := someone().Tenant
	prefix := "forget_" + strings.ToLower(tenant[1:9]) + "_" // tables of its own: VACUUM FULL locks them
	pool := pgtest.Pool(t, pgtest.Shared(t), 4, nil)
	o := lenient
	o.TablePrefix = prefix
	require.NoError(t, pgstore.Migrate(ctx, pool, &o))
	s, err := pgstore.Open(ctx, pool, &o)
	require.NoError(t, err)
	c, err := carewire.New(carewire.Config{
		Program: carewire.Program{
			Tenant: tenant, Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example", Purposes: []consent.Purpose{consent.Service},
		},
		Provider: provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
			return provider.Receipt{ID: "SM-of-anna"}, nil
		}),
		Store: s, Secret: []byte("0123456789abcdef"), KeepText: true, InsecureVolatileStore: true,
	})
	require.NoError(t, err)
	anna := recipient.MustParse("+14155550142")
	booking := consent.Record{Basis: consent.Transaction, Ref: "booking-of-anna", Shown: "what anna was shown", Purposes: []consent.Purpose{consent.Service}}
	require.NoError(t, c.Consent(ctx, anna, booking))
	for i := range 3 {
		_, err := c.Send(ctx, carewire.Message{To: anna, Purpose: consent.Service, Key: fmt.Sprintf("key-of-anna-%d", i), Text: "a text for anna."})
		require.NoError(t, err)
	}
	_, err = c.Receive(ctx, provider.Inbound{ID: "in-1", From: anna, To: "+14155550100", Text: "anna wants to stop. STOP", Sent: time.Now()})
	require.NoError(t, err)
	for _, w := range erasedWords {
		require.Contains(t, dump(ctx, t, pool, prefix), w)
	}

	require.NoError(t, c.Forget(ctx, anna, "Kim", "request"))
	after := dump(ctx, t, pool, prefix)
	for _, w := range erasedWords {
		require.NotContains(t, after, w)
	}
	for _, name := range []string{"consents", "opt_outs", "disclosures", "attempts"} {
		_, err := pool.Exec(ctx, "VACUUM FULL "+prefix+name)
		require.NoError(t, err)
	}
	text := files(ctx, t, pool, prefix)
	for _, w := range erasedWords {
		require.False(t, bytes.Contains(text, []byte(w)), "%s is in a file", w)
	}
	_, err = c.Send(ctx, carewire.Message{To: anna, Purpose: consent.Service, Key: "later", Text: "a text."})
	require.Error(t, err)
	require.ErrorIs(t, c.Consent(ctx, anna, booking), carewire.ErrOptedOut)
	es, err := c.Erasures(ctx, anna)
	require.NoError(t, err)
	require.Len(t, es, 1)
}
