package storetest_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
	"github.com/carewire/carewire/store/storetest"
)

// columnBends are the ways in which a column is wrong.
type columnBends struct {
	plain, filedOnly, deaf, swallow, cached, foldsTenant, oneTenant, perBrand, noRows, drops, failsAgain, sticky bool
}

// column is a team's own table of customers with a column "opted_out_at": it
// tells what stands and nothing else.
type column struct {
	*table
	columnBends
	seen map[string][]optout.Record
}

type table struct {
	mu    sync.Mutex
	since map[string]time.Time
}

// newColumns returns two handles on one table.
func newColumns(b columnBends) [2]*column {
	t := &table{since: map[string]time.Time{}}
	return [2]*column{{t, b, map[string][]optout.Record{}}, {t, b, map[string][]optout.Record{}}}
}

func (c *column) row(id recipient.ID) string {
	switch {
	case c.foldsTenant:
		id.Tenant = strings.ToLower(strings.TrimSpace(id.Tenant))
	case c.oneTenant:
		id.Tenant = ""
	}
	return id.Tenant + " " + id.Phone.E164()
}

func (c *column) PutOptOut(ctx context.Context, r optout.Record) error {
	if err := ctx.Err(); err != nil && !c.deaf {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	at := r.Sent
	if at.IsZero() || c.filedOnly {
		at = r.At
	}
	row := c.row(r.Of)
	since, out := c.since[row]
	switch {
	case c.drops:
	case c.perBrand && r.Brand == "":
	case r.In && out && (at.After(since) || c.plain) && !c.sticky:
		delete(c.since, row)
	case !r.In && out && c.failsAgain:
		return errNoRows
	case !r.In && (!out || at.After(since)):
		c.since[row] = at
	}
	return nil
}

func (c *column) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	if err := ctx.Err(); err != nil {
		if c.swallow {
			return nil, nil
		}
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if rs, ok := c.seen[c.row(id)]; ok && c.cached {
		return rs, nil
	}
	since, out := c.since[c.row(id)]
	if !out {
		c.seen[c.row(id)] = nil
		if c.noRows {
			return nil, errNoRows
		}
		return nil, nil
	}
	rs := []optout.Record{{ID: "column", Of: id, At: since}}
	c.seen[c.row(id)] = rs
	return rs, nil
}

func TestColumnMutants(t *testing.T) {
	t.Parallel()
	caught := map[string]bool{}
	for _, m := range []struct {
		name string
		columnBends
		caught []string
	}{
		{"it is right", columnBends{}, nil},
		{"every opt-in lifts", columnBends{plain: true}, []string{"older-start", "repeated-start"}},
		{"the time of filing decides", columnBends{filedOnly: true}, []string{"older-start"}},
		{"contexts are ignored", columnBends{deaf: true}, []string{"ended-put"}},
		{"failed look-ups are empty", columnBends{swallow: true}, []string{"ended-look-up"}},
		{"look-ups are cached", columnBends{cached: true}, []string{"fresh"}},
		{"tenants are folded", columnBends{foldsTenant: true}, []string{"apart"}},
		{"tenants are left out", columnBends{oneTenant: true}, []string{"apart"}},
		{"an opt-out from all brands is none", columnBends{perBrand: true}, []string{"every-brand"}},
		{"absence is an error", columnBends{noRows: true}, []string{"absent"}},
		{"nothing is stored", columnBends{drops: true}, []string{"fresh", "concurrent", "repeated"}},
		{"a second opt-out is an error", columnBends{failsAgain: true}, []string{"repeated", "concurrent"}},
		{"no opt-in lifts", columnBends{sticky: true}, []string{"fresh", "repeated"}},
	} {
		failed := failing(t.Context(), storetest.StandingCases(), func() (a, b optout.Store) {
			own := newColumns(m.columnBends)
			return own[0], own[1]
		})
		if len(m.caught) == 0 {
			require.Empty(t, failed, m.name)
		}
		for _, name := range m.caught {
			require.Contains(t, failed, "optouts/standing/"+name, "a column where %s", m.name)
		}
		for name := range failed {
			caught[name] = true
		}
	}
	for _, c := range storetest.StandingCases() {
		require.True(t, caught[c.Name], "no mutant fails the case %q", c.Name)
	}
}

// A wrong column is found out through the ledger too.
func TestColumnMutantsThroughBeginAndFinish(t *testing.T) {
	t.Parallel()
	for _, m := range []struct {
		name string
		columnBends
		caught []string
	}{
		{"it is right", columnBends{}, nil},
		{"look-ups are cached", columnBends{cached: true}, []string{"begin/optouts/standing", "finish/optouts/standing"}},
		{"nothing is stored", columnBends{drops: true}, []string{"begin/optouts/standing", "finish/optouts/standing"}},
		{"no opt-in lifts", columnBends{sticky: true}, []string{"begin/optouts/standing"}},
	} {
		failed := failing(t.Context(), storetest.StandingStoreCases(), func() (a, b store.Store) {
			own, ledger := newColumns(m.columnBends), memstore.New()
			return store.Compose(ledger, own[0], ledger, ledger), store.Compose(ledger, own[1], ledger, ledger)
		})
		require.Len(t, failed, len(m.caught), m.name)
		for _, name := range m.caught {
			require.Contains(t, failed, name, "a column where %s", m.name)
		}
	}
}
