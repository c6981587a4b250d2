// Package pgstore keeps everything in PostgreSQL: consents, opt-outs,
// disclosures and the ledger of attempts, for any number of processes.
//
// Begin and Finish are one statement each, one round trip on a connection that
// has run the statement before. Both are writes, so that a server that is no
// longer the primary cannot answer them. Whatever returns nil is committed; the
// durability of a commit is the server's: [Open] refuses a server or session
// that commits without writing to disk, unless
// [Options.InsecureVolatileStore] is set. After a fail-over only what the new
// primary has is on file, so that synchronous replication is needed for
// opt-outs to survive it.
//
//	pool, err := pgxpool.New(ctx, "postgres://…")
//	err = pgstore.Migrate(ctx, pool, nil) // at deployment, not at every start
//	st, err := pgstore.Open(ctx, pool, nil)
//
// [Store.Tx] puts facts within a transaction of the application: the consent
// together with the booking that it comes from.
//
// Every error is an [*Error], which names the call and SQLSTATE but no number
// and no text of a message; errors.Is and errors.As reach what pgx said. A
// call of a Store is repeated at once, at most twice, when the connection broke
// or the server rolled the statement back, since every call may be repeated.
// An error means that nothing is known: the statement may have been committed.
//
// The statements keep to what PostgreSQL 12 and compatible distributed engines
// have in common: no sequence, no trigger, no advisory lock except in
// [Migrate]. They were run on PostgreSQL 15 alone.
package pgstore
