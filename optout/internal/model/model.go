// Package model is a small linear model that finds a wish to get no more
// messages where no rule does.
//
// Its features are words, classes of words (rules/words.txt) and short rows of
// both, hashed into a table of weights of one byte each. A verdict is a sum of
// weights, so that the words that caused it can be named. It computes with
// integers and square roots only: the same text has the same score on every
// machine. Training is in package train.
package model

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/carewire/carewire/optout/internal/grammar"
	"github.com/carewire/carewire/optout/internal/lex"
)

// Bits is the size of the table of weights, as a power of two.
const Bits = 18

// Weights is a trained model. It does not change and may be used concurrently.
type Weights struct {
	table  []int8
	scale  float64 // of the table
	bias   float64
	Review float64 // the score from which a text is for a person to read
	Stop   float64 // the score from which a text is an opt-out
}

// A file of weights is four numbers of four bytes, in millionths (scale, bias,
// Review and Stop), and the table, one byte a weight.
const (
	header     = 16
	millionths = 1e6
)

// Encode writes weights as a file. The table has 1<<Bits entries.
func Encode(table []int8, scale, bias, review, stop float64) []byte {
	b := make([]byte, 0, header+len(table))
	for _, x := range []float64{scale, bias, review, stop} {
		b = binary.LittleEndian.AppendUint32(b, uint32(int32(math.Round(x*millionths)))) //nolint:gosec // two's complement
	}
	for _, w := range table {
		b = append(b, byte(w)) //nolint:gosec // two's complement
	}
	return b
}

// Decode reads the form that Encode writes.
func Decode(b []byte) (*Weights, error) {
	if len(b) != header+1<<Bits {
		return nil, errors.New("model: wrong size")
	}
	var n [header / 4]float64
	for i := range n {
		n[i] = float64(int32(binary.LittleEndian.Uint32(b[4*i:]))) / millionths //nolint:gosec // two's complement
	}
	w := &Weights{scale: n[0], bias: n[1], Review: n[2], Stop: n[3], table: make([]int8, 1<<Bits)}
	for i := range w.table {
		w.table[i] = int8(b[header+i]) //nolint:gosec // two's complement
	}
	return w, nil
}

// Verdict is how much a text looks like an opt-out, and the words that matter most.
type Verdict struct {
	Score    float64
	From, To int // tokens, To not included
}

// Judge scores t, whose words must have been numbered with v.
func (w *Weights) Judge(t *lex.Text, v *grammar.Vocabulary) Verdict {
	sum, n := 0, 0
	Features(t, v, func(_ int, f uint32) {
		sum += int(w.table[f])
		n++
	})
	verdict := Verdict{Score: w.Score(sum, n)}
	if verdict.Score >= w.Review {
		verdict.From, verdict.To = w.reason(t, v)
	}
	return verdict
}

// Score turns the sum of the weights of n features into a score.
func (w *Weights) Score(sum, n int) float64 {
	return float64(float64(sum)*w.scale)/math.Sqrt(float64(max(n, 1))) + w.bias
}

// reason returns the row of words whose features weigh most.
func (w *Weights) reason(t *lex.Text, v *grammar.Vocabulary) (from, to int) {
	sums := make([]int, len(t.Tokens))
	Features(t, v, func(i int, f uint32) { sums[i] += int(w.table[f]) })
	best, sum, start := math.MinInt, 0, 0
	for i, s := range sums {
		if sum <= 0 {
			sum, start = 0, i
		}
		if sum += s; sum > best {
			best, from, to = sum, start, i+1
		}
	}
	return from, to
}
