package lint

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/carewire/carewire/cmd/carewire/internal/jsonl"
	"github.com/carewire/carewire/consent"
)

// ErrNoFiles reports that there is nothing to check.
var ErrNoFiles = errors.New("no .txt, .jsonl or .ndjson files there")

// Files returns the files to check: those named, and in folders every .txt,
// .jsonl and .ndjson below them, in order, without hidden ones.
func Files(names []string) ([]string, error) {
	var files []string
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, name)
			continue
		}
		err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			hidden := path != name && strings.HasPrefix(d.Name(), ".")
			switch {
			case err != nil:
				return err
			case d.IsDir() && hidden:
				return filepath.SkipDir
			case d.Type().IsRegular() && !hidden && slices.Contains([]string{".txt", ".jsonl", ".ndjson"}, filepath.Ext(path)):
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, ErrNoFiles
	}
	return files, nil
}

// isJSON reports whether a file has a JSON row on each line.
func isJSON(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".jsonl" || ext == ".ndjson"
}

// kindOf reads the mark in a file's name.
func kindOf(name string) Kind {
	base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	switch k := Kind(strings.TrimPrefix(filepath.Ext(base), ".")); k {
	case First, Statement:
		return k
	case Ordinary:
	}
	return Ordinary
}

// read calls use for every template of a file, and bad for every line that is none.
func read(name string, r io.Reader, use func(*Template), bad func(line int, message string)) error {
	kind := kindOf(name)
	for in := jsonl.NewReader(r); ; {
		l, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, jsonl.ErrTooLong):
			bad(l.Number, err.Error())
			continue
		case err != nil:
			return err
		}
		t := &Template{File: name, Line: l.Number, Kind: kind}
		if !isJSON(name) {
			if fromText(t, string(l.Text)) {
				use(t)
			}
			continue
		}
		if err := fromJSON(t, bytes.Clone(l.Text)); err != nil {
			bad(l.Number, err.Error())
			continue
		}
		use(t)
	}
}

// fromText takes a line of a text file. A line that begins with "# " is a comment.
func fromText(t *Template, line string) bool {
	if strings.HasPrefix(line, "# ") || line == "#" {
		return false
	}
	t.Text = line
	t.locate = func(offset int) int { return utf8.RuneCountInString(line[:offset]) + 1 }
	return true
}

var (
	errNoText = errors.New(`no "text"`)
	errKind   = errors.New(`"kind" is neither first nor statement`)
	errUTF8   = errors.New("not valid UTF-8")
)

// fromJSON takes a row.
func fromJSON(t *Template, line []byte) error {
	var in struct {
		ID      json.RawMessage   `json:"id"`
		Text    *string           `json:"text"`
		Kind    Kind              `json:"kind"`
		Purpose consent.Purpose   `json:"purpose"`
		Values  map[string]string `json:"values"`
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return jsonl.Readable(err)
	}
	switch {
	case !utf8.Valid(line):
		return errUTF8
	case in.Text == nil:
		return errNoText
	case in.Kind != Ordinary && in.Kind != First && in.Kind != Statement:
		return errKind
	case in.Kind != Ordinary:
		t.Kind = in.Kind
	}
	t.Text, t.Purpose, t.Values, t.ID = *in.Text, in.Purpose, in.Values, plainID(in.ID)
	t.locate = func(offset int) int { return columnInJSON(line, offset) }
	return nil
}

// plainID returns an id as a text, whatever its kind.
func plainID(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}
