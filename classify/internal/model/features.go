package model

import "github.com/carewire/carewire/classify/internal/reading"

// Feature is a feature's hash; its lowest bits are its block.
type Feature uint64

// Block is a family of features. Each is scaled by itself, so that a long
// text does not count more than a short one.
type Block uint8

// The blocks.
const (
	Words  Block = iota // words, pairs and triples of words
	Chars               // three to five characters of a word
	Frames              // small words as they are, others by their ending
	Topics              // what words are about
	Pairs               // a word beside what its neighbour is about
	Rules               // what the rule files found
	Shape               // how the clause is built
	Crowd               // what stands in one clause, in whatever order
	Blocks = 8
)

// Of returns the block of f.
func (f Feature) Of() Block { return Block(f & (Blocks - 1)) }

// Single reports whether f is one word, and not a run of words or anything else.
func (f Feature) Single() bool { return f.Of() == Words && f&single != 0 }

// single is the bit of a hash that tells single words.
const single = 1 << 3

// Featurizer turns clauses into features. It is not safe for concurrent use.
type Featurizer struct {
	Small  map[uint32]bool  // hashes of the words that frames keep; nil for no frames
	Senses map[uint32]uint8 // hashes of words to senses; nil for none
	sym    []uint64
	frame  []uint64
	sense  []uint64
	out    []Feature
}

const (
	prime = 0x9E3779B97F4A7C15
	other = 0xC2B2AE3D27D4EB4F
)

func mix(a, b uint64) uint64 {
	h := (a ^ (b * prime)) * other
	return h ^ h>>29
}

func (z *Featurizer) add(b Block, h uint64) {
	h ^= h >> 31
	h *= prime
	z.out = append(z.out, Feature(h&^uint64(Blocks-1|single))|Feature(b))
}

// The symbols that stand for kinds of token and for the ends of a clause.
const (
	begin    = 11
	end      = 12
	endAsks  = 13
	endShout = 14
	kindSym  = 20     // plus the kind
	frameSym = 40     // plus the ending
	senseSym = 80     // plus the sense; alone for a word without
	smallSym = 1 << 8 // from here on: a word as it is
)

// Clause returns the features of c. They are good until the next call.
func (z *Featurizer) Clause(t *reading.Text, c reading.Clause) []Feature {
	z.out = z.out[:0]
	z.symbols(t, c)
	z.grams(Words, z.sym, 1, 3, 0)
	for _, w := range t.Words[c.From:c.To] {
		if w.Kind == reading.Word {
			z.chars(t.Folded(w))
		}
	}
	z.grams(Frames, z.frame, 2, 4, 1)
	z.senses()
	z.crowd()
	z.rules(t, c)
	z.shape(t, c)
	return z.out
}

// symbols gives every token its symbols, with one in front and one behind.
func (z *Featurizer) symbols(t *reading.Text, c reading.Clause) {
	z.sym = append(z.sym[:0], begin)
	z.frame = append(z.frame[:0], begin)
	z.sense = append(z.sense[:0], begin)
	for _, w := range t.Words[c.From:c.To] {
		s := uint64(w.Hash) << 8
		f := s
		k := uint64(senseSym)
		if w.Kind != reading.Word {
			s = kindSym + uint64(w.Kind)
			f = s
			k = s
		} else {
			if !z.Small[w.Hash] {
				f = frameSym + uint64(ending(t.Folded(w)))
			}
			k += uint64(z.Senses[w.Hash])
		}
		z.sym = append(z.sym, s)
		z.frame = append(z.frame, f)
		z.sense = append(z.sense, k)
	}
	e := uint64(end)
	switch {
	case c.Asks:
		e = endAsks
	case c.Shouts:
		e = endShout
	}
	z.sym = append(z.sym, e)
	z.frame = append(z.frame, e)
	z.sense = append(z.sense, e)
}

// grams adds runs of lo to hi symbols.
func (z *Featurizer) grams(b Block, s []uint64, lo, hi int, salt uint64) {
	for i := range s {
		h := salt * other
		for n := 1; n <= hi && i+n <= len(s); n++ {
			h = mix(h, s[i+n-1])
			if n >= lo {
				z.add(b, h+uint64(n))
			}
			if n == 1 && b == Words {
				z.out[len(z.out)-1] |= single
			}
		}
	}
}

