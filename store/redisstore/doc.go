// Package redisstore keeps everything in Redis. Read this first: Redis
// replicates asynchronously. A primary that fails can take with it what it has
// acknowledged and not yet passed on: an opt-out, so that the next message
// goes out to a person who said STOP, or the claim of a key, so that a message
// goes out twice. [Options.WaitReplicas] makes every call wait until replicas
// have it, which closes most of this gap but not all of it, since a fail-over
// may promote a replica that was not among them. Use this package as the
// ledger, where speed counts, and keep the facts in SQL, through
// [store.Compose]; or keep everything in SQL.
//
// Begin and Finish are one script each, one round trip. All keys of a person
// are in one slot of a cluster: their hash tag is made from tenant and number,
// so that no key shows a number. The keys of a person are a hash for the
// ledger and one for the facts; nothing expires.
//
// [Open] asks every server for its configuration and refuses one that loses
// what it has acknowledged when it stops: without an append-only file, with
// appendfsync no, or with a policy that evicts keys.
// [Options.InsecureVolatileStore] allows it, and the store then says that it
// is volatile. With appendfsync everysec a power failure loses up to a second
// of acknowledged opt-outs; with always, nothing.
//
// Every error is an [*Error], which names the call and the kind of failure but
// no number and no text of a message; errors.Is and errors.As reach what the
// client said. An error means that nothing is known: the script may have run.
// Every call may be repeated. The client's own timeouts limit a call; the
// deadline of a context does so only with ContextTimeoutEnabled.
package redisstore
