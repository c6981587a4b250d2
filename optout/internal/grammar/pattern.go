package grammar

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/carewire/carewire/optout/internal/lex"
)

// An element of a pattern matches one token.
type element struct {
	words    []uint16 // the words that match
	any      bool     // every word matches, except those in words
	optional bool
	opens    bool // the token must begin a clause
	closes   bool // the token must end a clause
	first    bool // the token must be the first of the text
	crosses  bool // the sentence may end before the token
	tight    bool // the clause may not end before the token
}

// A pattern matches a row of tokens.
type pattern struct {
	elements []element
	closes   bool // its last token must end a clause
	last     bool // its last token must be the last of the text
}

// maxElements bounds a pattern: it must fit into one machine word.
const maxElements = 60

// parsePattern reads a pattern, whose elements are separated by spaces:
//
//	stop         the word
//	stop/quit    one of the words
//	envi*        a word that begins so
//	@halt        a word of the class, in the language of the file
//	@halt.en     in that language; @halt.* in every language
//	_            any word
//	!by/at       any word but these
//	~            a word that no rule knows, with a capital letter within a sentence
//	0            a number
//	..3          up to three words, whatever they are
//	;            the sentence may end here
//
// A word may be followed by "?" (it may be missing) or "?3" (up to three of
// them, or none). "<" before it demands that a clause begins with it, ">" after
// it that a clause ends with it; "^" and "$" demand the same of the text, at
// the begin and the end of the pattern.
func (v *Vocabulary) parsePattern(text, language string, trim bool) (pattern, error) {
	var p pattern
	text, p.last = cutSuffix(strings.TrimSpace(text), "$")
	text, p.closes = cutSuffix(strings.TrimSpace(text), ">")
	crosses := false
	for field := range strings.FieldsSeq(text) {
		if field == ";" {
			crosses = true
			continue
		}
		es, err := v.parseField(field, language)
		if err != nil {
			return pattern{}, err
		}
		for i := range es {
			es[i].crosses = crosses
			crosses = crosses && es[i].optional
		}
		p.elements = append(p.elements, es...)
	}
	for n := len(p.elements); trim && n > 0 && !p.closes && !p.last && p.elements[n-1].any && p.elements[n-1].optional; n-- {
		p.elements = p.elements[:n-1] // what comes after does not matter
	}
	switch n := len(p.elements); {
	case n == 0 || n > maxElements:
		return pattern{}, fmt.Errorf("%d elements, not 1 to %d", n, maxElements)
	case p.elements[0].any || p.elements[0].optional:
		return pattern{}, fmt.Errorf("a pattern begins with words, not with %q", strings.Fields(text)[0])
	}
	return p, nil
}

func (v *Vocabulary) parseField(field, language string) ([]element, error) {
	if n, ok := strings.CutPrefix(field, ".."); ok {
		count, err := strconv.Atoi(n)
		if err != nil || count < 1 || count > 12 {
			return nil, fmt.Errorf("%q: how many words?", field)
		}
		return repeat(element{any: true, optional: true}, count), nil
	}
	var e element
	body := field
	body, e.first = cutPrefix(body, "^")
	body, e.opens = cutPrefix(body, "<")
	body, e.closes = cutSuffix(body, ">")
	count := 1
	if i := strings.LastIndexByte(body, '?'); i > 0 {
		e.optional = true
		if n := body[i+1:]; n != "" {
			var err error
			if count, err = strconv.Atoi(n); err != nil || count < 1 || count > 6 {
				return nil, fmt.Errorf("%q: how often?", field)
			}
		}
		body = body[:i]
	}
	body, e.any = cutPrefix(body, "!")
	if body == "_" {
		e.any, body = true, ""
	}
	if !e.any && !strings.ContainsAny(body, "/@") {
		return v.spelled1(body, e, count)
	}
	if strings.ContainsAny(body, "?<>$^!;") {
		return nil, fmt.Errorf("%q: a mark within alternatives", field)
	}
	for w := range strings.SplitSeq(body, "/") {
		ns, err := v.alternative(w, language)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", field, err)
		}
		e.words = append(e.words, ns...)
	}
	return repeat(e, count), nil
}

// spelled1 reads one word, which several elements make up if its script is
// written without spaces.
func (v *Vocabulary) spelled1(body string, e element, count int) ([]element, error) {
	parts := splitWord(body)
	if len(parts) == 1 {
		ns, err := v.alternative(body, "")
		e.words = ns
		return repeat(e, count), err
	}
	if count > 1 {
		return nil, fmt.Errorf("%q cannot be repeated", body)
	}
	es := make([]element, len(parts))
	for i, part := range parts {
		es[i].words = []uint16{v.add(part)}
		es[i].optional = e.optional
	}
	es[0].first, es[0].opens = e.first, e.opens
	es[len(es)-1].closes = e.closes
	return es, nil
}

// alternative returns the words that one part between slashes stands for.
func (v *Vocabulary) alternative(w, language string) ([]uint16, error) {
	class, ok := strings.CutPrefix(w, "@")
	if !ok {
		if w == "" {
			return nil, nil
		}
		return []uint16{v.add(foldWord(w))}, nil
	}
	name, lang, ok := strings.Cut(class, ".")
	switch {
	case !ok:
		class = name + "." + language
	case lang == "*":
		class = name
	}
	ns := v.classes[class]
	if len(ns) == 0 {
		return nil, fmt.Errorf("no class @%s", class)
	}
	return ns, nil
}

func repeat(e element, count int) []element {
	es := make([]element, count)
	for i := range es {
		es[i] = e
	}
	return es
}

func cutPrefix(s, prefix string) (string, bool) {
	after, ok := strings.CutPrefix(s, prefix)
	return after, ok && after != ""
}

func cutSuffix(s, suffix string) (string, bool) {
	before, ok := strings.CutSuffix(s, suffix)
	return before, ok && before != ""
}

// splitWord cuts w into the tokens that it is in a text.
func splitWord(w string) []string {
	t := lex.Text{Source: w}
	t.Cut(0, len(w))
	if len(t.Tokens) < 2 {
		return []string{w}
	}
	parts := make([]string, len(t.Tokens))
	for i := range parts {
		parts[i] = string(t.Fold(i))
	}
	return parts
}
