package classify

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// Default returns the built-in classifier. It is deterministic, works in
// process without I/O, and takes time that grows with the length of the text
// alone. The same text always gets the same verdict from the same release.
//
// It reads the text clause by clause, in English, Spanish, French and
// Portuguese, after folding full-width and look-alike letters, accents,
// invisible characters and letters that are spelled out. One promotional clause
// turns a service text into [Mixed]. Its findings point into the text as given;
// their rules are:
//
//   - "promo/…": what sells, such as "promo/discount", "promo/referral" or
//     "promo/win-back"; "promo/learned" is what the trained model objects to;
//   - "link/shortener": a public link shortener (R7.28);
//   - "content/…": what carriers do not carry (R7.29).
//
// Invalid UTF-8 is read as spaces.
func Default() Classifier { return &builtin{} }

type builtin struct{ pool sync.Pool }

// scratch is the memory that one call needs.
type scratch struct {
	f      folded
	ts     []token // all tokens
	words  []token // without marks
	hits   []hit
	spans  []clause
	scores []float64
}

// clause is one clause of a text.
type clause struct {
	from, to int     // in scratch.words
	hits     [2]int  // in scratch.hits
	asks     bool    // it is a question
	formula  bool    // it is part of a disclosure, and says nothing about the message
	score    float64 // how promotional it is, from 0 to 1
}

// Classify implements [Classifier]. It ignores ctx, since it never waits. The
// error is nil unless the program was built with broken rule files.
func (b *builtin) Classify(_ context.Context, text string) (Verdict, error) {
	rs, err := rules()
	if err != nil {
		return Verdict{}, fmt.Errorf("classify: rules: %w", err)
	}
	s, _ := b.pool.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	defer b.pool.Put(s)
	s.read(rs, text)
	return s.verdict(rs), nil
}

// read folds and cuts text and finds the rules in it.
func (s *scratch) read(rs *ruleset, text string) {
	s.f.fold(text)
	s.ts = tokenize(&s.f, s.ts)
	s.words, s.spans, s.hits = s.words[:0], s.spans[:0], s.hits[:0]
	for i := range s.ts {
		t := &s.ts[i]
		if t.kind == word || t.kind == number {
			t.id = rs.vocab[t.hash]
		}
	}
	ls := rs.speak(s.ts)
	for i := 0; i < len(s.ts); {
		j := i
		c := clause{from: len(s.words)}
		for j < len(s.ts) && s.ts[j].clause == s.ts[i].clause {
			if s.ts[j].kind != mark {
				s.words = append(s.words, s.ts[j])
			} else if s.ts[j].sign == '?' {
				c.asks = true
			}
			j++
		}
		i = j
		c.to = len(s.words)
		c.hits[0] = len(s.hits)
		s.hits, c.formula = rs.find(s.words[c.from:c.to], c.from, ls, c.asks, s.hits)
		s.links(c.from, c.to)
		c.hits[1] = len(s.hits)
		c.score = s.weigh(c)
		s.spans = append(s.spans, c)
	}
}

// enough is how much the findings of a clause must weigh together.
const enough = 70

// weigh adds up the findings of a clause, one of each rule, to a score from 0
// to 1; 0.5 is enough.
func (s *scratch) weigh(c clause) float64 {
	var by [64]uint8
	sum := 0
	for _, h := range s.hits[c.hits[0]:c.hits[1]] {
		if w := by[h.rule%64]; h.weight > w {
			sum += int(h.weight - w)
			by[h.rule%64] = h.weight
		}
	}
	return min(1, float64(sum)/(2*enough))
}

// few is how many words a clause may have without counting as service: a name, a greeting.
const few = 3

func (s *scratch) verdict(rs *ruleset) Verdict {
	v := Verdict{Label: Service}
	promo, service := false, false
	n := 0
	for _, c := range s.spans {
		v.Score = max(v.Score, c.score)
		switch {
		case c.score >= 0.5:
			promo = true
			n += c.hits[1] - c.hits[0]
		case !c.formula && c.to-c.from > few:
			service = true
		}
	}
	switch {
	case !promo:
		return v
	case service:
		v.Label = Mixed
	default:
		v.Label = Promotional
	}
	v.Findings = s.findings(rs, n)
	return v
}

// findings lists what was found in promotional clauses, in order, what
// overlaps under one rule made one.
func (s *scratch) findings(rs *ruleset, n int) []Finding {
	out := make([]Finding, 0, n)
	for _, c := range s.spans {
		if c.score < 0.5 {
			continue
		}
		for _, h := range s.hits[c.hits[0]:c.hits[1]] {
			f := Finding{Rule: rs.ids[h.rule], Start: s.start(h.from), End: s.end(h.to - 1)}
			if i := overlapping(out, f); i >= 0 {
				out[i].End = max(out[i].End, f.End)
				continue
			}
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return a.Start - b.Start })
	return out
}

func overlapping(fs []Finding, f Finding) int {
	for i, g := range fs {
		if g.Rule == f.Rule && g.Start <= f.Start && f.Start <= g.End {
			return i
		}
	}
	return -1
}

// start and end map a word to its bytes in the text as given.
func (s *scratch) start(i int32) int { return int(s.f.at[s.words[i].from]) }
func (s *scratch) end(i int32) int   { return int(s.f.at[s.words[i].to]) }
