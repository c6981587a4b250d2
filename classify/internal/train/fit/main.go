// Command fit trains the model of the built-in classifier, or measures it.
//
//	go run ./classify/internal/train/fit -corpus corpus/outbound.jsonl -out classify/internal/model/linear.bin
//	go run ./classify/internal/train/fit -corpus corpus/outbound.jsonl -measure
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/carewire/carewire/classify/internal/train"
)

func main() {
	corpus := flag.String("corpus", "", "JSON lines with id, text, label, lang, sector, marks")
	out := flag.String("out", "", "where to write the model")
	measure := flag.Bool("measure", false, "measure on sectors left out instead of writing a model")
	flag.Parse()
	if err := run(*corpus, *out, *measure); err != nil {
		fmt.Fprintln(os.Stderr, err) //nolint:forbidigo // a command
		os.Exit(1)                   //nolint:forbidigo // a command
	}
}

func run(corpus, out string, measure bool) error {
	f, err := os.Open(corpus) //nolint:gosec // the user names the file
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	rows, err := train.Read(f)
	if err != nil {
		return err
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
