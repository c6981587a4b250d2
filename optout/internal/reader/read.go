package reader

import (
	"slices"
	"unicode/utf8"

	"github.com/carewire/carewire/optout/internal/grammar"
	"github.com/carewire/carewire/optout/internal/lex"
)

// Read says what text means.
func (r *Reader) Read(text string) Result {
	var (
		tokens  [64]lex.Token
		folded  [384]byte
		spans   [8]span
		matches [24]grammar.Match
	)
	t := lex.Text{Source: text, Tokens: tokens[:0], Folded: folded[:0]}
	for _, p := range r.own(text, spans[:0]) {
		t.Cut(p.from, p.to)
	}
	if len(t.Tokens) == 0 {
		return mark(&t)
	}
	if res, ok := r.keyword(&t); ok {
		return res
	}
	res := r.decide(&t, r.grammar.Find(&t, matches[:0]))
	if !undecided(res) || r.weights == nil || !latin(&t) {
		return res
	}
	return r.ask(&t, res)
}

// Prepare does with text what Read does before it asks the model, and reports
// whether the model would be asked. It is for training.
func (r *Reader) Prepare(text string) (*lex.Text, Result, bool) {
	t := &lex.Text{Source: text}
	for _, p := range r.own(text, nil) {
		t.Cut(p.from, p.to)
	}
	if len(t.Tokens) == 0 {
		return t, mark(t), false
	}
	k, ok := r.keyword(t)
	res := r.decide(t, r.grammar.Find(t, nil))
	if ok {
		return t, k, false
	}
	return t, res, undecided(res) && latin(t)
}

// undecided reports whether the model may still speak.
func undecided(res Result) bool { return res.Intent == None || res.Intent == Help }

// latin reports whether all words of t are spelled with Latin letters: the
// model has learnt nothing else.
func latin(t *lex.Text) bool {
	for i, tok := range t.Tokens {
		if tok.Kind == lex.Ideograph || tok.Kind == lex.Word && t.Fold(i)[0] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// mark reads a text without words: a question mark asks for help.
func mark(t *lex.Text) Result {
	if !t.Asked {
		return Result{Intent: None}
	}
	return Result{Intent: Help, Language: "en", Rule: "help/question-mark", To: len(t.Source)}
}

// decide weighs the matches of all rules: those that mean nothing outweigh
// those whose phrase begins or ends inside theirs, and of the rest the strongest intent
// wins, then the one that comes first. It marks the words that are explained.
func (r *Reader) decide(t *lex.Text, matches []grammar.Match) Result {
	for _, m := range matches {
		switch r.grammar.Rules[m.Rule].Intent {
		case None:
			for i := m.From; i < m.To; i++ {
				t.Tokens[i].Covered = true
			}
		case NoStart:
			for i := m.From; i < m.To; i++ {
				t.Tokens[i].Barred = true
			}
		}
	}
	best, rank := grammar.Match{}, len(Intents)
	for _, m := range matches {
		rule := &r.grammar.Rules[m.Rule]
		n := slices.Index(Intents[:], rule.Intent)
		if n < 0 || rule.Intent == None || n > rank || outweighed(t, m, rule) {
			continue
		}
		if n < rank || m.From < best.From {
			best, rank = m, n
		}
	}
	if rank == len(Intents) {
		return Result{Intent: None}
	}
	rule := &r.grammar.Rules[best.Rule]
	return Result{
		Intent: rule.Intent, Language: rule.Language, Rule: rule.ID,
		From: t.Tokens[best.From].Start, To: t.Tokens[best.To-1].End,
	}
}

// outweighed reports whether another rule says that the match m of rule means nothing.
func outweighed(t *lex.Text, m grammar.Match, rule *grammar.Rule) bool {
	if rule.Intent == Start {
		for i := m.From; i < m.To; i++ {
			if t.Tokens[i].Barred {
				return true // a refusal, or something next to one
			}
		}
	}
	return !rule.Sure && (t.Tokens[m.From].Covered || t.Tokens[m.To-1].Covered)
}

// ask asks the model about a text that no rule decided; res stands if the model is not sure.
func (r *Reader) ask(t *lex.Text, res Result) Result {
	v := r.weights.Judge(t, r.grammar.Vocabulary)
	switch {
	case v.Score >= r.weights.Stop:
		res = Result{Intent: Stop, Rule: "stop/model"}
	case v.Score >= r.weights.Review:
		res = Result{Intent: Review, Rule: "review/model"}
	default:
		return res
	}
	res.From, res.To = t.Tokens[v.From].Start, t.Tokens[v.To-1].End
	return res
}
