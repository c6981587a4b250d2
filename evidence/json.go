package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrForm reports a file that is no pack as [Pack.WriteJSON] writes it.
var ErrForm = errors.New("evidence: not a pack as it was written")

// limit is how large a file may be that Read reads.
const limit = 256 << 20

// WriteJSON writes the pack as JSON, indented for people. The form is
// documented in docs/evidence.md.
func (p Pack) WriteJSON(w io.Writer) error {
	text, err := p.marshal("  ")
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return fmt.Errorf("evidence: write: %w", err)
	}
	return nil
}

// marshal is the only way in which packs are written.
func (p Pack) marshal(indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(plainPack(p)); err != nil {
		return nil, fmt.Errorf("evidence: encode: %w", err)
	}
	return b.Bytes(), nil
}

// plainPack is a Pack that JSON sees field by field.
type plainPack Pack

// FormError says where a file differs from what [Pack.WriteJSON] would have
// written. It wraps [ErrForm] and contains nothing of the file.
type FormError struct {
	Line   int // of the file, from 1
	Reason string
}

// Error returns the line and the reason.
func (e *FormError) Error() string { return fmt.Sprintf("%v: line %d: %s", ErrForm, e.Line, e.Reason) }

// Unwrap returns [ErrForm].
func (e *FormError) Unwrap() error { return ErrForm }

// Read reads a pack that [Pack.WriteJSON] wrote, or one line of [Export].
//
// It is strict: a file that would be written in another way, by a byte, is a
// [*FormError] that says in which line. What JSON readers disagree about,
// such as a name that comes twice, can therefore not be in a pack.
func Read(r io.Reader) (Pack, error) {
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return Pack{}, fmt.Errorf("evidence: read: %w", err)
	}
	if len(text) > limit {
		return Pack{}, &FormError{Line: 1, Reason: "the file is too large"}
	}
	var p plainPack
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return Pack{}, &FormError{Line: lineAt(text, int(dec.InputOffset())), Reason: "it cannot be read as a pack from here on"}
	}
	if p.Schema != Schema {
		return Pack{}, &FormError{Line: 2, Reason: "its schema is not " + Schema}
	}
	pack := Pack(p).inUTC()
	for _, indent := range []string{"  ", ""} {
		again, err := pack.marshal(indent)
		if err != nil {
			return Pack{}, &FormError{Line: 1, Reason: "it cannot be written again"}
		}
		if bytes.Equal(again, text) {
			return pack, nil
		}
	}
	again, err := pack.marshal("  ")
	if err != nil {
		return Pack{}, &FormError{Line: 1, Reason: "it cannot be written again"}
	}
	n := 0
	for n < len(text) && n < len(again) && text[n] == again[n] {
		n++
	}
	return Pack{}, &FormError{Line: lineAt(text, n), Reason: "it is written in another way than a pack is"}
}

// inUTC returns the pack with all times in the form in which they are written.
func (p Pack) inUTC() Pack {
	p.Generated = instant(p.Generated)
	for i := range p.Erased {
		p.Erased[i].At = instant(p.Erased[i].At)
	}
	for i := range p.Events {
		e := &p.Events[i]
		ts := []*time.Time{&e.Received, &e.Honoured}
		if e.Consent != nil {
			ts = append(ts, &e.Consent.At, &e.Consent.Until)
		}
		if e.OptOut != nil {
			ts = append(ts, &e.OptOut.At, &e.OptOut.Sent)
		}
		if e.Disclosure != nil {
			ts = append(ts, &e.Disclosure.At)
		}
		if e.Attempt != nil {
			ts = append(ts, &e.Attempt.At, &e.Attempt.Settled)
		}
		for _, t := range ts {
			*t = instant(*t)
		}
	}
	return p
}

func lineAt(text []byte, offset int) int {
	return 1 + bytes.Count(text[:min(max(offset, 0), len(text))], []byte("\n"))
}
