package train

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Row is one text of a corpus.
type Row struct {
	ID     string   `json:"id"`
	Text   string   `json:"text"`
	Label  string   `json:"label"` // service, promotional or mixed
	Lang   string   `json:"lang"`
	Sector string   `json:"sector"`
	Writer string   `json:"writer"`
	Hard   bool     `json:"hard"`  // written to be hard to tell
	Marks  [][2]int `json:"marks"` // byte ranges of the promotional part
}

// Refused reports whether a classifier should object to the row.
func (r Row) Refused() bool { return r.Label != "service" }

// Read reads rows, a JSON object per line, from r.
func Read(r io.Reader) ([]Row, error) {
	return read(r, func(row *Row) (bool, error) {
		switch row.Label {
		case "service", "promotional", "mixed":
			return true, nil
		}
		return false, errLabel
	})
}

// ReadReplies reads what people write to a business: the rows labelled "none"
// are service in the tone of a conversation, and are given sectors of their own.
// What else is labelled is passed over, as are languages that the rules do not read.
func ReadReplies(r io.Reader) ([]Row, error) {
	return read(r, func(row *Row) (bool, error) {
		take := row.Label == "none" && slices.Contains([]string{"en", "es", "fr", "pt"}, row.Lang)
		row.Label, row.Sector = "service", "reply-"+row.Sector
		return take, nil
	})
}

func read(r io.Reader, take func(*Row) (bool, error)) ([]Row, error) {
	var rows []Row
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for n := 1; in.Scan(); n++ {
		if len(in.Bytes()) == 0 {
			continue
		}
		var row Row
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("train: line %d: %w", n, err)
		}
		ok, err := take(&row)
		if err != nil {
			return nil, fmt.Errorf("train: line %d: %w", n, err)
		}
		if ok {
			rows = append(rows, row)
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return rows, nil
}

var errLabel = errors.New("the label is none of service, promotional, mixed")
