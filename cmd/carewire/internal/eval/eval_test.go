package eval_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/cmd/carewire/internal/eval"
	"github.com/carewire/carewire/optout"
)

// readFirst reads the intent from the first word of a text.
func readFirst(text string) optout.Reading {
	word, _, _ := strings.Cut(text, " ")
	in := map[string]optout.Intent{
		"stop": optout.Stop, "wrong": optout.WrongNumber, "start": optout.Start, "help": optout.Help, "hm": optout.Review,
	}[word]
	if in == optout.None {
		return optout.Reading{}
	}
	return optout.Reading{Intent: in, Rule: "rule/" + word}
}

// marking is a classifier that finds the words sale and gift. A text without
// the word your is all promotion; "broken" cannot be judged, "odd" has no label.
type marking struct{}

func (marking) Classify(_ context.Context, text string) (classify.Verdict, error) {
	switch text {
	case "broken":
		return classify.Verdict{}, errors.New("no model")
	case "odd":
		return classify.Verdict{}, nil
	}
	v := classify.Verdict{Label: classify.Service}
	for _, w := range []string{"sale", "gift"} {
		for i := 0; strings.Contains(text[i:], w); {
			i += strings.Index(text[i:], w)
			v.Findings = append(v.Findings, classify.Finding{Rule: "promo/" + w, Start: i, End: i + 4})
			i += 4
		}
	}
	if len(v.Findings) > 0 {
		v.Label = classify.Mixed
		if !strings.Contains(text, "your") {
			v.Label = classify.Promotional
		}
	}
	return v, nil
}

func inbound(t *testing.T, review string) eval.Task {
	t.Helper()
	in, err := eval.NewInbound(review, readFirst)
	require.NoError(t, err)
	return in
}

// run evaluates rows given as text. It returns the result, the predictions and the complaints.
func run(t *testing.T, task eval.Task, rows string, o eval.Options) (res *eval.Result, predictions, complaints string) {
	t.Helper()
	var out, said strings.Builder
	o.Predictions = &out
	o.Complain = func(line int, err error) { fmt.Fprintf(&said, "%d: %v\n", line, err) }
	res, err := eval.Run(t.Context(), task, strings.NewReader(rows), o)
	require.NoError(t, err)
	return res, out.String(), said.String()
}

const replies = `{"id":"a","text":"stop","label":"optout","lang":"en"}
{"id":"b","text":"wrong person","label":"optout","lang":"en"}
{"id":"c","text":"leave me alone","label":"optout","lang":"en"}
{"id":"d","text":"stop by at 5","label":"none","lang":"en"}
{"id":"e","text":"help","label":"help","lang":"es"}
{"id":"f","text":"start","label":"optin","lang":"es"}
{"id":"g","text":"hm","label":"none","lang":"es"}
{"id":"h","text":"ok","label":"none"}
{"id":"i","text":"stop"}
`

func TestInbound(t *testing.T) {
	t.Parallel()
	res, predictions, complaints := run(t, inbound(t, eval.OptOut), replies, eval.Options{Baselines: true, Mistakes: true})
	require.Empty(t, complaints)
	require.Equal(t, []string{`"a" optout`, `"b" optout`, `"c" none`, `"d" optout`, `"e" help`, `"f" optin`, `"g" optout`, `"h" none`, `"i" optout`}, predicted(t, predictions))
	require.Equal(t, 9, res.Rows)
	require.Equal(t, 8, res.Labelled)
	require.Equal(t, eval.Score{Precision: 0.5, Recall: 2. / 3, F1: 4. / 7, Support: 3}, res.Score(eval.OptOut))
	require.Equal(t, eval.Score{Precision: 1, Recall: 1, F1: 1, Support: 1}, res.Score(eval.Help))
	require.Equal(t, []string{"(none)", "en", "es"}, res.Groups())
	require.Equal(t, eval.Score{Precision: 2. / 3, Recall: 2. / 3, F1: 2. / 3, Support: 3}, res.Group("en", eval.OptOut))
	require.True(t, math.IsNaN(res.Group("(none)", eval.OptOut).Recall))
	require.Equal(t, []eval.Mistake{
		{ID: `"c"`, Label: "optout", Prediction: "none", Detail: "none"},
		{ID: `"d"`, Label: "none", Prediction: "optout", Detail: "stop", Rules: []string{"rule/stop"}},
		{ID: `"g"`, Label: "none", Prediction: "optout", Detail: "review", Rules: []string{"rule/hm"}},
	}, res.Mistakes())
}

