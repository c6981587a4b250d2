package grammar

import (
	"bytes"

	"github.com/carewire/carewire/optout/internal/lex"
)

// minTypo is the shortest word, in bytes, that is taken for a misspelt one.
const minTypo = 5

// maxWord is the longest word, in bytes, that is looked up.
const maxWord = 32

// Number sets Token.Word of every token of t, and joins single letters that
// spell a word: "s t o p".
func (v *Vocabulary) Number(t *lex.Text) {
	for i := range t.Tokens {
		t.Tokens[i].Word = v.number(t, i)
	}
	v.join(t)
}

func (v *Vocabulary) number(t *lex.Text, i int) uint16 {
	tok, w := t.Tokens[i], t.Fold(i)
	if n, ok := v.words[string(w)]; ok {
		return n
	}
	switch {
	case tok.Kind == lex.Number:
		return Digits
	case tok.Kind != lex.Word || len(w) > maxWord:
		return Unknown
	}
	var b [maxWord]byte
	if tok.Foreign {
		if n, ok := v.words[string(lex.AppendSkeleton(b[:0], t.Source[tok.Start:tok.End]))]; ok {
			return n
		}
	}
	for _, runs := range []int{2, 1} {
		if n, ok := v.words[string(shorten(b[:0], w, runs))]; ok {
			return n
		}
	}
	if n, ok := v.words[string(unleet(b[:0], w))]; ok {
		return n
	}
	if n, ok := v.stem(w); ok {
		return n
	}
	if n := v.misspelt(w); n != Unknown || !tok.Title {
		return n
	}
	return Name
}

// stem finds the longest stem that w begins with.
func (v *Vocabulary) stem(w []byte) (uint16, bool) {
	for n := len(w); n >= 3; n-- {
		if id, ok := v.stems[string(w[:n])]; ok {
			return id, true
		}
	}
	return 0, false
}

// shorten appends w with every letter repeated at most runs times, where it
// stands three times or more.
func shorten(dst, w []byte, runs int) []byte {
	for i := 0; i < len(w); {
		j := i
		for j < len(w) && w[j] == w[i] {
			j++
		}
		n := j - i
		if n > 2 {
			n = runs
		}
		dst = append(dst, w[i:i+n]...)
		i = j
	}
	return dst
}

// unleet appends w with digits among letters read as the letters they stand for.
func unleet(dst, w []byte) []byte {
	for _, c := range w {
		if i := bytes.IndexByte([]byte("013457"), c); i >= 0 {
			c = "oieast"[i]
		}
		dst = append(dst, c)
	}
	return dst
}

// misspelt finds the word of which w is a misspelling with one letter more,
// less, changed, or two neighbours swapped.
func (v *Vocabulary) misspelt(w []byte) uint16 {
	if len(w) < minTypo {
		return Unknown
	}
	best := Unknown
	try := func(key []byte) {
		for _, n := range v.typos[string(key)] {
			if (best == Unknown || n < best) && oneEdit(w, v.spelled[n]) {
				best = n
			}
		}
	}
	try(w)
	var b [maxWord]byte
	for i := range w {
		try(append(append(b[:0], w[:i]...), w[i+1:]...))
	}
	return best
}

// oneEdit reports whether a and b differ by one letter more, less or changed,
// or by two neighbours that are swapped.
func oneEdit(a []byte, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	j := 0
	for j < len(a)-i && j < len(b)-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	ra, rb := a[i:len(a)-j], b[i:len(b)-j]
	switch {
	case len(ra) <= 1 && len(rb) <= 1:
		return true
	case len(ra) == 2 && len(rb) == 2:
		return ra[0] == rb[1] && ra[1] == rb[0]
	}
	return false
}

// join replaces three single letters or more by the word that they spell.
func (v *Vocabulary) join(t *lex.Text) {
	single := func(i int) bool {
		tok := &t.Tokens[i]
		return tok.Kind == lex.Word && tok.To-tok.From == 1
	}
	out := t.Tokens[:0]
	for i := 0; i < len(t.Tokens); i++ {
		tok := t.Tokens[i]
		if !single(i) {
			out = append(out, tok)
			continue
		}
		j := i
		for j+1 < len(t.Tokens) && j-i < maxWord && single(j+1) {
			j++
		}
		if n, ok := v.words[string(t.Folded[tok.From:t.Tokens[j].To])]; ok && j-i >= 2 {
			last := t.Tokens[j]
			tok.End, tok.To, tok.Closes, tok.Asks, tok.Word = last.End, last.To, last.Closes, last.Asks, n
			i = j
		}
		out = append(out, tok)
	}
	t.Tokens = out
}

// lessOne returns w, and w with each of its letters left out.
func lessOne(w string) []string {
	all := []string{w}
	for i := range len(w) {
		if s := w[:i] + w[i+1:]; s != all[len(all)-1] {
			all = append(all, s)
		}
	}
	return all
}
