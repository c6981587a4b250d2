package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one word of a text.
type token struct {
	start, end int    // byte range
	text       string // as written
	low        string // in lower case
	quoted     bool   // right behind a quotation mark
	upper      bool   // all capitals
	sentence   int    // number of the sentence
	asks       bool   // the sentence ends with a question mark
	broken     bool   // punctuation stands between it and the word behind it
	slash      bool   // a slash stands between it and the word behind it
}

// tokens cuts a text into words. A hyphen or an apostrophe between letters is
// part of a word; a full stop ends a sentence only in front of a space, a quote
// or the end, so that links and prices stay whole.
func tokens(text string) []token {
	var out []token
	sentence := 0
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !isWord(r) {
			if len(out) > 0 {
				between(&out[len(out)-1], r)
			}
			if ends(text, i, r) && len(out) > 0 && out[len(out)-1].sentence == sentence {
				closeSentence(out, sentence, r == '?')
				sentence++
			}
			i += n
			continue
		}
		end := wordEnd(text, i)
		w := text[i:end]
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		out = append(out, token{
			start: i, end: end, text: w, low: strings.ToLower(w), sentence: sentence,
			quoted: i > 0 && strings.ContainsRune(`"'“‘«*`, before), upper: w == strings.ToUpper(w) && w != strings.ToLower(w),
		})
		i = end
	}
	return out
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func wordEnd(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !isWord(r) {
			next, _ := utf8.DecodeRuneInString(text[i+n:])
			if r != '-' && r != '\'' && r != '’' || !unicode.IsLetter(next) {
				return i
			}
		}
		i += n
	}
	return i
}

// between notes what stands behind a word.
func between(t *token, r rune) {
	switch {
	case r == '/':
		t.slash = true
	case unicode.IsSpace(r), strings.ContainsRune(`"'“”‘’«»*`, r):
	default:
		t.broken = true
	}
}

// ends reports whether the character r at i ends a sentence.
func ends(text string, i int, r rune) bool {
	switch r {
	case '!', '?', '\n', '¿', '¡', ';':
		return true
	case '.':
		next, _ := utf8.DecodeRuneInString(text[i+1:])
		return i+1 == len(text) || !isWord(next)
	}
	return false
}

func closeSentence(ts []token, sentence int, asks bool) {
	for i := len(ts) - 1; i >= 0 && ts[i].sentence == sentence; i-- {
		ts[i].asks = asks
		if i == len(ts)-1 {
			ts[i].broken = true
		}
	}
}