func TestInboundReport(t *testing.T) {
	t.Parallel()
	res, _, _ := run(t, inbound(t, eval.OptOut), replies, eval.Options{Baselines: true, Mistakes: true, Rules: true})
	var report bytes.Buffer
	require.NoError(t, res.Print(&report))
	require.Equal(t, `inbound: 9 rows, 8 of them labelled, 0 lines with errors

read by                    label   precision  recall  F1      support
carewire                   optout  0.5000     0.6667  0.5714  3
carewire                   help    1.0000     1.0000  1.0000  1
carewire                   optin   1.0000     1.0000  1.0000  1
carewire                   none    0.5000     0.3333  0.4000  3
the carriers' exact words  optout  1.0000     0.3333  0.5000  3
the carriers' exact words  help    1.0000     1.0000  1.0000  1
the carriers' exact words  optin   1.0000     1.0000  1.0000  1
the carriers' exact words  none    0.6000     1.0000  0.7500  3
contains "stop"            optout  0.5000     0.3333  0.4000  3
contains "stop"            help    -          0.0000  0.0000  1
contains "stop"            optin   -          0.0000  0.0000  1
contains "stop"            none    0.3333     0.6667  0.4444  3

lang    label   precision  recall  F1      support
(none)  optout  -          -       -       0
(none)  help    -          -       -       0
(none)  optin   -          -       -       0
(none)  none    1.0000     1.0000  1.0000  1
en      optout  0.6667     0.6667  0.6667  3
en      help    -          -       -       0
en      optin   -          -       -       0
en      none    0.0000     0.0000  0.0000  1
es      optout  0.0000     -       0.0000  0
es      help    1.0000     1.0000  1.0000  1
es      optin   1.0000     1.0000  1.0000  1
es      none    -          0.0000  0.0000  1

labelled, read as  stop  wrong number  review  help  start  none
optout             1     1             0       0     0      1
help               0     0             0       1     0      0
optin              0     0             0       0     1      0
none               1     0             1       0     0      1

rule        findings  rows  optout  help  optin  none  no label
rule/stop   3         3     1       0     0      1     1
rule/help   1         1     0       1     0      0     0
rule/hm     1         1     0       0     0      1     0
rule/start  1         1     0       0     1      0     0
rule/wrong  1         1     1       0     0      0     0

misread  label   read as  rules
"c"      optout  none     -
"d"      none    stop     rule/stop
"g"      none    review   rule/hm
`, report.String())
}

func TestReviewCounts(t *testing.T) {
	t.Parallel()
	rows := `{"id":1,"text":"hm","label":"review"}` + "\n"
	for _, c := range []struct{ review, want string }{
		{"optout", "optout"}, {"none", "none"}, {"separate", "review"},
	} {
		res, predictions, complaints := run(t, inbound(t, c.review), rows, eval.Options{})
		require.Empty(t, complaints)
		require.JSONEq(t, `{"id":1,"prediction":"`+c.want+`"}`, predictions)
		require.Equal(t, eval.Score{Precision: 1, Recall: 1, F1: 1, Support: 1}, res.Score(c.want), c.review)
	}
	_, err := eval.NewInbound("sometimes", readFirst)
	require.ErrorContains(t, err, `"sometimes"`)
}

func TestLabels(t *testing.T) {
	t.Parallel()
	outbound := eval.NewOutbound(marking{})
	for _, c := range []struct {
		task  eval.Task
		label string
		want  string
		kind  eval.Gold
	}{
		{inbound(t, eval.OptOut), "optout", "optout", eval.Scored},
		{inbound(t, eval.OptOut), " Opt-Out ", "optout", eval.Scored},
		{inbound(t, eval.OptOut), "wrong_number", "optout", eval.Scored},
		{inbound(t, eval.OptOut), "Wrong Number", "optout", eval.Scored},
		{inbound(t, eval.OptOut), "personal", "none", eval.Scored},
		{inbound(t, eval.OptOut), "scam", "none", eval.Scored},
		{inbound(t, eval.OptOut), "opt in", "optin", eval.Scored},
		{inbound(t, eval.OptOut), "", "", eval.Unlabelled},
		{inbound(t, eval.OptOut), "service", "service", eval.Unknown},
		{outbound, "Service", "service", eval.Scored},
		{outbound, "promo", "promotional", eval.Scored},
		{outbound, "mixed", "mixed", eval.Scored},
		{outbound, "personal", "service", eval.Scored},
		{outbound, "scam", "scam", eval.Control},
		{outbound, "optout", "optout", eval.Unknown},
	} {
		got, kind := c.task.Gold(c.label)
		require.Equal(t, c.want, got, c.label)
		require.Equal(t, c.kind, kind, c.label)
	}
}

