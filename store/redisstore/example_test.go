package redisstore_test

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/redisstore"
)

// Redis is the ledger, where speed counts; the facts, which must never be
// lost, are in a store that commits them to disk and to its replicas.
func Example() {
	start := func(ctx context.Context, facts store.Store) (store.Store, error) {
		client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", ContextTimeoutEnabled: true})
		ledger, err := redisstore.Open(ctx, client, &redisstore.Options{WaitReplicas: 1})
		if err != nil {
			return nil, err
		}
		return store.Compose(facts, facts, facts, ledger), nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // this example runs without a server
	_, err := start(ctx, nil)
	fmt.Println(err)
	// Output: redisstore: open: context canceled
}