// chars adds the runs of three to five characters of a word between spaces.
func (z *Featurizer) chars(w []byte) {
	at := func(i int) uint64 {
		if i == 0 || i > len(w) {
			return ' '
		}
		return uint64(w[i-1])
	}
	n := len(w) + 2
	for i := 0; i+3 <= n; i++ {
		h := at(i)<<16 | at(i+1)<<8 | at(i+2)
		z.add(Chars, h)
		if i+4 <= n {
			h = h<<8 | at(i+3)
			z.add(Chars, h)
			if i+5 <= n {
				z.add(Chars, h<<8|at(i+4))
			}
		}
	}
}

// ending is what a frame keeps of a word that is not small.
func ending(w []byte) uint8 {
	n := len(w)
	if n < 4 {
		return 1
	}
	switch string(w[n-2:]) {
	case "ng":
		return 2
	case "ed":
		return 3
	case "ly":
		return 4
	case "er", "or":
		return 5
	case "st":
		return 6
	case "on", "ao":
		return 7
	case "ar", "ir", "re":
		return 8
	case "ez":
		return 9
	case "do", "da", "ee":
		return 10
	}
	switch w[n-1] {
	case 's':
		return 11
	case 'y':
		return 12
	case 'e':
		return 13
	case 'a', 'o':
		return 14
	}
	return 15
}

// senses adds runs of senses, and words beside senses.
func (z *Featurizer) senses() {
	z.grams(Topics, z.sense, 1, 3, 2)
	for i := 0; i+1 < len(z.sym); i++ {
		z.add(Pairs, mix(mix(1, z.sym[i]), z.sense[i+1]))
		z.add(Pairs, mix(mix(3, z.sense[i]), z.sym[i+1]))
		if i+2 < len(z.sym) {
			z.add(Pairs, mix(mix(4, z.sym[i]), z.sym[i+2]))
			z.add(Pairs, mix(mix(5, z.sym[i]), z.sense[i+2]))
			z.add(Pairs, mix(mix(6, z.sense[i]), z.sym[i+2]))
			z.add(Pairs, mix(mix(mix(7, z.sense[i]), z.sense[i+2]), 9))
		}
	}
}

// reach is how far apart two words of a crowd may stand.
const reach = 8

// crowd adds pairs of what stands near each other, in whatever order: senses
// and small words.
func (z *Featurizer) crowd() {
	last := len(z.sym) - 1
	for i := 1; i < last; i++ {
		for k := i + 1; k < last && k <= i+reach; k++ {
			a, b := z.sense[i], z.sense[k]
			if a != senseSym && b != senseSym {
				z.add(Crowd, mix(max(a, b), min(a, b)))
			}
			v, w := z.frame[i], z.frame[k]
			if a != senseSym && w >= smallSym {
				z.add(Crowd, mix(mix(1, a), w))
			}
			if b != senseSym && v >= smallSym {
				z.add(Crowd, mix(mix(1, b), v))
			}
			if v >= smallSym && w >= smallSym {
				z.add(Crowd, mix(mix(2, max(v, w)), min(v, w)))
			}
		}
	}
}

func (z *Featurizer) rules(t *reading.Text, c reading.Clause) {
	for _, h := range t.Hits[c.Hits[0]:c.Hits[1]] {
		z.add(Rules, mix(uint64(h.Rule)+1, uint64(h.Weight)))
		z.add(Rules, uint64(h.Weight)+500)
	}
	switch {
	case c.Weight >= 1:
		z.add(Rules, 1003)
	case c.Weight >= 0.5:
		z.add(Rules, 1002)
	case c.Weight > 0:
		z.add(Rules, 1001)
	}
}

func (z *Featurizer) shape(t *reading.Text, c reading.Clause) {
	n := c.To - c.From
	z.add(Shape, uint64(min(n, 12))+100) //nolint:gosec // a small number
	var seen [reading.Mark + 1]bool
	for _, w := range t.Words[c.From:c.To] {
		if w.Kind != reading.Word && !seen[w.Kind] {
			seen[w.Kind] = true
			z.add(Shape, uint64(w.Kind)+200)
			if c.Asks {
				z.add(Shape, uint64(w.Kind)+300)
			}
		}
	}
	if c.Asks {
		z.add(Shape, 400)
	}
	if c.Shouts {
		z.add(Shape, 401)
	}
}
