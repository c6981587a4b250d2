package redisstore

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// Store is a [store.Store] in Redis. It is safe for concurrent use, by many
// processes. Make it with [Open].
type Store struct {
	client   redis.UniversalClient
	options  Options
	scripts  scripts
	volatile bool
}

var (
	_ store.Store    = (*Store)(nil)
	_ store.Volatile = (*Store)(nil)
)

//go:embed scripts/*.lua
var sources embed.FS

// scripts are what runs on the server.
type scripts struct {
	begin, finish, put, read *redis.Script
}

func newScripts() (s scripts, err error) {
	for name, script := range map[string]**redis.Script{
		"begin": &s.begin, "finish": &s.finish, "put": &s.put, "read": &s.read,
	} {
		source, err := sources.ReadFile("scripts/" + name + ".lua")
		if err != nil {
			return s, err
		}
		*script = redis.NewScript(string(source))
	}
	return s, nil
}

// Open makes a Store of a client, which stays the caller's to close. It asks
// every server, once, whether it loses what it has acknowledged
// ([ErrNotDurable]). A nil o means the defaults.
func Open(ctx context.Context, client redis.UniversalClient, o *Options) (*Store, error) {
	opts, err := o.filled(client)
	if err != nil {
		return nil, wrap("open", err)
	}
	s := &Store{client: client, options: opts}
	if s.scripts, err = newScripts(); err != nil {
		return nil, wrap("open", err)
	}
	if err := s.check(ctx); err != nil {
		return nil, wrap("open", err)
	}
	return s, nil
}

// Volatile implements [store.Volatile]: it reports whether a server said that
// it loses what it has acknowledged when it stops.
func (s *Store) Volatile() bool { return s.volatile }

// keys returns the keys of a person, in one slot: the ledger, the facts, and
// one that never exists. The hash tag is a digest of tenant and number with
// their lengths, so that no two people share one.
func (s *Store) keys(of recipient.ID) (ledger, facts, none string) {
	number := of.Phone.E164()
	sum := sha256.Sum256(fmt.Appendf(nil, "%d:%s%d:%s", len(of.Tenant), of.Tenant, len(number), number))
	person := s.options.Prefix + "{" + hex.EncodeToString(sum[:16]) + "}"
	return person + ":ledger", person + ":facts", person + ":none"
}

// call runs a script that writes, and waits for replicas if that is asked for.
func (s *Store) call(ctx context.Context, op string, script *redis.Script, keys []string, args ...any) (any, error) {
	if err := ctx.Err(); err != nil {
		return nil, wrap(op, err)
	}
	if s.options.WaitReplicas == 0 {
		answer, err := script.Run(ctx, s.client, keys, args...).Result()
		return answer, wrap(op, s.failed(ctx, err))
	}
	answer, err := s.callAndWait(ctx, script, keys, args)
	return answer, wrap(op, s.failed(ctx, err))
}

// failed looks at an error of the client. One that came with the deadline of
// the context says so: the client gives its connections that deadline, and
// then reports theirs. A cluster client that cannot reach a server is told to
// ask where the slots are, which it otherwise does once a minute.
func (s *Store) failed(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var said redis.Error
	if cluster, ok := s.client.(*redis.ClusterClient); ok && !errors.As(err, &said) && !errors.Is(err, ErrReplicas) {
		cluster.ReloadState(ctx)
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= 0 {
		return fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
	}
	return err
}

// maxTries is how often a call follows its key to another server of a cluster, with the first.
const maxTries = 3

// callAndWait runs a script and WAIT on one connection, in one round trip.
// WAIT has no key, so that a cluster client cannot route it.
func (s *Store) callAndWait(ctx context.Context, script *redis.Script, keys []string, args []any) (any, error) {
	cluster, ok := s.client.(*redis.ClusterClient)
	if !ok {
		return s.runAndWait(ctx, s.client, script, keys, args)
	}
	var answer any
	var err error
	for range maxTries {
		var master *redis.Client
		if master, err = cluster.MasterForKey(ctx, keys[0]); err != nil {
			return nil, err
		}
		answer, err = s.runAndWait(ctx, master, script, keys, args)
		if _, moved := redis.IsMovedError(err); !moved && !redis.IsReadOnlyError(err) {
			break
		}
		cluster.ReloadState(ctx)
	}
	return answer, err
}

func (s *Store) runAndWait(ctx context.Context, client redis.UniversalClient, script *redis.Script, keys []string, args []any) (any, error) {
	answer, n, err := s.pipe(ctx, client, func(p redis.Pipeliner) *redis.Cmd {
		return script.EvalSha(ctx, p, keys, args...)
	})
	if errors.Is(err, redis.ErrNoScript) || redis.HasErrorPrefix(err, "NOSCRIPT") {
		answer, n, err = s.pipe(ctx, client, func(p redis.Pipeliner) *redis.Cmd {
			return script.Eval(ctx, p, keys, args...)
		})
	}
	if err == nil && n < int64(s.options.WaitReplicas) {
		err = ErrReplicas
	}
	return answer, err
}

// pipe runs a command and WAIT, and returns the answer and how many replicas have it.
func (s *Store) pipe(ctx context.Context, client redis.UniversalClient, run func(redis.Pipeliner) *redis.Cmd) (any, int64, error) {
	p := client.Pipeline()
	cmd := run(p)
	wait := p.Do(ctx, "WAIT", s.options.WaitReplicas, s.options.WaitTimeout.Milliseconds())
	_, err := p.Exec(ctx)
	if cmd.Err() != nil {
		return nil, 0, cmd.Err()
	}
	if err != nil {
		return nil, 0, err
	}
	n, err := wait.Int64()
	return cmd.Val(), n, err
}
