package memstore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

func Example() {
	ctx := context.Background()
	st := memstore.New()
	first := store.Attempt{
		ID:  "attempt-1",
		Of:  recipient.ID{Phone: recipient.MustParse("+14155550100")},
		Key: store.Key(store.KeyMessage, "acme", "booking-881"),
		At:  time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
	}
	snap, err := st.Begin(ctx, first)
	fmt.Println("first holds:", snap.Held, err)

	second := first
	second.ID = "attempt-2"
	snap, err = st.Begin(ctx, second)
	fmt.Println("second holds:", snap.Held, "- prior:", snap.Prior.ID, snap.Prior.State, err)
	// Output:
	// first holds: true <nil>
	// second holds: false - prior: attempt-1 open <nil>
}
