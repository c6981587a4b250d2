package redisstore

import (
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options are what may differ between installations. The zero value, and nil,
// are the defaults.
type Options struct {
	// InsecureVolatileStore opens servers that lose what they have acknowledged
	// when they stop. The store then says that it is volatile. Default: such
	// servers are refused.
	InsecureVolatileStore bool
	// Persistent states that every server keeps an append-only file with
	// appendfsync always or everysec, and evicts no keys. It is for servers that
	// do not permit CONFIG GET; what a server does say counts more. Default: a
	// server that does not say is refused.
	Persistent bool
	// Prefix starts every key. It must not have braces. Default: "carewire:".
	Prefix string
	// WaitReplicas is how many replicas must have a write before the call
	// returns; fewer are [ErrReplicas]. It needs a *redis.Client or a
	// *redis.ClusterClient. Default: 0, none.
	WaitReplicas int
	// WaitTimeout is how long to wait for them. It must be less than the
	// client's ReadTimeout. Default: 1 s.
	WaitTimeout time.Duration
}

// filled returns the options with their defaults.
func (o *Options) filled(client redis.UniversalClient) (Options, error) {
	var f Options
	if o != nil {
		f = *o
	}
	if f.Prefix == "" {
		f.Prefix = "carewire:"
	}
	if f.WaitTimeout == 0 {
		f.WaitTimeout = time.Second
	}
	switch {
	case client == nil:
		return f, fmt.Errorf("%w: no client", errOptions)
	case strings.ContainsAny(f.Prefix, "{}"):
		return f, fmt.Errorf("%w: Prefix", errOptions)
	case f.WaitReplicas < 0 || f.WaitTimeout < time.Millisecond:
		return f, fmt.Errorf("%w: WaitReplicas or WaitTimeout", errOptions)
	}
	if f.WaitReplicas > 0 {
		switch client.(type) {
		case *redis.Client, *redis.ClusterClient:
		default:
			return f, fmt.Errorf("%w: WaitReplicas with a %T", errOptions, client)
		}
	}
	return f, nil
}
