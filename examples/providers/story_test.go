package providers

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

func TestStopThroughEveryProvider(t *testing.T) {
	t.Parallel()
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c)
			r, err := s.send("k1")
			require.NoError(t, err)
			require.True(t, r.Disclosed)
			require.Equal(t, []string{r.AttemptID}, s.refs, "our Ref reaches the wire")

			require.Equal(t, 2, s.deliver(c.report(r.AttemptID, "accepted1", delivered))/100)
			require.Equal(t, store.Delivered, s.state(r.AttemptID))

			require.Equal(t, 2, s.deliver(c.inbound("in1", "STOP", ours))/100)
			before := s.file()
			require.Len(t, before.OptOuts, 1, "on file with the 2xx")
			require.Equal(t, "STOP", before.OptOuts[0].Text)
			requests := s.count()
			_, err = s.send("k2")
			require.ErrorIs(t, err, carewire.ErrOptedOut)
			require.Equal(t, requests, s.count(), "nothing reaches the provider")

			before = s.file()
			for range 2 { // delivered again, and out of order
				require.Equal(t, 2, s.deliver(c.inbound("in1", "STOP", ours))/100)
				require.Equal(t, 2, s.deliver(c.report(r.AttemptID, "accepted1", delivered))/100)
				require.Equal(t, 2, s.deliver(c.report(r.AttemptID, "accepted1", sent))/100)
			}
			s.unchanged(before)
			require.Equal(t, store.Delivered, s.state(r.AttemptID))
			require.Equal(t, requests, s.count(), "and nothing was answered twice")
		})
	}
}

func TestForgedRequestsOfEveryProvider(t *testing.T) {
	t.Parallel()
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c)
			before := s.file()
			refused := func(r *http.Request, why string) {
				code := s.deliver(r)
				require.GreaterOrEqual(t, code, 400, why)
				require.Less(t, code, 600, why)
				s.unchanged(before)
			}
			forged := c.inbound("in1", "STOP", ours)
			c.forge(forged)
			refused(forged, "a forged signature")
			unsigned := c.inbound("in1", "STOP", ours)
			if c.unsign != nil {
				c.unsign(unsigned)
			} else {
				unsigned.Header = http.Header{"Content-Type": unsigned.Header["Content-Type"]}
			}
			refused(unsigned, "no signature")
			refused(c.inbound("in2", "STOP", "+14155550111"), "somebody else's number")
			if c.foreign != nil {
				refused(c.foreign(), "another account")
			}
			if c.stale != nil {
				refused(c.stale(), "an old request")
			}
			_, err := s.send("k1")
			require.NoError(t, err)
			require.Equal(t, 2, s.deliver(c.inbound("in1", "STOP", ours))/100, "the true one is taken")
			require.Len(t, s.file().OptOuts, 1)
		})
	}
}

// While the store is down no STOP is acknowledged, and nothing goes out. When
// it comes again, it is on file once.
func TestAStopThatCannotBeFiled(t *testing.T) {
	t.Parallel()
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c)
			s.store.down.Store(true)
			require.Equal(t, 5, s.deliver(c.inbound("in1", "STOP", ours))/100)
			require.Empty(t, s.file().OptOuts)
			_, err := s.send("k1")
			require.Error(t, err)
			require.Zero(t, s.count())
			s.store.down.Store(false)
			require.Equal(t, 2, s.deliver(c.inbound("in1", "STOP", ours))/100)
			require.Len(t, s.file().OptOuts, 1)
			before := s.count()
			_, err = s.send("k2")
			require.ErrorIs(t, err, carewire.ErrOptedOut)
			require.Equal(t, before, s.count())
		})
	}
}

func TestTheProvidersOwnOptOut(t *testing.T) {
	t.Parallel()
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.blocked != "" { // said at once
				s := open(t, c)
				s.reply(func(w http.ResponseWriter, _ string) {
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(http.StatusBadRequest)
					_, _ = io.WriteString(w, c.blocked)
				})
				_, err := s.send("k1")
				require.ErrorIs(t, err, carewire.ErrOptedOut)
				_, err = s.send("k2")
				require.ErrorIs(t, err, carewire.ErrOptedOut)
				require.Len(t, s.file().OptOuts, 1)
				require.Equal(t, 1, s.count(), "the second is refused by what is on file")
			}
			s := open(t, c) // said later
			r, err := s.send("k1")
			require.NoError(t, err)
			require.Equal(t, 2, s.deliver(c.report(r.AttemptID, "accepted1", optedOut))/100)
			require.Equal(t, 2, s.deliver(c.report(r.AttemptID, "accepted1", optedOut))/100)
			require.Equal(t, 2, s.deliver(c.report(r.AttemptID, "accepted1", sent))/100, "out of order")
			require.Equal(t, store.Failed, s.state(r.AttemptID))
			_, err = s.send("k2")
			if !c.late { // the provider has no code for it: the message just failed
				require.NoError(t, err)
				require.Empty(t, s.file().OptOuts)
				return
			}
			require.ErrorIs(t, err, carewire.ErrOptedOut)
			require.Len(t, s.file().OptOuts, 1)
		})
	}
}

// The status callback comes while the provider has not answered the send yet.
func TestAReportThatOvertakesTheAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c)
			s.reply(func(w http.ResponseWriter, ref string) {
				if code := s.deliver(c.report(ref, "accepted1", delivered)); code/100 != 2 {
					t.Errorf("the early report was answered %d", code)
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.accepted)
			})
			r, err := s.send("k1")
			require.NoError(t, err)
			require.Equal(t, store.Delivered, s.state(r.AttemptID), "a late answer does not move it back")
			require.Len(t, s.file().Disclosures, 1, "and its facts are on file")
		})
	}
}

// A connection that is cut after the request was read may have sent the
// message: it is never sent again, by nobody. The controls show that both would
// have sent it again after a definite no.
func TestALostAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c)
			s.reply(func(http.ResponseWriter, string) { panic(http.ErrAbortHandler) })
			tries, spare := 0, 0 // of Retry; of the second provider
			over := func(base string) carewire.Sender {
				a, err := c.open(base)
				require.NoError(t, err)
				client := s.over(provider.First(a, provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
					spare++
					return provider.Receipt{}, nil
				})))
				counted := carewire.SenderFunc(func(ctx context.Context, m carewire.Message) (carewire.Receipt, error) {
					tries++
					return client.Send(ctx, m)
				})
				return carewire.Chain(counted, carewire.Retry(carewire.RetryOptions{Attempts: 3, Base: time.Millisecond}))
			}
			sender, m := over(s.url), carewire.Message{
				To: recipient.MustParse(person), Purpose: consent.Service, Key: "k1", Text: "Your visit is booked.",
			}
			for range 2 {
				_, err := sender.Send(t.Context(), m)
				var e *carewire.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, carewire.MaybeSent, e.Sent)
			}
			require.Equal(t, 2, tries, "one for each call")
			require.Equal(t, 1, s.count(), "the second call is stopped by what is on file")
			require.Zero(t, spare)

			s.reply(func(w http.ResponseWriter, _ string) { w.WriteHeader(http.StatusTooManyRequests) })
			m.Key = "k2"
			_, err := sender.Send(t.Context(), m)
			require.Error(t, err)
			require.Equal(t, 2+3, tries)
			require.Equal(t, 1+3, s.count(), "Retry repeats what was throttled")
			require.Zero(t, spare)

			m.Key = "k3"
			_, err = over("http://127.0.0.1:1").Send(t.Context(), m) // nobody listens there
			require.NoError(t, err)
			require.Equal(t, 1, spare, "First asks the next one")
		})
	}
}
