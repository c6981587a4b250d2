package disclosure

import "time"

// StopLineEvery is how old the newest opt-out line on file may become before
// another is owed. Informational programs repeat the opt-out instructions at
// least once a month; the source is secondary. (R7.25).
const StopLineEvery = 30 * 24 * time.Hour

// Skew is how far the clocks of the machines that write and read records may
// differ. A record dated further in the future than that does not count.
const Skew = 5 * time.Minute

// Due returns what the next message from brand owes, given the records rs of
// one recipient in put order.
//
// A record counts if it is of exactly this brand, is dated after since and not
// in the future, and no record says that the message it went out with has
// failed. since is the last event that ended what was disclosed before: a START
// after a STOP, a revocation, a reassignment of the number; zero if there was
// none. Texts shown at intake are passed as records of kind [Statement] if they
// lack nothing for this program.
//
// Without a Statement that counts, one is due. With one, a [StopLine] is due
// when the newest Statement or StopLine is [StopLineEvery] old or older. A
// change of wording alone makes nothing due. Where a date is in doubt, the
// answer is to disclose again. (S5, R7.6, R7.25).
func Due(rs []Record, brand string, since, now time.Time) Kind {
	stated := false
	var newest time.Time
	for _, r := range rs {
		if !r.counts(brand, since, now) || failed(rs, r) {
			continue
		}
		stated = stated || r.Kind == Statement
		if r.At.After(newest) {
			newest = r.At
		}
	}
	switch {
	case !stated:
		return Statement
	case now.Sub(newest) >= StopLineEvery:
		return StopLine
	}
	return Nothing
}

// counts reports whether r, seen alone, discloses something.
func (r Record) counts(brand string, since, now time.Time) bool {
	return !r.Failed && r.Brand == brand && (r.Kind == StopLine || r.Kind == Statement) &&
		r.At.After(since) && !r.At.After(now.Add(Skew))
}

// failed reports whether the message that carried r is known not to have
// arrived. The news may be put before the record: a callback can overtake the
// answer to its own send.
func failed(rs []Record, r Record) bool {
	for _, f := range rs {
		if f.Failed && f.Brand == r.Brand && f.Ref == r.Ref {
			return true
		}
	}
	return false
}
