package pgstore

import (
	"cmp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// What a row of a look-up or of Begin is.
const (
	kindHead       = iota // the first row: the claim of Begin, or the session of a look-up
	kindConsent           // a consent
	kindOptOut            // an opt-out
	kindDisclosure        // a disclosure
)

// row is one row of a look-up or of Begin: all kinds of records come in one
// result. The comments of the columns in sql.go say what a to d are.
type row struct {
	kind       int16
	ord        int64
	id, brand  string
	n          int16
	flag       bool
	at, second *time.Time
	a, b, c, d string
	list       []string
}

func (r *row) scan(rows pgx.Rows) error {
	return rows.Scan(&r.kind, &r.ord, &r.id, &r.brand, &r.n, &r.flag, &r.at, &r.second, &r.a, &r.b, &r.c, &r.d, &r.list)
}

// refuses reports whether the record is one that takes permission away.
func (r *row) refuses() bool {
	if r.kind == kindOptOut {
		return !r.flag
	}
	return r.flag
}

// putOrder sorts records by the order in which they were put. Of those that
// were put at the same time the refusing ones come last, which is the quiet
// order: a STOP and a START at once are a STOP.
func putOrder(rows []row) {
	slices.SortFunc(rows, func(x, y row) int {
		if x.ord == y.ord && x.refuses() != y.refuses() {
			if x.refuses() {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(x.ord, y.ord), cmp.Compare(x.id, y.id))
	})
}

func (r *row) consent(of recipient.ID) consent.Record {
	rec := consent.Record{
		ID: r.id, Of: of, Brand: r.brand, Basis: consent.Basis(r.n), //nolint:gosec // was a Basis
		Ref: r.a, Shown: r.b, Where: r.c, Confirmed: r.d, Revoked: r.flag, At: instant(r.at), Until: instant(r.second),
	}
	for _, p := range r.list {
		rec.Purposes = append(rec.Purposes, consent.Purpose(p))
	}
	return rec
}

func (r *row) optOut(of recipient.ID) optout.Record {
	return optout.Record{
		ID: r.id, Of: of, Brand: r.brand, In: r.flag, At: instant(r.at), Sent: instant(r.second),
		Via: r.a, Text: r.b, Rule: r.c,
	}
}

func (r *row) disclosure(of recipient.ID) disclosure.Record {
	return disclosure.Record{
		ID: r.id, Of: of, Brand: r.brand, Kind: disclosure.Kind(r.n), //nolint:gosec // was a Kind
		Text: r.a, Ref: r.b, Failed: r.flag, At: instant(r.at),
	}
}

// attempt is the attempt that a claim found, as far as it is needed.
func (r *row) attempt(of recipient.ID) store.Outcome {
	return store.Outcome{
		Attempt: store.Attempt{ID: r.id, Of: of, Key: r.a, Sum: r.b, Brand: r.brand, Purpose: consent.Purpose(r.d), At: instant(r.at)},
		State:   store.State(r.n), ProviderID: r.c, //nolint:gosec // was a State
	}
}

// instant returns a time as it was put.
func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// column returns a time as it is kept: the zero time is NULL.
func column(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
