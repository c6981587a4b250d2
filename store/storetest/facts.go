package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
)

// Clauses of the contract that all three roles share.
const (
	clauseAbsent   = "No record is an empty result without an error."
	clauseFresh    = "When Put returns nil, every look-up that starts afterwards, in any process, sees the record."
	clauseLiteral  = "Strings are kept byte for byte."
	clauseTimes    = "Times are kept as instants, at least to the microsecond; the zero time stays zero."
	clauseSameID   = "A record whose ID is on file for the recipient is the same record: the call changes nothing and returns nil."
	clauseOrder    = "A look-up returns every record in the order in which they were put."
	clauseApart    = "A look-up returns the records of this recipient: this tenant, byte for byte, and this number."
	clauseFailed   = "A failed look-up is an error and never an empty result."
	clauseParallel = "An implementation is safe for concurrent use, by many processes."
)

func consentChecks[S consent.Store]() []check[S] {
	r := consentRole[S]()
	return append(roleChecks(r),
		check[S]{"consents/purposes", "Strings are kept byte for byte, in a list of purposes too, in its order.", purposesKept(r)},
		check[S]{"consents/copied", "A store shares no memory with its callers.", purposesCopied(r)})
}

// roleChecks are the cases that every role has.
func roleChecks[S, R any](r role[S, R]) []check[S] {
	return []check[S]{
		{r.name + "/absent", clauseAbsent, r.absent},
		{r.name + "/fresh", clauseFresh, r.fresh},
		{r.name + "/fields", "A look-up returns records with all their fields.", r.fieldsKept},
		{r.name + "/literal", clauseLiteral, r.literal},
		{r.name + "/times", clauseTimes, r.timesKept},
		{r.name + "/first-wins", clauseSameID, r.firstWins},
		{r.name + "/ids-apart", "IDs are compared byte for byte.", r.idsApart},
		{r.name + "/id-per-recipient", "An ID is unique per recipient: another recipient may have a record of the same ID.", r.idPerRecipient},
		{r.name + "/order", clauseOrder, r.order},
		{r.name + "/many", clauseOrder, r.many},
		{r.name + "/apart", clauseApart, r.apart},
		{r.name + "/ended-look-up", clauseFailed, r.endedLookUp},
		{r.name + "/ended-put", "A Put whose context has ended is an error; the record may be put again.", r.endedPut},
		{r.name + "/concurrent", clauseParallel, r.concurrent},
		{r.name + "/concurrent-same", clauseSameID, r.concurrentSame},
	}
}

func (r role[S, R]) absent(ctx context.Context, l *lab, a, b S) error {
	return r.want(ctx, l.of, nil, a, b, a)
}

// fresh looks before every put, so that a handle that remembers is found out.
func (r role[S, R]) fresh(ctx context.Context, l *lab, a, b S) error {
	var put []R
	for i := range 4 {
		if err := r.want(ctx, l.of, put, a, b); err != nil {
			return fmt.Errorf("before put %d: %w", i+1, err)
		}
		rec := r.sample(l.of, fmt.Sprint("id-", i))
		if err := r.putAll(ctx, pick(i, a, b), rec); err != nil {
			return err
		}
		put = append(put, rec)
		if err := r.want(ctx, l.of, put, pick(i+1, a, b), pick(i, a, b)); err != nil {
			return fmt.Errorf("after put %d: %w", i+1, err)
		}
	}
	return nil
}

func (r role[S, R]) fieldsKept(ctx context.Context, l *lab, a, b S) error {
	recs := []R{r.sample(l.of, "full"), r.bare(l.of, "bare")}
	if err := r.putAll(ctx, a, recs...); err != nil {
		return err
	}
	return r.want(ctx, l.of, recs, a, b)
}

func (r role[S, R]) literal(ctx context.Context, l *lab, a, b S) error {
	var recs []R
	for i, text := range literal() {
		rec := r.sample(l.of, fmt.Sprint("id-", i))
		for _, s := range texts(r.fields(&rec)) {
			*s = text
		}
		recs = append(recs, rec)
	}
	if err := r.putAll(ctx, a, recs...); err != nil {
		return err
	}
	return r.want(ctx, l.of, recs, b)
}

