package model

import (
	"math"

	"github.com/carewire/carewire/classify/internal/reading"
)

// Threshold is the logit from which a text counts as promotional. It is set
// where about one service text in twenty of the corpus, in sectors left out of
// the fit, is refused: a refused service text needs a person, and care texts are
// service nearly always.
const Threshold = 1.2

// few is how many words a text must have for the model to say anything, unless
// a rule has found something in it: a code, a time or a name has fewer.
const few = 3

// A text with fewer words than plenty gives little to go by: unless a rule has
// found something, each word that is missing takes doubt from its logit.
const (
	plenty = 7
	doubt  = 0.3
)

// Judge applies a model to texts. Its memory is used again; it is not safe for
// concurrent use.
type Judge struct {
	Text    reading.Text
	Logits  []float64 // of the clauses of Text, above the threshold if positive; -Inf for silent ones
	Logit   float64   // of the text; promotional if positive
	Learned bool      // the model objects, whatever the rules found
	m       *Linear
	z       *Featurizer
}

// NewJudge returns a judge that applies m.
func NewJudge(m *Linear) *Judge { return &Judge{m: m, z: m.Featurizer()} }

// Read reads and judges text. The error is nil unless the rule files are broken.
func (j *Judge) Read(text string) error {
	if err := j.Text.Read(text); err != nil {
		return err
	}
	var all Sums
	j.Logits = j.Logits[:0]
	best, words, ruled := math.Inf(-1), 0, false
	for _, c := range j.Text.Clauses {
		if c.Silent() {
			j.Logits = append(j.Logits, math.Inf(-1))
			continue
		}
		var s Sums
		j.m.Add(&s, j.z.Clause(&j.Text, c))
		all.Plus(&s)
		logit := j.m.Clause(&s) - Threshold
		if c.To-c.From < 2 {
			logit = min(logit, -Threshold) // one word is no reason
		}
		best = max(best, logit)
		j.Logits = append(j.Logits, logit)
		words += j.words(c)
		ruled = ruled || c.Weight >= 0.5
	}
	j.Logit, j.Learned = -10, false
	if words >= few || ruled {
		j.Logit = (best + j.m.Whole(&all) - Threshold) / 2
		if len(j.Text.Hits) == 0 {
			j.Logit -= doubt * float64(max(0, plenty-words))
		}
		j.Learned = j.Logit > 0
	}
	return nil
}

// words counts the words of a clause that are made of letters.
func (j *Judge) words(c reading.Clause) int {
	n := 0
	for _, w := range j.Text.Words[c.From:c.To] {
		if w.Kind == reading.Word {
			n++
		}
	}
	return n
}

// Probability maps a logit to 0 to 1, 0.5 at the threshold.
func Probability(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }
