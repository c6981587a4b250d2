package classify

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/carewire/carewire/classify/internal/model"
	"github.com/carewire/carewire/classify/internal/reading"
)

// Default returns the built-in classifier. It is deterministic, works in
// process without I/O, and its time grows with the length of the text alone.
// The same text gets the same verdict from the same release.
//
// It reads the text clause by clause, in English, Spanish, French and
// Portuguese, after folding full-width and look-alike letters, accents,
// invisible characters and letters that are spelled out. Rules find phrases and
// their innocent uses ("your offer on 12 Elm St was accepted"); a linear model
// weighs them together with all other words, clause by clause and as a whole.
// One promotional clause turns a service text into [Mixed]. A text that is only
// a code, a time or a name, or only a disclosure, is [Service].
//
// Findings point into the text as given. Their rules are:
//
//   - "promo/…": what sells, such as "promo/discount", "promo/referral" or
//     "promo/win-back"; "promo/learned" is a clause that the model objects to
//     and no rule alone explains;
//   - "link/shortener": a public link shortener, always refused (R7.28);
//   - "content/…": what carriers do not carry, always refused (R7.29).
//
// It errs, in both directions: soft promotion without any of the usual words
// passes, and one service text in some dozens is refused. A refused service text
// is what [Approval] is for. The figures are in docs/classifier.md. Invalid UTF-8
// is read as spaces.
func Default() Classifier { return &linear{weights: model.BuiltIn} }

// Load makes a Classifier of a model file, which package classify/train writes
// from an application's own texts. It reads by the same rules as [Default]. In a
// Config it stands beside the built-in one and can only add refusals. The error
// says that the file is no model of this version.
func Load(file []byte) (Classifier, error) {
	m, err := model.ParseLinear(file)
	if err != nil {
		return nil, fmt.Errorf("classify: %w", err)
	}
	return &linear{weights: func() (*model.Linear, error) { return m, nil }}, nil
}

// linear judges by the rules and a linear model.
type linear struct {
	weights func() (*model.Linear, error)
	pool    sync.Pool // of *model.Judge
}

// Classify implements [Classifier]. It ignores ctx, since it never waits. The
// error is nil unless the program was built with broken rules or weights.
func (b *linear) Classify(_ context.Context, text string) (Verdict, error) {
	j, _ := b.pool.Get().(*model.Judge)
	if j == nil {
		m, err := b.weights()
		if err != nil {
			return Verdict{}, fmt.Errorf("classify: %w", err)
		}
		j = model.NewJudge(m)
	}
	defer b.pool.Put(j)
	if err := j.Read(text); err != nil {
		return Verdict{}, fmt.Errorf("classify: %w", err)
	}
	return verdict(j), nil
}

// few is how many words a clause may have without counting as service: a name, a greeting.
const few = 2

func verdict(j *model.Judge) Verdict {
	t := &j.Text
	v := Verdict{Label: Service, Score: model.Probability(j.Logit)}
	banned := slices.ContainsFunc(t.Clauses, func(c reading.Clause) bool { return bans(t, c) })
	if !j.Learned && !banned {
		return v
	}
	v.Score = max(v.Score, 0.5)
	if banned {
		v.Score = 1
	}
	v.Label = Promotional
	if !j.Learned {
		v.Label = Mixed // only a link or a word of a service text
	}
	best := slices.Index(j.Logits, slices.Max(j.Logits))
	n := 0
	for i, c := range t.Clauses {
		if objects(j, i, best) {
			n += 1 + c.Hits[1] - c.Hits[0]
		} else if !c.Silent() && c.To-c.From > few && j.Logits[i] < -model.Threshold {
			v.Label = Mixed
		}
	}
	v.Findings = findings(j, best, n)
	return v
}

// bans reports whether a rule refuses c whatever the model says.
func bans(t *reading.Text, c reading.Clause) bool {
	for _, h := range t.Hits[c.Hits[0]:c.Hits[1]] {
		id := t.Rule(h.Rule)
		if strings.HasPrefix(id, "link/") || strings.HasPrefix(id, "content/") && c.Weight >= 0.5 {
			return true
		}
	}
	return false
}

// objects reports whether clause i is among the reasons for the verdict.
func objects(j *model.Judge, i, best int) bool {
	c := j.Text.Clauses[i]
	switch {
	case bans(&j.Text, c):
		return true
	case !j.Learned || c.Silent():
		return false
	}
	return i == best || j.Logits[i] > 0 || c.Weight >= 0.5 && j.Logits[i] > -model.Threshold
}

// findings lists what was found in the clauses that are reasons, in order.
// What overlaps under one rule is made one.
func findings(j *model.Judge, best, n int) []Finding {
	t := &j.Text
	out := make([]Finding, 0, n)
	for i, c := range t.Clauses {
		if !objects(j, i, best) {
			continue
		}
		from := len(out)
		if c.Weight < 0.5 {
			start, end := t.Range(c.From, c.To)
			out = append(out, Finding{Rule: "promo/learned", Start: start, End: end})
		}
		for _, h := range t.Hits[c.Hits[0]:c.Hits[1]] {
			f := Finding{Rule: t.Rule(h.Rule)}
			f.Start, f.End = t.Range(h.From, h.To)
			if k := overlapping(out[from:], f); k >= 0 {
				out[from+k].End = max(out[from+k].End, f.End)
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