// instants are times that a careless store changes: the zero time, the epoch,
// times before it and far after it, fractions, and other zones.
func instants() []time.Time {
	return []time.Time{
		{},
		base, base.Truncate(time.Second), base.Add(time.Microsecond), base.Add(789 * time.Nanosecond),
		time.Unix(0, 0), time.Unix(0, 1000), time.Unix(-1, 999999000), time.Unix(1, 0),
		time.Date(1900, 1, 1, 0, 0, 0, 1000, time.UTC), time.Date(2038, 1, 19, 3, 14, 8, 0, time.UTC),
		time.Date(2300, 2, 28, 23, 59, 59, 999999000, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC),
		base.In(time.FixedZone("", 5*3600+45*60)), base.In(time.FixedZone("", -9*3600-30*60)),
	}
}

func (r role[S, R]) timesKept(ctx context.Context, l *lab, a, b S) error {
	var recs []R
	for i, at := range instants() {
		rec := r.sample(l.of, fmt.Sprint("id-", i))
		for _, t := range times(r.fields(&rec)) {
			*t = at
		}
		recs = append(recs, rec)
	}
	if err := r.putAll(ctx, a, recs...); err != nil {
		return err
	}
	return r.want(ctx, l.of, recs, b)
}

func (r role[S, R]) firstWins(ctx context.Context, l *lab, a, b S) error {
	recs := []R{r.sample(l.of, "one"), r.sample(l.of, "two")}
	if err := r.putAll(ctx, a, recs...); err != nil {
		return err
	}
	for i, s := range []S{a, b, a, b} {
		other := pick(i, r.sample(l.of, "one"), r.bare(l.of, "one"))
		if err := r.putAll(ctx, s, other); err != nil {
			return fmt.Errorf("the same ID again: %w", err)
		}
	}
	return r.want(ctx, l.of, recs, a, b)
}

func (r role[S, R]) idsApart(ctx context.Context, l *lab, a, b S) error {
	var recs []R
	for i, id := range similar() {
		rec := r.sample(l.of, id)
		*texts(r.fields(&rec))[0] = fmt.Sprint(i)
		recs = append(recs, rec)
	}
	for i, rec := range recs {
		if err := r.putAll(ctx, pick(i, a, b), rec); err != nil {
			return err
		}
	}
	return r.want(ctx, l.of, recs, a, b)
}

func (r role[S, R]) idPerRecipient(ctx context.Context, l *lab, a, b S) error {
	others := []recipient.ID{l.of, {Tenant: l.of.Tenant, Phone: randomPhone()}, {Tenant: l.of.Tenant + "2", Phone: l.of.Phone}}
	for i, of := range others {
		rec := r.sample(of, "one")
		*texts(r.fields(&rec))[0] = fmt.Sprint(i)
		if err := r.putAll(ctx, a, rec); err != nil {
			return err
		}
		if err := r.want(ctx, of, []R{rec}, b); err != nil {
			return err
		}
	}
	return nil
}

// order puts records whose IDs and times are in other orders.
func (r role[S, R]) order(ctx context.Context, l *lab, a, b S) error {
	var recs []R
	for i := range 12 {
		rec := r.sample(l.of, fmt.Sprintf("id-%02d", (i*5+3)%12))
		for _, t := range times(r.fields(&rec)) {
			*t = base.Add(time.Duration((i*7+5)%12/2) * time.Hour)
		}
		if err := r.putAll(ctx, pick(i, a, b), rec); err != nil {
			return err
		}
		recs = append(recs, rec)
	}
	return r.want(ctx, l.of, recs, a, b)
}

func (r role[S, R]) many(ctx context.Context, l *lab, a, b S) error {
	recs := make([]R, 300)
	for i := range recs {
		recs[i] = r.sample(l.of, fmt.Sprint("id-", i))
	}
	if err := r.putAll(ctx, a, recs...); err != nil {
		return err
	}
	return r.want(ctx, l.of, recs, b)
}

