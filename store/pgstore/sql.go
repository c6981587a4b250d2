package pgstore

import (
	"fmt"
	"strings"
)

// queries are the statements with the names of one installation.
type queries struct {
	begin, finish, outcomes             string
	consents, optOuts, disclosures      string // look-ups
	putConsent, putOptOut, putDisclosed string
	options                             *Options
}

func newQueries(o *Options) *queries {
	return &queries{
		begin:        o.named(sqlBegin),
		finish:       o.named(sqlFinish),
		outcomes:     o.named(sqlOutcomes),
		consents:     o.named(sqlSessionRow + sqlConsents),
		optOuts:      o.named(sqlSessionRow + sqlOptOuts),
		disclosures:  o.named(sqlSessionRow + sqlDisclosures),
		putConsent:   o.named(consentTable.insert(1, 3, "")),
		putOptOut:    o.named(optOutTable.insert(1, 3, "")),
		putDisclosed: o.named(disclosureTable.insert(1, 3, "")),
		options:      o,
	}
}

// sqlSession asks for what Open checks. Engines that lack a setting answer NULL, which is no objection.
const sqlSession = `SELECT coalesce(current_setting('transaction_read_only', true), 'off'),
	coalesce(current_setting('fsync', true), 'on'), coalesce(current_setting('synchronous_commit', true), 'on')`

// nextOrd is the place of a new record behind all that are on file and visible.
// A record whose put has returned is visible to every statement that starts
// afterwards, so that later puts get larger numbers, whatever the clocks say.
// The condition on ord is the one of an index.
const nextOrd = `greatest((extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
	(SELECT coalesce(max(o.ord), 0) + 1 FROM %s o WHERE o.tenant = $1 AND o.phone = $2 AND o.ord > 0))`

// The rows of a look-up and of Begin have the columns
//
//	kind, ord, id, brand, n, flag, at, second, a, b, c, d, list
//
// A look-up starts with a row of its own, so that no row at all is never taken
// for nothing on file; it says whether the session is that of a replica.
const (
	sqlSessionRow = `SELECT 0::smallint, 0::bigint, coalesce(current_setting('transaction_read_only', true), 'off'), '', 0::smallint, false,
	NULL::timestamptz, NULL::timestamptz, '', '', '', '', NULL::text[]
UNION ALL `
	sqlConsents = `SELECT 1::smallint, ord, id, brand, basis, revoked, at, until, ref, shown, place, confirmed, purposes
FROM carewire_consents WHERE tenant = $1::text AND phone = $2::text`
	sqlOptOuts = `SELECT 2::smallint, ord, id, brand, 0::smallint, opt_in, at, sent, via, words, rule, '', NULL::text[]
FROM carewire_opt_outs WHERE tenant = $1::text AND phone = $2::text`
	sqlDisclosures = `SELECT 3::smallint, ord, id, brand, kind, failed, at, NULL::timestamptz, shown, ref, '', '', NULL::text[]
FROM carewire_disclosures WHERE tenant = $1::text AND phone = $2::text`
)

// sqlBegin claims the key $4 for the attempt $3 and reads every fact.
//
// mine finds the attempt if it is on file already; it locks the row, so that
// the answer is a commit of its own and waits for whatever replicas a commit
// waits for. Otherwise claim inserts it. ON CONFLICT … DO UPDATE changes
// nothing, and is there because it waits for and returns the row that won;
// DO NOTHING would return no row to the loser of two concurrent claims. Of mine
// and claim exactly one gives a row.
//
// Two calls with one ID at the same time can meet in the primary key instead:
// that is a unique violation, after which the call is repeated.
var sqlBegin = `WITH mine AS (
	SELECT id, brand, state, at, key, sum, provider_id, purpose FROM carewire_attempts
	WHERE tenant = $1::text AND phone = $2::text AND id = $3::text FOR UPDATE
), claim AS (
	INSERT INTO carewire_attempts AS t (tenant, phone, id, ord, key, sum, brand, purpose, at, state)
	SELECT $1::text, $2::text, $3::text, ` + fmt.Sprintf(nextOrd, "carewire_attempts") + `,
		$4::text, $5::text, $6::text, $7::text, $8::timestamptz, 1
	WHERE NOT EXISTS (SELECT 1 FROM mine)
	ON CONFLICT (tenant, phone, key) WHERE holds DO UPDATE SET state = t.state
	RETURNING t.id, t.brand, t.state, t.at, t.key, t.sum, t.provider_id, t.purpose
)
SELECT 0::smallint, 0::bigint, id, brand, state, false, at, NULL::timestamptz, key, sum, provider_id, purpose, NULL::text[] FROM mine
UNION ALL
SELECT 0::smallint, 0::bigint, id, brand, state, false, at, NULL::timestamptz, key, sum, provider_id, purpose, NULL::text[] FROM claim
UNION ALL ` + sqlConsents + `
UNION ALL ` + sqlOptOuts + `
UNION ALL ` + sqlDisclosures

