package lint_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/cmd/carewire/internal/lint"
	"github.com/carewire/carewire/cmd/carewire/internal/program"
	"github.com/carewire/carewire/consent"
)

var update = flag.Bool("update", false, "write the golden files anew")

func acme(t testing.TB) *program.Program {
	t.Helper()
	p, err := program.Load("testdata/program.json")
	require.NoError(t, err)
	return p
}

// check lints one text under a file name.
func check(t testing.TB, l *lint.Linter, name, content string) lint.Report {
	t.Helper()
	require.NoError(t, l.Check(context.Background(), name, strings.NewReader(content)))
	return l.Report()
}

// Every rule has a file in testdata/rules that it finds something in, and what
// is found there is written down beside it.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := lint.Files([]string{"testdata/rules"})
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, name := range files {
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		l := &lint.Linter{Classifier: classify.Default(), Program: acme(t), MaxSegments: 2, Disabled: []string{"promo/learned"}}
		if base := filepath.Base(name); base != "promo.txt" && base != "link.txt" && base != "content.txt" {
			l.Classifier = service{}
		}
		r := check(t, l, filepath.Base(name), string(content))
		for _, f := range r.Findings {
			seen[f.Rule] = true
		}
		var got bytes.Buffer
		require.NoError(t, r.Text(&got))
		golden := name + ".golden"
		if *update {
			require.NoError(t, os.WriteFile(golden, got.Bytes(), 0o600))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, string(want), got.String(), name)
	}
	for _, r := range lint.Rules() {
		require.True(t, seen[r.ID], "no golden file for %s", r.ID)
	}
	for _, id := range classified {
		require.True(t, seen[id], "no golden file for the classifier's %s", id)
		delete(seen, id)
	}
	for _, r := range lint.Rules() {
		delete(seen, r.ID)
	}
	require.Empty(t, seen, "rules of the classifier that the list here lacks")
}

// classified are the rules of the built-in classifier, but for promo/learned,
// which a model decides and not a table.
var classified = []string{
	"content/alcohol", "content/cannabis", "content/finance", "content/firearms", "content/gambling", "content/hate",
	"content/sex", "content/tobacco", "link/shortener",
	"promo/cross-sell", "promo/discount", "promo/free", "promo/invite", "promo/offer", "promo/paid", "promo/referral",
	"promo/review", "promo/reward", "promo/reward-expiry", "promo/upsell", "promo/urgency", "promo/win", "promo/win-back",
}

// The client refuses what these rules call an error, and adds what they say.
func TestAgreesWithTheClient(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Acme Plumbing: your visit is tomorrow.",
		"Your visit is tomorrow.",
		"ACME  Plumbing. Your visit is tomorrow.",
		"Acmes Plumbing: your visit is tomorrow.",
		"a\tb", "a\u202eb", "\u200b", "\u2800", "a\r\nb", "a\rb", "\xff",
		strings.Repeat("a", 1100), strings.Repeat("a", 1600), "Acme Plumbing " + strings.Repeat("a", 1587),
	} {
		l := &lint.Linter{Classifier: service{}, Program: acme(t), Disabled: []string{"sms/"}}
		line, err := json.Marshal(map[string]string{"text": text})
		require.NoError(t, err)
		var findings []lint.Finding
		if text == "\xff" { // JSON cannot hold it
			findings = check(t, l, "a.txt", text).Findings
		} else {
			findings = check(t, l, "a.jsonl", string(line)).Findings
		}
		rules := map[string]bool{}
		for _, f := range findings {
			rules[f.Rule] = true
		}
		p := preview(t, text)
		var refused *carewire.Error
		if errors.As(p.Err, &refused) {
			require.True(t, rules[refused.Rule], "%q: the client says %s, the lint %v", text, refused.Rule, findings)
			continue
		}
		for id := range rules {
			require.NotContains(t, id, "text/", "%q", text)
		}
		added := strings.HasPrefix(p.Text, "Acme Plumbing: "+strings.ReplaceAll(text, "\r\n", "\n"))
		require.Equal(t, added, rules["brand/missing"], "%q", text)
	}
}

