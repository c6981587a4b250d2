package store_test

import (
	"context"
	"fmt"
	"time"

	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

// column stands for a team's own table of customers with a column for opt-outs.
type column map[recipient.ID]time.Time

// PutOptOut implements optout.Store. An opt-in that is older than the opt-out lifts nothing.
func (c column) PutOptOut(_ context.Context, r optout.Record) error {
	switch since, out := c[r.Of]; {
	case !r.In && !out:
		c[r.Of] = r.At
	case r.In && out && r.At.After(since):
		delete(c, r.Of)
	}
	return nil
}

// OptOuts implements optout.Store: only what stands, for all brands.
func (c column) OptOuts(_ context.Context, id recipient.ID) ([]optout.Record, error) {
	since, out := c[id]
	if !out {
		return nil, nil
	}
	return []optout.Record{{ID: "column", Of: id, At: since}}, nil
}

// Opt-outs stay in the table where they have always been; everything else goes to a ledger.
func ExampleCompose() {
	ctx := context.Background()
	customers, ledger := column{}, memstore.New()
	st := store.Compose(ledger, customers, ledger, ledger)

	of := recipient.ID{Phone: recipient.MustParse("+14155550100")}
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	if err := st.PutOptOut(ctx, optout.Record{ID: "1", Of: of, Brand: "acme", At: at}); err != nil {
		fmt.Println(err)
	}
	snap, err := st.Begin(ctx, store.Attempt{ID: "2", Of: of, Key: store.Key(store.KeyMessage, "acme", "booking-881"), At: at})
	fmt.Println(snap.Held, len(snap.OptOuts), err)
	// Output: true 1 <nil>
}

func ExampleKey() {
	key := store.Key(store.KeyMessage, "acme", "booking-881/confirmed")
	kind, brand, own, ok := store.SplitKey(key)
	fmt.Println(key)
	fmt.Println(kind, brand, own, ok)
	// Output:
	// 7:message4:acme21:booking-881/confirmed
	// message acme booking-881/confirmed true
}
