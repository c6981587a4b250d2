package grammar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/carewire/carewire/optout/internal/lex"
)

// The numbers of what no rule spells.
const (
	Unknown uint16 = iota // a word
	Digits                // a number
	Name                  // a word with a capital letter within a sentence
)

// A Vocabulary numbers the words that rules know. Words are spelled in their
// folded form (package lex); a stem stands for all words that begin with it.
type Vocabulary struct {
	words   map[string]uint16
	stems   map[string]uint16
	typos   map[string][]uint16 // by the word with one letter left out: words that may be misspelt
	spelled []string            // by number; stems with a final "*"
	classes map[string][]uint16 // by "class" and "class.language"
	plain   map[uint16]bool     // words that no stem stands for
	meaning []uint32            // by number: Hash of the class that the word has for the model, 0 for none
	hashes  []uint32            // by number: Hash of the spelling
}

func newVocabulary() *Vocabulary {
	v := &Vocabulary{
		words: make(map[string]uint16), stems: make(map[string]uint16),
		typos: make(map[string][]uint16), classes: make(map[string][]uint16),
		plain: make(map[uint16]bool),
	}
	v.add("?") // the number of unknown words
	v.add("0") // of other numbers
	v.add("~") // of names
	return v
}

// Len returns how many numbers the vocabulary has given out.
func (v *Vocabulary) Len() int { return len(v.spelled) }

// Meaning returns the [Hash] of the class that word n has for the model, 0 for none.
func (v *Vocabulary) Meaning(n uint16) uint32 { return v.meaning[n] }

// Spelling returns the [Hash] of word n as rules spell it.
func (v *Vocabulary) Spelling(n uint16) uint32 { return v.hashes[n] }

// Hash is FNV-1a.
func Hash[T string | []byte](s T) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// add returns the number of a word or stem.
func (v *Vocabulary) add(spelling string) uint16 {
	table, key := v.words, spelling
	if stem, ok := strings.CutSuffix(spelling, "*"); ok && stem != "" {
		table, key = v.stems, stem
	}
	if n, ok := table[key]; ok {
		return n
	}
	n := uint16(len(v.spelled)) //nolint:gosec // load bounds the count
	table[key] = n
	v.spelled = append(v.spelled, spelling)
	v.meaning = append(v.meaning, 0)
	v.hashes = append(v.hashes, Hash(spelling))
	return n
}

// classRow reads: class | language | words.
func (v *Vocabulary) classRow(columns []string) error {
	if len(columns) != 3 {
		return fmt.Errorf("%d columns, not 3", len(columns))
	}
	class, language := columns[0], columns[1]
	for w := range strings.FieldsSeq(columns[2]) {
		n := v.add(foldWord(w))
		if class == "typos" {
			for _, less := range lessOne(v.spelled[n]) {
				v.typos[less] = append(v.typos[less], n)
			}
			continue
		}
		if class == "plain" {
			v.plain[n] = true
			continue
		}
		if v.meaning[n] == 0 {
			v.meaning[n] = Hash(class)
		}
		for _, c := range []string{class, class + "." + language} {
			if !slices.Contains(v.classes[c], n) {
				v.classes[c] = append(v.classes[c], n)
			}
		}
	}
	return nil
}

// under returns the stems that stand for word n, the longest first.
func (v *Vocabulary) under(n uint16) []uint16 {
	if v.plain[n] {
		return nil
	}
	w, isStem := strings.CutSuffix(v.spelled[n], "*")
	end := len(w)
	if isStem {
		end--
	}
	var list []uint16
	for ; end > 0; end-- {
		if s, ok := v.stems[w[:end]]; ok {
			list = append(list, s)
		}
	}
	return list
}

// settle gives the words that have no meaning of their own that of their stem.
func (v *Vocabulary) settle() {
	for n := range v.spelled {
		for _, s := range v.under(uint16(n)) { //nolint:gosec // numbers are 16 bits
			if v.meaning[n] == 0 {
				v.meaning[n] = v.meaning[s]
			}
		}
	}
}

// foldWord folds what a rule file spells, keeping a final "*".
func foldWord(w string) string {
	stem, isStem := strings.CutSuffix(w, "*")
	if stem == "" || w == "~" {
		return w
	}
	t := lex.Text{Source: stem}
	t.Cut(0, len(stem))
	if isStem {
		return string(t.Folded) + "*"
	}
	return string(t.Folded)
}
