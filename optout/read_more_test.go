package optout

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/optout/internal/reader"
	"github.com/carewire/carewire/optout/internal/train"
)

// TestReadAllocations: a reply costs two allocations at most.
func TestReadAllocations(t *testing.T) { // not parallel: it counts the allocations of the process
	Read("warm up")
	for _, c := range benchTexts[:4] {
		require.LessOrEqual(t, testing.AllocsPerRun(100, func() { Read(c.text) }), 2.0, c.name)
	}
}

// TestReadLong: what decides is found in a long text too, and a long text of
// nothing is nothing.
func TestReadLong(t *testing.T) {
	t.Parallel()
	padding := strings.Repeat("We had a very nice day at the lake. ", 1800)
	text := padding + "Please take me off your list. " + padding
	r := Read(text)
	require.Equal(t, Stop, r.Intent)
	require.Contains(t, text[r.Start:r.End], "take me off")
	require.NotEqual(t, Stop, Read(padding).Intent)
}

// corpusFile is in a module of its own, which a copy of this module alone lacks.
const corpusFile = "../corpus/replies.jsonl"

// TestShippedWeights trains again and demands the very same file. After a
// change of rules or texts run "go generate ./optout".
func TestShippedWeights(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(corpusFile); err != nil {
		t.Skipf("SKIPPED: the weights were not checked, since the corpus is not here: %v", err)
	}
	r, err := reader.New(files, nil)
	require.NoError(t, err)
	var rows []train.Row
	for _, name := range []string{corpusFile, "internal/train/more.jsonl"} {
		more, err := train.Load(name)
		require.NoError(t, err)
		rows = append(rows, more...)
	}
	shipped, err := files.ReadFile("model.bin")
	require.NoError(t, err)
	again := train.Fit(r, rows, train.Defaults()).Encode(train.Review, train.Stop)
	require.True(t, bytes.Equal(shipped, again), "model.bin is not what the rules and texts give: run go generate ./optout")
}

// TestCorpus reads the corpus with a model that has not seen the writer, and
// compares with what keyword lists find.
func TestCorpus(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(corpusFile); err != nil {
		t.Skipf("SKIPPED: nothing was measured, since the corpus is not here: %v", err)
	}
	r, err := reader.New(files, nil)
	require.NoError(t, err)
	rows, err := train.Load(corpusFile)
	require.NoError(t, err)
	extra, err := train.Load("internal/train/more.jsonl")
	require.NoError(t, err)
	left, err := train.LeftOut(r, rows, extra, 5, train.Defaults())
	require.NoError(t, err)
	rules := train.Measure(rows, train.By(r))
	t.Logf("rules alone %+v, with the model %+v", rules[""], left[""])
	require.GreaterOrEqual(t, left[""].F1(), 0.97)
	require.Greater(t, left[""].F1(), rules[""].F1(), "the model helps")
	require.Greater(t, left[""].Precision(), 0.98)
	for _, m := range []train.Method{train.Carriers, train.Contains} {
		require.Less(t, train.Measure(rows, m)[""].F1(), left[""].F1()-0.5)
	}
	requireNoFalseStart(t, rows)
}

// requireNoFalseStart: reading an opt-in into an opt-out would be the worst error of all.
func requireNoFalseStart(t *testing.T, rows []train.Row) {
	t.Helper()
	for _, row := range rows {
		if row.OptOut() {
			require.NotEqual(t, Start, Read(row.Text).Intent, "%q", row.Text)
		}
	}
}

// FuzzRead: any text is read without a panic, the same way twice, and the
// reason is a part of the text.
func FuzzRead(f *testing.F) {
	for _, v := range []string{
		"Stop. Thank you", "Liked “STOP”", "> STOP\nok", "s\u0336t\u200bop ＳＴＯＰ", "no 🛑 退订 توقّف", "don't stop",
		"On Monday, Acme wrote:\nSTOP", "\xff\xfe“", "please take me off your list, thanks", "wrong number",
	} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := Read(text)
		if r != Read(text) {
			t.Fatal("two readings differ")
		}
		if r.Start < 0 || r.End < r.Start || r.End > len(text) {
			t.Fatalf("from %d to %d of %d", r.Start, r.End, len(text))
		}
		if utf8.ValidString(text) && !utf8.ValidString(text[r.Start:r.End]) {
			t.Fatal("half a character")
		}
		if (r.Intent == None) != (r.Rule == "") {
			t.Fatalf("%v by rule %q", r.Intent, r.Rule)
		}
	})
}
