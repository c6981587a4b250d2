package carewire_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
)

// 1,280 people write STOP while a message to each is being sent; once the STOP
// is on file, no later Send reaches the provider.
func TestStopRacesSend(t *testing.T) {
	t.Parallel()
	const pairs = 1280
	b := setup(t, nil)
	var mu sync.Mutex
	late := 0
	count := func(m carewire.Message) {
		if _, err := b.client.Send(ctx, m); err == nil {
			mu.Lock()
			late++
			mu.Unlock()
		}
	}
	var all sync.WaitGroup
	for i := range pairs {
		all.Go(func() {
			p := recipient.MustParse(fmt.Sprintf("+1628%07d", 2000000+i))
			err := b.client.Consent(ctx, p, consent.Record{Basis: consent.Transaction, Ref: "b", Purposes: []consent.Purpose{consent.Service}})
			if err != nil {
				t.Error(err)
			}
			var racing sync.WaitGroup
			racing.Go(func() {
				_, _ = b.client.Send(ctx, carewire.Message{To: p, Purpose: consent.Service, Key: "racing", Text: body})
			})
			if _, err := b.client.Receive(ctx, provider.Inbound{ID: "in1", From: p, Text: "STOP"}); err != nil {
				t.Error(err)
			}
			count(carewire.Message{To: p, Purpose: consent.Service, Key: "after", Text: body})
			racing.Wait()
		})
	}
	all.Wait()
	require.Zero(t, late, "sends after the STOP was on file, of %d pairs", pairs)
	t.Logf("%d racing pairs, %d sends after the STOP was on file", pairs, late)
}
