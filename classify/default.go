package classify

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/carewire/carewire/classify/internal/reading"
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

// Classify implements [Classifier]. It ignores ctx, since it never waits. The
// error is nil unless the program was built with broken rule files.
func (b *builtin) Classify(_ context.Context, text string) (Verdict, error) {
	t, _ := b.pool.Get().(*reading.Text)
	if t == nil {
		t = &reading.Text{}
	}
	defer b.pool.Put(t)
	if err := t.Read(text); err != nil {
		return Verdict{}, fmt.Errorf("classify: %w", err)
	}
	return verdict(t), nil
}

// few is how many words a clause may have without counting as service: a name, a greeting.
const few = 3

func verdict(t *reading.Text) Verdict {
	v := Verdict{Label: Service}
	promo, service := false, false
	n := 0
	for _, c := range t.Clauses {
		v.Score = max(v.Score, c.Weight)
		switch {
		case c.Weight >= 0.5:
			promo = true
			n += c.Hits[1] - c.Hits[0]
		case !c.Formula && c.To-c.From > few:
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
	v.Findings = findings(t, n)
	return v
}

// findings lists what was found in promotional clauses, in order, what
// overlaps under one rule made one.
func findings(t *reading.Text, n int) []Finding {
	out := make([]Finding, 0, n)
	for _, c := range t.Clauses {
		if c.Weight < 0.5 {
			continue
		}
		for _, h := range t.Hits[c.Hits[0]:c.Hits[1]] {
			f := Finding{Rule: t.Rule(h.Rule)}
			f.Start, f.End = t.Range(h.From, h.To)
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
