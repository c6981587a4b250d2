package carewire

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// RetryOptions say how [Retry] waits. The zero value is good.
type RetryOptions struct {
	Attempts int           // tries in all. Default 4.
	Base     time.Duration // wait before the second try, doubled each time. Default 500 ms.
	Limit    time.Duration // longest wait; a provider's own wish beyond it ends the retries. Default 1 min.
}

// Retry is middleware that repeats a message that was definitely not sent for
// a reason that passes: [NotSent] and Temporary, nothing else. It honours
// Error.After, adds jitter, and stops when ctx ends. Each try asks the gate
// again, so that a STOP that came in between holds.
func Retry(o RetryOptions) Middleware {
	if o.Attempts <= 0 {
		o.Attempts = 4
	}
	if o.Base <= 0 {
		o.Base = 500 * time.Millisecond
	}
	if o.Limit <= 0 {
		o.Limit = time.Minute
	}
	return func(next Sender) Sender {
		return SenderFunc(func(ctx context.Context, m Message) (Receipt, error) {
			wait := o.Base
			for try := 1; ; try++ {
				r, err := next.Send(ctx, m)
				var e *Error
				if err == nil || try == o.Attempts || !errors.As(err, &e) ||
					e.Sent != NotSent || !e.Temporary || e.After > o.Limit || !sleep(ctx, max(jitter(wait), e.After)) {
					return r, err
				}
				wait = min(2*wait, o.Limit)
			}
		})
	}
}

// jitter returns a duration between half of d and d, so that many senders do not come back together.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2+1) //nolint:gosec // G404: spreads load, keeps no secret
}

// sleep waits for d and reports whether ctx is still alive.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
