package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

// silent is a decorator that only wraps.
type silent struct{ store.Store }

func (s silent) Unwrap() store.Store { return s.Store }

// opaque hides what it wraps.
type opaque struct{ store.Store }

// outspoken is a decorator with an opinion of its own.
type outspoken struct{ silent }

func (outspoken) Volatile() bool { return false }

func TestIsVolatile(t *testing.T) {
	t.Parallel()
	mem := memstore.New()
	durable := opaque{memstore.New()}
	for name, tc := range map[string]struct {
		store any
		want  bool
	}{
		"nil":                        {nil, false},
		"no store":                   {7, false},
		"in memory":                  {mem, true},
		"durable":                    {durable, false},
		"decorated":                  {silent{silent{mem}}, true},
		"decorated, durable":         {silent{silent{durable}}, false},
		"decorator over nothing":     {silent{}, false},
		"decorator that knows":       {outspoken{silent{mem}}, false},
		"composed, durable":          {store.Compose(durable, durable, durable, durable), false},
		"composed, volatile ledger":  {store.Compose(durable, durable, durable, mem), true},
		"composed, volatile opt-out": {store.Compose(durable, mem, durable, durable), true},
		"composed, decorated role":   {store.Compose(durable, durable, silent{mem}, durable), true},
		"composed, consents":         {store.Compose(mem, durable, durable, durable), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, store.IsVolatile(tc.store))
		})
	}
}
