// Package seal keeps a verifiable log of every fact and outcome of a tenant,
// and makes evidence packs that the other side can verify offline.
//
// A [Sealer], which the application runs beside its client, reads what is new
// in the store, appends an entry for each record to a Merkle tree (the one of
// golang.org/x/mod/sumdb/tlog, which the Go checksum database uses) and signs
// a checkpoint of it (golang.org/x/mod/sumdb/note). It never stands in the way
// of a Send: [Watch] notes in memory who has something new, and the Sealer
// reads it later. What was noted when a process ended is found again by
// [Sealer.Sweep], which looks at everybody.
//
// [Sealer.Attach] adds to a pack the entries, the proofs that they are in the
// log, and a signed statement that there are no others. [Verify] needs the pack
// and the public key, and names the first thing that was changed, removed, put
// in between, reordered or dated back. (R7.37)
//
// Entries hold nothing that says who a person is: what is personal is in them
// as a hash under a random key of this person alone. [Sealer.Forget] throws the
// key away; the log still verifies.
//
// What the log cannot show: what was never put into the store, and what was
// changed in the store before it was sealed, seconds after it was put there
// while a Sealer runs. Whoever holds the signing key can start another log:
// give checkpoints to somebody else now and then, or publish them.
package seal
