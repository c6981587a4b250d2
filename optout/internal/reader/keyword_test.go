package reader

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// rules are the rule files of package optout.
func rules(t *testing.T) *Reader {
	t.Helper()
	r, err := New(os.DirFS("../.."), nil)
	require.NoError(t, err)
	return r
}

// TestKeywordTable reads every word of the table as it is written, in
// capitals, with punctuation and with invisible characters.
func TestKeywordTable(t *testing.T) {
	t.Parallel()
	r, n := rules(t), 0
	for key, list := range r.keywords {
		for _, k := range list {
			n++
			text := k.exact
			if text == "" {
				text = key
			}
			for _, form := range []string{
				text, strings.ToUpper(text), " " + text + ". ", "\u200b" + text + "!!\n", "\"" + text + "\"",
			} {
				got := r.Read(form)
				require.Equal(t, k.intent == None, got.Intent == None, "%q", form)
				if k.exact != "" && k.intent != None {
					require.Equal(t, k.rule, got.Rule, "%q", form)
				}
			}
		}
	}
	require.Greater(t, n, 200)
}

// TestBroken: a rule file that cannot be read is an error that names the line.
func TestBroken(t *testing.T) {
	t.Parallel()
	good := fstest.MapFS{
		"rules/keywords.txt":   {Data: []byte("# ok\nstop | en | x | 2026-01-01 | stop")},
		"rules/reactions.txt":  {Data: []byte("en | x | 2026-01-01 | liked")},
		"rules/words.txt":      {Data: []byte("halt | en | stop quit")},
		"rules/phrases/en.txt": {Data: []byte("= stop/en/a | x | 2026-01-01\n@halt now")},
	}
	_, err := New(good, nil)
	require.NoError(t, err)
	for name, text := range map[string]string{
		"keywords.txt:2":  "# ok\nstop | en",
		"keywords.txt:3":  "# ok\n\nhalt | en | x | y | stop",
		"reactions.txt:1": "liked",
		"words.txt:1":     "halt | stop",
		"en.txt:1":        "@halt now",
		"en.txt:2":        "= stop/en/a | x | 2026-01-01\n..2 now",
		"en.txt:3":        "= stop/en/a | x | 2026-01-01\nstop\n@nothing now",
	} {
		bad := fstest.MapFS{}
		for f, data := range good {
			bad[f] = data
		}
		file, _, _ := strings.Cut(name, ":")
		if file == "en.txt" {
			file = "phrases/en.txt"
		}
		bad["rules/"+file] = &fstest.MapFile{Data: []byte(text)}
		_, err := New(bad, nil)
		require.ErrorContains(t, err, name)
	}
}
