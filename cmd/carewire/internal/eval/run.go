package eval

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/carewire/carewire/cmd/carewire/internal/jsonl"
)

// Options say how to run a task.
type Options struct {
	By          string    // field whose values get a table of their own. Default: "lang".
	Baselines   bool      // measure the baselines too
	Mistakes    bool      // keep what was misread
	Rules       bool      // count which rules decided
	Predictions io.Writer // gets {"id","prediction"} for each row, in order; nil for none
	// Complain is called for each line that is wrong in itself. The lines
	// before and after it count all the same.
	Complain func(line int, err error)
}

// Run reads rows from r until its end. The error is one of reading or writing;
// what is wrong with single lines goes to Options.Complain.
func Run(ctx context.Context, t Task, r io.Reader, o Options) (*Result, error) {
	if o.By == "" {
		o.By = "lang"
	}
	res := newResult(t, o)
	var out *bufio.Writer
	if o.Predictions != nil {
		out = bufio.NewWriter(o.Predictions)
	}
	for in := jsonl.NewReader(r); ; {
		l, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return res, flush(out)
		case errors.Is(err, jsonl.ErrTooLong):
			res.complain(o, l.Number, err)
			continue
		case err != nil:
			return res, errors.Join(err, flush(out))
		}
		if err := res.line(ctx, o, l, out); err != nil {
			return res, err
		}
		if err := ctx.Err(); err != nil {
			return res, errors.Join(err, flush(out))
		}
	}
}

// line reads one row, predicts and counts it.
func (r *Result) line(ctx context.Context, o Options, l jsonl.Line, out *bufio.Writer) error {
	row, err := parse(l, o.By)
	if err != nil {
		r.complain(o, l.Number, err)
		return nil
	}
	p, err := r.task.Predict(ctx, row.text)
	if err != nil {
		r.complain(o, l.Number, err)
	}
	if out != nil {
		if err := writePrediction(out, row.id, p.Label); err != nil {
			return err
		}
	}
	gold, kind := r.task.Gold(row.label)
	if kind == Unknown {
		r.complain(o, l.Number, fmt.Errorf("unknown label %q for an %s row", row.label, r.task.Name()))
	}
	r.add(row, gold, kind, p)
	return nil
}

func (r *Result) complain(o Options, line int, err error) {
	r.Bad++
	if o.Complain != nil {
		o.Complain(line, err)
	}
}

// writePrediction writes one line, with the id as it stood in the file.
func writePrediction(w io.Writer, id json.RawMessage, label string) error {
	line, err := json.Marshal(struct {
		ID         json.RawMessage `json:"id"`
		Prediction string          `json:"prediction"`
	}{id, label})
	if err == nil {
		_, err = w.Write(append(line, '\n'))
	}
	if err != nil {
		return fmt.Errorf("writing predictions: %w", err)
	}
	return nil
}

func flush(w *bufio.Writer) error {
	if w == nil {
		return nil
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing predictions: %w", err)
	}
	return nil
}
