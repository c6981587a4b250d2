package train

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

// The scores from which the shipped model speaks, chosen so that ordinary
// chat, which no rule and no training text has seen, stays below them.
const (
	Review = 0.40 // a person has to read the text
	Stop   = 0.9  // the text is an opt-out
)

// Row is one labelled text.
type Row struct {
	Text   string
	Label  string // optout, wrong-number, optin, help, none or review
	Lang   string
	Writer string
}

// OptOut reports whether the person wants no more messages, or is somebody else.
func (r Row) OptOut() bool { return r.Label == "optout" || r.Label == "wrong-number" }

// Unclear reports whether the text can be read in two ways: it says nothing to
// a model, and counts in no measurement.
func (r Row) Unclear() bool { return r.Label == "review" }

// maxLine bounds a line of a file of texts.
const maxLine = 1 << 20

// Load reads labelled texts, one JSON object with the fields of a Row per line.
func Load(name string) ([]Row, error) {
	f, err := os.Open(name) //nolint:gosec // the caller names the file
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	labels := []string{"optout", "wrong-number", "optin", "help", "none", "review"}
	var rows []Row
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		var row Row
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("train: %s:%d: %w", name, n, err)
		}
		if !slices.Contains(labels, row.Label) {
			return nil, fmt.Errorf("train: %s:%d: unknown label %q", name, n, row.Label)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("train: %s: %w", name, err)
	}
	return rows, nil
}
