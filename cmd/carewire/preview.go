package main

import (
	"context"
	"io"
	"strings"

	"github.com/carewire/carewire/cmd/carewire/internal/cli"
	"github.com/carewire/carewire/cmd/carewire/internal/preview"
	"github.com/carewire/carewire/cmd/carewire/internal/program"
	"github.com/carewire/carewire/consent"
)

const previewUsage = `Usage: carewire preview --program program.json --purpose P TEXT|-

Prints the text as the first message to a person, with what the client adds,
and as a later one, each with its encoding and segments. TEXT may be - for
standard input; a TEXT that begins with a hyphen stands behind --.

The exit status is 1 if the message would be refused.
`

// runPreview implements "carewire preview".
func runPreview(ctx context.Context, s cli.IO, args []string) error {
	fs := s.Flags("preview", previewUsage)
	programFile := fs.String("program", "", "`file` with the program that the message belongs to. Required.")
	purpose := fs.String("purpose", "", "what the message is for, one of the program's `purposes`, or conversation. Required.")
	texts, err := fs.Split(args)
	switch {
	case err != nil:
		return err
	case *programFile == "" || *purpose == "":
		return cli.Usagef("--program and --purpose are needed")
	case len(texts) != 1:
		return cli.Usagef("one text is needed, not %d: put it in quotes", len(texts))
	}
	p, err := program.Load(*programFile)
	if err != nil {
		return err
	}
	text := texts[0]
	if text == "-" {
		all, err := io.ReadAll(io.LimitReader(s.In, maxInput))
		if err != nil {
			return err
		}
		text = strings.TrimSuffix(strings.TrimSuffix(string(all), "\n"), "\r")
	}
	both, err := preview.Of(ctx, p, consent.Purpose(*purpose), text)
	if err != nil {
		return err
	}
	if err := both.Print(s.Out, text); err != nil {
		return err
	}
	if both.Refused() {
		return cli.ErrFindings
	}
	return nil
}

// maxInput is more than any message may have.
const maxInput = 1 << 20