const texts = `{"id":"a","text":"your parcel is here","label":"service","lang":"en","source":"shop"}
{"id":"b","text":"your sale closed","label":"service","lang":"en","source":"agent"}
{"id":"c","text":"sale sale gift","label":"promotional","lang":"es","source":"shop"}
{"id":"d","text":"your code, and a gift","label":"mixed","lang":"es","source":"shop"}
{"id":"e","text":"your visit, and more","label":"mixed","lang":"es"}
{"id":"f","text":"gift sale","label":"scam","lang":"en"}
{"id":"g","text":"hello","label":"scam","lang":"en"}
`

func TestOutbound(t *testing.T) {
	t.Parallel()
	res, predictions, complaints := run(t, eval.NewOutbound(marking{}), texts, eval.Options{By: "source", Baselines: true, Rules: true})
	require.Empty(t, complaints)
	require.Equal(t, 7, strings.Count(predictions, "\n"))
	require.Contains(t, predictions, `{"id":"d","prediction":"mixed"}`)
	var report bytes.Buffer
	require.NoError(t, res.Print(&report))
	require.Equal(t, `outbound: 7 rows, 5 of them labelled, 0 lines with errors

read by          label        precision  recall  F1      support
carewire         service      0.5000     0.5000  0.5000  2
carewire         promotional  1.0000     1.0000  1.0000  1
carewire         mixed        0.5000     0.5000  0.5000  2
carewire         refused      0.6667     0.6667  0.6667  3
naive word list  service      0.5000     0.5000  0.5000  2
naive word list  promotional  0.3333     1.0000  0.5000  1
naive word list  mixed        -          0.0000  0.0000  2
naive word list  refused      0.6667     0.6667  0.6667  3

read by          mixed refused  promotional refused  service refused
carewire         0.5000         1.0000               0.5000
naive word list  0.5000         1.0000               0.5000

source  label        precision  recall  F1      support
(none)  service      0.0000     -       0.0000  0
(none)  promotional  -          -       -       0
(none)  mixed        -          0.0000  0.0000  1
(none)  refused      -          0.0000  0.0000  1
agent   service      -          0.0000  0.0000  1
agent   promotional  -          -       -       0
agent   mixed        0.0000     -       0.0000  0
agent   refused      0.0000     -       0.0000  0
shop    service      1.0000     1.0000  1.0000  1
shop    promotional  1.0000     1.0000  1.0000  1
shop    mixed        1.0000     1.0000  1.0000  1
shop    refused      1.0000     1.0000  1.0000  2

labelled, read as  service  promotional  mixed
service            1        0            1
promotional        0        1            0
mixed              1        0            1
scam               1        1            0

rule        findings  rows  service  promotional  mixed  scam  no label
promo/gift  3         3     0        1            1      1     0
promo/sale  4         3     1        1            0      1     0
`, report.String())
}

// What is wrong with one line is said with its number, and costs no other line.
func TestBadLines(t *testing.T) {
	t.Parallel()
	rows := "\ufeff" + `{"id":"a","text":"stop","label":"optout"}` + "\r\n" +
		"\n" +
		`{"id":"b","text":"stop","label":"optout"` + "\n" +
		`["c"]` + "\n" +
		`{"id":"d","label":"optout"}` + "\n" +
		`{"id":"e","text":5}` + "\n" +
		`{"id":"f","text":"stop","label":"promotional"}` + "\n" +
		`{"id":"long","text":"` + strings.Repeat("x", 1<<20) + `"}` + "\n" +
		`{"id":"g","text":"help","label":"help"} {}` + "\n" +
		`{"text":"stop","label":"optout"}` + "\n" +
		`{"id":10071992547409931234,"text":"help","label":"help"}`
	res, predictions, complaints := run(t, inbound(t, eval.OptOut), rows, eval.Options{})
	require.Equal(t, `3: not a JSON object: unexpected end of JSON input
4: not a JSON object but an array
5: no "text"
6: "text" is not a string but a number
7: unknown label "promotional" for an inbound row
8: the line is longer than 1 MiB
9: not a JSON object: invalid character '{' after top-level value
`, complaints)
	require.Equal(t, []string{`"a" optout`, `"f" optout`, `10 optout`, `10071992547409931234 help`}, predicted(t, predictions))
	require.Equal(t, 7, res.Bad)
	require.Equal(t, 4, res.Rows)
	require.Equal(t, 3, res.Labelled)
}

