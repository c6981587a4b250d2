// Package train fits the model of the built-in classifier to a corpus and
// measures it on sectors that it was not fitted to. The same rows and seed give
// the same model, bit for bit, on every machine.
package train

import (
	"cmp"
	"math"
	"slices"

	"github.com/carewire/carewire/classify/internal/model"
)

// Settings are the knobs of a fit.
type Settings struct {
	Seed  uint64  // of the order in which examples are visited
	Small int     // how many words frames keep
	Slots int     // log2 of the slots of the model
	C     float64 // inverse strength of regularisation
	Least int     // in how many rows a feature must occur
	Lean  float64 // how much of naive Bayes is mixed in
	Scale [model.Blocks]float64
	only  func(model.Feature) bool // which features to use; nil for all
}

// Default are the settings of the model that is built in.
func Default() Settings {
	s := Settings{Seed: 1, Small: 700, Slots: 18, C: 16, Least: 2, Lean: 0.3}
	for b := range s.Scale {
		s.Scale[b] = 1
	}
	s.Scale[model.Rules], s.Scale[model.Shape], s.Scale[model.Crowd] = 0.5, 0.25, 0.7
	return s
}

// Train fits a model to rows and returns it as the file that is built in.
func Train(rows []Row, s Settings) ([]byte, error) {
	all := make([]int, len(rows))
	for i := range all {
		all[i] = i
	}
	d, err := cutRows(rows, all, s)
	if err != nil {
		return nil, err
	}
	return fitRows(d, all, s).linear(d.small), nil
}

// fitted is a model in full precision.
type fitted struct {
	index  map[model.Feature]int32
	tells  []float64 // how rare a feature is, and how unevenly it is spread
	lean   []float64 // the weights of naive Bayes
	whole  []float64
	clause []float64
	s      Settings
}

func fitRows(d *dataset, rows []int, s Settings) *fitted {
	f := &fitted{s: s}
	f.vocabulary(d, rows)
	f.fitWhole(d, rows)
	f.fitClauses(d, rows)
	return f
}

// vocabulary numbers the features that occur often enough.
func (f *fitted) vocabulary(d *dataset, rows []int) {
	in, yes := map[model.Feature]int{}, map[model.Feature]int{}
	refused := 0
	for _, r := range rows {
		seen := map[model.Feature]bool{}
		if d.rows[r].Refused() {
			refused++
		}
		for _, c := range d.clausesOf(r) {
			for _, x := range c.feats {
				if !seen[x] && (f.s.only == nil || f.s.only(x)) {
					seen[x] = true
					in[x]++
					if d.rows[r].Refused() {
						yes[x]++
					}
				}
			}
		}
	}
	keys := make([]model.Feature, 0, len(in))
	for x, n := range in {
		if n >= f.s.Least {
			keys = append(keys, x)
		}
	}
	slices.Sort(keys)
	f.index = make(map[model.Feature]int32, len(keys))
	for i, x := range keys {
		f.index[x] = int32(i) //nolint:gosec // some hundred thousand
		f.tells = append(f.tells, telling(yes[x], refused, in[x]-yes[x], len(rows)-refused))
	}
	f.bayes(d, rows, keys)
}

// bayes computes what naive Bayes makes of the features, block by block.
func (f *fitted) bayes(d *dataset, rows []int, keys []model.Feature) {
	counts := [2][]float64{make([]float64, len(keys)), make([]float64, len(keys))}
	var total [model.Blocks][2]float64
	for _, r := range rows {
		k := 0
		if d.rows[r].Refused() {
			k = 1
		}
		for _, c := range d.clausesOf(r) {
			for _, x := range c.feats {
				total[x.Of()][k]++
				if j, ok := f.index[x]; ok {
					counts[k][j]++
				}
			}
		}
	}
	f.lean = make([]float64, len(keys))
	for j, x := range keys {
		if b := x.Of(); model.Damped(b) {
			f.lean[j] = math.Log((counts[1][j]+0.5)/(total[b][1]+1)) - math.Log((counts[0][j]+0.5)/(total[b][0]+1))
		}
	}
}

