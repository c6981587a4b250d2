// Command optouttrain makes the weights that package optout embeds, and
// measures how well texts of writers are read that it has not seen:
//
//	go run ./optout/internal/cmd/optouttrain -o optout/model.bin corpus/replies.jsonl optout/internal/train/more.jsonl
//	go run ./optout/internal/cmd/optouttrain -folds 5 corpus/replies.jsonl optout/internal/train/more.jsonl
//
// The files hold one JSON object per line with the fields text, label, lang and
// writer; label is optout, wrong-number, optin, help, none or review. Rows with
// the label review are left out. The measurement is made on the first file; the
// others only train. The same files give the same weights, bit for bit.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/carewire/carewire/optout/internal/reader"
	"github.com/carewire/carewire/optout/internal/train"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "optouttrain:", err)
		os.Exit(1)
	}
}

func run(args []string, w io.Writer) error {
	flags := flag.NewFlagSet("optouttrain", flag.ContinueOnError)
	rules := flags.String("rules", "optout", "the folder that holds the folder rules")
	out := flags.String("o", "", "the file of weights to write")
	folds := flags.Int("folds", 0, "measure, with the writers dealt into so many parts")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("arguments: %w", err)
	}
	if flags.NArg() == 0 {
		return errors.New("no file of texts")
	}
	r, err := reader.New(os.DirFS(*rules), nil)
	if err != nil {
		return err
	}
	rows, err := train.Load(flags.Arg(0))
	if err != nil {
		return err
	}
	var extra []train.Row
	for _, name := range flags.Args()[1:] {
		more, err := train.Load(name)
		if err != nil {
			return err
		}
		extra = append(extra, more...)
	}
	if *folds > 0 {
		if err := measure(w, r, rows, extra, *folds); err != nil {
			return err
		}
	}
	if *out == "" {
		return nil
	}
	weights := train.Fit(r, append(rows, extra...), train.Defaults()).Encode(train.Review, train.Stop)
	if err := os.WriteFile(*out, weights, 0o600); err != nil {
		return fmt.Errorf("weights: %w", err)
	}
	return nil
}

// measure writes a table of what several methods make of rows.
func measure(w io.Writer, r *reader.Reader, rows, extra []train.Row, folds int) error {
	left, err := train.LeftOut(r, rows, extra, folds, train.Defaults())
	if err != nil {
		return err
	}
	return errors.Join(
		train.Report(w, "keywords of the carriers", train.Measure(rows, train.Carriers)),
		train.Report(w, `contains "stop"`, train.Measure(rows, train.Contains)),
		train.Report(w, "rules", train.Measure(rows, train.By(r))),
		train.Report(w, "rules and model, writer left out", left),
	)
}
