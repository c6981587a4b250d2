package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/carewire/carewire/cmd/carewire/internal/jsonl"
)

// row is one line of a file.
type row struct {
	id    json.RawMessage // as it stands in the file; the line number if there is none
	text  string
	label string
	group string
	marks [][2]int // byte ranges of the words that people call promotional
}

var errNoText = errors.New(`no "text"`)

// parse reads a line. by names the field that rows are grouped by.
func parse(l jsonl.Line, by string) (row, error) {
	var in struct {
		ID    json.RawMessage `json:"id"`
		Text  *string         `json:"text"`
		Label string          `json:"label"`
		Lang  string          `json:"lang"`
		Marks [][2]int        `json:"marks"`
	}
	if err := json.Unmarshal(l.Text, &in); err != nil {
		return row{}, jsonl.Readable(err)
	}
	if in.Text == nil {
		return row{}, errNoText
	}
	r := row{id: bytes.Clone(in.ID), text: *in.Text, label: in.Label, group: in.Lang, marks: in.Marks}
	if len(r.id) == 0 || string(r.id) == "null" {
		r.id = strconv.AppendInt(nil, int64(l.Number), 10)
	}
	if by != "lang" {
		r.group = field(l.Text, by)
	}
	r.group = strings.Join(strings.Fields(r.group), " ") // one cell of a table
	if r.group == "" {
		r.group = "(none)"
	}
	return r, nil
}

// field returns a field of any kind as a text.
func field(line []byte, name string) string {
	var all map[string]any
	if json.Unmarshal(line, &all) != nil || all[name] == nil {
		return ""
	}
	return fmt.Sprint(all[name])
}
