package lex

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

type class uint8

const (
	classMark class = iota // punctuation
	classSpace
	classSkip // invisible: zero-width, combining, filler
	classLetter
	classDigit
	classApostrophe
	classIdeograph
	classPicture
)

// classOf says what r does in a text.
func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		return asciiClass(r)
	case r == utf8.RuneError: // or no character at all
		return classMark
	case r == '’' || r == '‘' || r == 'ʼ' || r == '´' || r == '＇':
		return classApostrophe
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc, unicode.Cf), isFiller(r):
		return classSkip
	case isIdeograph(r):
		return classIdeograph
	case unicode.IsLetter(r), isLetterLike(r):
		return classLetter
	case unicode.IsDigit(r):
		return classDigit
	case unicode.IsSpace(r) && r != '\u2028' && r != '\u2029':
		return classSpace
	case unicode.Is(unicode.So, r):
		return classPicture
	case r >= 0x1F3FB && r <= 0x1F3FF: // skin tones
		return classSkip
	}
	return classMark
}

func asciiClass(r rune) class {
	switch {
	case 'a' <= r|0x20 && r|0x20 <= 'z':
		return classLetter
	case '0' <= r && r <= '9':
		return classDigit
	case r == '\'' || r == '`':
		return classApostrophe
	case r == ' ' || r == '\t' || r == '\v' || r == '\f':
		return classSpace
	}
	return classMark
}

// isFiller reports letters that show nothing.
func isFiller(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800:
		return true
	}
	return false
}

// isIdeograph reports characters of scripts that are written without spaces,
// and Hangul, whose words carry endings that are cut off best by reading
// syllables.
func isIdeograph(r rune) bool {
	return r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// isLetterLike reports letters in circles and squares, which Unicode counts as symbols.
func isLetterLike(r rune) bool {
	return r >= 0x24B6 && r <= 0x24E9 || r >= 0x1F110 && r <= 0x1F189 || r >= 0x1F1E6 && r <= 0x1F1FF
}

// isForeign reports letters of scripts that have look-alikes of Latin letters.
func isForeign(r rune) bool {
	return r >= 0x370 && r <= 0x52F || r >= 0x13A0 && r <= 0x13F5
}

// fold appends r in lower case, without accents, and as a simple Latin letter
// where it is a variant of one: full-width, bold, circled, small capital.
func fold(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r |= 0x20
		}
		return append(dst, byte(r)) //nolint:gosec // below RuneSelf
	}
	if plain := plainOf(r); plain != "" {
		return append(dst, plain...)
	}
	if isIdeograph(r) && r < 0xF900 { // Hangul and Han have no accents
		return utf8.AppendRune(dst, r)
	}
	var b [utf8.UTFMax]byte
	n := utf8.EncodeRune(b[:], r)
	d := norm.NFKD.Properties(b[:n]).Decomposition()
	if d == nil {
		return utf8.AppendRune(dst, unicode.ToLower(r))
	}
	for len(d) > 0 {
		c, size := utf8.DecodeRune(d)
		d = d[size:]
		if !unicode.Is(unicode.Mn, c) {
			dst = utf8.AppendRune(dst, unicode.ToLower(c))
		}
	}
	return dst
}

// plainOf returns the Latin letters of variants that have no decomposition, or "".
func plainOf(r rune) string {
	switch r {
	case 'ß', 'ẞ':
		return "ss"
	case 'æ', 'Æ':
		return "ae"
	case 'œ', 'Œ':
		return "oe"
	}
	switch {
	case r >= 0x1F130 && r <= 0x1F149: // squared, negative circled, negative squared, regional
		return latin[r-0x1F130 : r-0x1F130+1]
	case r >= 0x1F150 && r <= 0x1F169:
		return latin[r-0x1F150 : r-0x1F150+1]
	case r >= 0x1F170 && r <= 0x1F189:
		return latin[r-0x1F170 : r-0x1F170+1]
	case r >= 0x1F1E6 && r <= 0x1F1FF:
		return latin[r-0x1F1E6 : r-0x1F1E6+1]
	}
	return look(r, variants, variantLetters)
}

// Accented returns the letters and digits of text in lower case with their accents.
func Accented(text string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToLower(text)) {
		if c := classOf(r); c == classLetter || c == classDigit || c == classIdeograph {
			b.WriteRune(r)
		}
	}
	return b.String()
}
