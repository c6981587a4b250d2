package providertest_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/recipient"
)

func TestRecorder(t *testing.T) {
	t.Parallel()
	var r providertest.Recorder
	a, b := recipient.MustParse("+14155550100"), recipient.MustParse("+14155550101")
	r.Script(
		providertest.Fail(provider.OptedOut, "7"),
		nil, // accepted as without a script
		providertest.Accept(provider.Receipt{ID: "own"}),
		providertest.Lost(),
	)
	send := func(p recipient.Phone, text string) (provider.Receipt, error) {
		return r.Send(t.Context(), provider.Message{To: p, Text: text})
	}
	_, err := send(a, "one")
	require.Equal(t, provider.OptedOut, provider.KindOf(err))
	got, err := send(b, strings.Repeat("x", 161))
	require.NoError(t, err)
	require.Equal(t, provider.Receipt{ID: "recorded-2", From: providertest.From, Segments: 2}, got)
	got, err = send(a, "three")
	require.NoError(t, err)
	require.Equal(t, "own", got.ID)
	_, err = send(a, "four")
	require.Equal(t, provider.Unknown, provider.KindOf(err))

	require.Equal(t, 4, r.Len())
	require.Equal(t, []string{"one", "three", "four"}, r.To(a))
	r.Messages()[0].Text = "changed"
	require.Equal(t, "one", r.Messages()[0].Text, "the slice is the caller's")
	r.Reset()
	require.Zero(t, r.Len())
}

func TestRecorderObeysTheContext(t *testing.T) {
	t.Parallel()
	var r providertest.Recorder
	r.Script(providertest.Hang())
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err := r.Send(ctx, provider.Message{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, provider.Unknown, provider.KindOf(err))
	_, err = r.Send(ctx, provider.Message{})
	require.Equal(t, provider.Unavailable, provider.KindOf(err), "the context had ended before")
	require.Equal(t, 1, r.Len())
}

func TestRecorderIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	var r providertest.Recorder
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, err := r.Send(t.Context(), provider.Message{})
			r.Messages()
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 20, r.Len())
}

func ExampleRecorder() {
	var sms providertest.Recorder
	to := recipient.MustParse("+14155550100")
	_, err := sms.Send(context.Background(), provider.Message{To: to, Text: "Acme: your visit is booked."})
	fmt.Println(sms.To(to), err)
	// Output: [Acme: your visit is booked.] <nil>
}
