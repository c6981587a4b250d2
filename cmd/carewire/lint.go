package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/cmd/carewire/internal/cli"
	"github.com/carewire/carewire/cmd/carewire/internal/lint"
	"github.com/carewire/carewire/cmd/carewire/internal/program"
)

const lintUsage = `Usage: carewire lint [--program program.json] [--format text|json|sarif] FILES…

Checks message templates. A .jsonl or .ndjson file has a row {"id","text"} on
each line, optionally with "kind" (first or statement), "purpose" and "values"
(samples for placeholders); any other file has a template on each line, and
comments that begin with "# ". A file called NAME.first.txt or NAME.statement.txt
holds first messages or statements, which must carry the five elements. Of a
folder, every .txt, .jsonl and .ndjson file is read. Placeholders are {}, {name}
and {{name}}. "carewire lint --rules" lists what is found.

The exit status is 1 if there are findings.
`

// runLint implements "carewire lint".
func runLint(ctx context.Context, s cli.IO, args []string) error {
	fs := s.Flags("lint", lintUsage)
	programFile := fs.String("program", "", "`file` with the program that the templates belong to; without it neither brand nor identity is checked")
	format := fs.String("format", "text", "how to print findings: `text`, json or sarif (2.1.0)")
	disable := fs.String("disable", "", "`rules` not to check, separated by commas: ids, or families such as sms/")
	most := fs.Int("max-segments", 2, "how many segments an ordinary message may take; 0 for any `number`")
	rules := fs.Bool("rules", false, "list the rules and do nothing else")
	names, err := fs.Split(args)
	if err != nil {
		return err
	}
	if *rules {
		return printRules(s)
	}
	l := &lint.Linter{Classifier: classify.Default(), MaxSegments: *most}
	if *disable != "" {
		l.Disabled = strings.Split(*disable, ",")
	}
	switch {
	case *format != "text" && *format != "json" && *format != "sarif":
		return cli.Usagef("--format is text, json or sarif, not %q", *format)
	case len(names) == 0:
		return cli.Usagef("which files?")
	}
	if *programFile != "" {
		if l.Program, err = program.Load(*programFile); err != nil {
			return err
		}
	}
	if err := lintFiles(ctx, l, names); err != nil {
		return err
	}
	return printReport(s, l.Report(), *format)
}

// lintFiles checks every file.
func lintFiles(ctx context.Context, l *lint.Linter, names []string) error {
	files, err := lint.Files(names)
	if err != nil {
		if errors.Is(err, lint.ErrNoFiles) {
			return cli.Usagef("%s: %w", strings.Join(names, " "), err)
		}
		return err
	}
	for _, name := range files {
		f, err := os.Open(name) //nolint:gosec // the user names the files
		if err != nil {
			return err
		}
		err = errors.Join(l.Check(ctx, name, f), f.Close())
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func printReport(s cli.IO, r lint.Report, format string) (err error) {
	switch format {
	case "json":
		err = r.JSON(s.Out)
	case "sarif":
		var dir string
		if dir, err = os.Getwd(); err == nil {
			err = r.SARIF(s.Out, dir)
		}
	default:
		err = r.Text(s.Out)
	}
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(s.Err, r.Summary())
	if len(r.Findings) > 0 {
		return cli.ErrFindings
	}
	return nil
}

func printRules(s cli.IO) error {
	for _, r := range lint.Rules() {
		if _, err := fmt.Fprintf(s.Out, "%-21s  %-7s  %s\n", r.ID, r.Level, r.Short); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(s.Out, "%-21s  %-7s  %s\n", "promo/… link/… content/…", lint.Error, "What the classifier objects to; see package classify.")
	return err
}
