// Package sqlitestore keeps everything in a SQLite database: consents,
// opt-outs, disclosures and the ledger of attempts. One file serves the
// goroutines of one process and any number of processes on one machine.
//
//	db, err := sql.Open("sqlite", sqlitestore.DSN("carewire.db")) // modernc.org/sqlite
//	err = sqlitestore.Migrate(ctx, db, nil) // at deployment, not at every start
//	st, err := sqlitestore.Open(ctx, db, nil)
//
// The database may hold the application's tables too. The package imports no
// driver: db is the application's, which also closes it, and any driver of
// database/sql over SQLite 3.37 or newer will do. The tests run
// modernc.org/sqlite.
//
// Every call that writes is one transaction that takes SQLite's write lock
// before it reads anything. Begin claims and reads all facts in it. When a call
// returns nil, what it stored is on disk: the database is in WAL mode, which
// [Migrate] sets and [Open] demands, and every connection is switched to
// synchronous=FULL before it writes, whatever the pool was opened with. With
// synchronous=NORMAL, the usual advice for WAL, a power failure loses the last
// commits, and a STOP may be among them. On macOS set PRAGMA fullfsync too.
//
// A file on a network file system must not be used: SQLite's locks do not work
// there.
//
// A call that finds the database locked tries again until its context ends or
// [Options.Timeout] has passed. Errors name the call and what SQLite said, which
// has no number and no text of a message in it.
package sqlitestore
