package lint

import (
	"encoding/json"
	"fmt"
	"io"
)

// Text writes a finding per line, as compilers do.
func (r Report) Text(w io.Writer) error {
	for _, f := range r.Findings {
		id := ""
		if f.ID != "" {
			id = " [" + f.ID + "]"
		}
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s: %s%s\n", f.File, f.Line, f.Column, f.Rule, f.Message, id); err != nil {
			return err
		}
	}
	return nil
}

// Summary is one line about all templates.
func (r Report) Summary() string {
	segments, ucs2 := 0, 0
	for _, s := range r.Sizes {
		segments += s.Segments
		if s.Encoding == "UCS-2" {
			ucs2++
		}
	}
	return fmt.Sprintf("%s, %s (%s in UCS-2), %s", many(len(r.Sizes), "template"), many(segments, "segment"),
		many(ucs2, "template"), many(len(r.Findings), "finding"))
}

// JSON writes one object: findings, and the size of each template.
func (r Report) JSON(w io.Writer) error {
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	if r.Sizes == nil {
		r.Sizes = []Size{}
	}
	return encode(w, r)
}

// encode writes v for people and programs.
func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func many(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
