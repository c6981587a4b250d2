package seal

import (
	"fmt"
	"strings"

	"github.com/carewire/carewire/store"
)

// versions checks that no record was changed in the store after it was sealed.
// A fact never changes; an attempt rises through its states, and what was empty
// is filled in.
func (c *check) versions() *Problem {
	before := map[string]int{}
	for i, l := range c.leaves {
		if l.kind() == "erasure" {
			continue
		}
		if j, ok := before[l.record]; ok {
			if name := unlawful(c.leaves[j], l); name != "" {
				return c.changedLater(i, j, name)
			}
		}
		before[l.record] = i
	}
	return nil
}

// changedLater says which event was changed between its entries.
func (c *check) changedLater(i, j int, name string) *Problem {
	l := c.leaves[i]
	where := fmt.Sprintf("entry %d of the log (%s): %s", c.pack.Seal.Entries[i].Index, l.kind(), name)
	if n := c.pack.Seal.Entries[c.last[l.record]].Event; n > 0 {
		where = fmt.Sprintf("event %d (%s): %s", n, l.kind(), name)
	}
	fault := Changed
	if timeField(name) && name != "until" && l.value(name) < c.leaves[j].value(name) {
		fault = BackDated
	}
	return &Problem{fault, where, fmt.Sprintf("it was changed in the store after it was sealed as entry %d", c.pack.Seal.Entries[j].Index)}
}

// unlawful names the first field in which a record may not have become what it is.
func unlawful(was, is leaf) string {
	x, y := strings.Split(was.body, "\n"), strings.Split(is.body, "\n")
	if len(x) != len(y) || x[0] != y[0] {
		return "kind"
	}
	rises := is.value("state") != was.value("state") && store.Rises(stateOf(was), stateOf(is))
	for i := range x {
		if x[i] == y[i] {
			continue
		}
		name, old, _ := strings.Cut(x[i], " ")
		switch {
		case is.kind() != "attempt":
			return name
		case name == "state" || name == "rule" || name == "code" || name == "settled":
			if !rises {
				return name
			}
		case name == "provider_id" || name == "from" || name == "approval" || name == "text":
			if old != "-" {
				return name
			}
		default:
			return name
		}
	}
	return ""
}

// stateOf is the state of an attempt; 0 if it is none.
func stateOf(l leaf) store.State {
	for s := store.Open; s <= store.Failed; s++ {
		if l.value("state") == `"`+s.String()+`"` {
			return s
		}
	}
	return 0
}
