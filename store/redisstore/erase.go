package redisstore

import (
	"context"

	"github.com/redis/go-redis/v9"

	"github.com/carewire/carewire/store"
)

var _ store.Eraser = (*Store)(nil)

// eraseScript removes all that there is about one person. KEYS: ledger, facts.
const eraseScript = `return redis.call('DEL', KEYS[1], KEYS[2])`

// Erase implements [store.Eraser]: the attempts that are settled go on under
// e.As first, one by one, and then the person's two keys are removed. The
// append-only file has what was removed until it is rewritten (BGREWRITEAOF),
// and snapshots and replicas until the next one.
func (s *Store) Erase(ctx context.Context, e store.Erasure) error {
	if e.Of == e.As {
		return nil
	}
	outs, err := s.Outcomes(ctx, e.Of)
	if err != nil {
		return err
	}
	for _, o := range outs {
		if o.State == store.Open {
			continue
		}
		a := store.Attempt{ID: o.ID, Of: e.As, Key: o.ID, Brand: o.Brand, Purpose: o.Purpose, At: o.At}
		if _, err := s.Begin(ctx, a); err != nil {
			return err
		}
		if err := s.Finish(ctx, store.Outcome{Attempt: a, State: o.State, Rule: o.Rule, Settled: o.Settled}); err != nil {
			return err
		}
	}
	ledger, facts, _ := s.keys(e.Of)
	_, err = s.call(ctx, "erase", redis.NewScript(eraseScript), []string{ledger, facts})
	return err
}
