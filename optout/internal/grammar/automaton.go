package grammar

import (
	"math/bits"
	"slices"

	"github.com/carewire/carewire/optout/internal/lex"
)

// An automaton runs all patterns over a text at once. Every element of every
// pattern is one bit; the bits of a pattern lie side by side in one lane, in
// order, so that a step is a shift and a mask. A bit is set while the pattern
// is matched up to and including its element. (Baeza-Yates and Gonnet's
// shift-and, with optional elements.)
type automaton struct {
	lanes    []lane
	rows     [][]laneMask // by word: which elements of which lanes match it
	visits   []laneSet    // by word: the lanes of its row
	patterns []placed
}

// maxLanes bounds the patterns; the state of all lanes fits on the stack.
const maxLanes = 256

type laneSet [maxLanes / 64]uint64

type lane struct {
	any      uint64 // elements that match every word
	head     uint64 // first elements
	optional uint64
	crosses  uint64
	tight    uint64
	opens    uint64
	closes   uint64
	first    uint64
	accept   uint64 // elements after which nothing more is needed
	endsHere uint64 // of accept: those that must end a clause
	endsAll  uint64 // of accept: those that must end the text
	owner    [64]uint16
}

type laneMask struct {
	lane uint16
	mask uint64
}

// placed is a pattern in its lane.
type placed struct {
	rule       int
	lane       int
	from, size int
}

// Match is a pattern found in a text.
type Match struct {
	Rule     int // index of the rule
	From, To int // tokens, To not included
}

// compile lays the patterns out in lanes.
func compile(patterns []pattern, rules []int, v *Vocabulary) *automaton {
	words := v.Len()
	a := &automaton{rows: make([][]laneMask, words), visits: make([]laneSet, words)}
	used := 64
	for i, p := range patterns {
		size := len(p.elements)
		if used+size > 64 {
			a.lanes = append(a.lanes, lane{})
			used = 0
		}
		at := placed{rule: rules[i], lane: len(a.lanes) - 1, from: used, size: size}
		a.place(at, p)
		used += size
	}
	a.inherit(v)
	for w := range a.rows {
		for _, m := range a.rows[w] {
			a.visits[w][m.lane/64] |= 1 << (m.lane % 64)
		}
	}
	return a
}

// inherit makes every word match the elements that match its stems.
func (a *automaton) inherit(v *Vocabulary) {
	own := make([][]laneMask, len(a.rows))
	for w := range a.rows {
		own[w] = slices.Clone(a.rows[w])
	}
	for w := range a.rows {
		for _, stem := range v.under(uint16(w)) { //nolint:gosec // numbers are 16 bits
			for _, m := range own[stem] {
				a.row(uint16(w), int(m.lane), m.mask) //nolint:gosec // numbers are 16 bits
			}
		}
		slices.SortFunc(a.rows[w], func(x, y laneMask) int { return int(x.lane) - int(y.lane) })
	}
}

func (a *automaton) place(at placed, p pattern) {
	l := &a.lanes[at.lane]
	l.head |= 1 << at.from
	tail := true
	for i := at.size - 1; i >= 0; i-- {
		e, bit := p.elements[i], uint64(1)<<(at.from+i)
		set := func(mask *uint64, on bool) {
			if on {
				*mask |= bit
			}
		}
		set(&l.any, e.any)
		set(&l.optional, e.optional)
		set(&l.crosses, e.crosses)
		set(&l.tight, e.tight)
		set(&l.opens, e.opens)
		set(&l.closes, e.closes)
		set(&l.first, e.first)
		set(&l.accept, tail)
		set(&l.endsHere, tail && p.closes)
		set(&l.endsAll, tail && p.last)
		tail = tail && e.optional
		l.owner[at.from+i] = uint16(len(a.patterns)) //nolint:gosec // bounded by maxLanes*64
	}
	a.patterns = append(a.patterns, at)
	for i, e := range p.elements {
		for _, w := range e.words {
			a.row(w, at.lane, uint64(1)<<(at.from+i))
		}
	}
}