// telling is how much a feature counts before anything is fitted: the rarer it
// is, and the more unevenly it is spread over the two classes, the more.
func telling(yes, allYes, no, allNo int) float64 {
	rare := 1 + math.Log(float64(1+allYes+allNo)/float64(1+yes+no))
	uneven := math.Log(float64(1+yes)/float64(2+allYes)) - math.Log(float64(1+no)/float64(2+allNo))
	return 0.5*rare + 2.5*min(math.Abs(uneven), 3)
}

// typical is the usual square of what telling returns; it keeps the values of a block near one together.
const typical = 25

// unit is the value of one occurrence of feature j before it is damped.
func (f *fitted) unit(j int32, b model.Block) float64 {
	if !model.Damped(b) {
		return f.s.Scale[b]
	}
	return f.tells[j] * f.s.Scale[b] / math.Sqrt(typical)
}

// vector makes an example of clauses. Features are scaled by how much they
// tell, and by how many there are in their block.
func (f *fitted) vector(clauses ...clauseOf) example {
	var n [model.Blocks]int
	at := map[int32]int{}
	x := example{weight: 1}
	var block []model.Block
	for _, c := range clauses {
		for _, y := range c.feats {
			if f.s.only != nil && !f.s.only(y) {
				continue
			}
			n[y.Of()]++
			j, ok := f.index[y]
			if !ok {
				continue
			}
			if k, again := at[j]; again {
				x.val[k]++
				continue
			}
			at[j] = len(x.idx)
			x.idx, x.val, block = append(x.idx, j), append(x.val, 1), append(block, y.Of())
		}
	}
	for k, j := range x.idx {
		x.val[k] *= float32(f.unit(j, block[k]) * model.Damping(block[k], n[block[k]]))
	}
	return x
}

const rounds = 40

func (f *fitted) fitWhole(d *dataset, rows []int) {
	xs := make([]example, 0, len(rows))
	for _, r := range rows {
		x := f.vector(d.clausesOf(r)...)
		x.yes = d.rows[r].Refused()
		xs = append(xs, x)
	}
	f.whole = logistic(xs, len(f.index), f.s.C, rounds, f.s.Seed)
}

// fitClauses fits to clauses. In a promotional text without marks every clause
// counts a little, and the one that looks most promotional counts in full.
func (f *fitted) fitClauses(d *dataset, rows []int) {
	const shy, shier = 0.5, 0.3
	var xs []example
	var row []int
	var open []bool
	for _, r := range rows {
		for _, c := range d.clausesOf(r) {
			x := f.vector(c)
			x.yes = c.marked < 0 || c.marked >= 0.5
			if c.marked < 0 {
				x.weight = shy
			}
			xs, row, open = append(xs, x), append(row, r), append(open, c.marked < 0)
		}
	}
	f.clause = logistic(xs, len(f.index), f.s.C, rounds, f.s.Seed)
	best := map[int]int{}
	for i := range xs {
		if !open[i] {
			continue
		}
		if k, ok := best[row[i]]; !ok || score(f.clause, xs[i]) > score(f.clause, xs[k]) {
			best[row[i]] = i
		}
	}
	for i := range xs {
		if open[i] {
			xs[i].weight = shier
			if best[row[i]] == i {
				xs[i].weight = 1
			}
		}
	}
	f.clause = logistic(xs, len(f.index), f.s.C, rounds, f.s.Seed)
}

// linear quantises the model.
func (f *fitted) linear(small map[uint32]bool) []byte {
	b := model.Builder{Small: small, Log: f.s.Slots, Weights: make(map[model.Feature][2]float64, len(f.index))}
	last := len(f.index)
	b.Bias = [2]float64{f.whole[last], f.clause[last]}
	for y, j := range f.index {
		u := f.unit(j, y.Of())
		b.Weights[y] = [2]float64{f.whole[j]*u + f.s.Lean*f.lean[j], f.clause[j] * u}
	}
	return b.Bytes()
}

// most returns the n commonest words; ties go to the smaller hash.
func most(count map[uint32]int, n int) map[uint32]bool {
	words := make([]uint32, 0, len(count))
	for w := range count {
		words = append(words, w)
	}
	slices.SortFunc(words, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	small := map[uint32]bool{}
	for _, w := range words[:min(n, len(words))] {
		small[w] = true
	}
	return small
}