// preview is what the client would send first.
func preview(t *testing.T, text string) carewire.Preview {
	t.Helper()
	p := acme(t)
	p.Statement = ""
	c, _, err := p.Client(now)
	require.NoError(t, err)
	require.NoError(t, c.Consent(t.Context(), number, consent.Record{
		Basis: consent.Transaction, Ref: "order-1", Purposes: []consent.Purpose{consent.Service},
	}))
	v, err := c.Preview(t.Context(), carewire.Message{To: number, Purpose: consent.Service, Key: "k", Text: text})
	require.NoError(t, err)
	return v
}

// service is a classifier that objects to nothing.
type service struct{}

func (service) Classify(context.Context, string) (classify.Verdict, error) {
	return classify.Verdict{Label: classify.Service}, nil
}

// says answers every text with one verdict.
type says struct {
	v   classify.Verdict
	err error
}

func (s says) Classify(context.Context, string) (classify.Verdict, error) { return s.v, s.err }

func TestClassifierWithoutFindings(t *testing.T) {
	t.Parallel()
	l := &lint.Linter{Classifier: says{v: classify.Verdict{Label: classify.Mixed}}}
	r := check(t, l, "a.txt", "Your visit is tomorrow.")
	require.Len(t, r.Findings, 1)
	require.Equal(t, "promo/mixed", r.Findings[0].Rule)
	require.Equal(t, 24, r.Findings[0].EndColumn)
}

func TestClassifierFails(t *testing.T) {
	t.Parallel()
	l := &lint.Linter{Classifier: says{err: errors.New("no model")}}
	err := l.Check(t.Context(), "a.txt", strings.NewReader("one\ntwo\n"))
	require.ErrorContains(t, err, "a.txt:1: no model")
}

// A template that a person has signed passes, whatever its placeholders are called.
func TestApproved(t *testing.T) {
	t.Parallel()
	promo := says{v: classify.Verdict{Label: classify.Promotional}}
	p := acme(t)
	p.Approved = []classify.Approval{{Template: "Your gift card {} is here, {}.", By: "Ana", Reason: "bought by the customer"}}
	l := &lint.Linter{Classifier: promo, Program: p, Disabled: []string{"brand/missing"}}
	require.Empty(t, check(t, l, "a.txt", "Your gift card {code} is here, {name}.").Findings)
	require.NotEmpty(t, check(t, l, "a.txt", "Your gift card {code} is here now, {name}.").Findings)
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, content string
		want          int // elements that are missing
	}{
		"ordinary":      {"a.txt", "Your visit is tomorrow.", 0},
		"first":         {"welcome.first.txt", "Your visit is tomorrow.", 5},
		"statement":     {"form.statement.jsonl", `{"text":"Your visit is tomorrow."}`, 5},
		"row":           {"a.jsonl", `{"text":"Your visit is tomorrow.","kind":"first"}`, 5},
		"not a mark":    {"first.txt", "Your visit is tomorrow.", 0},
		"another mark":  {"a.second.txt", "Your visit is tomorrow.", 0},
		"row, in first": {"a.first.jsonl", `{"text":"Your visit is tomorrow."}`, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &lint.Linter{Classifier: service{}, Program: acme(t), Disabled: []string{"brand/missing"}}
			require.Len(t, check(t, l, c.file, c.content).Findings, c.want)
		})
	}
}

// Without a program nothing is said about brand and identity.
func TestNoProgram(t *testing.T) {
	t.Parallel()
	l := &lint.Linter{Classifier: service{}}
	for _, f := range check(t, l, "a.first.txt", "Your visit is tomorrow.").Findings {
		require.NotEqual(t, "brand/missing", f.Rule)
		require.NotEqual(t, "disclosure/identity", f.Rule)
	}
	require.Len(t, l.Report().Findings, 4)
}

