package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/cmd/carewire/internal/cli"
)

// carewire runs a command line and returns what came of it.
func carewire(t *testing.T, in string, args ...string) (status int, out, said string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(t.Context(), cli.IO{In: strings.NewReader(in), Out: &o, Err: &e}, args)
	return status, o.String(), e.String()
}

// file writes a file of a test and returns its path.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestUsage(t *testing.T) {
	t.Parallel()
	rows := file(t, "rows.jsonl", "{}\n")
	program := "internal/lint/testdata/program.json"
	empty := t.TempDir()
	for _, c := range []struct {
		args string
		want string // on standard error
	}{
		{"", "Usage: carewire COMMAND"},
		{"nonsense", `unknown command "nonsense"`},
		{"eval " + rows, "--task"},
		{"eval --task sideways " + rows, "sideways"},
		{"eval --task inbound", "one file is needed, not 0"},
		{"eval --task inbound a b", "one file is needed, not 2"},
		{"eval --task inbound --review perhaps " + rows, "perhaps"},
		{"eval --task inbound --predictions " + rows + " " + rows, "overwrite"},
		{"eval --task inbound --model " + rows + " " + rows, "--model"},
		{"eval --nonsense", "nonsense"},
		{"train --task outbound -o " + rows + " none.jsonl " + rows, "overwrite"},
		{"lint", "which files?"},
		{"lint --format xml " + rows, "xml"},
		{"lint " + empty, "no .txt"},
		{"preview --purpose service text", "--program"},
		{"preview --program " + program + " text", "--purpose"},
		{"preview --program " + program + " --purpose service two texts", "in quotes"},
	} {
		status, out, said := carewire(t, "", strings.Fields(c.args)...)
		require.Equal(t, cli.Usage, status, c.args)
		require.Empty(t, out, c.args)
		require.Contains(t, said, c.want, c.args)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"help"}, {"-h"}, {"--help"}} {
		status, out, said := carewire(t, "", args...)
		require.Equal(t, cli.OK, status)
		require.Contains(t, out, "Usage: carewire COMMAND")
		require.Empty(t, said)
	}
	for _, c := range commands() {
		status, out, said := carewire(t, "", c.name, "-h")
		require.Equal(t, cli.OK, status, c.name)
		require.Contains(t, out, "Usage: carewire "+c.name, c.name)
		require.Contains(t, out, "Flags:", c.name)
		require.Empty(t, said, c.name)
	}
}

func TestFilesThatAreNotThere(t *testing.T) {
	t.Parallel()
	rows := file(t, "rows.jsonl", "{}\n")
	for _, args := range []string{
		"eval --task inbound none.jsonl",
		"eval --task inbound --predictions none/out.jsonl " + rows,
		"lint none.txt",
		"lint --program none.json " + rows,
		"preview --program none.json --purpose service text",
	} {
		status, out, said := carewire(t, "", strings.Fields(args)...)
		require.Equal(t, cli.Failed, status, args)
		require.Empty(t, out, args)
		require.Contains(t, said, "none", args)
	}
}

const replies = `{"id":"a","text":"STOP","label":"optout"}
{"id":"b","text":"take me off your list please","label":"optout","lang":"en"}
{"id":"c","text":"cancel my appointment","label":"none","lang":"en"}
{"id":"d","text":"HELP","label":"help","lang":"en"}
{"id":"e","text":"START","label":"optin","lang":"en"}
`

func TestEvalInbound(t *testing.T) {
	t.Parallel()
	in, out := file(t, "in.jsonl", replies), filepath.Join(t.TempDir(), "out.jsonl")
	status, printed, said := carewire(t, "", "eval", in, "--task", "inbound", "--predictions", out, "--baselines")
	require.Equal(t, cli.OK, status, said)
	require.Contains(t, printed, "carewire                   optout  1.0000     1.0000  1.0000  2\n")
	require.Contains(t, printed, "the carriers' exact words  optout  1.0000     0.5000  0.6667  2\n")
	predictions, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Equal(t, []string{`"a" optout`, `"b" optout`, `"c" none`, `"d" help`, `"e" optin`}, predicted(t, string(predictions)))
}

func TestEvalOutbound(t *testing.T) {
	t.Parallel()
	rows := `{"id":1,"text":"Acme: your code is 482913.","label":"service"}
{"id":2,"text":"Flash sale: 50% off everything this weekend! Shop now.","label":"promotional"}
`
	status, printed, said := carewire(t, rows, "eval", "--task", "outbound", "-")
	require.Equal(t, cli.OK, status, said)
	require.Contains(t, printed, "carewire  refused      1.0000     1.0000  1.0000  1\n")
	require.Contains(t, printed, "\npromo/")
	require.NotContains(t, printed, "482913")
}