func (r role[S, R]) apart(ctx context.Context, l *lab, a, b S) error {
	neighbours := l.neighbours()
	for i, of := range neighbours {
		if err := r.want(ctx, of, nil, a, b); err != nil {
			return fmt.Errorf("recipient %d, before it has records: %w", i, err)
		}
		if err := r.putAll(ctx, pick(i, a, b), r.sample(of, fmt.Sprint("id-", i))); err != nil {
			return err
		}
	}
	for i, of := range neighbours {
		if err := r.want(ctx, of, []R{r.sample(of, fmt.Sprint("id-", i))}, a, b); err != nil {
			return fmt.Errorf("recipient %d: %w", i, err)
		}
	}
	return nil
}

func (r role[S, R]) endedLookUp(ctx context.Context, l *lab, a, b S) error {
	if err := r.putAll(ctx, a, r.sample(l.of, "one")); err != nil {
		return err
	}
	for i, of := range []recipient.ID{l.of, {Tenant: l.of.Tenant, Phone: randomPhone()}} {
		got, err := r.list(ended(ctx), pick(i, b, a), of)
		if err == nil {
			return fmt.Errorf("a look-up whose context had ended returned %d records and no error", len(got))
		}
	}
	return nil
}

func (r role[S, R]) endedPut(ctx context.Context, l *lab, a, b S) error {
	rec := r.sample(l.of, "one")
	if r.put(ended(ctx), a, rec) == nil {
		return errors.New("a put whose context had ended returned no error")
	}
	if err := r.putAll(ctx, a, rec); err != nil {
		return err
	}
	return r.want(ctx, l.of, []R{rec}, b)
}

func (r role[S, R]) concurrent(ctx context.Context, l *lab, a, b S) error {
	const writers, each = 16, 3
	err := together(writers, func(w int) error {
		for i := range each {
			if err := r.putAll(ctx, pick(w, a, b), r.sample(l.of, fmt.Sprintf("%02d-%d", w, i))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	got, err := r.list(ctx, b, l.of)
	if err != nil {
		return err
	}
	// Writers may interleave, but each one's own records are in its order.
	slices.SortStableFunc(got, func(x, y R) int {
		return strings.Compare(writerOf(r.id(&x)), writerOf(r.id(&y)))
	})
	var want []R
	for n := range writers * each {
		want = append(want, r.sample(l.of, fmt.Sprintf("%02d-%d", n/each, n%each)))
	}
	return match(want, got, r.fields)
}

// writerOf is the part before the dash of an ID made by concurrent.
func writerOf(id string) string {
	writer, _, _ := strings.Cut(id, "-")
	return writer
}

func (r role[S, R]) concurrentSame(ctx context.Context, l *lab, a, b S) error {
	err := together(16, func(i int) error {
		return r.putAll(ctx, pick(i, a, b), r.sample(l.of, "one"))
	})
	if err != nil {
		return err
	}
	return r.want(ctx, l.of, []R{r.sample(l.of, "one")}, a, b)
}

func purposesKept[S consent.Store](r role[S, consent.Record]) func(ctx context.Context, l *lab, a, b S) error {
	return func(ctx context.Context, l *lab, a, b S) error {
		var all []consent.Purpose
		for _, text := range literal() {
			all = append(all, consent.Purpose(text))
		}
		var recs []consent.Record
		for i, list := range [][]consent.Purpose{nil, {""}, {"b", "a"}, {"a", "a"}, {"a,b"}, all} {
			rec := r.sample(l.of, fmt.Sprint("id-", i))
			rec.Purposes = list
			recs = append(recs, rec)
		}
		if err := r.putAll(ctx, a, recs...); err != nil {
			return err
		}
		return r.want(ctx, l.of, recs, b)
	}
}

func purposesCopied[S consent.Store](r role[S, consent.Record]) func(ctx context.Context, l *lab, a, b S) error {
	return func(ctx context.Context, l *lab, a, b S) error {
		mine := r.sample(l.of, "one")
		if err := r.putAll(ctx, a, mine); err != nil {
			return err
		}
		mine.Purposes[0] = consent.Marketing
		for range 2 {
			got, err := r.list(ctx, b, l.of)
			if err != nil {
				return err
			}
			if err := match([]consent.Record{r.sample(l.of, "one")}, got, r.fields); err != nil {
				return fmt.Errorf("after the caller changed its own list: %w", err)
			}
			got[0].Purposes[0] = consent.Marketing
		}
		return r.want(ctx, l.of, []consent.Record{r.sample(l.of, "one")}, a, b)
	}
}
