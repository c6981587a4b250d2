package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/carewire/carewire/classify/train"
	"github.com/carewire/carewire/cmd/carewire/internal/cli"
)

const trainUsage = `Usage: carewire train --task outbound [-o MODEL] FILE.jsonl…

Makes a model of your own labelled texts (service, promotional, mixed), which
classify.Load reads and Config.Classifier puts beside the built-in classifier.
It can only add refusals. The same files give the same bytes; the model holds
hashes and numbers, no text. Rows may have "marks", the byte ranges of the
promotional words.
`

// runTrain implements "carewire train".
func runTrain(_ context.Context, s cli.IO, args []string) error {
	fs := s.Flags("train", trainUsage)
	task := fs.String("task", "", "what to train: outbound. Required.")
	out := fs.String("o", "carewire.model", "where to write the `model`")
	files, err := fs.Split(args)
	switch {
	case err != nil:
		return err
	case *task == "inbound":
		return cli.Usagef("replies are read by rules that a lawyer can read; only outbound can be trained")
	case *task != "outbound":
		return cli.Usagef("--task outbound is needed")
	case len(files) == 0:
		return cli.Usagef("a file is needed")
	case slices.ContainsFunc(files, func(name string) bool { return same(*out, name) }):
		return cli.Usagef("-o would overwrite the input")
	}
	var rows []train.Row
	for _, name := range files {
		more, err := readRows(s, name)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	model, err := train.Model(rows)
	if err != nil {
		return err
	}
	if err := os.WriteFile(*out, model, 0o644); err != nil { //nolint:gosec // a model is no secret
		return err
	}
	_, err = fmt.Fprintf(s.Out, "%s: trained on %d texts, %d bytes\n", *out, len(rows), len(model))
	return err
}

func readRows(s cli.IO, name string) ([]train.Row, error) {
	f, shown, err := s.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	rows, err := train.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown, err)
	}
	return rows, nil
}
