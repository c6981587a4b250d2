package train

import (
	"math"
	"math/rand/v2"
)

// example is a sparse vector with its class and weight.
type example struct {
	idx    []int32
	val    []float32
	yes    bool
	weight float64
}

// logistic fits logistic regression with L2 regularisation by dual coordinate
// descent (Yu, Huang and Lin 2011). The last coordinate of the result is the
// bias. It is deterministic: products are rounded before they are added, so
// that no processor fuses them.
func logistic(xs []example, size int, c float64, rounds int, seed uint64) []float64 {
	w := make([]float64, size+1)
	rng := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // an order of training, no secret
	alpha := make([]float64, 2*len(xs))
	norm := make([]float64, len(xs))
	order := make([]int, len(xs))
	for i, x := range xs {
		order[i] = i
		ci := c * x.weight
		alpha[2*i] = min(0.001*ci, 1e-8)
		alpha[2*i+1] = ci - alpha[2*i]
		norm[i] = 1
		for _, v := range x.val {
			norm[i] += float64(float64(v) * float64(v))
		}
		update(w, x, alpha[2*i])
	}
	for range rounds {
		rng.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		worst := 0.0
		for _, i := range order {
			if xs[i].weight > 0 {
				worst = max(worst, descend(w, xs[i], alpha[2*i:2*i+2], norm[i], c*xs[i].weight))
			}
		}
		if worst < 0.01 {
			break
		}
	}
	return w
}

// update adds step times the signed example to w.
func update(w []float64, x example, step float64) {
	if !x.yes {
		step = -step
	}
	for k, j := range x.idx {
		w[j] += float64(step * float64(x.val[k]))
	}
	w[len(w)-1] += step
}

// score is the value of the linear function at x.
func score(w []float64, x example) float64 {
	s := w[len(w)-1]
	for k, j := range x.idx {
		s += float64(w[j] * float64(x.val[k]))
	}
	return s
}

// descend solves the sub-problem of one example by Newton steps and returns the gradient it began with.
func descend(w []float64, x example, alpha []float64, norm, c float64) float64 {
	yes := 1.0
	if !x.yes {
		yes = -1
	}
	b := yes * score(w, x)
	first, second, sign := 0, 1, 1.0
	if 0.5*norm*(alpha[1]-alpha[0])+b < 0 {
		first, second, sign = 1, 0, -1
	}
	old := alpha[first]
	z := old
	if c-z < 0.5*c {
		z = 0.1 * z
	}
	g := norm*(z-old) + sign*b + math.Log(z/(c-z))
	start := math.Abs(g)
	for range 100 {
		if math.Abs(g) < 1e-6 {
			break
		}
		h := norm + c/(c-z)/z
		next := z - g/h
		if next <= 0 {
			z *= 0.1
		} else {
			z = next
		}
		g = norm*(z-old) + sign*b + math.Log(z/(c-z))
	}
	alpha[first] = z
	alpha[second] = c - z
	update(w, x, sign*(z-old))
	return start
}
