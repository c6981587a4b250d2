package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
	"github.com/carewire/carewire/store/sqlitestore"
	"github.com/carewire/carewire/store/storetest"
)

// handle opens one of any number of handles on a company's database, with our
// tables in it.
func handle(t *testing.T, path string) contacts {
	t.Helper()
	// Our store tries again by itself when the file is locked; the adapter's own statements wait.
	db, err := sql.Open("sqlite", strings.Replace(sqlitestore.DSN(path), "busy_timeout(100)", "busy_timeout(20000)", 1))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	require.NoError(t, sqlitestore.Migrate(t.Context(), db, nil))
	ours, err := sqlitestore.Open(t.Context(), db, nil)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), strings.Replace(schema, "CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1))
	require.NoError(t, err)
	return contacts{db, ours}
}

// two opens two handles, as two processes have them.
func two(t *testing.T) (a, b contacts) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "company.db")
	return handle(t, path), handle(t, path)
}

// oneTenant is why the table cannot keep tenants apart: it has no column for them.
const oneTenant = "optouts/standing/apart"

func TestContactsKeepTheContract(t *testing.T) {
	t.Parallel()
	a, b := two(t)
	storetest.OptOuts(t, func(*testing.T) (optout.Store, optout.Store) { return a, b })
}

func TestContactsKeepWhatAColumnMust(t *testing.T) {
	t.Parallel()
	a, b := two(t)
	storetest.OptOuts(t, func(*testing.T) (optout.Store, optout.Store) { return a, b }, storetest.StandingOnly(),
		storetest.Skip(oneTenant, "the company is the only tenant of its table"))
}

// Our records are in memory here, beside the company's file: the two need not
// be in one place.
func TestComposedStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	a, b := two(t)
	ours := memstore.New()
	a.ours, b.ours = ours, ours
	x, y := store.Compose(ours, a, ours, ours), store.Compose(ours, b, ours, ours)
	open := func(*testing.T) (store.Store, store.Store) { return x, y }
	storetest.Run(t, open, storetest.Skip("finish/optouts/atomic",
		"over two places Finish is not one transaction: the opt-out is on file first, and a repeated Finish completes it"))
	storetest.RunPipeline(t, open)
	storetest.Bulk(t, open)
}

// alone is the column without our records beside it.
type alone struct{ contacts }

func (c alone) PutOptOut(ctx context.Context, r optout.Record) error {
	return c.set(ctx, r.Of, !r.In)
}

func (c alone) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	var out bool
	err := c.db.QueryRowContext(ctx, `SELECT sms_opt_out FROM contacts WHERE phone = $1`, id.Phone.E164()).Scan(&out)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	return withColumn(nil, id, out), nil
}

// What a boolean alone keeps of the contract, and the two cases that it cannot keep.
func TestABooleanAlone(t *testing.T) {
	t.Parallel()
	a, b := two(t)
	storetest.OptOuts(t, func(*testing.T) (optout.Store, optout.Store) { return alone{a}, alone{b} }, storetest.StandingOnly(),
		storetest.Skip(oneTenant, "the company is the only tenant of its table"),
		storetest.Skip("optouts/standing/older-start", "a boolean does not know when the STOP was sent"),
		storetest.Skip("optouts/standing/repeated-start", "a boolean does not know which START it has seen"))
}

