package model

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Linear is the quantised linear model: two weights per feature, one for the
// text as a whole and one for a clause. It is safe for concurrent use.
type Linear struct {
	small map[uint32]bool
	bias  [2]float32
	scale [Blocks][2]float32 // of a unit of weight
	slots []slot
	mask  uint32
}

// slot is a feature: a fingerprint, 0 for none, and its weights.
type slot struct {
	print         uint8
	whole, clause int8
}

// Featurizer returns a featurizer that makes the features of m.
func (m *Linear) Featurizer() *Featurizer { return &Featurizer{Small: m.small, Senses: Senses()} }

// Sums are the added weights of the features of one or more clauses.
type Sums struct {
	whole, clause [Blocks]int32
	n             [Blocks]int32
}

// Add adds the features fs.
func (m *Linear) Add(s *Sums, fs []Feature) {
	for _, f := range fs {
		b := f.Of()
		s.n[b]++
		print, k := f.print(), f.slot()&m.mask
		for m.slots[k].print != 0 {
			if m.slots[k].print == print {
				s.whole[b] += int32(m.slots[k].whole)
				s.clause[b] += int32(m.slots[k].clause)
				break
			}
			k = (k + 1) & m.mask
		}
	}
}

// Plus adds o to s.
func (s *Sums) Plus(o *Sums) {
	for b := range Blocks {
		s.whole[b] += o.whole[b]
		s.clause[b] += o.clause[b]
		s.n[b] += o.n[b]
	}
}

// Whole returns the logit of a text with these sums.
func (m *Linear) Whole(s *Sums) float64 { return m.logit(&s.whole, &s.n, 0) }

// Clause returns the logit of a clause with these sums.
func (m *Linear) Clause(s *Sums) float64 { return m.logit(&s.clause, &s.n, 1) }

func (m *Linear) logit(sum, n *[Blocks]int32, k int) float64 {
	x := m.bias[k]
	for b := range Blocks {
		if n[b] == 0 {
			continue
		}
		x += float32(sum[b]) * m.scale[b][k] * float32(Damping(Block(b), int(n[b]))) //nolint:gosec // a block
	}
	return float64(x)
}

// Damped reports whether the sum of a block is damped by its length.
func Damped(b Block) bool { return b != Rules && b != Shape }

// Damping is what the sum of n features of a block is multiplied with: one by
// the root of n, so that more words say more, but from the length of a long text
// on one by n, so that saying it again says no more.
func Damping(b Block, n int) float64 {
	long := 250.0
	switch b {
	case Rules, Shape:
		return 1
	case Chars:
		long = 1000
	case Pairs:
		long = 500
	case Crowd:
		long = 1500
	default:
	}
	if x := float64(n); x > long {
		return math.Sqrt(long) / x
	}
	return 1 / math.Sqrt(float64(n))
}

func (f Feature) print() uint8 {
	if p := uint8(f >> 4); p != 0 { //nolint:gosec // some bits of a hash
		return p
	}
	return 255
}

func (f Feature) slot() uint32 { return uint32(f >> 24) } //nolint:gosec // some bits of a hash

// The parts of a file: magic, number of small words, log2 of the slots, biases, scales, small words, slots.
const magic = "cwl1"

var errFile = errors.New("model: not a model file")

// ParseLinear reads a model as [Builder.Bytes] writes it.
func ParseLinear(b []byte) (*Linear, error) {
	const head = len(magic) + 8 + 2*4 + Blocks*2*4
	if len(b) < head || string(b[:4]) != magic {
		return nil, errFile
	}
	m := &Linear{small: map[uint32]bool{}}
	words, log := int(binary.LittleEndian.Uint32(b[4:])), binary.LittleEndian.Uint32(b[8:])
	p := b[12:]
	float := func() float32 {
		f := math.Float32frombits(binary.LittleEndian.Uint32(p))
		p = p[4:]
		return f
	}
	m.bias = [2]float32{float(), float()}
	for i := range m.scale {
		m.scale[i] = [2]float32{float(), float()}
	}
	if log > 24 || len(p) != 4*words+3<<log {
		return nil, fmt.Errorf("%w: %d bytes", errFile, len(b))
	}
	for range words {
		m.small[binary.LittleEndian.Uint32(p)] = true
		p = p[4:]
	}
	m.slots = make([]slot, 1<<log)
	m.mask = uint32(len(m.slots) - 1) //nolint:gosec // at most 2^24
	free := false
	for i := range m.slots {
		m.slots[i] = slot{print: p[0], whole: int8(p[1]), clause: int8(p[2])} //nolint:gosec // bits of a number
		free = free || p[0] == 0
		p = p[3:]
	}
	if !free {
		return nil, fmt.Errorf("%w: no free slot", errFile)
	}
	return m, nil
}
