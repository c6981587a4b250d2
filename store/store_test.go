package store_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/store"
)

var allStates = []store.State{
	store.Open, store.Refused, store.Rejected, store.Unknown, store.Accepted, store.Delivered, store.Failed,
}

func TestRises(t *testing.T) {
	t.Parallel()
	may := map[store.State][]store.State{
		store.Open:      {store.Refused, store.Rejected, store.Unknown, store.Accepted, store.Delivered, store.Failed},
		store.Unknown:   {store.Rejected, store.Accepted, store.Delivered, store.Failed},
		store.Accepted:  {store.Delivered, store.Failed},
		store.Refused:   nil,
		store.Rejected:  nil,
		store.Delivered: nil,
		store.Failed:    nil,
	}
	outside := []store.State{0, store.Failed + 1, 255}
	for _, from := range append(outside, allStates...) {
		for _, to := range append(outside, allStates...) {
			want := false
			for _, s := range may[from] {
				want = want || s == to
			}
			require.Equal(t, want, store.Rises(from, to), "from %v to %v", from, to)
		}
	}
}

// A key must never pass to another attempt and come back: whatever frees a key is final.
func TestStatesThatFreeTheKeyAreFinal(t *testing.T) {
	t.Parallel()
	for _, from := range allStates {
		for _, to := range allStates {
			if !from.Holds() {
				require.False(t, store.Rises(from, to), "from %v to %v", from, to)
			}
		}
	}
	require.True(t, store.Open.Holds())
	require.True(t, store.Unknown.Holds())
	require.False(t, store.Refused.Holds())
	require.False(t, store.Rejected.Holds())
}

func TestStateString(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range allStates {
		require.NotContains(t, seen, s.String())
		require.NotContains(t, s.String(), "state ")
		seen[s.String()] = true
	}
	require.Equal(t, "state 99", fmt.Sprint(store.State(99)))
}
