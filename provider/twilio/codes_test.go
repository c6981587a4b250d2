package twilio

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

func TestCodes(t *testing.T) {
	t.Parallel()
	var out []string
	for code, row := range codes {
		require.NotEmpty(t, row.About, code)
		require.NotEmpty(t, row.Source, code)
		require.LessOrEqual(t, row.Kind, provider.Refused, code)
		require.NotEqual(t, provider.Unavailable, row.Kind, "a code is an answer, so that the provider was reached")
		require.Equal(t, code, wire.Clean(code), "the code can be shown")
		if row.Kind == provider.OptedOut {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	require.Equal(t, []string{"21610", "63014", "63033"}, out, "each of these files an opt-out, and no other")
}
