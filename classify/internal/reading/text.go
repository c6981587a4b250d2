// Package reading reads a message as the classifier sees it: folded, cut into
// clauses and words, with the phrases that the rule files object to. It holds no
// state but the compiled rule files, and its memory can be used again.
package reading

import "fmt"

// Text is a text that has been read. Its memory is reused by the next Read.
// A Text must not be used by two goroutines at once.
type Text struct {
	Words   []Token  // without marks, clause by clause
	Clauses []Clause // in order
	Hits    []Hit    // clause by clause
	f       folded
	all     []Token // with marks
	rs      *ruleset
}

// Clause is one clause of a text.
type Clause struct {
	From, To int     // in Text.Words
	Hits     [2]int  // from and to in Text.Hits
	Asks     bool    // it is a question
	Shouts   bool    // it has an exclamation mark
	Formula  bool    // it is part of a disclosure, and says nothing about the message
	Weight   float64 // of what the rules found, from 0 to 1; 0.5 is [Enough]
}

// Enough is how much the findings of a clause must weigh together.
const Enough = 70

// Read reads text. The error is nil unless the rule files are broken.
func (t *Text) Read(text string) error {
	rs, err := rules()
	if err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	t.rs = rs
	t.read(text)
	return nil
}

// read reads text by the rules in t.rs.
func (t *Text) read(text string) {
	rs := t.rs
	t.f.fold(text)
	t.all = tokenize(&t.f, t.all)
	t.Words, t.Clauses, t.Hits = t.Words[:0], t.Clauses[:0], t.Hits[:0]
	for i := range t.all {
		if w := &t.all[i]; w.Kind == Word || w.Kind == Number {
			w.ID = rs.vocab[w.Hash]
		}
	}
	ls := rs.speak(t.all)
	for i := 0; i < len(t.all); {
		i = t.clause(i, ls)
	}
}

// clause reads the clause that begins at token i and returns where it ends.
func (t *Text) clause(i int, ls langs) int {
	c := Clause{From: len(t.Words)}
	number := t.all[i].clause
	for ; i < len(t.all) && t.all[i].clause == number; i++ {
		switch w := t.all[i]; {
		case w.Kind != Mark:
			t.Words = append(t.Words, w)
		case w.Sign == '?':
			c.Asks = true
		case w.Sign == '!':
			c.Shouts = true
		}
	}
	c.To = len(t.Words)
	if c.To == c.From {
		return i
	}
	c.Hits[0] = len(t.Hits)
	t.Hits, c.Formula = t.rs.find(t.Words[c.From:c.To], c.From, ls, c.Asks, t.Hits)
	t.links(c.From, c.To)
	c.Hits[1] = len(t.Hits)
	c.Weight = weigh(t.Hits[c.Hits[0]:c.Hits[1]])
	t.Clauses = append(t.Clauses, c)
	return i
}

// weigh adds up the findings of a clause, one of each rule.
func weigh(hits []Hit) float64 {
	var by [64]uint8
	sum := 0
	for _, h := range hits {
		if w := by[h.Rule%64]; h.Weight > w {
			sum += int(h.Weight - w)
			by[h.Rule%64] = h.Weight
		}
	}
	return min(1, float64(sum)/(2*Enough))
}

// Rule returns the id of a rule.
func (t *Text) Rule(n uint8) string { return t.rs.ids[n] }

// Range returns the bytes of the words from..to in the text as given. A
// character that folds to several, such as a ligature, belongs to it as a whole.
func (t *Text) Range(from, to int) (start, end int) {
	at := t.f.at
	k := t.Words[to-1].to
	for last := at[k-1]; at[k] <= last; k++ {
	}
	return int(at[t.Words[from].from]), int(at[k])
}

// Folded returns the folded bytes of a word. They are good until the next Read.
func (t *Text) Folded(w Token) []byte { return t.f.b[w.from:w.to] }

// Silent reports whether the clause says nothing about what the message is:
// part of a disclosure in which no rule found anything.
func (c Clause) Silent() bool { return c.Formula && c.Hits[0] == c.Hits[1] }
