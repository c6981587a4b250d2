package model

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/optout/internal/grammar"
	"github.com/carewire/carewire/optout/internal/lex"
)

func prepared(t *testing.T, text string) (*lex.Text, *grammar.Vocabulary) {
	t.Helper()
	g, err := grammar.Compile(grammar.File{Name: "words.txt", Text: "halt | en | stop quit\nmsg | en | texts"},
		[]grammar.File{{Name: "en.txt", Text: "= none/en/by | own | 2026-01-01\nstop by"}})
	require.NoError(t, err)
	x := &lex.Text{Source: text}
	x.Cut(0, len(text))
	g.Find(x, nil)
	return x, g.Vocabulary
}

func features(t *testing.T, text string) []uint32 {
	t.Helper()
	x, v := prepared(t, text)
	var fs []uint32
	Features(x, v, func(i int, f uint32) {
		require.Less(t, i, len(x.Tokens))
		require.Less(t, f, uint32(1<<Bits))
		fs = append(fs, f)
	})
	return fs
}

func TestFeatures(t *testing.T) {
	t.Parallel()
	require.Empty(t, features(t, ""))
	require.Equal(t, features(t, "please stop the texts"), features(t, "Please STOP the  tEXts"))
	require.NotEqual(t, features(t, "please stop the texts"), features(t, "please, stop the texts"))
	require.NotEqual(t, features(t, "stop the texts"), features(t, "the texts stop"))
	require.Len(t, features(t, "room 12"), len(features(t, "room 99")))
	require.Equal(t, features(t, "room 12"), features(t, "room 99"), "numbers are alike")
}

// TestCovered: the model does not see what a rule has explained.
func TestCovered(t *testing.T) {
	t.Parallel()
	see := func(text string) []uint32 {
		x, v := prepared(t, text)
		x.Tokens[1].Covered = true
		var fs []uint32
		Features(x, v, func(_ int, f uint32) { fs = append(fs, f) })
		return fs
	}
	require.Equal(t, see("please stop now"), see("please quit now"))
}

// TestJudge: the score is the scaled sum, and the reason the words that weigh most.
func TestJudge(t *testing.T) {
	t.Parallel()
	x, v := prepared(t, "hello there quit now friend")
	table := make([]int8, 1<<Bits)
	Features(x, v, func(i int, f uint32) {
		switch i {
		case 2, 3:
			table[f] = 50
		case 0, 4:
			table[f] = -20
		}
	})
	w, err := Decode(Encode(table, 0.01, -0.25, 0, 1))
	require.NoError(t, err)
	got := w.Judge(x, v)
	require.Equal(t, 2, got.From)
	require.Equal(t, 4, got.To)
	require.Positive(t, got.Score)
	require.Equal(t, got, w.Judge(x, v))

	neutral, err := Decode(Encode(make([]int8, 1<<Bits), 0.01, -0.25, 0, 1))
	require.NoError(t, err)
	require.Equal(t, Verdict{Score: -0.25}, neutral.Judge(x, v))
}

func TestDecode(t *testing.T) {
	t.Parallel()
	_, err := Decode([]byte("short"))
	require.ErrorContains(t, err, "size")
	table := make([]int8, 1<<Bits)
	table[3], table[7] = -127, 127
	w, err := Decode(Encode(table, 0.0125, -0.5, 0.375, 0.9))
	require.NoError(t, err)
	require.Equal(t, table, w.table)
	require.Equal(t, []float64{0.0125, -0.5, 0.375, 0.9}, []float64{w.scale, w.bias, w.Review, w.Stop})
}
