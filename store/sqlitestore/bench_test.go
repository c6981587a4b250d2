package sqlitestore_test

import (
	"database/sql"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
)

// bare are two prepared statements that do the least that a message needs: an
// INSERT and an UPDATE, each a transaction of its own, on the same file with
// synchronous=FULL.
type bare struct{ insert, update *sql.Stmt }

func newBare(b *testing.B, db *sql.DB) bare {
	b.Helper()
	_, err := db.ExecContext(b.Context(), `CREATE TABLE bare (id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, state INTEGER NOT NULL) STRICT`)
	require.NoError(b, err)
	insert, err := db.PrepareContext(b.Context(), `INSERT INTO bare (id, key, state) VALUES (?, ?, 1)`)
	require.NoError(b, err)
	update, err := db.PrepareContext(b.Context(), `UPDATE bare SET state = 5 WHERE id = ?`)
	require.NoError(b, err)
	b.Cleanup(func() { _, _ = insert.Close(), update.Close() })
	return bare{insert, update}
}

func (s bare) both(b *testing.B, id string) {
	b.Helper()
	if _, err := s.insert.ExecContext(b.Context(), id, "key of "+id); err != nil {
		b.Fatal(err)
	}
	if _, err := s.update.ExecContext(b.Context(), id); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkBeginFinish compares Begin and Finish of one message with two bare
// transactions on the same file in the same run. The recipient has a consent
// and a disclosure on file. "ratio" is the share of the bare rate that is
// reached; the aim is 0.7.
func BenchmarkBeginFinish(b *testing.B) {
	db := openDB(b, sqlitestore.DSN(migrated(b)))
	s := openStore(b, db)
	least := newBare(b, db)
	of := make([]recipient.ID, 500)
	for i := range of {
		of[i] = recipient.ID{Tenant: "tenant", Phone: recipient.MustParse("+1415555" + strconv.Itoa(1000+i))}
		require.NoError(b, s.PutConsent(b.Context(), consent.Record{ID: "c", Of: of[i], Brand: "acme", Basis: consent.Transaction, Ref: "1", Purposes: []consent.Purpose{consent.Orders}, At: noon}))
		require.NoError(b, s.PutDisclosure(b.Context(), disclosure.Record{ID: "d", Of: of[i], Brand: "acme", Kind: disclosure.Statement, Text: "You can opt out at any time by replying STOP.", At: noon}))
	}
	var ours, theirs time.Duration
	n := 0
	for b.Loop() {
		a := attempt("attempt-"+strconv.Itoa(n), strconv.Itoa(n))
		a.Of = of[n%len(of)]
		start := time.Now()
		snap, err := s.Begin(b.Context(), a)
		if err != nil || !snap.Held || len(snap.Consents) != 1 {
			b.Fatal(err, snap.Held, len(snap.Consents))
		}
		if err := s.Finish(b.Context(), store.Outcome{Attempt: a, State: store.Accepted, ProviderID: "SM1", From: "+14155550199", Settled: noon}); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		least.both(b, a.ID)
		ours, theirs = ours+middle.Sub(start), theirs+time.Since(middle)
		n++
	}
	b.ReportMetric(float64(ours.Nanoseconds())/float64(n), "ns/op")
	b.ReportMetric(float64(theirs.Nanoseconds())/float64(n), "bare-ns/op")
	b.ReportMetric(float64(theirs)/float64(ours), "ratio")
}