// sqlFinish settles the attempt $3 as $4 if it is in one of the states $5.
const sqlFinish = `UPDATE carewire_attempts SET
	state = CASE WHEN state = ANY ($5::smallint[]) THEN $4::smallint ELSE state END,
	rule = CASE WHEN state = ANY ($5::smallint[]) THEN $6::text ELSE rule END,
	code = CASE WHEN state = ANY ($5::smallint[]) THEN $7::text ELSE code END,
	settled = CASE WHEN state = ANY ($5::smallint[]) THEN $8::timestamptz ELSE settled END,
	provider_id = CASE WHEN provider_id = '' THEN $9::text ELSE provider_id END,
	sender = CASE WHEN sender = '' THEN $10::text ELSE sender END,
	approval = CASE WHEN approval = '' THEN $11::text ELSE approval END,
	body = CASE WHEN body = '' THEN $12::text ELSE body END
WHERE tenant = $1::text AND phone = $2::text AND id = $3::text`

// sqlOutcomes reads every attempt, after a row about the session as look-ups have.
const sqlOutcomes = `SELECT -1::bigint AS ord, coalesce(current_setting('transaction_read_only', true), 'off') COLLATE "C" AS id, '', '', '', '',
	NULL::timestamptz, 0::smallint, '', '', '', '', '', '', NULL::timestamptz
UNION ALL
SELECT ord, id, key, sum, brand, purpose, at, state, provider_id, sender, rule, code, approval, body, settled
FROM carewire_attempts WHERE tenant = $1::text AND phone = $2::text
ORDER BY 1, 2`

// table is what an insert needs to know of a table of facts.
type table struct {
	name    string
	columns []string // after tenant, phone and ord, the ID first
	types   []string
}

var (
	consentTable = table{
		"carewire_consents",
		[]string{"id", "brand", "basis", "purposes", "ref", "shown", "place", "confirmed", "revoked", "at", "until"},
		[]string{"text", "text", "smallint", "text[]", "text", "text", "text", "text", "boolean", "timestamptz", "timestamptz"},
	}
	optOutTable = table{
		"carewire_opt_outs",
		[]string{"id", "brand", "opt_in", "at", "sent", "via", "words", "rule"},
		[]string{"text", "text", "boolean", "timestamptz", "timestamptz", "text", "text", "text"},
	}
	disclosureTable = table{
		"carewire_disclosures",
		[]string{"id", "brand", "kind", "shown", "ref", "failed", "at"},
		[]string{"text", "text", "smallint", "text", "text", "boolean", "timestamptz"},
	}
)

// insert makes a statement that puts n records of the recipient $1, $2, with
// parameters from number first on, once for each row of from, if that is given.
//
// A record whose ID is on file is updated to what it is: the statement then
// waits for a concurrent put of the same ID, and its commit waits for the
// replicas that the first one may have given up waiting for.
func (t table) insert(n, first int, from string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s AS t (tenant, phone, ord, %s)\nSELECT $1::text, $2::text, "+nextOrd+" + v.n, v.%s\nFROM %s(VALUES ",
		t.name, strings.Join(t.columns, ", "), t.name, strings.Join(t.columns, ", v."), from)
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "(%d", i)
		for _, typ := range t.types {
			fmt.Fprintf(&b, ", $%d::%s", first, typ)
			first++
		}
		b.WriteString(")")
	}
	fmt.Fprintf(&b, ") AS v (n, %s)\nON CONFLICT (tenant, phone, id) DO UPDATE SET id = t.id", strings.Join(t.columns, ", "))
	return b.String()
}
