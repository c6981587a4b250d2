// Package cli is what the commands share: where they read and write, their
// exit status, and flags that may stand before or after the arguments.
package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// The exit status of every command.
const (
	OK     = 0 // done, and nothing to object to
	Failed = 1 // findings, or something could not be read or written
	Usage  = 2 // called in a way that cannot be meant
)

// ErrFindings ends a command that has already said what is wrong.
var ErrFindings = errors.New("findings")

// ErrUsage reports a command line that cannot be meant. Errors that wrap it
// give exit status 2.
var ErrUsage = errors.New("usage")

// Usagef makes an error that wraps [ErrUsage].
func Usagef(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrUsage, fmt.Errorf(format, args...))
}

// IO is where a command reads and writes.
type IO struct {
	In  io.Reader
	Out io.Writer // results
	Err io.Writer // everything else
}

// Open opens a file to read; "-" is standard input. The name is the one to
// use in messages.
func (s IO) Open(name string) (r io.ReadCloser, shown string, _ error) {
	if name == "-" {
		return io.NopCloser(s.In), "standard input", nil
	}
	f, err := os.Open(name) //nolint:gosec // the user names the file
	if err != nil {
		return nil, "", err
	}
	return f, name, nil
}

// Status is the exit status for what a command returned. It prints the error
// unless the command has said everything itself.
func (s IO) Status(command string, err error) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return OK
	case errors.Is(err, ErrFindings):
		return Failed
	case errors.Is(err, ErrUsage):
		_, _ = fmt.Fprintf(s.Err, "carewire %s: %v\nFor help: carewire %s -h\n", command, err, command)
		return Usage
	}
	_, _ = fmt.Fprintf(s.Err, "carewire %s: %v\n", command, err)
	return Failed
}

// Flags are the flags of one command. Make them with [IO.Flags].
type Flags struct {
	*flag.FlagSet
	help func()
}

// Flags makes the flags of a command. Its help, asked for with -h, is usage
// followed by the flags, on standard output.
func (s IO) Flags(command, usage string) *Flags {
	fs := flag.NewFlagSet(command, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return &Flags{FlagSet: fs, help: func() {
		_, _ = fmt.Fprintf(s.Out, "%s\nFlags:\n", usage)
		fs.SetOutput(s.Out)
		fs.PrintDefaults()
	}}
}

// Split parses flags wherever they stand, and returns the other arguments in
// order. Everything after "--" is an argument. Errors wrap [ErrUsage], or are
// [flag.ErrHelp] after the help was printed.
func (f *Flags) Split(args []string) ([]string, error) {
	var rest []string
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				f.help()
				return nil, err
			}
			return nil, Usagef("%w", err)
		}
		left := f.Args()
		if n := len(args) - len(left); n > 0 && args[n-1] == "--" {
			return append(rest, left...), nil
		}
		if len(left) == 0 {
			return rest, nil
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}
