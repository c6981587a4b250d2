package reader

import (
	"fmt"
	"slices"
	"strings"

	"github.com/carewire/carewire/optout/internal/lex"
)

// A keyword is a reply that is one known word, or a few, and nothing else.
type keyword struct {
	intent   string
	language string
	rule     string
	exact    string // if not empty, the word with the accents that it must have
}

// maxKey bounds the folded length of a text that can still be a keyword.
const maxKey = 48

// keywordRow reads: intent | language | source | date | words.
func (r *Reader) keywordRow(columns []string) error {
	intent := columns[0]
	if !slices.Contains(Intents[:], intent) {
		return fmt.Errorf("no intent is called %q", intent)
	}
	for _, w := range items(columns[4]) {
		k := keyword{intent: intent, language: columns[1]}
		spelled, exact := strings.CutPrefix(w, "=")
		if exact {
			k.exact = lex.Accented(spelled)
		}
		k.rule = intent + "/keyword/" + k.language + "/" + strings.ReplaceAll(spelled, " ", "-")
		t := lex.Text{Source: spelled}
		t.Cut(0, len(spelled))
		key := string(keyOf(&t, nil))
		r.keywords[key] = append(r.keywords[key], k)
	}
	return nil
}

// keyOf appends the words of t without what stands between them, or nothing if
// they are too long for a keyword. Pictures do not count.
func keyOf(t *lex.Text, dst []byte) []byte {
	for i, tok := range t.Tokens {
		if tok.Kind == lex.Picture {
			continue
		}
		if len(dst)+tok.To-tok.From > maxKey {
			return dst[:0]
		}
		dst = append(dst, t.Fold(i)...)
	}
	return dst
}

// keyword reads t if it is a keyword.
func (r *Reader) keyword(t *lex.Text) (Result, bool) {
	var b [maxKey]byte
	k, ok := r.spelled(keyOf(t, b[:0]), t.Source)
	if !ok && slices.ContainsFunc(t.Tokens, func(tok lex.Token) bool { return tok.Foreign }) && len(t.Source) <= 4*maxKey {
		disguised := lex.Text{Source: string(lex.AppendSkeleton(nil, t.Source))}
		disguised.Cut(0, len(disguised.Source))
		k, ok = r.spelled(keyOf(&disguised, b[:0]), t.Source)
	}
	switch {
	case !ok:
		return Result{}, false
	case k.intent == None:
		return Result{Intent: None}, true
	}
	from, to := extent(t)
	return Result{Intent: k.intent, Language: k.language, Rule: k.rule, From: from, To: to}, true
}

// spelled looks a key up and checks the accents where they matter.
func (r *Reader) spelled(key []byte, source string) (keyword, bool) {
	for _, k := range r.keywords[string(key)] {
		if k.exact == "" || k.exact == lex.Accented(source) {
			return k, true
		}
	}
	return keyword{}, false
}

// extent returns the byte range from the first word of t to the last.
func extent(t *lex.Text) (from, to int) {
	from = -1
	for _, tok := range t.Tokens {
		if tok.Kind == lex.Picture {
			continue
		}
		if from < 0 {
			from = tok.Start
		}
		to = tok.End
	}
	return max(from, 0), to
}
