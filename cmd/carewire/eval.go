package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/cmd/carewire/internal/cli"
	"github.com/carewire/carewire/cmd/carewire/internal/eval"
	"github.com/carewire/carewire/optout"
)

const evalUsage = `Usage: carewire eval --task inbound|outbound FILE.jsonl [--predictions OUT.jsonl]

Reads rows {"id","text","label","lang"} and prints precision, recall and F1 of
what the library reads in the texts. FILE may be - for standard input.

Labels of inbound rows: optout, help, optin, none. Also understood: stop,
unsubscribe, wrong number (all optout), info (help), start (optin), personal,
scam, other (none), and review, which counts as --review says.
Labels of outbound rows: service, promotional, mixed. Also understood: promo,
marketing (promotional), transactional, personal (service). Rows labelled scam
are controls: they show in the confusions alone.
Rows without a label are predicted and not scored. Any other label, and a line
that is no such row, is an error with its line number; the other lines count
all the same.
`

// runEval implements "carewire eval".
func runEval(ctx context.Context, s cli.IO, args []string) (err error) {
	fs := s.Flags("eval", evalUsage)
	taskName := fs.String("task", "", "what the texts are: `inbound` or outbound. Required.")
	predictions := fs.String("predictions", "", "`file` for one {\"id\",\"prediction\"} per row")
	review := fs.String("review", eval.OptOut, "what an unclear reply counts as: `optout`, none or separate")
	by := fs.String("by", "lang", "`field` of the rows whose values get a table of their own")
	baselines := fs.Bool("baselines", false, "measure simple rules too: the carriers' words, or a list of words of advertising")
	mistakes := fs.Bool("mistakes", false, "list what was misread, without texts")
	rules := fs.Bool("rules", false, "count which rules decided; always for outbound texts")
	model := fs.String("model", "", "judge outbound texts with this `file` of carewire train instead of the built-in classifier")
	files, err := fs.Split(args)
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return cli.Usagef("one file is needed, not %d", len(files))
	}
	task, err := taskOf(*taskName, *review, *model)
	if err != nil {
		return err
	}
	in, shown, err := s.Open(files[0])
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	o := eval.Options{By: *by, Baselines: *baselines, Mistakes: *mistakes, Rules: *rules || *taskName == "outbound"}
	if *predictions != "" {
		out, err := create(*predictions, files[0])
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, out.Close()) }()
		o.Predictions = out
	}
	return evaluate(ctx, s, task, in, shown, o)
}

// evaluate runs the task and prints what came of it, also after an error.
func evaluate(ctx context.Context, s cli.IO, task eval.Task, in io.Reader, shown string, o eval.Options) error {
	o.Complain = func(line int, err error) {
		_, _ = fmt.Fprintf(s.Err, "%s:%d: %v\n", shown, line, err)
	}
	res, err := eval.Run(ctx, task, in, o)
	if err := errors.Join(err, res.Print(s.Out)); err != nil {
		return fmt.Errorf("%s: %w", shown, err)
	}
	if res.Bad > 0 {
		return cli.ErrFindings
	}
	return nil
}

func taskOf(name, review, model string) (eval.Task, error) {
	switch name {
	case "inbound":
		if model != "" {
			return nil, cli.Usagef("--model judges outbound texts; replies are read by rules")
		}
		in, err := eval.NewInbound(review, optout.Read)
		if err != nil {
			return nil, cli.Usagef("--review: %w", err)
		}
		return in, nil
	case "outbound":
		c, err := classifier(model)
		if err != nil {
			return nil, err
		}
		return eval.NewOutbound(c), nil
	case "":
		return nil, cli.Usagef("--task inbound or --task outbound is needed")
	}
	return nil, cli.Usagef("--task is inbound or outbound, not %q", name)
}

// classifier is the built-in one, or that of a model file.
func classifier(model string) (classify.Classifier, error) {
	if model == "" {
		return classify.Default(), nil
	}
	file, err := os.ReadFile(model) //nolint:gosec // the user names the file
	if err != nil {
		return nil, err
	}
	return classify.Load(file)
}

// create makes the file for predictions, unless it is the input itself.
func create(name, input string) (*os.File, error) {
	if same(name, input) {
		return nil, cli.Usagef("--predictions would overwrite the input")
	}
	return os.Create(name) //nolint:gosec // the user names the file
}

// same reports whether two names are those of one file that is there.
func same(a, b string) bool {
	one, errOne := os.Stat(a)     //nolint:gosec // the user names the files
	other, errOther := os.Stat(b) //nolint:gosec // the user names the files
	return errOne == nil && errOther == nil && os.SameFile(one, other)
}
