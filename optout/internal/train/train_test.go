package train

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/optout/internal/model"
	"github.com/carewire/carewire/optout/internal/reader"
)

func rules(t *testing.T) *reader.Reader {
	t.Helper()
	r, err := reader.New(os.DirFS("../.."), nil)
	require.NoError(t, err)
	return r
}

// lesson is a small set of texts that no rule reads.
var lesson = []Row{
	{Text: "the pigeons may rest now", Label: "optout", Writer: "a"},
	{Text: "let the pigeons rest", Label: "optout", Writer: "b"},
	{Text: "rest the pigeons for good", Label: "wrong-number", Writer: "c"},
	{Text: "the kettle is on", Label: "none", Writer: "a"},
	{Text: "put the kettle on the stove", Label: "none", Writer: "b"},
	{Text: "a kettle for two", Label: "optin", Writer: "c"},
	{Text: "pigeons or kettle", Label: "review", Writer: "c"},
}

// TestFit: the model learns, and learns the same every time.
func TestFit(t *testing.T) {
	t.Parallel()
	r := rules(t)
	o := Options{Rounds: 60, Rate: 0.2, MinCount: 1}
	file := Fit(r, lesson, o).Encode(0, 5)
	require.True(t, bytes.Equal(file, Fit(r, lesson, o).Encode(0, 5)))
	w, err := model.Decode(file)
	require.NoError(t, err)
	taught := r.With(w)
	for _, row := range lesson {
		if row.Unclear() {
			continue
		}
		require.Equal(t, reader.None, r.Read(row.Text).Intent)
		require.Equal(t, row.OptOut(), By(taught)(row.Text), row.Text)
	}
	got := taught.Read("may the pigeons rest")
	require.Equal(t, "review/model", got.Rule)
	require.Contains(t, "may the pigeons rest"[got.From:got.To], "pigeons")
}

// TestPrune: a feature of one text alone is left out.
func TestPrune(t *testing.T) {
	t.Parallel()
	xs := prune([]example{{features: []uint32{1, 2, 2}}, {features: []uint32{1, 3}}, {features: []uint32{4}}}, 2)
	require.Len(t, xs, 2)
	require.Equal(t, []uint32{1}, xs[0].features)
	require.Equal(t, []uint32{1}, xs[1].features)
}

func TestLoad(t *testing.T) {
	t.Parallel()
	write := func(text string) string {
		name := filepath.Join(t.TempDir(), "rows.jsonl")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	rows, err := Load(write(`{"text":"a","label":"none","lang":"en","writer":"w"}` + "\n" + `{"text":"b","label":"optout"}`))
	require.NoError(t, err)
	require.Equal(t, []Row{{Text: "a", Label: "none", Lang: "en", Writer: "w"}, {Text: "b", Label: "optout"}}, rows)
	_, err = Load(write("{"))
	require.ErrorContains(t, err, ":1:")
	_, err = Load(write(`{"text":"a","label":"spam"}`))
	require.ErrorContains(t, err, `unknown label "spam"`)
	_, err = Load(filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestScore(t *testing.T) {
	t.Parallel()
	var s Score
	for _, c := range [][2]bool{{true, true}, {true, true}, {true, false}, {false, true}, {false, false}} {
		s.Count(c[0], c[1])
	}
	require.Equal(t, Score{Found: 2, False: 1, Missed: 1}, s)
	require.InDelta(t, 2.0/3, s.Precision(), 1e-9)
	require.InDelta(t, 2.0/3, s.Recall(), 1e-9)
	require.InDelta(t, 2.0/3, s.F1(), 1e-9)
}

func TestBaselines(t *testing.T) {
	t.Parallel()
	require.True(t, Carriers(" Stop "))
	require.False(t, Carriers("stop please"))
	require.True(t, Contains("bus stop"))
	require.False(t, Contains("quit"))
}

// TestLeftOut: every text is read exactly once, by a model that has not seen its writer.
func TestLeftOut(t *testing.T) {
	t.Parallel()
	r := rules(t)
	by, err := LeftOut(r, lesson, nil, 3, Options{Rounds: 60, Rate: 0.2, MinCount: 1})
	require.NoError(t, err)
	all := by[""]
	require.Equal(t, 3, all.Found+all.Missed)
	alone, err := LeftOut(r, lesson[:1], nil, 3, Options{Rounds: 60, Rate: 0.2, MinCount: 1})
	require.NoError(t, err)
	require.Equal(t, Score{Missed: 1}, alone[""], "nothing was there to learn from")

	var b bytes.Buffer
	require.NoError(t, Report(&b, "name", map[string]Score{"": {Found: 1}, "xx": {}}))
	require.Contains(t, b.String(), "F1 1.0000")
}