// A bad line is said with its number, and the others count.
func TestEvalBadLine(t *testing.T) {
	t.Parallel()
	status, printed, said := carewire(t, "not json\n"+replies+`{"id":"f","text":"x","label":"perhaps"}`, "eval", "--task=inbound", "-")
	require.Equal(t, cli.Failed, status)
	require.Contains(t, printed, "inbound: 6 rows, 5 of them labelled, 2 lines with errors")
	require.Contains(t, said, "standard input:1: not a JSON object")
	require.Contains(t, said, `standard input:7: unknown label "perhaps"`)
}

func TestLint(t *testing.T) {
	t.Parallel()
	program := "internal/lint/testdata/program.json"
	bad := file(t, "bad.txt", "Acme Plumbing: reply CANCEL to cancel your visit on {date}.\n")
	good := file(t, "good.jsonl", `{"id":"done","text":"Acme Plumbing: job {id} is done."}`+"\n")

	status, out, said := carewire(t, "", "lint", "--program", program, good)
	require.Equal(t, cli.OK, status)
	require.Empty(t, out)
	require.Equal(t, "1 template, 1 segment (0 templates in UCS-2), 0 findings\n", said)

	status, out, _ = carewire(t, "", "lint", good, bad, "--program", program)
	require.Equal(t, cli.Failed, status)
	require.Contains(t, out, "bad.txt:1:22: reply/stop-word: ")

	status, out, _ = carewire(t, "", "lint", bad, "--disable", "reply/,brand/missing")
	require.Equal(t, cli.OK, status)
	require.Empty(t, out)

	status, out, _ = carewire(t, "", "lint", "--rules")
	require.Equal(t, cli.OK, status)
	require.Contains(t, out, "reply/stop-word        error    The text invites an answer that opts the person out.")
}

func TestLintFormats(t *testing.T) {
	t.Parallel()
	bad := file(t, "bad.txt", "Reply CANCEL to cancel your visit.\n")
	for format, path := range map[string]string{"json": "findings", "sarif": "runs"} {
		status, out, _ := carewire(t, "", "lint", "--format", format, bad)
		require.Equal(t, cli.Failed, status)
		var all map[string]json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(out), &all), format)
		require.Contains(t, string(all[path]), "reply/stop-word", format)
	}
}

func TestPreview(t *testing.T) {
	t.Parallel()
	program := "internal/lint/testdata/program.json"
	status, out, said := carewire(t, "Your visit is tomorrow.\n", "preview", "--program", program, "--purpose", "service", "-")
	require.Equal(t, cli.OK, status, said)
	require.Contains(t, out, "Later message: GSM-7, 38 units, 1 segment\n\nAcme Plumbing: Your visit is tomorrow.\n")

	status, out, _ = carewire(t, "", "preview", "Your visit is booked. Get 20% off your next drain cleaning!", "--program", program, "--purpose", "service")
	require.Equal(t, cli.Failed, status)
	require.Contains(t, out, "refused [promo/discount]")

	status, _, said = carewire(t, "", "preview", "--program", program, "--purpose", "service", "--", "- 10 o'clock is fine")
	require.Equal(t, cli.OK, status, said)
}

// predicted reads predictions as "id label".
func predicted(t *testing.T, lines string) (out []string) {
	t.Helper()
	for line := range strings.Lines(lines) {
		var p struct {
			ID         json.RawMessage
			Prediction string
		}
		d := json.NewDecoder(strings.NewReader(line))
		d.DisallowUnknownFields()
		require.NoError(t, d.Decode(&p))
		out = append(out, string(p.ID)+" "+p.Prediction)
	}
	return out
}

func TestTrainAndUse(t *testing.T) {
	t.Parallel()
	model := filepath.Join(t.TempDir(), "own.model")
	var out bytes.Buffer
	s := cli.IO{In: strings.NewReader(""), Out: &out, Err: &out}
	require.Equal(t, cli.OK, run(t.Context(), s, []string{"train", "--task", "outbound", "-o", model, "testdata/own.jsonl"}), out.String())
	out.Reset()
	require.Equal(t, cli.OK, run(t.Context(), s, []string{"eval", "--task", "outbound", "--model", model, "testdata/own.jsonl"}), out.String())
	require.Contains(t, out.String(), "60 of them labelled")
	for _, args := range [][]string{
		{"train", "testdata/own.jsonl"}, {"train", "--task", "inbound", "testdata/own.jsonl"}, {"train", "--task", "outbound"},
	} {
		require.Equal(t, cli.Usage, run(t.Context(), s, args), args)
	}
	require.Equal(t, cli.Failed, run(t.Context(), s, []string{"train", "--task", "outbound", "-o", model, "testdata/program.json"}))
	require.Equal(t, cli.Failed, run(t.Context(), s, []string{"eval", "--task", "outbound", "--model", "testdata/own.jsonl", "testdata/own.jsonl"}))
}
