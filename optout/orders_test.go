package optout

import (
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// rule is what Check does, or a deliberately wrong form of it: whether the person is out.
type rule func([]Record) bool

// TestEveryOrder enumerates every way in which up to four STOP and START events
// can arrive: every kind and time (two events may share a second, and a provider
// may send no times at all), every order of arrival, and one redelivery of one
// of them at every later place, to stores that drop a second copy and to stores
// that keep it. Nobody whose last event was a STOP may be in.
func TestEveryOrder(t *testing.T) {
	t.Parallel()
	total, wrong, late := run(func(rs []Record) bool { _, err := Check(rs, "b"); return err != nil })
	t.Logf("Check: %d orders, %d unsafe, %d needlessly quiet", total, wrong, late)
	require.Zero(t, wrong)
	require.Zero(t, late)
	require.Greater(t, total, 3000)
}

// TestEveryOrderFindsMutants shows that the enumeration can fail: each wrong rule is found.
func TestEveryOrderFindsMutants(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]struct {
		rule  rule
		quiet bool // the mutant is safe, but never lets the person in again
	}{
		"put order alone":       {rule: func(rs []Record) bool { return !rs[len(rs)-1].In }},
		"time alone":            {rule: byTime},
		"same second counts":    {rule: lifting(func(stop, start Record) bool { return !start.Sent.Before(stop.Sent) })},
		"copies count":          {rule: withoutIDs},
		"any opt-in lifts":      {rule: func(rs []Record) bool { return !slices.ContainsFunc(rs, func(r Record) bool { return r.In }) }},
		"nothing lifts":         {rule: func(rs []Record) bool { return slices.ContainsFunc(rs, func(r Record) bool { return !r.In }) }, quiet: true},
		"a time must be proven": {rule: lifting(func(stop, start Record) bool { return !stop.Sent.IsZero() && start.Sent.After(stop.Sent) }), quiet: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			total, wrong, late := run(m.rule)
			t.Logf("%d orders, %d unsafe, %d needlessly quiet", total, wrong, late)
			if m.quiet {
				require.NotZero(t, late)
				return
			}
			require.NotZero(t, wrong)
		})
	}
}

// lifting is the rule with another idea of "not older".
func lifting(newer func(stop, start Record) bool) rule {
	return func(rs []Record) bool {
		for i, r := range rs {
			lifted := slices.ContainsFunc(rs[i:], func(s Record) bool { return s.In && newer(r, s) })
			if !r.In && !lifted {
				return true
			}
		}
		return false
	}
}

// byTime takes the record with the latest time as the last word.
func byTime(rs []Record) bool {
	last := slices.MaxFunc(rs, func(a, b Record) int { return a.Sent.Compare(b.Sent) })
	return !last.In
}

// withoutIDs is Check on a file that cannot tell a copy from a new record.
func withoutIDs(rs []Record) bool {
	rs = slices.Clone(rs)
	for i := range rs {
		rs[i].ID = ""
	}
	_, err := Check(rs, "b")
	return err != nil
}

// run counts all orders, those in which the rule lets in a person whose last
// event was a STOP, and those in which it keeps out a person whose last event
// was a START, later than every STOP, and who got everything in order.
func run(out rule) (total, wrong, late int) {
	for n := 1; n <= 4; n++ {
		for _, events := range histories(n) {
			for _, order := range permutations(n) {
				for _, file := range deliveries(events, order) {
					total++
					got := out(file)
					if lastIsStop(events) && !got {
						wrong++
					}
					if lastIsStart(events) && slices.IsSorted(order) && got {
						late++
					}
				}
			}
		}
	}
	return total, wrong, late
}

// histories returns all sequences of n events as they were written: kinds, and
// times that rise or stay within the second, or no times at all.
func histories(n int) [][]Record {
	var hs [][]Record
	for kinds := range 1 << n {
		for same := range 1 << (n - 1) { // bit i: event i+1 falls into the same second as event i
			for _, timed := range []bool{true, false} {
				if !timed && same != 0 {
					continue
				}
				h, minute := make([]Record, n), 1
				for i := range h {
					if i > 0 && same>>(i-1)&1 == 0 {
						minute++
					}
					h[i] = Record{ID: strconv.Itoa(i), Brand: "b", In: kinds>>i&1 == 1}
					if timed {
						h[i].Sent = at(minute)
					}
				}
				hs = append(hs, h)
			}
		}
	}
	return hs
}

func lastIsStop(events []Record) bool { return !events[len(events)-1].In }

// lastIsStart also wants the START to be later than every STOP by the clock, if there are times.
func lastIsStart(events []Record) bool {
	last := events[len(events)-1]
	return last.In && !slices.ContainsFunc(events, func(r Record) bool {
		return !r.In && !r.Sent.IsZero() && !r.Sent.Before(last.Sent)
	})
}

// deliveries returns what is on file after the events arrived in the order
// given: as it is, and with one of them delivered again at every later place,
// kept or dropped. A provider without times delivers in order, since nothing
// could tell otherwise; its redeliveries still come late.
func deliveries(events []Record, order []int) [][]Record {
	if events[0].Sent.IsZero() && !slices.IsSorted(order) {
		return nil
	}
	arrived := make([]Record, len(order))
	for i, o := range order {
		arrived[i] = events[o]
	}
	files := [][]Record{arrived}
	for i := range arrived {
		for j := i + 1; j <= len(arrived); j++ {
			kept := slices.Insert(slices.Clone(arrived), j, arrived[i])
			dropped := slices.Clone(arrived) // the store keeps the first copy only
			files = append(files, kept, dropped)
		}
	}
	return files
}

func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, p := range permutations(n - 1) {
		for i := 0; i <= len(p); i++ {
			all = append(all, slices.Insert(slices.Clone(p), i, n-1))
		}
	}
	return all
}
