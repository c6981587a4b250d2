package redisstore

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// There is no list of people: their keys show no number and have no order.
var (
	_ store.BulkReader = (*Store)(nil)
	_ store.BulkWriter = (*Store)(nil)
)

// bulkFacts is how many records one pipeline of PutAll puts.
const bulkFacts = 1000

// FactsOf implements [store.BulkReader] in one pipeline: one round trip, and in
// a cluster one for each server.
func (s *Store) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	answers, err := s.many(ctx, s.scripts.read, len(ids), 0, func(i int) ([]string, []any) {
		_, key, none := s.keys(ids[i])
		return []string{key, none}, nil
	})
	if err != nil {
		return nil, wrap("look up", err)
	}
	out := make([]store.Facts, len(ids))
	for i, answer := range answers {
		hash, ok := answer.([]any)
		if !ok {
			return nil, wrap("look up", fmt.Errorf("%w: a hash of type %T", errAnswer, answer))
		}
		found, err := decode(ids[i], hash)
		if err != nil {
			return nil, wrap("look up", err)
		}
		out[i] = store.Facts{Consents: found.consents, OptOuts: found.optOuts, Disclosures: found.disclosures}
	}
	return out, nil
}

// put is a fact with its person.
type put struct {
	of recipient.ID
	fact
}

// PutAll implements [store.BulkWriter] in pipelines of 1,000 records, opt-outs
// first. With [Options.WaitReplicas], a cluster is given one record at a time.
func (s *Store) PutAll(ctx context.Context, consents []consent.Record, optOuts []optout.Record, disclosures []disclosure.Record) error {
	puts := make([]put, 0, len(consents)+len(optOuts)+len(disclosures))
	add := func(of recipient.ID, f fact, err error) error {
		puts = append(puts, put{of, f})
		return wrap("put", err)
	}
	for _, r := range optOuts {
		f, err := optOutFact(r)
		if err := add(r.Of, f, err); err != nil {
			return err
		}
	}
	for _, r := range consents {
		f, err := consentFact(r)
		if err := add(r.Of, f, err); err != nil {
			return err
		}
	}
	for _, r := range disclosures {
		f, err := disclosureFact(r)
		if err := add(r.Of, f, err); err != nil {
			return err
		}
	}
	if _, cluster := s.client.(*redis.ClusterClient); cluster && s.options.WaitReplicas > 0 {
		for _, p := range puts {
			if err := s.put(ctx, p.of, p.fact, nil); err != nil {
				return err
			}
		}
		return nil
	}
	for len(puts) > 0 {
		part := puts[:min(len(puts), bulkFacts)]
		_, err := s.many(ctx, s.scripts.put, len(part), s.options.WaitReplicas, func(i int) ([]string, []any) {
			_, key, _ := s.keys(part[i].of)
			return []string{key}, []any{part[i].field, part[i].value}
		})
		if err != nil {
			return wrap("put", err)
		}
		puts = puts[len(part):]
	}
	return nil
}

// many runs a script n times in one pipeline, with its text: a server that does
// not know a digest at the start of the pipeline may learn it from somebody
// else midway, and would then put the second record of a person before the first.
func (s *Store) many(ctx context.Context, script *redis.Script, n, replicas int, call func(i int) (keys []string, args []any)) ([]any, error) {
	if err := ctx.Err(); err != nil || n == 0 {
		return nil, err
	}
	answers, err := s.pipeline(ctx, script.Eval, n, replicas, call)
	return answers, s.failed(ctx, err)
}

func (s *Store) pipeline(
	ctx context.Context, run func(context.Context, redis.Scripter, []string, ...any) *redis.Cmd,
	n, replicas int, call func(i int) (keys []string, args []any),
) ([]any, error) {
	p := s.client.Pipeline()
	cmds := make([]*redis.Cmd, n)
	for i := range n {
		keys, args := call(i)
		cmds[i] = run(ctx, p, keys, args...)
	}
	var wait *redis.Cmd
	if replicas > 0 {
		wait = p.Do(ctx, "WAIT", replicas, s.options.WaitTimeout.Milliseconds())
	}
	if _, err := p.Exec(ctx); err != nil {
		return nil, err
	}
	if wait != nil {
		if have, err := wait.Int64(); err != nil || have < int64(replicas) {
			return nil, ErrReplicas
		}
	}
	answers := make([]any, n)
	for i, cmd := range cmds {
		answers[i] = cmd.Val()
	}
	return answers, nil
}
