package lex

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func cut(text string) *Text {
	t := &Text{Source: text}
	t.Cut(0, len(text))
	return t
}

// words shows the tokens of a text: "<" where a clause begins, "." where a sentence begins.
func words(t *Text) string {
	var b strings.Builder
	for i, tok := range t.Tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch {
		case tok.Breaks:
			b.WriteByte('.')
		case tok.Opens:
			b.WriteByte('<')
		}
		b.Write(t.Fold(i))
	}
	return b.String()
}

func TestCut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                       "",
		"Stop texting me":        ".stop texting me",
		"No, stop. Thanks!":      ".no <stop .thanks",
		"don't I'm y'all's":      ".dont im yalls",
		"n'envoyez plus, l'aide": ".n envoyez plus <l aide",
		"opt-out":                ".opt out",
		"wait - no":              ".wait <no",
		"wait... no":             ".wait <no",
		"s.t.o.p":                ".s t o p",
		"done.Next":              ".done .next",
		"5.30 at example.com":    ".5 30 at example com",
		"ÀÉÎõü ñ ß æ Œ ø ł":      ".aeiou n ss ae oe o l",
		"ｓｔｏｐ 𝐬𝐭𝐨𝐩 ⓢⓣⓞⓟ 🆂🆃🅾🅿 ꜱᴛᴏᴘ":          ".stop stop stop stop stop",
		"st\u200bo\u00adp s\u0336t\u0336op": ".stop stop",
		"SТОP":                              ".stop", // Cyrillic letters among Latin ones
		"стоп":                              ".стоп",
		"退订 ok":                             ".退 订 ok",
		"그만":                                ".그 만",
		"no 🛑 yes":                          ".no <🛑 <yes",
		"👍🏽":                                ".👍",
		"wrong # here + there":              ".wrong # here + there",
		"توقّف":                             ".توقف",
		"?!":                                "",
		"\xff\xfe":                          "",
	} {
		require.Equal(t, want, words(cut(text)), "%q", text)
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	x := cut("Hi Anna, are you Bob? McDonald SIR")
	var titles, closes []string
	for i, tok := range x.Tokens {
		if tok.Title {
			titles = append(titles, string(x.Fold(i)))
		}
		if tok.Closes {
			closes = append(closes, string(x.Fold(i)))
		}
	}
	require.Equal(t, []string{"anna", "bob"}, titles)
	require.Equal(t, []string{"anna", "bob", "sir"}, closes)
	require.True(t, x.Tokens[4].Asks)
	require.True(t, x.Asked)
	require.False(t, x.Tokens[0].Title, "the first word of a sentence shows nothing")
}

func TestSkeleton(t *testing.T) {
	t.Parallel()
	require.Equal(t, "stop", string(AppendSkeleton(nil, "ЅТОР")))
	require.Equal(t, "stop", string(AppendSkeleton(nil, "ѕτοp")))
	require.Len(t, []rune(lookalikes), len(lookLetters))
	require.Len(t, []rune(variants), len(variantLetters))
}

func TestAccented(t *testing.T) {
	t.Parallel()
	require.Equal(t, "dừng", Accented(" DỪNG! "))
	require.NotEqual(t, Accented("dừng"), Accented("đúng"))
}

// FuzzCut: tokens follow each other, lie within the text, and are whole characters.
func FuzzCut(f *testing.F) {
	for _, s := range []string{"Stop. Thanks!", "s\u0336t\u200bop ＳＴＯＰ", "no 🛑 退订 توقّف", "\xff'\xe2\x80", "l'aide # +"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x := cut(text)
		at, folded := 0, 0
		for _, tok := range x.Tokens {
			if tok.Start < at || tok.End <= tok.Start || tok.End > len(text) {
				t.Fatalf("token at %d to %d after %d", tok.Start, tok.End, at)
			}
			if tok.From != folded || tok.To < tok.From || tok.To > len(x.Folded) {
				t.Fatalf("folded from %d to %d after %d", tok.From, tok.To, folded)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[tok.Start:tok.End]) {
				t.Fatal("half a character")
			}
			at, folded = tok.End, tok.To
		}
	})
}