// row notes that for word w the elements bits are not what they are for other words.
func (a *automaton) row(w uint16, laneAt int, bits uint64) {
	i := slices.IndexFunc(a.rows[w], func(m laneMask) bool { return int(m.lane) == laneAt })
	if i < 0 {
		i = len(a.rows[w])
		a.rows[w] = append(a.rows[w], laneMask{lane: uint16(laneAt)}) //nolint:gosec // below maxLanes
	}
	a.rows[w][i].mask |= bits
}

// state is the set bits of every lane, and which lanes have any.
type state struct {
	bits [maxLanes]uint64
	live laneSet
}

// run appends every match in t.
func (a *automaton) run(t *lex.Text, dst []Match) []Match {
	var s state
	for i := range t.Tokens {
		tok := &t.Tokens[i]
		deny := denial{tight: tok.Opens, opens: !tok.Opens, closes: !tok.Closes, first: i > 0}
		row := a.rows[tok.Word]
		var live laneSet
		for block := range live {
			todo := s.live[block] | a.visits[tok.Word][block]
			for ; todo != 0; todo &= todo - 1 {
				n := block*64 + bits.TrailingZeros64(todo)
				l := &a.lanes[n]
				mask := l.any
				for len(row) > 0 && int(row[0].lane) < n {
					row = row[1:]
				}
				if len(row) > 0 && int(row[0].lane) == n {
					mask ^= row[0].mask // its words on, exceptions off
				}
				b := l.enabled(s.bits[n], tok.Breaks) & mask &^ deny.of(l)
				s.bits[n] = b
				if b != 0 {
					live[block] |= 1 << (n % 64)
				}
				for hit := b & l.accepts(tok.Closes, i+1 == len(t.Tokens)); hit != 0; hit &= hit - 1 {
					p := a.patterns[l.owner[bits.TrailingZeros64(hit)]]
					to := i + 1
					dst = append(dst, Match{Rule: p.rule, From: a.start(t, p, bits.TrailingZeros64(hit), to), To: to})
				}
			}
		}
		s.live = live
	}
	return dst
}

// denial says which demands a token does not meet.
type denial struct{ tight, opens, closes, first bool }

func (d denial) of(l *lane) uint64 {
	var m uint64
	if d.tight {
		m |= l.tight
	}
	if d.opens {
		m |= l.opens
	}
	if d.closes {
		m |= l.closes
	}
	if d.first {
		m |= l.first
	}
	return m
}

// accepts returns the elements with which a pattern may end at a token.
func (l *lane) accepts(closes, last bool) uint64 {
	m := l.accept
	if !closes {
		m &^= l.endsHere
	}
	if !last {
		m &^= l.endsAll
	}
	return m
}

// enabled returns the elements that may match the next token.
func (l *lane) enabled(bits uint64, breaks bool) uint64 {
	next := bits << 1 &^ l.head
	if breaks {
		next &= l.crosses
	}
	next = l.skip(next)
	return next | l.head
}

// skip adds the elements that follow where those in bits may be missing.
func (l *lane) skip(bits uint64) uint64 {
	for {
		more := (bits & l.optional) << 1 &^ l.head &^ bits
		if more == 0 {
			return bits
		}
		bits |= more
	}
}

// matches reports which elements of lane n match token i.
func (a *automaton) matches(t *lex.Text, n, i int) uint64 {
	tok, l := &t.Tokens[i], &a.lanes[n]
	mask := l.any
	for _, m := range a.rows[tok.Word] {
		if int(m.lane) == n {
			mask ^= m.mask
			break
		}
	}
	return mask &^ denial{tight: tok.Opens, opens: !tok.Opens, closes: !tok.Closes, first: i > 0}.of(l)
}

// start walks back from the element last, which matched token to-1, to the
// nearest token at which pattern p can have begun.
func (a *automaton) start(t *lex.Text, p placed, last, to int) int {
	l := &a.lanes[p.lane]
	head := uint64(1) << p.from
	own := (head<<p.size - head)
	bits := uint64(1) << last
	for i := to - 1; i >= 0; i-- {
		bits &= a.matches(t, p.lane, i)
		if bits&head != 0 || bits == 0 {
			return i
		}
		if t.Tokens[i].Breaks {
			bits &= l.crosses
		}
		bits = bits >> 1 & own
		for { // elements before those that may be missing
			more := (bits & l.optional) >> 1 & own &^ bits
			if more == 0 {
				break
			}
			bits |= more
		}
	}
	return 0
}