func TestDisabled(t *testing.T) {
	t.Parallel()
	text := "Don’t wait – reply YES or CANCEL to confirm."
	for _, c := range []struct {
		off  []string
		want string
	}{
		{nil, "sms/ucs-2 reply/start-word reply/stop-word"},
		{[]string{"reply/"}, "sms/ucs-2"},
		{[]string{"reply/stop-word", "sms/ucs-2"}, "reply/start-word"},
		{[]string{"reply", "s"}, "sms/ucs-2 reply/start-word reply/stop-word"},
	} {
		var got []string
		for _, f := range check(t, &lint.Linter{Classifier: service{}, Disabled: c.off}, "a.txt", text).Findings {
			got = append(got, f.Rule)
		}
		require.Equal(t, c.want, strings.Join(got, " "))
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, content string
		at            string // of the 🎉, in characters from 1
	}{
		"text":        {"a.txt", "Olé, {name}! Your box is here 🎉", "1:31-32"},
		"second line": {"a.txt", "\ufeffOk.\r\n\r\nHere 🎉", "3:6-7"},
		"json":        {"a.jsonl", `{"id":"x","text":"Olé, {name}! 🎉"}`, "1:32-33"},
		"pair":        {"a.jsonl", `{"text":"a\u00e9\"\\ \ud83c\udf89 {} !"}`, "1:22-34"},
		"last text":   {"a.jsonl", `{"text":"no","x":{"text":"🎉"},"Text":"a 🎉"}`, "1:41-42"},
		"value":       {"a.jsonl", `{"values":{"name":"🎉"},"text":"Hi {name}!"}`, "1:35-41"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &lint.Linter{Classifier: service{}}
			fs := check(t, l, c.file, c.content).Findings
			require.Len(t, fs, 1)
			require.Equal(t, "sms/ucs-2", fs[0].Rule)
			require.Equal(t, c.at, fmt.Sprintf("%d:%d-%d", fs[0].Line, fs[0].Column, fs[0].EndColumn))
		})
	}
}

func TestBadRows(t *testing.T) {
	t.Parallel()
	content := `{"text":"ok"}` + "\n" + `{"text":` + "\n" + `{"id":1}` + "\n" + `{"text":"ok","kind":"last"}` + "\n" +
		`{"text":"` + strings.Repeat("x", 1<<20) + `"}` + "\n" + "{\"text\":\"\xff\"}\n" + `{"text":"ok"}`
	r := check(t, &lint.Linter{Classifier: service{}}, "a.jsonl", content)
	require.Len(t, r.Sizes, 2)
	var got []string
	for _, f := range r.Findings {
		require.Equal(t, "template/json", f.Rule)
		got = append(got, fmt.Sprintf("%d %s", f.Line, f.Message))
	}
	require.Equal(t, []string{
		"2 not a JSON object: unexpected end of JSON input",
		`3 no "text"`,
		`4 "kind" is neither first nor statement`,
		"5 the line is longer than 1 MiB",
		"6 not valid UTF-8",
	}, got)
	broken := errors.New("broken disk")
	require.ErrorIs(t, (&lint.Linter{}).Check(t.Context(), "a.txt", iotest.ErrReader(broken)), broken)
}

func TestFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"b.txt", "a/a.jsonl", "a/readme.md", "a/.hidden.txt", ".git/x.txt", "c.ndjson"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
	}
	got, err := lint.Files([]string{dir, filepath.Join(dir, "a", "readme.md")})
	require.NoError(t, err)
	for i := range got {
		rel, err := filepath.Rel(dir, got[i])
		require.NoError(t, err)
		got[i] = filepath.ToSlash(rel)
	}
	require.Equal(t, []string{"a/a.jsonl", "b.txt", "c.ndjson", "a/readme.md"}, got)
	_, err = lint.Files([]string{filepath.Join(dir, "nothing")})
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = lint.Files([]string{filepath.Join(dir, ".git", "..", "a", "..", "..", filepath.Base(dir), "none")})
	require.ErrorIs(t, err, os.ErrNotExist)
	empty := filepath.Join(dir, "empty")
	require.NoError(t, os.Mkdir(empty, 0o700))
	_, err = lint.Files([]string{empty})
	require.ErrorIs(t, err, lint.ErrNoFiles)
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, lint.Report{}.JSON(&out))
	require.JSONEq(t, `{"findings":[],"templates":[]}`, out.String())
	out.Reset()
	r := check(t, &lint.Linter{Classifier: service{}}, "a.jsonl", `{"id":"welcome","text":"Hi {name} – hello"}`)
	require.NoError(t, r.JSON(&out))
	require.JSONEq(t, `{
		"findings":[{"file":"a.jsonl","line":1,"column":35,"endColumn":36,"id":"welcome","rule":"sms/ucs-2","level":"warning",
			"message":"'–' (U+2013; write \"-\") forces UCS-2: 1 segment"}],
		"templates":[{"file":"a.jsonl","line":1,"id":"welcome","encoding":"UCS-2","units":15,"segments":1}]}`, out.String())
	require.Equal(t, "1 template, 1 segment (1 template in UCS-2), 1 finding", r.Summary())
}

func TestSARIF(t *testing.T) {
	t.Parallel()
	schema := compile(t)
	l := &lint.Linter{Classifier: classify.Default(), Program: acme(t), MaxSegments: 2}
	files, err := lint.Files([]string{"testdata/rules"})
	require.NoError(t, err)
	dir, err := filepath.Abs(".")
	require.NoError(t, err)
	for _, name := range files {
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		check(t, l, filepath.Join(dir, name), string(content))
	}
	require.NotEmpty(t, l.Report().Findings)
	for name, r := range map[string]lint.Report{"findings": l.Report(), "none": {}} {
		var out bytes.Buffer
		require.NoError(t, r.SARIF(&out, dir), name)
		log, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(log), name)
		require.NotContains(t, out.String(), dir)
		if name == "findings" {
			// The schema must be able to refuse.
			bad, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.ReplaceAll(out.String(), `"level": "error"`, `"level": "fatal"`)))
			require.NoError(t, err)
			require.Error(t, schema.Validate(bad))
		}
	}
}

// compile reads the published schema from testdata.
func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("sarif.json", doc))
	s, err := c.Compile("sarif.json")
	require.NoError(t, err)
	return s
}

func TestSARIFIndexAndPaths(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "repo")
	r := lint.Report{Findings: []lint.Finding{
		{File: filepath.Join(dir, "my texts", "a.txt"), Line: 1, Column: 1, EndColumn: 2, Rule: "promo/zz", Level: lint.Error, Message: "x"},
		{File: filepath.Join(dir, "..", "b.txt"), Line: 2, Column: 1, EndColumn: 2, Rule: "sms/segments", Level: lint.Warning, Message: "x"},
		{File: "./sub/../c.txt", Line: 3, Column: 1, EndColumn: 2, Rule: "brand/missing", Level: lint.Warning, Message: "x"},
	}}
	var out bytes.Buffer
	require.NoError(t, r.SARIF(&out, dir))
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &log))
	run := log.Runs[0]
	uris := []string{}
	for _, res := range run.Results {
		require.Equal(t, res.RuleID, run.Tool.Driver.Rules[res.RuleIndex].ID)
		uris = append(uris, res.Locations[0].PhysicalLocation.ArtifactLocation.URI)
	}
	require.Equal(t, "my%20texts/a.txt", uris[0])
	require.True(t, strings.HasPrefix(uris[1], "file:///"), uris[1])
	require.Equal(t, "c.txt", uris[2])
}
