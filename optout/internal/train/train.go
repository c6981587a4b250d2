// Package train makes the weights of package model from labelled texts.
//
// It is deterministic: the same texts and rule files give the same file, bit
// for bit, on every machine. It uses no random numbers but its own, no
// transcendental functions, and rounds after every product, so that no
// processor fuses operations.
package train

import (
	"math"
	"slices"

	"github.com/carewire/carewire/optout/internal/model"
	"github.com/carewire/carewire/optout/internal/reader"
)

// Options are the settings of a training.
type Options struct {
	Rounds   int     // how often every text is seen
	Rate     float64 // of the first steps
	Decay    float64 // how strongly weights are drawn to zero
	MinCount int     // in how many texts a feature must occur to count
}

// Defaults are the settings that the shipped model is trained with.
func Defaults() Options { return Options{Rounds: 40, Rate: 0.02, Decay: 2e-5, MinCount: 2} }

type example struct {
	features []uint32
	norm     float64 // 1/√(number of features), times gain
	sign     float64 // 1 for an opt-out, -1 otherwise
}

// gain scales scores so that margins are of the order of one.
const gain = 4

// Fit trains a model on rows as r prepares them, without those that are unclear.
func Fit(r *reader.Reader, rows []Row, o Options) *Model {
	xs := make([]example, 0, len(rows))
	for _, row := range rows {
		if row.Unclear() {
			continue
		}
		t, _, _ := r.Prepare(row.Text)
		x := example{sign: -1}
		if row.OptOut() {
			x.sign = 1
		}
		model.Features(t, r.Grammar().Vocabulary, func(_ int, f uint32) { x.features = append(x.features, f) })
		xs = append(xs, x)
	}
	xs = prune(xs, o.MinCount)
	m := &Model{weights: make([]float64, 1<<model.Bits)}
	m.fit(xs, o)
	return m
}

// prune leaves out features that occur in fewer than least texts, and texts without features.
func prune(xs []example, least int) []example {
	counts := make([]int, 1<<model.Bits)
	last := make([]int, 1<<model.Bits) // the last text that had the feature, counted from 1
	for i := range xs {
		for _, f := range xs[i].features {
			if last[f] != i+1 {
				last[f] = i + 1
				counts[f]++
			}
		}
	}
	kept := xs[:0]
	for _, x := range xs {
		x.norm = gain / math.Sqrt(float64(max(len(x.features), 1)))
		x.features = slices.DeleteFunc(x.features, func(f uint32) bool { return counts[f] < least })
		if len(x.features) > 0 {
			kept = append(kept, x)
		}
	}
	return kept
}

// Model is a trained model before it is rounded to bytes.
type Model struct {
	weights []float64
	bias    float64
}

// fit descends along the squared hinge loss, with steps that shrink for every
// weight with the sum of its squared gradients (AdaGrad).
func (m *Model) fit(xs []example, o Options) {
	squares := make([]float64, len(m.weights))
	biasSquares := 0.0
	order := make([]int, len(xs))
	for i := range order {
		order[i] = i
	}
	shuffle := shuffler(1)
	for range o.Rounds {
		shuffle(order)
		for _, i := range order {
			x := &xs[i]
			slack := min(max(1-float64(x.sign*m.score(x)), 0), 2)
			g := -float64(x.sign * slack)
			for _, f := range x.features {
				gf := float64(g*x.norm) + float64(o.Decay*m.weights[f])
				squares[f] += float64(gf * gf)
				m.weights[f] -= float64(o.Rate*gf) / (1e-6 + math.Sqrt(squares[f]))
			}
			biasSquares += float64(g * g)
			m.bias -= float64(o.Rate*g) / (1e-6 + math.Sqrt(biasSquares))
		}
	}
}

// shuffler returns a function that shuffles, always in the same way for a
// seed. (Knuth's linear congruential generator.)
func shuffler(seed uint64) func([]int) {
	return func(list []int) {
		for i := len(list) - 1; i > 0; i-- {
			seed = seed*6364136223846793005 + 1442695040888963407
			j := int((seed >> 33) % uint64(i+1)) //nolint:gosec // below i+1
			list[i], list[j] = list[j], list[i]
		}
	}
}

func (m *Model) score(x *example) float64 {
	sum := 0.0
	for _, f := range x.features {
		sum += m.weights[f]
	}
	return float64(sum*x.norm) + m.bias
}

// Encode rounds m to bytes, with the scores from which a text is for review
// and an opt-out.
func (m *Model) Encode(review, stop float64) []byte {
	top := 1e-9
	for _, w := range m.weights {
		top = max(top, math.Abs(w))
	}
	step := top / math.MaxInt8
	table := make([]int8, len(m.weights))
	for i, w := range m.weights {
		table[i] = int8(math.Round(w / step))
	}
	return model.Encode(table, float64(step*gain), m.bias, review, stop)
}