func TestClassifierFails(t *testing.T) {
	t.Parallel()
	rows := `{"id":1,"text":"broken"}` + "\n" + `{"id":2,"text":"odd"}` + "\n"
	res, predictions, complaints := run(t, eval.NewOutbound(marking{}), rows, eval.Options{})
	require.Equal(t, "1: no model\n2: the classifier gave no label\n", complaints)
	require.Equal(t, []string{`1 promotional`, `2 promotional`}, predicted(t, predictions))
	require.Equal(t, 2, res.Bad)
}

func TestRunFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken pipe")
	_, err := eval.Run(t.Context(), inbound(t, eval.OptOut), iotest.ErrReader(broken), eval.Options{})
	require.ErrorIs(t, err, broken)

	_, err = eval.Run(t.Context(), inbound(t, eval.OptOut), strings.NewReader(replies), eval.Options{Predictions: full{}})
	require.ErrorIs(t, err, io.ErrShortWrite)
	require.ErrorContains(t, err, "predictions")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = eval.Run(ctx, inbound(t, eval.OptOut), strings.NewReader(replies), eval.Options{})
	require.ErrorIs(t, err, context.Canceled)

	res, err := eval.Run(t.Context(), inbound(t, eval.OptOut), strings.NewReader(replies), eval.Options{})
	require.NoError(t, err)
	require.ErrorIs(t, res.Print(full{}), io.ErrShortWrite)
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// With labels alone to compare, a file without labels still gives predictions.
func TestNoLabels(t *testing.T) {
	t.Parallel()
	res, _, complaints := run(t, inbound(t, eval.OptOut), `{"id":1,"text":"stop"}`+"\n", eval.Options{})
	require.Empty(t, complaints)
	var report bytes.Buffer
	require.NoError(t, res.Print(&report))
	require.NotContains(t, report.String(), "precision")
	require.Contains(t, report.String(), "1 rows, 0 of them labelled")
}

func TestBaselines(t *testing.T) {
	t.Parallel()
	exact, contains := inbound(t, eval.OptOut).Baselines()[0], inbound(t, eval.OptOut).Baselines()[1]
	naive := eval.NewOutbound(marking{}).Baselines()[0]
	for _, c := range []struct {
		b    eval.Baseline
		text string
		want string
	}{
		{exact, " Stop\n", "optout"},
		{exact, "OPT-OUT", "optout"},
		{exact, "Stop. Thank you", "none"},
		{exact, "info", "help"},
		{exact, "YES", "optin"},
		{contains, "can you STOP by", "optout"},
		{contains, "unsubscribe", "none"},
		{naive, "Free of charge under warranty", "promotional"},
		{naive, "Your code is 1", "service"},
		{naive, "20% OFF", "promotional"},
	} {
		require.Equal(t, c.want, c.b.Predict(c.text), c.text)
	}
}

// Rows with marks tell whether the findings point at the right words.
func TestMarks(t *testing.T) {
	t.Parallel()
	rows := `{"id":1,"text":"gift","label":"promotional","marks":[[0,4]]}
{"id":2,"text":"your code and a gift","label":"mixed","marks":[[16,20]]}
{"id":3,"text":"your sale, and more","label":"mixed","marks":[[11,19]]}
{"id":4,"text":"your code and a gift","label":"mixed"}
{"id":5,"text":"your code","label":"mixed","marks":[[0,4]]}
`
	res, _, complaints := run(t, eval.NewOutbound(marking{}), rows, eval.Options{})
	require.Empty(t, complaints)
	var report bytes.Buffer
	require.NoError(t, res.Print(&report))
	require.Contains(t, report.String(), `
findings touch the marks    rows  share
in refused rows with marks  3     0.6667
where a part is marked      2     0.5000
`)
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
