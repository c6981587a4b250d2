package eval

import (
	"maps"
	"slices"
	"strings"
)

// Result is what a run counted.
type Result struct {
	Rows     int // rows that were predicted
	Labelled int // of them, with a label that counts
	Bad      int // lines that are wrong in themselves

	task      Task
	by        string
	own       matrix            // scored rows: label and prediction
	details   matrix            // rows with a label that is known: label and detail
	controls  []string          // control labels that occurred
	groups    map[string]matrix // scored rows of each group
	baselines []matrix          // scored rows, per baseline
	marks     map[string]*Mark
	pointed   [2]pointing // at rows whose marks are all of the text, and a part of it
	mistakes  []Mistake
	keep      bool // keep mistakes
	rules     bool // count rules
}

// Mark is how often one rule decided.
type Mark struct {
	Rule     string
	Findings int
	Rows     int
	ByLabel  map[string]int // rows by label; "" for rows that have none
}

// pointing is how often findings point at what people have marked.
type pointing struct{ hits, rows int }

// Mistake is one row that was misread. It has no text.
type Mistake struct {
	ID, Label, Prediction, Detail string
	Rules                         []string
}

func newResult(t Task, o Options) *Result {
	r := &Result{
		task: t, by: o.By, keep: o.Mistakes, rules: o.Rules,
		own: matrix{}, details: matrix{}, groups: map[string]matrix{}, marks: map[string]*Mark{},
	}
	if o.Baselines {
		for range t.Baselines() {
			r.baselines = append(r.baselines, matrix{})
		}
	}
	return r
}

// add counts one row.
func (r *Result) add(row row, gold string, kind Gold, p Prediction) {
	r.Rows++
	if kind != Scored && kind != Control {
		gold = ""
	}
	if r.rules {
		r.mark(gold, p)
	}
	if gold == "" {
		return
	}
	r.details.add(gold, p.Detail)
	if kind == Control {
		if !slices.Contains(r.controls, gold) {
			r.controls = append(r.controls, gold)
		}
		return
	}
	r.Labelled++
	r.point(row, p)
	r.own.add(gold, p.Label)
	if r.groups[row.group] == nil {
		r.groups[row.group] = matrix{}
	}
	r.groups[row.group].add(gold, p.Label)
	for i, m := range r.baselines {
		m.add(gold, r.task.Baselines()[i].Predict(row.text))
	}
	if r.keep && gold != p.Label {
		r.mistakes = append(r.mistakes, Mistake{string(row.id), gold, p.Label, p.Detail, slices.Compact(p.Rules)})
	}
}

// point counts whether the findings in a row that has marks touch one of them.
func (r *Result) point(row row, p Prediction) {
	if len(row.marks) == 0 || len(p.Spans) == 0 {
		return
	}
	part := 1
	if row.marks[0] == [2]int{0, len(row.text)} {
		part = 0
	}
	r.pointed[part].rows++
	for _, s := range p.Spans {
		for _, m := range row.marks {
			if s[0] < m[1] && m[0] < s[1] {
				r.pointed[part].hits++
				return
			}
		}
	}
}

// mark counts the rules that decided.
func (r *Result) mark(gold string, p Prediction) {
	seen := map[string]bool{}
	for _, id := range p.Rules {
		m := r.marks[id]
		if m == nil {
			m = &Mark{Rule: id, ByLabel: map[string]int{}}
			r.marks[id] = m
		}
		m.Findings++
		if !seen[id] {
			seen[id] = true
			m.Rows++
			m.ByLabel[gold]++
		}
	}
}

// Score is how well a label was predicted; several labels are taken as one.
func (r *Result) Score(labels ...string) Score { return r.own.score(labels...) }

// Groups returns the values of the field that rows were grouped by, sorted.
func (r *Result) Groups() []string { return slices.Sorted(maps.Keys(r.groups)) }

// Group is [Result.Score] over the rows of one group.
func (r *Result) Group(group string, labels ...string) Score { return r.groups[group].score(labels...) }

// Marks returns the rules that decided, the most frequent first, if
// Options.Rules was set.
func (r *Result) Marks() []Mark {
	all := make([]Mark, 0, len(r.marks))
	for _, m := range r.marks {
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b Mark) int {
		if a.Rows != b.Rows {
			return b.Rows - a.Rows
		}
		return strings.Compare(a.Rule, b.Rule)
	})
	return all
}

// Mistakes returns what was misread, in the order of the file, if
// Options.Mistakes was set.
func (r *Result) Mistakes() []Mistake { return r.mistakes }
