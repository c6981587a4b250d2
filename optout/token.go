package optout

import (
	"unicode"
	"unicode/utf8"
)

// A token is one word, number, picture or ideograph of a text.
type token struct {
	start, end int // bytes of the text
	from, to   int // bytes of the folded form, in scan.folded
	kind       kind
	opens      bool // a clause begins with it
	closes     bool // a clause ends with it
	breaks     bool // a sentence ended before it
	asks       bool // a question mark follows
	foreign    bool // has Cyrillic or Greek letters
}

type kind uint8

const (
	word      kind = iota // letters, with or without digits among them
	number                // digits only
	picture               // an emoji or another symbol
	ideograph             // one character of a script that is written without spaces
)

// scan is a text cut into tokens.
type scan struct {
	text   string
	tokens []token
	folded []byte // the tokens in lower case, without accents, as simple Latin letters where they are variants of these
	pauses mark   // the strongest mark since the last token
	asked  bool   // the text has a question mark
}

// mark is how much a character separates the words around it.
type mark uint8

const (
	joint    mark = iota // within a word, or like a space
	comma                // between clauses
	fullStop             // between sentences
)

// cut adds the tokens of text[from:to].
func (s *scan) cut(from, to int) {
	s.pause(fullStop)
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(s.text[i:to])
		switch classOf(r) {
		case classLetter, classDigit:
			i = s.word(i, to)
		case classIdeograph:
			s.single(i, i+size, r, ideograph)
			i += size
		case classPicture:
			s.pause(comma)
			s.single(i, i+size, r, picture)
			s.pause(comma)
			i += size
		case classSkip, classSpace, classApostrophe:
			i += size
		default:
			s.pause(s.punctuation(r, i, i+size, to))
			i += size
		}
	}
	s.pause(fullStop)
}

// pause notes a mark between tokens.
func (s *scan) pause(m mark) {
	s.pauses = max(s.pauses, m)
	if m != joint && len(s.tokens) > 0 {
		s.tokens[len(s.tokens)-1].closes = true
	}
}

// add ends a token.
func (s *scan) add(t token) {
	t.opens, t.breaks = s.pauses != joint, s.pauses == fullStop
	t.to = len(s.folded)
	s.pauses = joint
	s.tokens = append(s.tokens, t)
}

func (s *scan) single(start, end int, r rune, k kind) {
	t := token{start: start, end: end, from: len(s.folded), kind: k}
	s.folded = fold(s.folded, r)
	s.add(t)
}

// word reads the word that starts at i and returns where it ends.
func (s *scan) word(i, to int) int {
	t := token{start: i, end: i, from: len(s.folded), kind: number}
	latin := false
	for i < to {
		r, size := utf8.DecodeRuneInString(s.text[i:to])
		c := classOf(r)
		switch {
		case c == classLetter:
			t.kind = word
			if isForeign(r) {
				t.foreign = true
			} else {
				latin = true
			}
			s.folded = fold(s.folded, r)
			t.end = i + size
		case c == classDigit:
			s.folded = fold(s.folded, r)
			t.end = i + size
		case c == classSkip:
			if unicode.Is(unicode.Mn, r) {
				t.end = i + size // an accent
			}
		case c == classApostrophe && !s.elision(t.from) && s.letterAt(i+size, to):
		default:
			return s.endWord(t, latin)
		}
		i += size
	}
	return s.endWord(t, latin)
}

// endWord adds the word t. Cyrillic or Greek letters among Latin ones are
// disguised Latin letters.
func (s *scan) endWord(t token, latin bool) int {
	if t.foreign && latin {
		s.folded = skeleton(s.folded[:t.from], s.text[t.start:t.end])
		t.foreign = false
	}
	s.add(t)
	return t.end
}

// elision reports whether the word so far is a French or Italian one that an
// apostrophe cuts off from the next: l', n', qu'.
func (s *scan) elision(from int) bool {
	switch string(s.folded[from:]) {
	case "l", "m", "n", "d", "j", "t", "s", "c", "qu":
		return true
	}
	return false
}

func (s *scan) letterAt(i, to int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[i:to])
	return classOf(r) == classLetter
}

// punctuation returns how much the character at text[i:next] separates.
func (s *scan) punctuation(r rune, i, next, to int) mark {
	after, _ := utf8.DecodeRuneInString(s.text[next:to])
	open := next >= to || unicode.IsSpace(after) // nothing follows directly
	switch r {
	case '?', '？', '؟', '¿':
		s.asked = true
		if n := len(s.tokens); n > 0 && r != '¿' {
			s.tokens[n-1].asks = true
		}
		return fullStop
	case '!', '！', '。', '\n', '\r', ';', '¡', '\u2028', '\u2029':
		return fullStop
	case '.':
		switch before, _ := utf8.DecodeLastRuneInString(s.text[:i]); {
		case before == '.' || after == '.':
			return comma // an ellipsis
		case open:
			return fullStop
		}
		return joint
	case ',', '，', '、', '،', ':', '：', '…', '(', ')', '/', '|', '–', '—', '[', ']', '{', '}':
		return comma
	case '-':
		if open {
			return comma
		}
	}
	return joint
}
