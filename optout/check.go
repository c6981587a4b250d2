package optout

import "time"

// Check returns the newest opt-out that stands for brand, with [ErrOptedOut];
// if none stands, the zero Record and nil.
//
// The records are those on file in put order. An opt-out counts if it names
// exactly this brand, or none at all, which means every brand of the tenant.
// It is lifted only by an opt-in that names exactly this brand, was put after
// it and is not provably older: where both carry the provider's time, the
// opt-in's must be later. An opt-in without a brand lifts nothing for a named
// one, a second copy of an opt-in (same ID) is no new opt-in, and At, the time
// of filing, decides nothing. An empty brand asks for all brands at once:
// every opt-out counts, and each is lifted only by an opt-in that names the
// same brand as the opt-out.
//
// The order of records alone is not enough: providers deliver a START that was
// sent before a STOP after it. The time alone is not enough: some providers
// send none. (S11, R7.15, R7.16, R7.20)
func Check(rs []Record, brand string) (Record, error) {
	copied := copies(rs)
	var later lifts
	for i := len(rs) - 1; i >= 0; i-- {
		r := rs[i]
		switch {
		case copied(i):
		case r.In:
			later.add(r)
		case r.Brand != "" && brand != "" && r.Brand != brand:
		case later.lift(r, brand):
		default:
			return r, ErrOptedOut
		}
	}
	return Record{}, nil
}

// copies returns a function that reports whether rs[i] is a second copy of a
// record put before. One ID makes two opt-ins the same; two opt-outs must be
// alike in brand and time as well.
func copies(rs []Record) func(i int) bool {
	type key struct {
		id string
		in bool
	}
	first := make(map[key]int, len(rs))
	for i, r := range rs {
		if _, ok := first[key{r.ID, r.In}]; !ok {
			first[key{r.ID, r.In}] = i
		}
	}
	return func(i int) bool {
		r, f := rs[i], first[key{rs[i].ID, rs[i].In}]
		return r.ID != "" && f != i && (r.In || rs[f].Brand == r.Brand && rs[f].Sent.Equal(r.Sent))
	}
}

// lifts are the opt-ins of each brand that were put after the opt-out in hand.
type lifts map[string]lift

// lift sums up opt-ins of one brand.
type lift struct {
	untimed bool      // one of them does not say when it was sent
	latest  time.Time // the latest of the others
}

func (l *lifts) add(r Record) {
	if *l == nil {
		*l = make(lifts)
	}
	v := (*l)[r.Brand]
	if r.Sent.IsZero() {
		v.untimed = true
	} else if r.Sent.After(v.latest) {
		v.latest = r.Sent
	}
	(*l)[r.Brand] = v
}

// lift reports whether an opt-in lifts the opt-out r where brand is asked for.
func (l lifts) lift(r Record, brand string) bool {
	if brand == "" {
		brand = r.Brand
	}
	v, ok := l[brand]
	return ok && (v.untimed || r.Sent.IsZero() || v.latest.After(r.Sent))
}
