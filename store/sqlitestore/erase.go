package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/carewire/carewire/store"
)

var _ store.Eraser = (*Store)(nil)

// errReaders reports that the write-ahead log could not be emptied.
var errReaders = errors.New("what was erased is still in the write-ahead log, because somebody reads from it: erase again")

const sqlAnonymous = `INSERT INTO carewire_attempts (tenant, phone, id, key, sum, brand, purpose, at, state, rule, settled)
SELECT ?3, ?4, id, id, '', brand, purpose, at, state, rule, settled FROM carewire_attempts
WHERE tenant = ?1 AND phone = ?2 AND state <> 1 ORDER BY seq ON CONFLICT DO NOTHING`

// Erase implements [store.Eraser]: one transaction, in which SQLite overwrites
// what it deletes (PRAGMA secure_delete), and a checkpoint that empties the
// write-ahead log. The checkpoint waits for readers, up to [Options.Timeout];
// if they do not end, the rows are gone and the error says that the log is not
// emptied yet: call it again.
//
// Where connections wrote without secure_delete before ([DSN] sets it), pages
// that SQLite moved around may have copies of old rows in their unused parts.
// VACUUM removes those, once. Backups are their own matter.
func (s *Store) Erase(ctx context.Context, e store.Erasure) error {
	if e.Of == e.As {
		return nil
	}
	of := []any{e.Of.Tenant, e.Of.Phone.E164()}
	err := s.write(ctx, "erase", func(ctx context.Context, tx *sql.Tx) error {
		// Anonymous attempts first: a statement that writes takes the lock.
		if _, err := tx.ExecContext(ctx, s.named(sqlAnonymous), append(of, e.As.Tenant, e.As.Phone.E164())...); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `PRAGMA secure_delete=ON`); err != nil {
			return err
		}
		for _, statement := range []string{
			`DELETE FROM carewire_consents WHERE tenant = ? AND phone = ?`,
			`DELETE FROM carewire_opt_outs WHERE tenant = ? AND phone = ?`,
			`DELETE FROM carewire_disclosures WHERE tenant = ? AND phone = ?`,
			`DELETE FROM carewire_attempts WHERE tenant = ? AND phone = ?`,
		} {
			if _, err := tx.ExecContext(ctx, s.named(statement), of...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return wrap("erase", s.emptyLog(ctx))
}

// emptyLog writes the write-ahead log back and cuts it to nothing.
func (s *Store) emptyLog(ctx context.Context) error {
	ctx, cancel := limited(ctx, s.timeout)
	defer cancel()
	for wait := firstWait; ; wait = min(2*wait, 16*lastWait) {
		var busy, inLog, done int
		err := s.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &inLog, &done)
		switch {
		case err == nil && busy == 0:
			return nil
		case err != nil && !locked(err):
			return err
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return errors.Join(errReaders, ctx.Err())
		}
	}
}