// And that they are real: over a boolean alone, an old START lifts a STOP.
func TestABooleanAloneIsNotEnough(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	of := recipient.ID{Phone: recipient.MustParse("+14155550100")}
	start := optout.Record{ID: "start", Of: of, Brand: "acme", In: true, At: at.Add(2 * time.Minute), Sent: at}
	stop := optout.Record{ID: "stop", Of: of, Brand: "acme", At: at.Add(time.Minute), Sent: at.Add(time.Minute)}
	c, _ := two(t)
	later := optout.Record{ID: "later", Of: of, Brand: "acme", In: true, At: at.Add(time.Hour), Sent: at.Add(time.Hour)}
	again := optout.Record{ID: "again", Of: of, Brand: "acme", At: at.Add(2 * time.Hour), Sent: at.Add(2 * time.Hour)}
	for i, tc := range []struct {
		name string
		s    optout.Store
		puts []optout.Record
		want error
	}{
		{"alone, a START that was overtaken", alone{c}, []optout.Record{stop, start}, nil},
		{"beside, a START that was overtaken", c, []optout.Record{stop, start}, optout.ErrOptedOut},
		{"alone, a START that comes again", alone{c}, []optout.Record{start, stop, start}, nil},
		{"beside, a START that comes again", c, []optout.Record{start, stop, start}, optout.ErrOptedOut},
		{"beside, a STOP that comes again", c, []optout.Record{stop, stop}, optout.ErrOptedOut},
		{"beside, a START after the STOP", c, []optout.Record{stop, later}, nil},
		{"beside, another STOP after that", c, []optout.Record{stop, later, again}, optout.ErrOptedOut},
	} {
		person := recipient.ID{Phone: recipient.MustParse(fmt.Sprintf("+1415555%04d", i))}
		for _, r := range tc.puts {
			r.Of = person
			require.NoError(t, tc.s.PutOptOut(t.Context(), r), tc.name)
		}
		rs, err := tc.s.OptOuts(t.Context(), person)
		require.NoError(t, err, tc.name)
		_, err = optout.Check(rs, "acme")
		require.ErrorIs(t, err, tc.want, tc.name)
		var column bool
		require.NoError(t, c.db.QueryRowContext(t.Context(), `SELECT sms_opt_out FROM contacts WHERE phone = $1`, person.Phone.E164()).Scan(&column))
		require.Equal(t, tc.want != nil, column, "%s: the column says the same", tc.name)
	}
}

// The company's own software may set the column at any time. What it clears
// does not lift a STOP that a person sent.
func TestWhatTheCompanyDoesToItsColumn(t *testing.T) {
	t.Parallel()
	c, _ := two(t)
	ana := recipient.ID{Phone: recipient.MustParse("+14155550100")}
	stop := optout.Record{ID: "1", Of: ana, Brand: "acme", Text: "STOP"}
	start := optout.Record{ID: "2", Of: ana, Brand: "acme", In: true, Text: "START"}
	set := func(out bool) {
		t.Helper()
		_, err := c.db.ExecContext(t.Context(), `INSERT INTO contacts (phone, sms_opt_out) VALUES ('+14155550100', $1)
			ON CONFLICT (phone) DO UPDATE SET sms_opt_out = excluded.sms_opt_out`, out)
		require.NoError(t, err)
	}
	isOut := func() bool {
		t.Helper()
		one, err := c.OptOuts(t.Context(), ana)
		require.NoError(t, err)
		many, err := c.FactsOf(t.Context(), []recipient.ID{ana})
		require.NoError(t, err)
		require.Equal(t, one, many[0].OptOuts)
		return stand(one)
	}
	require.False(t, isOut())
	set(true)
	require.True(t, isOut(), "set by the company")
	set(false)
	require.False(t, isOut(), "cleared by the company, and nobody had sent STOP")
	require.NoError(t, c.PutOptOut(t.Context(), stop))
	set(false)
	require.True(t, isOut(), "cleared by the company, but the person had sent STOP")
	require.NoError(t, c.PutOptOut(t.Context(), start))
	require.False(t, isOut())
	set(true)
	require.True(t, isOut(), "set by the company after START")
	require.NoError(t, c.PutOptOut(t.Context(), start))
	require.True(t, isOut(), "the same START again")
	start.ID = "3"
	require.NoError(t, c.PutOptOut(t.Context(), start))
	require.False(t, isOut())
}

func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	require.Contains(t, out.String(), "+…00: <nil>")
	require.Contains(t, out.String(), "+…01: carewire: not sent: the person has opted out")
	require.Contains(t, out.String(), "sms_opt_out = true")
}

// The guide shows this adapter as it stands here.
func TestTheGuideShowsTheAdapter(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/own-table.md")
	require.NoError(t, err)
	source, err := os.ReadFile("contacts.go")
	require.NoError(t, err)
	_, adapter, ok := strings.Cut(string(source), "// contacts is")
	require.True(t, ok)
	require.Contains(t, string(guide), "```go\n// contacts is"+adapter+"```")
}
