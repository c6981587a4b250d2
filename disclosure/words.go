package disclosure

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// word is one word of a text: lower case, without accents and apostrophes.
type word struct {
	s      string
	class  class
	breaks pause // what stands in front of it
}

func (w word) is(c class) bool { return w.class&c != 0 }

// pause is what separates a word from the one before.
type pause uint8

const (
	none     pause = iota
	comma          // a comma, dash, colon or line break
	sentence       // the end of a sentence, a bullet or an empty line
)

// split cuts text into words. It never fails: what it does not know separates words.
func split(text string) []word {
	words := make([]word, 0, len(text)/5)
	s := splitter{words: words}
	for _, r := range norm.NFKD.String(text) {
		s.next(r)
	}
	s.end()
	return s.words
}

type splitter struct {
	words []word
	cur   strings.Builder
	gap   pause // what was seen since the last word
	point bool  // a full stop stands directly behind the last word
	line  bool  // a line break was seen since the last word
}

func (s *splitter) next(r rune) {
	switch {
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`'’‘ʼ´`+"`", r):
		// accents, invisible characters and apostrophes belong to no word
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		s.begin(r)
		s.cur.WriteRune(unicode.ToLower(r))
	default:
		s.end()
		s.separate(r)
	}
}

// begin settles what the characters since the last word mean, now that the next one is known.
func (s *splitter) begin(r rune) {
	if s.cur.Len() > 0 {
		return
	}
	if s.point && (!unicode.IsLower(r) || !abbreviation(s.last())) {
		s.gap = sentence
	}
	s.point, s.line = false, false
}

func (s *splitter) separate(r rune) {
	switch r {
	case '.':
		s.point = true
	case '!', '?', ';', '•', '*', '·', '¡', '¿':
		s.gap = sentence
	case '\n':
		if s.line {
			s.gap = sentence
		}
		s.line = true
		s.gap = max(s.gap, comma)
	case ',', ':', '(', ')', '-', '–', '—', '|':
		if r != '-' || s.gap > none {
			s.gap = max(s.gap, comma)
		}
	case '&', '+':
		s.add("and")
	case '/':
		s.add("per")
	case '=':
		s.add("to")
	}
}

func (s *splitter) end() {
	if s.cur.Len() > 0 {
		w := s.cur.String()
		s.cur.Reset()
		s.add(w)
	}
}

func (s *splitter) add(w string) {
	s.words = append(s.words, word{s: w, class: classOf(w), breaks: s.gap})
	s.gap = none
}

func (s *splitter) last() string {
	if len(s.words) == 0 {
		return ""
	}
	return s.words[len(s.words)-1].s
}

// abbreviation reports whether a full stop behind w need not end a sentence.
func abbreviation(w string) bool {
	switch w {
	case "inc", "ltd", "co", "corp", "llc", "no", "st", "msg", "msgs", "freq", "txt", "std", "max", "approx",
		"mo", "wk", "jr", "sr", "dr", "mr", "mrs", "ms", "vs", "etc", "eg", "ie", "e", "i", "g", "s", "a", "u":
		return true
	}
	return false
}
