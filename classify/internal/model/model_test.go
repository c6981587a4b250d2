package model

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/classify/internal/reading"
)

func TestBuilder(t *testing.T) {
	t.Parallel()
	b := Builder{Log: 10, Small: map[uint32]bool{7: true, 3: true}, Bias: [2]float64{0.5, -0.25}, Weights: map[Feature][2]float64{}}
	var fs []Feature
	for i := range 600 {
		f := Feature(mix(uint64(i), 77)&^uint64(Blocks-1)) | Feature(Words)
		fs = append(fs, f)
		b.Weights[f] = [2]float64{float64(i) / 600, -float64(i) / 300}
	}
	file := b.Bytes()
	require.Equal(t, file, b.Bytes(), "the same weights give the same file")
	m, err := ParseLinear(file)
	require.NoError(t, err)
	require.Equal(t, b.Small, m.small)

	near := 0
	for i, f := range fs {
		var s Sums
		m.Add(&s, []Feature{f})
		whole, clause := m.Whole(&s), m.Clause(&s)
		if abs(whole-0.5-float64(i)/600) < 0.01 && abs(clause+0.25+float64(i)/300) < 0.02 {
			near++
		}
	}
	require.Greater(t, near, 570, "few look alike")
	require.InDelta(t, 0.5, m.Whole(&Sums{}), 0, "nothing but the bias")
}

func abs(x float64) float64 { return max(x, -x) }

func TestParseLinearRefuses(t *testing.T) {
	t.Parallel()
	good := (&Builder{Log: 4, Bias: [2]float64{1, 2}}).Bytes()
	_, err := ParseLinear(good)
	require.NoError(t, err)
	full := append([]byte(nil), good...)
	for i := len(full) - 3<<4; i < len(full); i += 3 {
		full[i] = 1
	}
	huge := append([]byte(nil), good...)
	binary.LittleEndian.PutUint32(huge[8:], 30)
	for name, b := range map[string][]byte{
		"empty": nil, "cut": good[:len(good)-1], "magic": append([]byte("nope"), good[4:]...), "full": full, "huge": huge,
		"long": append(append([]byte(nil), good...), 0),
	} {
		_, err := ParseLinear(b)
		require.ErrorIs(t, err, errFile, name)
	}
}

func TestBuiltIn(t *testing.T) {
	t.Parallel()
	m, err := BuiltIn()
	require.NoError(t, err)
	require.LessOrEqual(t, len(weights), 1<<20, "the model stays small")
	require.Len(t, m.small, 700)
	require.Greater(t, len(Senses()), 1500)
}

// TestFeaturesAreLinear: twice the text has no more than a little over twice the features.
func TestFeaturesAreLinear(t *testing.T) {
	t.Parallel()
	m, err := BuiltIn()
	require.NoError(t, err)
	z := m.Featurizer()
	count := func(n int) int {
		var x reading.Text
		text := make([]byte, 0, 5*n)
		for i := range n {
			text = append(text, "save "[0:4]...)
			text = append(text, byte('a'+i%26), ' ')
		}
		require.NoError(t, x.Read(string(text)))
		total := 0
		for _, c := range x.Clauses {
			total += len(z.Clause(&x, c))
		}
		return total
	}
	require.Less(t, float64(count(400)), 2.1*float64(count(200)))
}

func TestJudgeShortTexts(t *testing.T) {
	t.Parallel()
	m, err := BuiltIn()
	require.NoError(t, err)
	j := NewJudge(m)
	for _, text := range []string{"", "123", "Sale", "Free sale", "!!!", "Reply STOP to opt out."} {
		require.NoError(t, j.Read(text))
		require.False(t, j.Learned, text)
		require.Len(t, j.Logits, len(j.Text.Clauses))
	}
	require.InDelta(t, 0.5, Probability(0), 0)
}
