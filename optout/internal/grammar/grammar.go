// Package grammar finds phrases in a text by rules that are written in files.
//
// A file of words makes classes of words; files of rules list the phrases that
// mean something, one a line, in a notation that a reader without programming
// can check (see the head of the files). All phrases are compiled into one
// automaton, which reads a text once, in time linear in its length.
package grammar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/carewire/carewire/optout/internal/lex"
)

// A Rule is one entry of a rule file.
type Rule struct {
	ID       string // intent/language/name
	Intent   string
	Language string
	Source   string // where it comes from
	Date     string // when the source took effect or was last checked
	Sure     bool   // no rule with the intent "none" outweighs it
}

// A Grammar is a compiled set of rules. It does not change after [Compile] and
// may be used concurrently.
type Grammar struct {
	Rules      []Rule
	Vocabulary *Vocabulary
	automaton  *automaton
}

// A File is a rule file and its name for error messages.
type File struct{ Name, Text string }

// Compile reads a file of words and files of rules.
func Compile(words File, rules []File) (*Grammar, error) {
	g := &Grammar{Vocabulary: newVocabulary()}
	err := eachLine(words, func(line string) error { return g.Vocabulary.classRow(columns(line)) })
	if err != nil {
		return nil, err
	}
	c := compiler{g: g}
	for _, f := range rules {
		c.open = false
		if err := eachLine(f, c.line); err != nil {
			return nil, err
		}
	}
	g.Vocabulary.settle()
	g.automaton = compile(c.patterns, c.owners, g.Vocabulary)
	if n := len(g.automaton.lanes); n > maxLanes {
		return nil, fmt.Errorf("grammar: %d lanes, more than %d", n, maxLanes)
	}
	if n := g.Vocabulary.Len(); n > 1<<15 {
		return nil, fmt.Errorf("grammar: %d words, more than %d", n, 1<<15)
	}
	return g, nil
}

// eachLine calls f with every line that is neither empty nor a comment.
func eachLine(file File, f func(line string) error) error {
	n := 0
	for line := range strings.SplitSeq(file.Text, "\n") {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := f(line); err != nil {
			return fmt.Errorf("%s:%d: %w", file.Name, n, err)
		}
	}
	return nil
}

// columns splits a line at "|".
func columns(line string) []string {
	cs := strings.Split(line, "|")
	for i := range cs {
		cs[i] = strings.TrimSpace(cs[i])
	}
	return cs
}

// compiler collects the patterns of all files.
type compiler struct {
	g        *Grammar
	open     bool // a rule has begun in this file
	patterns []pattern
	owners   []int // index of the rule of each pattern
}

// line reads the head of a rule, "= id | source | date", or a pattern of it.
func (c *compiler) line(line string) error {
	if head, ok := strings.CutPrefix(line, "="); ok {
		return c.head(columns(head))
	}
	if !c.open {
		return fmt.Errorf("a pattern before the first rule")
	}
	i := len(c.g.Rules) - 1
	p, err := c.g.Vocabulary.parsePattern(line, c.g.Rules[i].Language, c.g.Rules[i].Intent != "none")
	if err != nil {
		return err
	}
	if c.g.Rules[i].Intent == "none" { // what follows a comma is another matter
		for j := range p.elements[1:] {
			p.elements[1+j].tight = true
		}
	}
	c.patterns = append(c.patterns, p)
	c.owners = append(c.owners, i)
	return nil
}

func (c *compiler) head(cs []string) error {
	if len(cs) != 3 && len(cs) != 4 || len(cs) == 4 && cs[3] != "sure" {
		return fmt.Errorf(`want "= id | source | date" or "= id | source | date | sure"`)
	}
	parts := strings.Split(cs[0], "/")
	if len(parts) != 3 {
		return fmt.Errorf("the id %q is not intent/language/name", cs[0])
	}
	if slices.ContainsFunc(c.g.Rules, func(r Rule) bool { return r.ID == cs[0] }) {
		return fmt.Errorf("a second rule %q", cs[0])
	}
	c.g.Rules = append(c.g.Rules, Rule{
		ID: cs[0], Intent: parts[0], Language: parts[1], Source: cs[1], Date: cs[2], Sure: len(cs) == 4,
	})
	c.open = true
	return nil
}

// Find numbers the words of t and appends every match of every rule, in the
// order in which the matches end.
func (g *Grammar) Find(t *lex.Text, dst []Match) []Match {
	g.Vocabulary.Number(t)
	return g.automaton.run(t, dst)
}

// Stats says how large the grammar is.
func (g *Grammar) Stats() (words, patterns, lanes int) {
	return g.Vocabulary.Len(), len(g.automaton.patterns), len(g.automaton.lanes)
}
