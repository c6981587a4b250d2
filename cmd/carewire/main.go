// Command carewire measures what package carewire reads, lints message templates
// and previews messages. It sends nothing.
//
// Usage:
//
//	carewire eval --task inbound|outbound FILE.jsonl [--predictions OUT.jsonl]
//	carewire lint [--program program.json] [--format text|json|sarif] FILES…
//	carewire preview --program program.json --purpose P TEXT|-
//	carewire train --task outbound [-o MODEL] FILE.jsonl…
//
// Flags may stand before or after the other arguments. The exit status is 0 if
// all is well, 1 if there are findings or something could not be done, and 2
// if the command line cannot be meant. README.md has an example of each.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/carewire/carewire/cmd/carewire/internal/cli"
)

// command is one subcommand.
type command struct {
	name  string
	short string
	run   func(ctx context.Context, s cli.IO, args []string) error
}

func commands() []command {
	return []command{
		{"eval", "measure what is read in labelled texts", runEval},
		{"lint", "check message templates", runLint},
		{"preview", "show a message as it would be sent", runPreview},
		{"train", "make a classifier's model of your own texts", runTrain},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, cli.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, os.Args[1:])
	stop()
	os.Exit(status)
}

// run finds the command and returns its exit status.
func run(ctx context.Context, s cli.IO, args []string) int {
	if len(args) == 0 {
		usage(s.Err)
		return cli.Usage
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return s.Status(c.name, c.run(ctx, s, args[1:]))
		}
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		usage(s.Out)
		return cli.OK
	}
	_, _ = fmt.Fprintf(s.Err, "carewire: unknown command %q\n\n", args[0])
	usage(s.Err)
	return cli.Usage
}

func usage(w io.Writer) {
	_, _ = fmt.Fprintf(w, "Usage: carewire COMMAND [flags] [arguments]\n\n")
	for _, c := range commands() {
		_, _ = fmt.Fprintf(w, "  %-8s  %s\n", c.name, c.short)
	}
	_, _ = fmt.Fprintf(w, "\nFor a command's flags: carewire COMMAND -h\n")
}
