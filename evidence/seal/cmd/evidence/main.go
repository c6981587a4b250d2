// Command evidence checks evidence packs offline, and makes keys for logs.
//
//	evidence verify -key KEY FILE    check a pack against the public key of its log
//	evidence page FILE               write the page for people to standard output
//	evidence keygen NAME FILE        make a key: the private part goes into FILE
//
// KEY is the public key as keygen printed it, or the name of a file with it.
// The exit code is 0 if the pack verifies, 1 if it does not and 2 if that could
// not be found out.
package main

import (
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/evidence/seal"
)

const usage = "usage: evidence verify -key KEY FILE | evidence page FILE | evidence keygen NAME FILE\n"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run runs one command and returns the exit code.
func run(args []string, out, fail io.Writer) int {
	if len(args) == 0 {
		_, _ = io.WriteString(fail, usage)
		return 2
	}
	var err error
	switch args[0] {
	case "verify":
		err = verify(args[1:], out, fail)
	case "page":
		err = page(args[1:], out)
	case "keygen":
		err = keygen(args[1:], out)
	default:
		err = errors.New(strings.TrimSpace(usage))
	}
	switch {
	case err == nil:
		return 0
	case errors.Is(err, seal.ErrBroken):
		_, _ = fmt.Fprintln(fail, err)
		return 1
	}
	_, _ = fmt.Fprintln(fail, "evidence:", err)
	return 2
}

func verify(args []string, out, fail io.Writer) error {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(fail)
	key := flags.String("key", "", "public key of the log, or a file with it")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || *key == "" {
		return errors.New("verify needs -key KEY and one FILE")
	}
	text := *key
	if raw, err := os.ReadFile(text); err == nil {
		text = strings.TrimSpace(string(raw))
	}
	v, err := note.NewVerifier(text)
	if err != nil {
		return errors.New("the key is neither a public key nor a file with one")
	}
	f, err := os.Open(flags.Arg(0))
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it is only read
	_, r, err := seal.VerifyFile(f, v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "verified: %d events, each as it is in the log %q of %d entries; the last was sealed %s\n",
		r.Events, r.Origin, r.Size, r.Sealed.Format("2006-01-02 15:04:05 UTC"))
	if r.Erased > 0 {
		_, err = fmt.Fprintf(out, "erased: the contents of %d entries\n", r.Erased)
	}
	if len(r.Late) > 0 {
		_, err = fmt.Fprintf(out, "sealed more than a day after their date: events %v\n", r.Late)
	}
	return err
}

func page(args []string, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("page needs one FILE")
	}
	f, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it is only read
	p, err := evidence.Read(f)
	if err != nil {
		return err
	}
	return p.WriteHTML(out)
}

func keygen(args []string, out io.Writer) error {
	if len(args) != 2 {
		return errors.New("keygen needs NAME and FILE")
	}
	private, public, err := note.GenerateKey(rand.Reader, args[0])
	if err != nil {
		return err
	}
	f, err := os.OpenFile(args[1], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(private + "\n"); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, public)
	return err
}
