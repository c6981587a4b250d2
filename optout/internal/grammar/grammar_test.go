package grammar

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/optout/internal/lex"
)

const testWords = `# classes
halt | en | stop quit
halt | es | alto
msg  | en | text texts message
who  | en | me us
typos | en | unsubscribe messages
known | en | massages
plain | en | textile
msg  | es | text*
`

func compiled(t *testing.T, phrases ...string) *Grammar {
	t.Helper()
	g, err := Compile(File{"words.txt", testWords}, []File{{"en.txt", "= stop/en/test | own | 2026-01-01\n" + strings.Join(phrases, "\n")}})
	require.NoError(t, err)
	return g
}

// found returns the words of all matches, joined by "|".
func found(g *Grammar, text string) string {
	t := lex.Text{Source: text}
	t.Cut(0, len(text))
	var list []string
	for _, m := range g.Find(&t, nil) {
		list = append(list, text[t.Tokens[m.From].Start:t.Tokens[m.To-1].End])
	}
	return strings.Join(list, "|")
}

func TestNotation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ phrase, text, want string }{
		{"stop now", "please stop now thanks", "stop now"},
		{"stop now", "stop right now", ""},
		{"stop/quit now", "quit now", "quit now"},
		{"@halt now", "stop now", "stop now"},
		{"@halt now", "alto now", ""}, // another language
		{"@halt.es now", "alto now", "alto now"},
		{"@halt.* now", "alto now", "alto now"},
		{"stop please? now", "stop now", "stop now"},
		{"stop please? now", "stop please now", "stop please now"},
		{"stop please? now", "stop please please now", ""},
		{"stop please?2 now", "stop please please now", "stop please please now"},
		{"stop ..2 now", "stop it right now", "stop it right now"},
		{"stop ..2 now", "stop it right about now", ""},
		{"stop _ now", "stop it now", "stop it now"},
		{"stop _ now", "stop now", ""},
		{"stop !by/at", "stop by", ""},
		{"stop !by/at", "stop me", "stop me"},
		{"stop 0", "stop 24", "stop 24"},
		{"not ~", "I am not Anna", "not Anna"},
		{"not ~", "I am not hungry", ""},
		{"<stop", "please stop", ""},
		{"<stop", "please, stop", "stop"},
		{"stop>", "stop it", ""},
		{"stop>", "stop, it", "stop"},
		{"stop ..1 >", "stop it. Now", "stop it"},
		{"stop ..1 >", "stop. it now", "stop"},
		{"^stop", "please. stop", ""},
		{"^stop", "stop. please", "stop"},
		{"stop $", "ok stop!", "stop"},
		{"stop $", "stop. ok", ""},
		{"stop now", "stop. now", ""}, // another sentence
		{"stop ; now", "stop. now", "stop. now"},
		{"stop now", "stop, now", "stop, now"},
		{"text*", "textual", "textual"},
		{"text*", "textile", ""}, // plain
		{"text* now", "text now", "text now"},
		{"退订", "请退订", "退订"},
		{"unsubscribe", "unsubcribe", "unsubcribe"},
		{"unsubscribe", "unsubscrbie", "unsubscrbie"},
		{"unsubscribe", "unsubscrrbie", ""}, // two letters off
		{"messages", "massages", ""},        // a known word
		{"stop", "s t o p", "s t o p"},
		{"stop", "S.T.O.P!", "S.T.O.P"},
		{"stop", "stooop", "stooop"},
		{"stop", "st0p", "st0p"},
		{"stop", "ѕтор", "ѕтор"},
	} {
		require.Equal(t, c.want, found(compiled(t, c.phrase), c.text), "%q in %q", c.phrase, c.text)
	}
}

// TestNone: a phrase that means nothing does not go beyond a comma.
func TestNone(t *testing.T) {
	t.Parallel()
	g, err := Compile(File{"words.txt", testWords}, []File{{"en.txt", "= none/en/test | own | 2026-01-01\nno stop ..2"}})
	require.NoError(t, err)
	require.Empty(t, found(g, "no, stop"))
	require.Equal(t, "no stop|no stop on|no stop on|no stop on Elm", found(g, "no stop on Elm street"))
}

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	for rules, want := range map[string]string{
		"stop":                                                "a pattern before the first rule",
		"= stop/en | own | 2026-01-01":                        "is not intent/language/name",
		"= stop/en/a | own":                                   "want \"= id",
		"= stop/en/a | own | x | maybe":                       "want \"= id",
		"= stop/en/a | o | x\n@nothing":                       "no class @nothing.en",
		"= stop/en/a | o | x\n..2 stop":                       "begins with words",
		"= stop/en/a | o | x\nmaybe? stop":                    "begins with words",
		"= stop/en/a | o | x\nstop ..99":                      "how many",
		"= stop/en/a | o | x\nstop now?9":                     "how often",
		"= stop/en/a | o | x\nstop a!/b":                      "a mark within",
		"= stop/en/a | o | x\n= stop/en/a | o | x":            "a second rule",
		"= stop/en/a | o | x\n" + strings.Repeat("stop ", 70): "elements",
	} {
		_, err := Compile(File{"words.txt", testWords}, []File{{"en.txt", rules}})
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "en.txt:")
	}
	_, err := Compile(File{"words.txt", "halt | stop"}, nil)
	require.ErrorContains(t, err, "words.txt:1: 2 columns")
}

