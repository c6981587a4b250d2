package lint

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/cmd/carewire/internal/program"
	"github.com/carewire/carewire/provider"
)

// Linter checks templates. Its fields are set before the first call.
type Linter struct {
	Classifier  classify.Classifier // judges the words. Required.
	Program     *program.Program    // whose templates they are; nil checks neither brand nor identity
	MaxSegments int                 // how many segments an ordinary message may take; 0 for any number
	Disabled    []string            // rules not to check: ids, or families such as "sms/"

	report Report
	known  map[string]answer // what words are read as
}

// Check checks the templates of one file. The error is one of reading.
func (l *Linter) Check(ctx context.Context, name string, r io.Reader) error {
	var failed error
	err := read(name, r, func(t *Template) {
		if err := l.template(ctx, t); err != nil && failed == nil {
			failed = fmt.Errorf("%s:%d: %w", name, t.Line, err)
		}
	}, func(line int, message string) {
		l.add(Finding{File: name, Line: line, Column: 1, EndColumn: 1, Rule: ruleJSON, Message: message})
	})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return failed
}

// Report returns everything found so far, in the order of the files.
func (l *Linter) Report() Report {
	r := l.report
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		switch {
		case a.File != b.File:
			return 0 // in the order in which they were given
		case a.Line != b.Line:
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return r
}

func (l *Linter) add(f Finding) {
	for _, off := range l.Disabled {
		if f.Rule == off || strings.HasSuffix(off, "/") && strings.HasPrefix(f.Rule, off) {
			return
		}
	}
	f.Level = ruleOf(f.Rule).Level
	l.report.Findings = append(l.report.Findings, f)
}

// pass is one template on its way through the checks.
type pass struct {
	*Linter
	*Template
	filled filled
}

// template runs every check. The error is the classifier's.
func (l *Linter) template(ctx context.Context, t *Template) error {
	p := &pass{Linter: l, Template: t, filled: fill(t.Text, t.Values)}
	if !p.shown() {
		return nil // what cannot be shown cannot be read either
	}
	p.braces()
	if err := p.words(ctx); err != nil {
		return err
	}
	p.replies()
	named := p.brand()
	p.elements()
	p.size(named)
	return nil
}

// at reports a finding in a byte range of the template.
func (p *pass) at(rule string, start, end int, format string, args ...any) {
	p.add(Finding{
		File: p.File, Line: p.Line, Column: p.locate(start), EndColumn: p.locate(end), ID: p.ID,
		Rule: rule, Message: fmt.Sprintf(format, args...),
	})
}

// whole reports a finding about all of the template.
func (p *pass) whole(rule, format string, args ...any) {
	p.at(rule, 0, len(p.Text), format, args...)
}

// measure keeps the size of a template.
func (p *pass) measure(c provider.Count) {
	p.report.Sizes = append(p.report.Sizes, Size{
		File: p.File, Line: p.Line, ID: p.ID,
		Encoding: c.Encoding.String(), Units: c.Units, Segments: c.Segments,
	})
}
