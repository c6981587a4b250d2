// Package reader decides what a person meant by a text message.
//
// It works in steps: leave out what the text only repeats (quote.go), cut the
// rest into words (package lex), look the whole up as a keyword (keyword.go),
// find phrases by rule (package grammar), and only if none decides, ask a small
// linear model (package model), which may only find a wish to get no more
// messages where no rule saw one.
package reader

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/carewire/carewire/optout/internal/grammar"
	"github.com/carewire/carewire/optout/internal/model"
)

// The intents, as rule files name them.
const (
	None        = "none"
	Stop        = "stop"
	WrongNumber = "wrong-number"
	Start       = "start"
	Help        = "help"
	Review      = "review"

	// NoStart is no intent of a text: rules with it say that what touches their
	// phrase is no Start.
	NoStart = "no-start"
)

// Intents lists the intents from the one that outweighs all others to the weakest.
var Intents = [...]string{WrongNumber, Stop, Start, Review, Help, None}

// Result is what a text means, and why.
type Result struct {
	Intent   string
	Language string
	Rule     string
	From, To int // bytes of the text
}

// A Reader reads texts. It does not change and may be used concurrently.
type Reader struct {
	keywords  map[string][]keyword // by what keyOf makes of the words
	reactions map[string]bool      // what stands before the quotation
	grammar   *grammar.Grammar
	weights   *model.Weights // nil: no model
}

// New compiles the rule files in the folder rules of files. Without weights
// the reader has no model.
func New(files fs.FS, weights *model.Weights) (*Reader, error) {
	r := &Reader{keywords: make(map[string][]keyword), reactions: make(map[string]bool), weights: weights}
	if err := rows(files, "keywords.txt", 5, r.keywordRow); err != nil {
		return nil, err
	}
	if err := rows(files, "reactions.txt", 4, r.reactionRow); err != nil {
		return nil, err
	}
	words, err := fs.ReadFile(files, "rules/words.txt")
	if err != nil {
		return nil, fmt.Errorf("reader: %w", err)
	}
	phrases, err := phraseFiles(files)
	if err != nil {
		return nil, err
	}
	r.grammar, err = grammar.Compile(grammar.File{Name: "words.txt", Text: string(words)}, phrases)
	if err != nil {
		return nil, fmt.Errorf("reader: rules: %w", err)
	}
	for _, rule := range r.grammar.Rules {
		if rule.Intent != NoStart && !slices.Contains(Intents[:], rule.Intent) {
			return nil, fmt.Errorf("reader: rule %s: no intent is called %q", rule.ID, rule.Intent)
		}
	}
	return r, nil
}

// With returns a reader with the same rules and other weights.
func (r *Reader) With(weights *model.Weights) *Reader {
	other := *r
	other.weights = weights
	return &other
}

// phraseFiles reads the files of phrases: every file in rules/phrases.
func phraseFiles(files fs.FS) ([]grammar.File, error) {
	names, err := fs.Glob(files, "rules/phrases/*.txt")
	if err != nil {
		return nil, fmt.Errorf("reader: %w", err)
	}
	list := make([]grammar.File, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("reader: %w", err)
		}
		list[i] = grammar.File{Name: name, Text: string(text)}
	}
	return list, nil
}

// rows reads a file of columns.
func rows(files fs.FS, name string, columns int, row func([]string) error) error {
	text, err := fs.ReadFile(files, "rules/"+name)
	if err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cs := strings.Split(line, "|")
		if len(cs) != columns {
			return fmt.Errorf("reader: rules/%s:%d: %d columns, not %d", name, i+1, len(cs), columns)
		}
		for j := range cs {
			cs[j] = strings.TrimSpace(cs[j])
		}
		if err := row(cs); err != nil {
			return fmt.Errorf("reader: rules/%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

// items splits a column at semicolons.
func items(column string) []string {
	var list []string
	for s := range strings.SplitSeq(column, ";") {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// Grammar returns the rules of phrases.
func (r *Reader) Grammar() *grammar.Grammar { return r.grammar }
