package eval

import "slices"

// Score is how well one label was predicted.
type Score struct {
	Precision float64 // NaN if the label was never predicted
	Recall    float64 // NaN if no row has the label
	F1        float64 // NaN if neither
	Support   int     // rows with the label
}

// matrix counts rows by label and prediction.
type matrix map[string]map[string]int

func (m matrix) add(gold, predicted string) {
	if m[gold] == nil {
		m[gold] = map[string]int{}
	}
	m[gold][predicted]++
}

// count sums up the rows that have one of the labels gold and one of the
// predictions predicted. A nil list means all that are in golds.
func (m matrix) count(gold, predicted []string) int {
	n := 0
	for g, row := range m {
		if gold != nil && !slices.Contains(gold, g) {
			continue
		}
		for p, k := range row {
			if predicted == nil || slices.Contains(predicted, p) {
				n += k
			}
		}
	}
	return n
}

// score takes several labels as one.
func (m matrix) score(labels ...string) Score {
	hits, predicted, support := m.count(labels, labels), m.count(nil, labels), m.count(labels, nil)
	return Score{
		Precision: share(hits, predicted), Recall: share(hits, support),
		F1: share(2*hits, predicted+support), Support: support,
	}
}

// share is n/of; NaN for nothing of nothing.
func share(n, of int) float64 { return float64(n) / float64(of) }
