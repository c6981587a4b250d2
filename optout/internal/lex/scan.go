// Package lex cuts a text message into folded words.
//
// Folding takes away what people and phones vary without meaning anything by
// it: case, accents, full-width and decorated letters, invisible characters,
// letters of other scripts that look like Latin ones. Every token keeps the
// byte range that it has in the text.
package lex

import (
	"unicode"
	"unicode/utf8"
)

// A Token is one word, number, picture or ideograph of a text.
type Token struct {
	Start, End int // bytes of Text.Source
	From, To   int // bytes of Text.Folded
	Kind       Kind
	Opens      bool   // a clause begins with it
	Closes     bool   // a clause ends with it
	Breaks     bool   // a sentence ended before it
	Asks       bool   // a question mark follows it
	Foreign    bool   // it has Cyrillic or Greek letters
	Title      bool   // its first letter is its only capital one, and it does not begin a sentence
	Covered    bool   // a rule has explained it; not set by Cut
	Barred     bool   // a rule has said that it begins no opt-in; not set by Cut
	Word       uint16 // its number in a vocabulary; not set by Cut
}

// Kind is what a token is made of.
type Kind uint8

// The kinds of tokens.
const (
	Word      Kind = iota // letters, with or without digits among them, or one of # and +
	Number                // digits only
	Picture               // an emoji or another symbol
	Ideograph             // one character of a script that is written without spaces
)

// Text is a text that is being cut into tokens. Set Source, then call
// [Text.Cut] for each part that counts.
type Text struct {
	Source string
	Tokens []Token
	// Folded are the tokens in lower case, without accents, as simple Latin
	// letters where they are variants of these.
	Folded []byte
	Asked  bool // it has a question mark

	pause mark // the strongest mark since the last token
}

// Fold returns the folded form of token i.
func (t *Text) Fold(i int) []byte { return t.Folded[t.Tokens[i].From:t.Tokens[i].To] }

// mark is how much a character separates the words around it.
type mark uint8

const (
	joint    mark = iota // within a word, or like a space
	comma                // between clauses
	fullStop             // between sentences
)

// Cut adds the tokens of Source[from:to].
func (t *Text) Cut(from, to int) {
	t.separate(fullStop)
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(t.Source[i:to])
		switch classOf(r) {
		case classLetter, classDigit:
			i = t.word(i, to)
			continue
		case classIdeograph:
			t.single(i, i+size, r, Ideograph)
		case classPicture:
			t.separate(comma)
			t.single(i, i+size, r, Picture)
			t.separate(comma)
		case classMark:
			if (r == '#' || r == '+') && t.alone(i+size, to) {
				t.single(i, i+size, r, Word)
				break
			}
			t.separate(t.punctuation(r, i, i+size, to))
		case classSpace, classSkip, classApostrophe:
		}
		i += size
	}
	t.separate(fullStop)
}

// separate notes a mark between tokens.
func (t *Text) separate(m mark) {
	t.pause = max(t.pause, m)
	if m != joint && len(t.Tokens) > 0 {
		t.Tokens[len(t.Tokens)-1].Closes = true
	}
}

// add ends a token.
func (t *Text) add(tok Token) {
	tok.Opens, tok.Breaks = t.pause != joint, t.pause == fullStop
	tok.To = len(t.Folded)
	t.pause = joint
	t.Tokens = append(t.Tokens, tok)
}

func (t *Text) single(start, end int, r rune, k Kind) {
	tok := Token{Start: start, End: end, From: len(t.Folded), Kind: k}
	t.Folded = fold(t.Folded, r)
	t.add(tok)
}

// word reads the word that starts at i and returns where it ends.
func (t *Text) word(i, to int) int {
	tok := Token{Start: i, End: i, From: len(t.Folded), Kind: Number}
	latin, capitals := false, 0
	for i < to {
		r, size := utf8.DecodeRuneInString(t.Source[i:to])
		c := classOf(r)
		switch {
		case c == classLetter:
			tok.Kind = Word
			if isForeign(r) {
				tok.Foreign = true
			} else {
				latin = true
			}
			if unicode.IsUpper(r) {
				capitals++
				tok.Title = i == tok.Start
			}
			t.Folded = fold(t.Folded, r)
			tok.End = i + size
		case c == classDigit:
			t.Folded = fold(t.Folded, r)
			tok.End = i + size
		case c == classSkip:
			if unicode.Is(unicode.Mn, r) {
				tok.End = i + size // an accent
			}
		case c == classApostrophe && t.letterAt(i+size, to) && !t.elision(tok.From):
		default:
			to = i // the word ends here
			continue
		}
		i += size
	}
	tok.Title = tok.Title && capitals == 1 && t.pause != fullStop && tok.End-tok.Start > 1
	return t.endWord(tok, latin)
}

// endWord adds the word tok. Cyrillic or Greek letters among Latin ones are
// disguised Latin letters.
func (t *Text) endWord(tok Token, latin bool) int {
	if tok.Foreign && latin {
		t.Folded = skeleton(t.Folded[:tok.From], t.Source[tok.Start:tok.End])
		tok.Foreign = false
	}
	t.add(tok)
	return tok.End
}

// elision reports whether the word so far is a French or Italian one that an
// apostrophe cuts off from the next: l', n', qu'.
func (t *Text) elision(from int) bool {
	switch string(t.Folded[from:]) {
	case "l", "m", "n", "d", "j", "t", "s", "c", "qu":
		return true
	}
	return false
}

func (t *Text) letterAt(i, to int) bool {
	r, _ := utf8.DecodeRuneInString(t.Source[i:to])
	return classOf(r) == classLetter
}

// alone reports whether nothing that belongs to a word follows at i.
func (t *Text) alone(i, to int) bool {
	if i >= to {
		return true
	}
	r, _ := utf8.DecodeRuneInString(t.Source[i:to])
	c := classOf(r)
	return c == classSpace || c == classMark
}

// punctuation returns how much the character at Source[i:next] separates.
func (t *Text) punctuation(r rune, i, next, to int) mark {
	after, _ := utf8.DecodeRuneInString(t.Source[next:to])
	open := next >= to || unicode.IsSpace(after) // nothing follows directly
	switch r {
	case '?', '？', '؟', '¿':
		t.Asked = true
		if n := len(t.Tokens); n > 0 && r != '¿' {
			t.Tokens[n-1].Asks = true
		}
		return fullStop
	case '!', '！', '。', '\n', '\r', ';', '¡', '\u2028', '\u2029':
		return fullStop
	case '.':
		before, _ := utf8.DecodeLastRuneInString(t.Source[:i])
		if before == '.' || after == '.' {
			return comma // an ellipsis
		}
		if open || unicode.IsLower(before) && unicode.IsUpper(after) {
			return fullStop
		}
	case ',', '，', '、', '،', ':', '：', '…', '(', ')', '/', '|', '–', '—', '[', ']', '{', '}':
		return comma
	case '-':
		if open {
			return comma
		}
	}
	return joint
}

// AppendSkeleton appends text as a reader of Latin letters would see it:
// letters of other scripts become the Latin ones that they look like.
func AppendSkeleton(dst []byte, text string) []byte { return skeleton(dst, text) }
