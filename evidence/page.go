package evidence

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"time"

	"github.com/carewire/carewire/consent"
)

//go:embed page.gohtml
var pageText string

// WriteHTML writes the pack as one HTML page that needs nothing else: no
// script, no font, no picture. It follows the reader's choice of light or dark
// and is made to be printed. All texts are escaped.
func (p Pack) WriteHTML(w io.Writer) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"time": showTime, "iso": isoTime, "sentence": sentence, "purposes": showPurposes, "short": short,
		"machine": func(t time.Time) string { return t.Format(time.RFC3339) },
		"badge":   badge,
		"label":   label,
	}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("evidence: page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, newPage(p)); err != nil {
		return fmt.Errorf("evidence: page: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("evidence: write: %w", err)
	}
	return nil
}

// page is what the template shows.
type page struct {
	Pack      plainPack
	Summary   []string
	Consents  []Event
	OptOuts   []Event
	Shown     []Event
	Attempts  []Event
	EntryOf   map[int]Entry
	EntryGone int // entries of the log whose contents were erased or were replaced
}

func newPage(p Pack) page {
	v := page{Pack: plainPack(p), EntryOf: map[int]Entry{}}
	for _, e := range p.Events {
		switch {
		case e.Consent != nil:
			v.Consents = append(v.Consents, e)
		case e.OptOut != nil:
			v.OptOuts = append(v.OptOuts, e)
		case e.Disclosure != nil:
			v.Shown = append(v.Shown, e)
		case e.Attempt != nil:
			v.Attempts = append(v.Attempts, e)
		}
	}
	if p.Seal != nil {
		for _, e := range p.Seal.Entries {
			if e.Event == 0 {
				v.EntryGone++
				continue
			}
			v.EntryOf[e.Event] = e
		}
	}
	v.Summary = summary(p)
	return v
}

const timeForm = "2 Jan 2006, 15:04:05"

func showTime(t time.Time) string {
	if t.IsZero() {
		return "not known"
	}
	return t.UTC().Format(timeForm) + " UTC"
}

func isoTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func showPurposes(ps []consent.Purpose) string {
	var b bytes.Buffer
	for i, p := range ps {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(p))
	}
	return b.String()
}

// short shortens an ID for a heading; the whole one is beside it.
func short(s string) string {
	if len(s) <= 16 {
		return s
	}
	return s[:8] + "…" + s[len(s)-6:]
}
