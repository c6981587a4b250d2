package provider_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
)

// answering makes a provider that counts its calls and gives err, or accepts with id.
func answering(calls *int, id string, err error) provider.Provider {
	return provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
		*calls++
		if err != nil {
			return provider.Receipt{}, err
		}
		return provider.Receipt{ID: id}, nil
	})
}

func TestFirstGoesOnOnlyAfterUnavailable(t *testing.T) {
	t.Parallel()
	kinds := []provider.Kind{
		provider.Unknown, provider.Unavailable, provider.Throttled, provider.OptedOut,
		provider.Filtered, provider.BadRecipient, provider.Refused, provider.Refused + 1,
	}
	for _, k := range kinds {
		t.Run(fmt.Sprintf("%v %d", k, k), func(t *testing.T) {
			t.Parallel()
			var a, b int
			p := provider.First(
				answering(&a, "", fmt.Errorf("wrapped: %w", &provider.Error{Kind: k})),
				nil,
				answering(&b, "second", nil),
			)
			r, err := p.Send(t.Context(), provider.Message{})
			require.Equal(t, 1, a)
			if k == provider.Unavailable {
				require.NoError(t, err)
				require.Equal(t, "second", r.ID)
				require.Equal(t, 1, b)
				return
			}
			require.Error(t, err)
			require.Zero(t, b, "the second provider was asked after %v", k)
		})
	}
}

func TestFirstWithAForeignErrorStops(t *testing.T) {
	t.Parallel()
	var a, b int
	foreign := errors.New("no idea")
	_, err := provider.First(answering(&a, "", foreign), answering(&b, "", nil)).Send(t.Context(), provider.Message{})
	require.ErrorIs(t, err, foreign)
	require.Equal(t, []int{1, 0}, []int{a, b})
}

func TestFirstStopsWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var b int
	p := provider.First(
		provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
			cancel()
			return provider.Receipt{}, &provider.Error{Kind: provider.Unavailable}
		}),
		answering(&b, "", nil),
	)
	_, err := p.Send(ctx, provider.Message{})
	require.Equal(t, provider.Unavailable, provider.KindOf(err))
	require.Zero(t, b)
}

func TestFirstOfNothingRefuses(t *testing.T) {
	t.Parallel()
	for _, p := range []provider.Provider{provider.First(), provider.First(nil, nil)} {
		_, err := p.Send(t.Context(), provider.Message{})
		require.Equal(t, provider.Refused, provider.KindOf(err))
	}
}

func TestFirstGivesTheLastError(t *testing.T) {
	t.Parallel()
	var a, b int
	p := provider.First(
		answering(&a, "", &provider.Error{Kind: provider.Unavailable, Code: "one"}),
		answering(&b, "", &provider.Error{Kind: provider.Filtered, Code: "two"}),
	)
	_, err := p.Send(t.Context(), provider.Message{})
	e, ok := errors.AsType[*provider.Error](err)
	require.True(t, ok)
	require.Equal(t, "two", e.Code)
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want provider.Kind
	}{
		{"nil", nil, provider.Unknown},
		{"foreign", errors.New("x"), provider.Unknown},
		{"plain", &provider.Error{Kind: provider.OptedOut}, provider.OptedOut},
		{"wrapped", fmt.Errorf("a: %w", &provider.Error{Kind: provider.Throttled}), provider.Throttled},
		{"outermost", &provider.Error{Kind: provider.Unknown, Err: &provider.Error{Kind: provider.Refused}}, provider.Unknown},
		{"nil pointer", (*provider.Error)(nil), provider.Unknown},
		{"undefined kind", &provider.Error{Kind: 99}, provider.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, provider.KindOf(tt.err))
		})
	}
}

func ExampleFirst() {
	main := provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
		return provider.Receipt{}, &provider.Error{Kind: provider.Unavailable}
	})
	spare := provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
		return provider.Receipt{ID: "spare-1"}, nil
	})
	r, err := provider.First(main, spare).Send(context.Background(), provider.Message{
		To: recipient.MustParse("+14155550100"), Text: "Acme: your visit is booked.", Ref: "attempt-1",
	})
	fmt.Println(r.ID, err)
	// Output: spare-1 <nil>
}
