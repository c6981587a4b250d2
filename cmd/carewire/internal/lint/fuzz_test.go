package lint_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/cmd/carewire/internal/lint"
)

// FuzzLint checks that any line, as text and as JSON, is linted without a
// crash, and that every finding points into its line.
func FuzzLint(f *testing.F) {
	for _, s := range []string{
		"Acme: reply YES to confirm {date} or CANCEL to cancel – {{name}} {",
		`{"id":1,"text":"a\u00e9\ud83c\udf89\"\\ {} reply NO","values":{"":"🎉"},"kind":"first"}`,
		"\xff\u202e\t", `{"text":"\ud83c"}`, `{"text":"\u200b","TEXT":"STOP/END"}`, "¿Viene? Responda SI/NO",
	} {
		f.Add(s)
	}
	p := acme(f)
	f.Fuzz(func(t *testing.T, line string) {
		for _, name := range []string{"a.txt", "a.jsonl", "a.first.txt"} {
			l := &lint.Linter{Classifier: service{}, Program: p, MaxSegments: 1}
			require.NoError(t, l.Check(t.Context(), name, strings.NewReader(line)))
			lines := bytes.Split([]byte(line), []byte("\n"))
			for _, found := range l.Report().Findings {
				require.LessOrEqual(t, found.Line, len(lines))
				width := utf8.RuneCount(bytes.TrimPrefix(lines[found.Line-1], []byte("\ufeff")))
				require.GreaterOrEqual(t, found.Column, 1)
				require.GreaterOrEqual(t, found.EndColumn, found.Column)
				require.LessOrEqual(t, found.EndColumn, width+1)
			}
		}
	})
}
