package optout

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// A keyword is a reply that is one known word, or a few, and nothing else.
type keyword struct {
	intent   Intent
	language string
	rule     string
	exact    string // if not empty, the word with the accents that it must have
}

// maxKey bounds the folded length of a text that can still be a keyword.
const maxKey = 48

// keywordRow reads: intent | language | source | date | words.
func (t *tables) keywordRow(columns []string) error {
	intent, err := intentNamed(columns[0])
	if err != nil {
		return err
	}
	if t.keywords == nil {
		t.keywords = make(map[string][]keyword)
	}
	for _, w := range items(columns[4]) {
		k := keyword{intent: intent, language: columns[1]}
		spelled, exact := strings.CutPrefix(w, "=")
		if exact {
			k.exact = accented(spelled)
		}
		k.rule = intent.String() + "/keyword/" + k.language + "/" + strings.ReplaceAll(spelled, " ", "-")
		s := scan{text: spelled}
		s.cut(0, len(spelled))
		key := string(s.key(nil))
		t.keywords[key] = append(t.keywords[key], k)
	}
	return nil
}

// key appends the words of s without what stands between them, or nothing if
// they are too long for a keyword. Pictures do not count.
func (s *scan) key(dst []byte) []byte {
	for _, t := range s.tokens {
		if t.kind == picture {
			continue
		}
		if len(dst)+t.to-t.from > maxKey {
			return dst[:0]
		}
		dst = append(dst, s.folded[t.from:t.to]...)
	}
	return dst
}

// keyword returns the keyword that s is, if it is one.
func (t *tables) keyword(s *scan) (keyword, bool) {
	var b [maxKey]byte
	if k, ok := t.spelled(s.key(b[:0]), s); ok {
		return k, true
	}
	foreign := false
	for _, tok := range s.tokens {
		foreign = foreign || tok.foreign
	}
	if !foreign || len(s.text) > 4*maxKey {
		return keyword{}, false
	}
	var disguised scan
	disguised.text = string(skeleton(nil, s.text))
	disguised.cut(0, len(disguised.text))
	return t.spelled(disguised.key(b[:0]), s)
}

// spelled looks a key up and checks the accents where they matter.
func (t *tables) spelled(key []byte, s *scan) (keyword, bool) {
	for _, k := range t.keywords[string(key)] {
		if k.exact == "" || k.exact == accented(s.text) {
			return k, true
		}
	}
	return keyword{}, false
}

// accented returns the letters of text in lower case with their accents.
func accented(text string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToLower(text)) {
		if c := classOf(r); c == classLetter || c == classDigit {
			b.WriteRune(r)
		}
	}
	return b.String()
}
