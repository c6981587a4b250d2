package storetest_test

import (
	"testing"

	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
	"github.com/carewire/carewire/store/storetest"
)

// A store runs the whole kit in one line. Two opens of one database stand for
// two processes; memory has only one.
func Example() {
	_ = func(t *testing.T) {
		storetest.Run(t, func(*testing.T) (a, b store.Store) {
			s := memstore.New()
			return s, s
		})
	}
}

// A team's own table, with one column for opt-outs, runs the kit of its role.
func ExampleStandingOnly() {
	_ = func(t *testing.T) {
		storetest.OptOuts(t, func(*testing.T) (a, b optout.Store) {
			table := newColumns(columnBends{})
			return table[0], table[1]
		}, storetest.StandingOnly(),
			storetest.Skip("optouts/standing/older-start", "the shop's table has no room for the provider's time"))
	}
}
