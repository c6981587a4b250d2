package reading

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Hello, WORLD": "hello, world", "Café Ñandú": "cafe nandu", "ＳＡＬＥ ５０％": "sale 50%", "s\u200ba\u00adle": "sale",
		"ѕаlе": "sale", "𝐅𝐑𝐄𝐄 𝟐𝟎": "free 20", "Ⓕⓡⓔⓔ": "free", "don’t “stop”": `don't "stop"`, "a\u00a0b": "a b", "🅂🄰🄻🄴": "sale",
		"e\u0301t\u0301e\u0301": "ete", "5\ufe0f\u20e30%": "50%", "ﬁne": "fine", "\xff": " ", "100\u202f€": "100 €", "½": "1⁄2",
	} {
		var f folded
		f.fold(in)
		require.Equal(t, want, string(f.b), in)
		require.Len(t, f.at, len(f.b)+1)
		require.Equal(t, len(in), int(f.at[len(f.b)]))
		for i := range f.b {
			require.LessOrEqual(t, f.at[i], f.at[i+1])
		}
	}
}

func words(t *testing.T, text string) (words []string, clauses []string) {
	t.Helper()
	var x Text
	require.NoError(t, x.Read(text))
	for _, w := range x.Words {
		words = append(words, string(x.Folded(w)))
	}
	for _, c := range x.Clauses {
		s, e := x.Range(c.From, c.To)
		clauses = append(clauses, text[s:e])
	}
	return words, clauses
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"You're in!":                    "you're|in",
		"Dana's car":                    "dana's|car",
		"l'offre d'été":                 "l|offre|d|ete",
		"$5.50 or 20 % off, 10:30":      "$5.50|or|20 %|off|10:30",
		"20€ 20 €":                      "20€|20 €",
		"see https://acme.example/a?b.": "see|https://acme.example/a?b",
		"mail help@acme.example now":    "mail|help@acme.example|now",
		"Done.Thanks":                   "done|thanks",
		"S A L E now":                   "s a l e|now",
		"f.r.e.e stuff":                 "f.r.e.e|stuff",
		"2x1 and 50GB":                  "2x1|and|50gb",
		"pre-order":                     "pre|order",
		"acme.example":                  "acme.example",
		"U.S. mail":                     "u|s|mail",
	} {
		got, _ := words(t, in)
		require.Equal(t, want, strings.Join(got, "|"), in)
	}
}

func TestClauses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"Your order shipped. While you wait, look around!": {"Your order shipped", "While you wait, look around"},
		"Dr. Lee is in. See you at 3.30 p.m. today":        {"Dr. Lee is in", "See you at 3.30 p.m. today"},
		"one; two | three\nfour • five – six - seven":      {"one", "two", "three", "four", "five", "six", "seven"},
		"Ready? Yes!": {"Ready", "Yes"},
		"...":         nil,
		"":            nil,
	} {
		_, got := words(t, in)
		require.Equal(t, want, got, in)
	}
}

func TestRuleFilesCompile(t *testing.T) {
	t.Parallel()
	rs, err := rules()
	require.NoError(t, err)
	require.Greater(t, len(rs.phrases), 1000)
	require.Less(t, len(rs.ids), 64, "weigh keeps 64 rules apart")
	for _, id := range rs.ids[formulaRule+1:] {
		require.Regexp(t, `^(promo|content)/[a-z-]+$`, id)
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for file, why := range map[string]string{
		"[promo/x 90]\n.. a":     "begin with a word",
		"[promo/x 90]\na? b":     "begin with a word",
		"[promo/x 90]\n<prize>":  "no kind",
		"[promo/x 90]\n@nothing": "no list",
		"[promo/x much]\na":      "weight",
	} {
		_, err := compile(map[langs]string{english: file}, nil)
		require.ErrorContains(t, err, why, file)
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	file := "@day = monday friday\n[promo/a 90]\nsave up? to? <pct|price>\nends .. @day\nwant * <?>\n[innocent]\nfinal save\n[formula]\nreply stop"
	rs, err := compile(map[langs]string{english: file}, nil)
	require.NoError(t, err)
	for text, want := range map[string]int{
		"save 20%": 1, "save up to $5": 1, "save to 5%": 1, "save up the 5%": 0, "ends on friday": 1, "ends in two whole friday": 1,
		"ends in two whole weeks friday": 0, "want this?": 1, "want this": 0, "final save 20%": 0, "reply stop": 0, "SAVE 20%": 1,
	} {
		x := Text{rs: rs}
		x.read(text)
		require.Len(t, x.Hits, want, text)
		if len(x.Clauses) > 0 {
			require.Equal(t, text == "reply stop", x.Clauses[0].Silent(), text)
		}
	}
}

// FuzzRead checks that reading ends, and that every range lies in the text.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "a.b.c.d.e", "$ 5", "20 €", "https://", "@", "x@y", "\xe2\x82", "s-a-l-e", "l'", "''", "1:2:3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var x Text
		require.NoError(t, x.Read(text))
		for i := range x.Words {
			s, e := x.Range(i, i+1)
			require.True(t, 0 <= s && s < e && e <= len(text), "%d..%d", s, e)
		}
		for _, h := range x.Hits {
			require.True(t, 0 <= h.From && h.From < h.To && h.To <= len(x.Words))
		}
	})
}
