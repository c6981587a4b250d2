package model

import (
	"github.com/carewire/carewire/optout/internal/grammar"
	"github.com/carewire/carewire/optout/internal/lex"
)

// The kinds of features: what they are made of, w for a word and c for a class.
const (
	kindW uint32 = iota + 1
	kindWW
	kindWWW
	kindWGapW
	kindWGapGapW
	kindWAlone
	kindWFirst
	kindWWFirst
	kindWLast
	kindC
	kindCC
	kindCGapC
	kindWC
	kindCW
	kindCCC
	kindCFirst
	kindCCFirst
	kindCLast
	kindCCLast
	kindCAlone
	kindCOpens
	kindCCloses
	kindLength
	kindAsked
)

// window is how far apart two classes may stand to make a feature.
const window = 4

// unit is a token as the model sees it: its word and its class, hashed.
type unit struct{ word, class uint32 }

// Features calls yield with every feature of t, below 1<<Bits, and the token
// that it belongs to. The words of t must have been numbered with v.
func Features(t *lex.Text, v *grammar.Vocabulary, yield func(i int, feature uint32)) {
	var b [72]unit
	us := b[:0]
	for i := range t.Tokens {
		us = append(us, unitOf(t, v, i))
	}
	for i, u := range us {
		tok := &t.Tokens[i]
		one(i, len(us), u, tok, yield)
		if i+1 < len(us) {
			two(i, len(us), u, us[i+1], yield)
		}
		if i+2 < len(us) {
			yield(i, mix(kindWWW, u.word, us[i+1].word, us[i+2].word))
			yield(i, mix(kindWGapW, u.word, us[i+2].word, 0))
			yield(i, mix(kindCCC, u.class, us[i+1].class, us[i+2].class))
		}
		if i+3 < len(us) {
			yield(i, mix(kindWGapGapW, u.word, us[i+3].word, 0))
		}
		for d := 2; d <= window && i+d < len(us); d++ {
			if u.class != 0 || us[i+d].class != 0 {
				yield(i, mix(kindCGapC, u.class, us[i+d].class, 0))
			}
		}
	}
	if len(us) > 0 {
		yield(0, mix(kindLength, length(len(us)), 0, 0))
		if t.Asked {
			yield(0, mix(kindAsked, 0, 0, 0))
		}
	}
}

// one yields the features of one token.
func one(i, n int, u unit, tok *lex.Token, yield func(int, uint32)) {
	yield(i, mix(kindW, u.word, 0, 0))
	yield(i, mix(kindC, u.class, 0, 0))
	if tok.Opens && tok.Closes {
		yield(i, mix(kindWAlone, u.word, 0, 0))
		yield(i, mix(kindCAlone, u.class, 0, 0))
	}
	if tok.Opens {
		yield(i, mix(kindCOpens, u.class, 0, 0))
	}
	if tok.Closes {
		yield(i, mix(kindCCloses, u.class, 0, 0))
	}
	if i == 0 {
		yield(i, mix(kindWFirst, u.word, 0, 0))
		yield(i, mix(kindCFirst, u.class, 0, 0))
	}
	if i == n-1 {
		yield(i, mix(kindWLast, u.word, 0, 0))
		yield(i, mix(kindCLast, u.class, 0, 0))
	}
}

// two yields the features of two neighbours.
func two(i, n int, u, next unit, yield func(int, uint32)) {
	yield(i, mix(kindWW, u.word, next.word, 0))
	yield(i, mix(kindWC, u.word, next.class, 0))
	yield(i, mix(kindCW, u.class, next.word, 0))
	if u.class != 0 || next.class != 0 {
		yield(i, mix(kindCC, u.class, next.class, 0))
	}
	if i == 0 {
		yield(i, mix(kindWWFirst, u.word, next.word, 0))
		yield(i, mix(kindCCFirst, u.class, next.class, 0))
	}
	if i == n-2 {
		yield(i, mix(kindCCLast, u.class, next.class, 0))
	}
}

// length sorts texts by their number of words.
func length(n int) uint32 {
	switch {
	case n <= 2:
		return 1
	case n <= 5:
		return 2
	case n <= 12:
		return 3
	}
	return 4
}

// The classes of what no class of words.txt describes.
const (
	classNumber  = 0xFFFF - iota
	className    // a word with a capital letter within a sentence
	classCovered // a word that a rule has explained
	classPicture
)

// unitOf returns token i as the model sees it.
func unitOf(t *lex.Text, v *grammar.Vocabulary, i int) unit {
	tok := &t.Tokens[i]
	switch {
	case tok.Covered:
		return unit{word: classCovered, class: classCovered}
	case tok.Kind == lex.Number:
		return unit{word: classNumber, class: classNumber}
	}
	u := unit{class: v.Meaning(tok.Word)}
	switch {
	case tok.Word > grammar.Name:
		u.word = v.Spelling(tok.Word)
	default:
		u.word = grammar.Hash(t.Fold(i))
		if tok.Word == grammar.Name {
			u.class = className
		}
		if tok.Kind == lex.Picture {
			u.class = classPicture
		}
	}
	return u
}

// mix hashes the parts of a feature into the table.
func mix(kind, a, b, c uint32) uint32 {
	h := kind * 0x9E3779B1
	h = (h ^ a) * 0x85EBCA6B
	h = (h ^ h>>15 ^ b) * 0xC2B2AE35
	h = (h ^ h>>13 ^ c) * 0x27D4EB2F
	h ^= h >> 16
	h *= 0x2C1B3C6D
	h ^= h >> 13
	return h >> (32 - Bits)
}
