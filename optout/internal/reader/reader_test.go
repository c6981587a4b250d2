package reader

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/optout/internal/lex"
	"github.com/carewire/carewire/optout/internal/model"
)

// small is a reader with a handful of rules.
func small(t *testing.T, phrases string, w *model.Weights) *Reader {
	t.Helper()
	r, err := New(fstest.MapFS{
		"rules/keywords.txt":   {Data: []byte("stop | en | x | 2026-01-01 | stop\nnone | en | x | 2026-01-01 | yes")},
		"rules/reactions.txt":  {Data: []byte("en | x | 2026-01-01 | liked; * to")},
		"rules/words.txt":      {Data: []byte("halt | en | stop quit")},
		"rules/phrases/en.txt": {Data: []byte(phrases)},
	}, w)
	require.NoError(t, err)
	return r
}

func TestOwn(t *testing.T) {
	t.Parallel()
	r := small(t, "", nil)
	for text, want := range map[string]string{
		"one":                                 "one",
		"one\ntwo":                            "one\ntwo",
		"> one":                               "",
		"one\n> two\nthree":                   "one\n|three",
		"one\nOn Monday, Acme wrote:\ntwo":    "one\n",
		"one\nOn Monday, Acme wrote:\n> two":  "one\n",
		"On it, and all she wrote:":           "On it, and all she wrote:",
		"Only this:\ntwo":                     "Only this:\ntwo",
		"one\nEl lunes, Acme escribió:\ndos":  "one\n",
		"one\nAm Montag schrieb Acme:\nzwei":  "one\n",
		"one\n----- Original Message -----\n": "one\n",
		"Liked “stop”":                        "",
		"Liked “stop”\nquit":                  "\nquit",
		"👍 to “stop”":                         "",
		"Liked “stop":                         "",
		"Hated “stop”":                        "Hated “stop”",
		"“stop”":                              "“stop”",
		"Liked \"it's\" but don't":            " but don't",
	} {
		got := ""
		for i, s := range r.own(text, nil) {
			if i > 0 {
				got += "|"
			}
			got += text[s.from:s.to]
		}
		require.Equal(t, want, got, "%q", text)
	}
}

// TestDecide: which of several matches decides.
func TestDecide(t *testing.T) {
	t.Parallel()
	r := small(t, `
= none/en/guard | x | 2026-01-01
never stop
= no-start/en/guard | x | 2026-01-01
not ..2 again
= stop/en/a | x | 2026-01-01
stop texting
= stop/en/sure | x | 2026-01-01 | sure
stop sending
= wrong-number/en/a | x | 2026-01-01
wrong number
= start/en/a | x | 2026-01-01
text me again
= review/en/a | x | 2026-01-01
who knows
= help/en/a | x | 2026-01-01
help me
`, nil)
	for text, want := range map[string]string{
		"please stop texting":           "stop/en/a",
		"never stop texting":            "",
		"never stop sending":            "stop/en/sure",
		"never, stop texting":           "stop/en/a",
		"stop texting, wrong number":    "wrong-number/en/a",
		"text me again":                 "start/en/a",
		"text me again or stop texting": "stop/en/a",
		"do not text me again":          "",
		"text me again who knows":       "start/en/a",
		"who knows, help me":            "review/en/a",
		"help me":                       "help/en/a",
		"stop texting stop sending":     "stop/en/a",
		"yes":                           "",
		"stop":                          "stop/keyword/en/stop",
		"something else":                "",
	} {
		require.Equal(t, want, r.Read(text).Rule, "%q", text)
	}
}

// weights makes a model that says yes to every text.
func weights(t *testing.T, bias float64) *model.Weights {
	t.Helper()
	w, err := model.Decode(model.Encode(make([]int8, 1<<model.Bits), 0, bias, 0.5, 2))
	require.NoError(t, err)
	return w
}

// TestModel: the model speaks last, only to raise, and only of Latin letters.
func TestModel(t *testing.T) {
	t.Parallel()
	rules := "= start/en/a | x | 2026-01-01\ntext me again\n= help/en/a | x | 2026-01-01\nhelp me"
	for bias, want := range map[float64]string{0: None, 1: Review, 3: Stop} {
		r := small(t, rules, weights(t, bias))
		got := r.Read("anything at all")
		require.Equal(t, want, got.Intent)
		if want != None {
			require.Equal(t, want+"/model", got.Rule)
			require.Less(t, got.From, got.To)
		}
		require.Equal(t, Start, r.Read("text me again").Intent)
		require.Equal(t, None, r.Read("yes").Intent, "a keyword")
		require.Equal(t, None, r.Read("что угодно").Intent)
		require.Equal(t, None, r.Read("什么都行").Intent)
		require.Equal(t, None, r.Read("> anything").Intent)
	}
	require.Equal(t, Stop, small(t, rules, weights(t, 3)).Read("help me").Intent)
	require.Equal(t, Help, small(t, rules, weights(t, 0)).Read("help me").Intent)
}

// TestPrepare: training sees what Read sees.
func TestPrepare(t *testing.T) {
	t.Parallel()
	r := small(t, "= stop/en/a | x | 2026-01-01\nstop texting", nil)
	for text, open := range map[string]bool{"stop texting": false, "stop": false, "hello there": true, "": false, "привет": false} {
		x, res, got := r.Prepare(text)
		require.Equal(t, open, got, "%q", text)
		require.Equal(t, r.Read(text), res, "%q", text)
		want := lex.Text{Source: text}
		want.Cut(0, len(text))
		require.Len(t, x.Tokens, len(want.Tokens))
	}
}
