package carewire_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
)

// scripted answers each call with the next error; nil accepts.
func scripted(calls *[]time.Time, errs ...error) carewire.Sender {
	return carewire.SenderFunc(func(context.Context, carewire.Message) (carewire.Receipt, error) {
		*calls = append(*calls, time.Now())
		return carewire.Receipt{}, errs[min(len(*calls), len(errs))-1]
	})
}

func TestRetry(t *testing.T) {
	t.Parallel()
	passes := &carewire.Error{Temporary: true, Err: carewire.ErrStore}
	for name, tc := range map[string]struct {
		errs  []error
		calls int
	}{
		"at once":             {[]error{nil}, 1},
		"passes":              {[]error{passes, passes, nil}, 3},
		"never passes":        {[]error{passes}, 4},
		"not temporary":       {[]error{&carewire.Error{Err: carewire.ErrOptedOut}}, 1},
		"maybe sent":          {[]error{&carewire.Error{Sent: carewire.MaybeSent, Temporary: true, Err: carewire.ErrInFlight}}, 1},
		"was sent":            {[]error{&carewire.Error{Sent: carewire.WasSent, Temporary: true, Err: carewire.ErrNotRecorded}}, 1},
		"an unknown error":    {[]error{errors.New("?")}, 1},
		"wait beyond a limit": {[]error{&carewire.Error{Temporary: true, After: time.Hour, Err: carewire.ErrProvider}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var calls []time.Time
				_, err := carewire.Chain(scripted(&calls, tc.errs...), nil, carewire.Retry(carewire.RetryOptions{})).Send(ctx, message("k"))
				require.Len(t, calls, tc.calls)
				require.ErrorIs(t, err, tc.errs[min(tc.calls, len(tc.errs))-1])
			})
		})
	}
}

func TestRetryHonoursAfterAndContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls []time.Time
		s := carewire.Retry(carewire.RetryOptions{})(scripted(&calls, &carewire.Error{Temporary: true, After: 40 * time.Second, Err: carewire.ErrProvider}, nil))
		_, err := s.Send(ctx, message("k"))
		require.NoError(t, err)
		require.GreaterOrEqual(t, calls[1].Sub(calls[0]), 40*time.Second)

		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		calls = nil
		s = carewire.Retry(carewire.RetryOptions{Base: time.Minute, Limit: time.Hour})(scripted(&calls, &carewire.Error{Temporary: true, Err: carewire.ErrStore}))
		_, err = s.Send(short, message("k"))
		require.ErrorIs(t, err, carewire.ErrStore)
		require.Len(t, calls, 1)
	})
}

func TestChainOrder(t *testing.T) {
	t.Parallel()
	var order []string
	mw := func(name string) carewire.Middleware {
		return func(next carewire.Sender) carewire.Sender {
			return carewire.SenderFunc(func(ctx context.Context, m carewire.Message) (carewire.Receipt, error) {
				order = append(order, name)
				return next.Send(ctx, m)
			})
		}
	}
	var calls []time.Time
	_, err := carewire.Chain(scripted(&calls, nil), mw("first"), nil, mw("second")).Send(ctx, message("k"))
	require.NoError(t, err)
	require.Equal(t, []string{"first", "second"}, order)
}

// A retry asks the gate again: a STOP that came in between holds.
func TestAStopBetweenTwoTries(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	b.store.fail("Begin")
	var s carewire.Sender = carewire.SenderFunc(func(ctx context.Context, m carewire.Message) (carewire.Receipt, error) {
		r, err := b.client.Send(ctx, m)
		b.store.fail()
		b.say("in1", "STOP")
		return r, err
	})
	_, err := carewire.Retry(carewire.RetryOptions{Base: time.Millisecond})(s).Send(ctx, message("k1"))
	refused(t, err, carewire.ErrOptedOut)
	require.Equal(t, []string{stopped}, b.texts())
}
