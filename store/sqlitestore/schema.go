package sqlitestore

// migrations are the steps from one version of the schema to the next, in
// order. A step that has been released is never changed.
//
// Times are microseconds since 1970; the zero time is a number like any other.
// Comparisons are of bytes, SQLite's default. Rows are in put order by seq.
var migrations = [...]string{
	`
CREATE TABLE carewire_consents (
	seq       INTEGER PRIMARY KEY,
	tenant    TEXT    NOT NULL,
	phone     TEXT    NOT NULL,
	id        TEXT    NOT NULL,
	brand     TEXT    NOT NULL,
	basis     INTEGER NOT NULL,
	purposes  TEXT    NOT NULL, -- a JSON array of strings
	ref       TEXT    NOT NULL,
	shown     TEXT    NOT NULL,
	shown_at  TEXT    NOT NULL, -- where it was shown
	confirmed TEXT    NOT NULL,
	revoked   INTEGER NOT NULL,
	at        INTEGER NOT NULL,
	until     INTEGER NOT NULL,
	UNIQUE (tenant, phone, id)
) STRICT;
CREATE TABLE carewire_opt_outs (
	seq    INTEGER PRIMARY KEY,
	tenant TEXT    NOT NULL,
	phone  TEXT    NOT NULL,
	id     TEXT    NOT NULL,
	brand  TEXT    NOT NULL,
	opt_in INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	sent   INTEGER NOT NULL,
	via    TEXT    NOT NULL,
	text   TEXT    NOT NULL,
	rule   TEXT    NOT NULL,
	UNIQUE (tenant, phone, id)
) STRICT;
CREATE TABLE carewire_disclosures (
	seq    INTEGER PRIMARY KEY,
	tenant TEXT    NOT NULL,
	phone  TEXT    NOT NULL,
	id     TEXT    NOT NULL,
	brand  TEXT    NOT NULL,
	kind   INTEGER NOT NULL,
	text   TEXT    NOT NULL,
	ref    TEXT    NOT NULL,
	failed INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	UNIQUE (tenant, phone, id)
) STRICT;
CREATE TABLE carewire_attempts (
	seq         INTEGER PRIMARY KEY,
	tenant      TEXT    NOT NULL,
	phone       TEXT    NOT NULL,
	id          TEXT    NOT NULL,
	key         TEXT    NOT NULL,
	sum         TEXT    NOT NULL,
	brand       TEXT    NOT NULL,
	purpose     TEXT    NOT NULL,
	at          INTEGER NOT NULL,
	state       INTEGER NOT NULL DEFAULT 1, -- 1 open, 2 refused, 3 rejected, 4 unknown, 5 accepted, 6 delivered, 7 failed
	provider_id TEXT    NOT NULL DEFAULT '',
	sender      TEXT    NOT NULL DEFAULT '',
	rule        TEXT    NOT NULL DEFAULT '',
	code        TEXT    NOT NULL DEFAULT '',
	approval    TEXT    NOT NULL DEFAULT '',
	text        TEXT    NOT NULL DEFAULT '',
	settled     INTEGER NOT NULL,
	UNIQUE (tenant, phone, id)
) STRICT;
-- At most one attempt holds a key; refused and rejected ones stay as history.
CREATE UNIQUE INDEX carewire_attempts_key ON carewire_attempts (tenant, phone, key) WHERE state NOT IN (2, 3);
`,
}

// latest is the version of the schema that this package needs.
const latest = len(migrations)

// The statements, written with the default prefix. Parameters 1 and 2 are
// always tenant and number.
const (
	sqlSync = `PRAGMA synchronous`

	sqlPutConsent = `INSERT INTO carewire_consents
(tenant, phone, id, brand, basis, purposes, ref, shown, shown_at, confirmed, revoked, at, until)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, phone, id) DO NOTHING`
	sqlConsents = `SELECT id, brand, basis, purposes, ref, shown, shown_at, confirmed, revoked, at, until
FROM carewire_consents WHERE tenant = ? AND phone = ? ORDER BY seq`

	sqlPutOptOut = `INSERT INTO carewire_opt_outs
(tenant, phone, id, brand, opt_in, at, sent, via, text, rule)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, phone, id) DO NOTHING`
	sqlOptOuts = `SELECT id, brand, opt_in, at, sent, via, text, rule
FROM carewire_opt_outs WHERE tenant = ? AND phone = ? ORDER BY seq`

	sqlPutDisclosure = `INSERT INTO carewire_disclosures
(tenant, phone, id, brand, kind, text, ref, failed, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, phone, id) DO NOTHING`
	sqlDisclosures = `SELECT id, brand, kind, text, ref, failed, at
FROM carewire_disclosures WHERE tenant = ? AND phone = ? ORDER BY seq`

	// A conflict is the same ID again, or a key that is held.
	sqlClaim = `INSERT INTO carewire_attempts (tenant, phone, id, key, sum, brand, purpose, at, settled)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

	sqlAttempt = `SELECT id, key, sum, brand, purpose, at, state, provider_id, sender, rule, code, approval, text, settled
FROM carewire_attempts WHERE tenant = ? AND phone = ?`
	sqlByID     = sqlAttempt + ` AND id = ?`
	sqlHolder   = sqlAttempt + ` AND key = ? AND state NOT IN (2, 3)`
	sqlOutcomes = sqlAttempt + ` ORDER BY seq`

	// Parameter 4 is the state, 5 the set of states from which it rises, one bit each.
	sqlSettle = `UPDATE carewire_attempts SET
state       = CASE (?5 >> state) & 1 WHEN 1 THEN ?4 ELSE state END,
rule        = CASE (?5 >> state) & 1 WHEN 1 THEN ?6 ELSE rule END,
code        = CASE (?5 >> state) & 1 WHEN 1 THEN ?7 ELSE code END,
settled     = CASE (?5 >> state) & 1 WHEN 1 THEN ?8 ELSE settled END,
provider_id = CASE provider_id WHEN '' THEN ?9  ELSE provider_id END,
sender      = CASE sender      WHEN '' THEN ?10 ELSE sender END,
approval    = CASE approval    WHEN '' THEN ?11 ELSE approval END,
text        = CASE text        WHEN '' THEN ?12 ELSE text END
WHERE tenant = ?1 AND phone = ?2 AND id = ?3`

	// Each table gives as many as are wanted, so that no more of it is read.
	sqlRecipients = `
SELECT phone FROM (SELECT DISTINCT phone FROM carewire_consents    WHERE tenant = ?1 AND phone > ?2 ORDER BY phone LIMIT ?3)
UNION
SELECT phone FROM (SELECT DISTINCT phone FROM carewire_opt_outs    WHERE tenant = ?1 AND phone > ?2 ORDER BY phone LIMIT ?3)
UNION
SELECT phone FROM (SELECT DISTINCT phone FROM carewire_disclosures WHERE tenant = ?1 AND phone > ?2 ORDER BY phone LIMIT ?3)
ORDER BY phone LIMIT ?3`
)
