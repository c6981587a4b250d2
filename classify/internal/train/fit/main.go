// Command fit trains the model of the built-in classifier, or measures it.
//
//	go run ./classify/internal/train/fit -corpus corpus/outbound.jsonl -replies corpus/replies.jsonl -out classify/internal/model/linear.bin
//	go run ./classify/internal/train/fit -corpus corpus/outbound.jsonl -replies corpus/replies.jsonl -measure
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/carewire/carewire/classify/internal/train"
)

func main() {
	corpus := flag.String("corpus", "", "JSON lines with id, text, label, lang, sector, marks")
	replies := flag.String("replies", "", "JSON lines of replies, whose rows labelled none are service too; may be empty")
	out := flag.String("out", "", "where to write the model")
	measure := flag.Bool("measure", false, "measure on sectors left out instead of writing a model")
	flag.Parse()
	if err := run(*corpus, *replies, *out, *measure); err != nil {
		fmt.Fprintln(os.Stderr, err) //nolint:forbidigo // a command
		os.Exit(1)                   //nolint:forbidigo // a command
	}
}

func run(corpus, replies, out string, measure bool) error {
	rows, err := readFile(corpus, train.Read)
	if err != nil {
		return err
	}
	if replies != "" {
		more, err := readFile(replies, train.ReadReplies)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	if measure {
		r, err := train.Measure(rows, 5, train.Default())
		if err != nil {
			return err
		}
		_, err = r.WriteTo(os.Stdout)
		return err
	}
	b, err := train.Train(rows, train.Default())
	if err != nil {
		return err
	}
	return os.WriteFile(out, b, 0o644) //nolint:gosec // a public file
}

func readFile(name string, read func(io.Reader) ([]train.Row, error)) ([]train.Row, error) {
	f, err := os.Open(name) //nolint:gosec // the user names the file
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	return read(f)
}