// TestAutomatonAgainstNaive compares the automaton with a matcher that tries
// every pattern at every word, on random patterns and texts.
func TestAutomatonAgainstNaive(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test
	for range 3000 {
		phrase := randomPhrase(random)
		g, err := Compile(File{"words.txt", testWords}, []File{{"en.txt", "= none/en/t | own | 2026-01-01\n" + phrase}})
		require.NoError(t, err, phrase)
		p, err := g.Vocabulary.parsePattern(phrase, "en", false)
		require.NoError(t, err)
		text := lex.Text{Source: randomText(random)}
		text.Cut(0, len(text.Source))
		var ends []int
		for _, m := range g.Find(&text, nil) {
			ends = append(ends, m.To)
			require.True(t, naive(g, &text, p, 0, m.From, m.To), "%q in %q from %d to %d", phrase, text.Source, m.From, m.To)
		}
		slices.Sort(ends)
		ends = slices.Compact(ends)
		var want []int
		for to := 1; to <= len(text.Tokens); to++ {
			for from := range to {
				if naive(g, &text, p, 0, from, to) {
					want = append(want, to)
					break
				}
			}
		}
		require.Equal(t, want, ends, "%q in %q", phrase, text.Source)
	}
}

func randomPhrase(r *rand.Rand) string {
	elements := []string{"a", "b", "c", "a/b", "c?", "b?2", "..1", "..2", "_", "!a", "<b", "c>", "; b"}
	parts := []string{[]string{"a", "b", "a/c", "<a", "^a"}[r.IntN(5)]}
	for range r.IntN(5) {
		parts = append(parts, elements[r.IntN(len(elements))])
	}
	return strings.Join(parts, " ") + []string{"", "", " >", " $"}[r.IntN(4)]
}

func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(9) {
		b.WriteString([]string{"aa", "bb", "cc", "dd"}[r.IntN(4)][:1])
		b.WriteString([]string{" ", " ", " ", ", ", ". "}[r.IntN(5)])
	}
	return b.String()
}

// naive reports whether the elements of p from k on match exactly the tokens from at to to.
func naive(g *Grammar, t *lex.Text, p pattern, k, at, to int) bool {
	if k == len(p.elements) {
		last := to - 1
		return at == to && to > 0 && (!p.closes || t.Tokens[last].Closes) && (!p.last || to == len(t.Tokens))
	}
	e := p.elements[k]
	if e.optional && naive(g, t, p, k+1, at, to) {
		return true
	}
	if at >= to {
		return false
	}
	tok := t.Tokens[at]
	tight := k > 0 // of a rule that means nothing
	switch {
	case slices.Contains(e.words, tok.Word) == e.any,
		e.opens && !tok.Opens, e.closes && !tok.Closes, e.first && at > 0,
		tight && tok.Opens, k > 0 && tok.Breaks && !e.crosses:
		return false
	}
	return naive(g, t, p, k+1, at+1, to)
}

func TestOneEdit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"stop", "stop", true},
		{"stp", "stop", true},
		{"stoop", "stop", true},
		{"stap", "stop", true},
		{"sotp", "stop", true},
		{"spto", "stop", false},
		{"op", "stop", false},
		{"", "a", true},
		{"ab", "ba", true},
	} {
		require.Equal(t, c.want, oneEdit([]byte(c.a), c.b), "%s %s", c.a, c.b)
	}
}

// BenchmarkFind shows that the time per word does not depend on the length of the text.
func BenchmarkFind(b *testing.B) {
	g, err := Compile(File{"words.txt", testWords}, []File{{"en.txt", "= stop/en/t | o | x\nstop ..4 text\nstop ..4 stop ..4 me"}})
	require.NoError(b, err)
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			t := lex.Text{Source: strings.Repeat("stop text me ", n/3)}
			t.Cut(0, len(t.Source))
			b.ReportAllocs()
			for b.Loop() {
				g.automaton.run(&t, nil)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(t.Tokens)), "ns/word")
		})
	}
}
