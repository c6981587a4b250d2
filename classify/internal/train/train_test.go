package train

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/classify/internal/model"
)

// made are rows enough to learn that "apple" sells and "pear" does not.
func made() []Row {
	var rows []Row
	for i := range 60 {
		sector := string(rune('a' + i%6))
		n := strings.Repeat("very ", i%4)
		rows = append(rows,
			Row{ID: "s", Text: "Your " + n + "pear is ready at the desk", Label: "service", Sector: sector},
			Row{ID: "p", Text: "Come for an " + n + "apple at the desk", Label: "promotional", Sector: sector},
			Row{
				ID: "m", Text: "Your pear is " + n + "ready. Come for an apple", Label: "mixed", Sector: sector,
				Marks: [][2]int{{len("Your pear is " + n + "ready. "), len("Your pear is " + n + "ready. Come for an apple")}},
			},
		)
	}
	return rows
}

func small() Settings {
	s := Default()
	s.Slots, s.Small = 14, 20
	return s
}

func TestTrain(t *testing.T) {
	t.Parallel()
	file, err := Train(made(), small())
	require.NoError(t, err)
	again, err := Train(made(), small())
	require.NoError(t, err)
	require.True(t, bytes.Equal(file, again), "the same rows and seed give the same model")
	require.NotContains(t, string(file), "apple", "no text in the weights")

	m, err := model.ParseLinear(file)
	require.NoError(t, err)
	j := model.NewJudge(m)
	for text, sells := range map[string]bool{
		"Your pear is at the desk": false, "Come for an apple today": true, "Your pear is very ready. Come for an apple": true,
	} {
		require.NoError(t, j.Read(text))
		require.Equal(t, sells, j.Learned, text)
	}
	require.NoError(t, j.Read("Your pear is ready. Come for an apple"))
	require.Greater(t, j.Logits[1], j.Logits[0], "the clause that sells")
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	r, err := Measure(made(), 3, small())
	require.NoError(t, err)
	require.Equal(t, "built-in", r.Results[0].Name)
	require.Greater(t, r.Results[0].F1, 0.95)
	require.LessOrEqual(t, r.Results[4].Service, 0.015)
	var b strings.Builder
	_, err = r.WriteTo(&b)
	require.NoError(t, err)
	require.Equal(t, 4+len(r.Results), strings.Count(b.String(), "\n"))
}

func TestFolds(t *testing.T) {
	t.Parallel()
	rows := made()
	of := map[string]int{}
	seen := 0
	for k, part := range Folds(rows, 4) {
		for _, i := range part {
			seen++
			if other, ok := of[rows[i].Sector]; ok {
				require.Equal(t, other, k, "a sector is in one part")
			}
			of[rows[i].Sector] = k
		}
	}
	require.Equal(t, len(rows), seen)
}

func TestRead(t *testing.T) {
	t.Parallel()
	rows, err := Read(strings.NewReader(`{"id":"1","text":"a","label":"mixed","marks":[[0,1]]}` + "\n\n" + `{"label":"service"}`))
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.True(t, rows[0].Refused())
	for _, bad := range []string{"{", `{"label":"spam"}`, `{"label":1}`} {
		_, err := Read(strings.NewReader(bad))
		require.ErrorContains(t, err, "line 1")
	}
}

func TestLogistic(t *testing.T) {
	t.Parallel()
	xs := []example{
		{idx: []int32{0}, val: []float32{1}, yes: true, weight: 1},
		{idx: []int32{1}, val: []float32{1}, weight: 1},
		{idx: []int32{0, 1}, val: []float32{2, 1}, yes: true, weight: 1},
		{idx: []int32{1}, val: []float32{1}, yes: true, weight: 0},
	}
	w := logistic(xs, 2, 10, 200, 1)
	require.Greater(t, score(w, xs[0]), 0.5)
	require.Less(t, score(w, xs[1]), -0.5)
	require.Equal(t, w, logistic(xs, 2, 10, 200, 1))
}

// TestBuiltInIsReproducible trains on the corpus of the repository and compares
// with the file that is built in. It needs the repository, not only the module.
func TestBuiltInIsReproducible(t *testing.T) {
	t.Parallel()
	if race {
		t.Skip("SKIPPED: training on the whole corpus takes a minute under the race detector; it runs without")
	}
	f, err := os.Open("../../../corpus/outbound.jsonl")
	if os.IsNotExist(err) {
		t.Skip("SKIPPED: the corpus is a module of its own and not here")
	}
	require.NoError(t, err)
	defer f.Close()
	rows, err := Read(f)
	require.NoError(t, err)
	g, err := os.Open("../../../corpus/replies.jsonl")
	require.NoError(t, err)
	defer g.Close()
	replies, err := ReadReplies(g)
	require.NoError(t, err)
	got, err := Train(append(rows, replies...), Default())
	require.NoError(t, err)
	want, err := os.ReadFile("../model/linear.bin")
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got), "train again: go run ./classify/internal/train/fit")
}
