package optout

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/optout/internal/lex"
	"github.com/carewire/carewire/optout/internal/reader"
)

// vector is a line of testdata/vectors.jsonl: a text and what it means.
type vector struct {
	ID, Text, Intent, Lang string
	Rule                   string // the rule that must match, if one is meant
	Near                   string // the rule that must not decide, although the text resembles its phrases
}

func vectors(t *testing.T) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.jsonl")
	require.NoError(t, err)
	var all []vector
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		var v vector
		require.NoError(t, json.Unmarshal(lines.Bytes(), &v))
		all = append(all, v)
	}
	require.NoError(t, lines.Err())
	return all
}

// TestVectors reads every text of testdata, and looks for the rule that is
// named. A Stop may come from the model; the other intents may not.
func TestVectors(t *testing.T) {
	t.Parallel()
	r, err := loaded()
	require.NoError(t, err)
	for _, v := range vectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			got := Read(v.Text)
			require.Equal(t, v.Intent, strings.ReplaceAll(got.Intent.String(), " ", "-"), "%q by %s", v.Text, got.Rule)
			if v.Rule != "" {
				require.Contains(t, matched(r, v.Text), v.Rule, "%q", v.Text)
			}
			if strings.HasPrefix(v.Near, "no") {
				require.NotContains(t, matched(r, v.Text), v.Near, "%q", v.Text)
			}
			if v.Near != "" {
				require.NotEqual(t, v.Near, got.Rule, "%q", v.Text)
			}
			if got.Intent == None {
				require.Zero(t, got)
				return
			}
			require.NotEmpty(t, got.Rule)
			require.Less(t, got.Start, got.End)
			require.LessOrEqual(t, got.End, len(v.Text))
		})
	}
}

// TestVectorsCoverRules: every rule of the phrase files has a text that it
// matches and one that it just does not.
func TestVectorsCoverRules(t *testing.T) {
	t.Parallel()
	r, err := loaded()
	require.NoError(t, err)
	all := vectors(t)
	require.Greater(t, len(all), 400)
	for _, rule := range r.Grammar().Rules {
		require.True(t, slices.ContainsFunc(all, func(v vector) bool { return v.Rule == rule.ID }), "no hit of %s", rule.ID)
		require.True(t, slices.ContainsFunc(all, func(v vector) bool { return v.Near == rule.ID }), "no near miss of %s", rule.ID)
	}
}

// matched returns the ids of all rules that match text.
func matched(r *reader.Reader, text string) []string {
	t := lex.Text{Source: text}
	t.Cut(0, len(text))
	var ids []string
	for _, m := range r.Grammar().Find(&t, nil) {
		ids = append(ids, r.Grammar().Rules[m.Rule].ID)
	}
	return ids
}
