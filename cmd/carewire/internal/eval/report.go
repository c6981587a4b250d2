package eval

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// Print writes the tables.
func (r *Result) Print(w io.Writer) error {
	p := &printer{w: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	p.f("%s: %d rows, %d of them labelled, %d lines with errors\n", r.task.Name(), r.Rows, r.Labelled, r.Bad)
	if r.Labelled > 0 {
		r.printScores(p)
		r.printGroups(p)
	}
	if len(r.details) > 0 {
		r.printConfusions(p)
	}
	r.printMarks(p)
	r.printPointing(p)
	r.printMistakes(p)
	if p.err == nil {
		p.err = p.w.Flush()
	}
	return p.err
}

// printer keeps the first error.
type printer struct {
	w   *tabwriter.Writer
	err error
}

func (p *printer) f(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) score(name, label string, s Score) {
	p.f("%s\t%s\t%s\t%s\t%s\t%d\n", name, label, figure(s.Precision), figure(s.Recall), figure(s.F1), s.Support)
}

// figure prints a share with four digits, "-" for nothing of nothing.
func figure(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	return fmt.Sprintf("%.4f", x)
}

func (r *Result) printScores(p *printer) {
	p.f("\nread by\tlabel\tprecision\trecall\tF1\tsupport\n")
	names, all := []string{"carewire"}, []matrix{r.own}
	for i, m := range r.baselines {
		names, all = append(names, r.task.Baselines()[i].Name), append(all, m)
	}
	for i, m := range all {
		for _, l := range r.task.Labels() {
			p.score(names[i], l, m.score(l))
		}
		if _, ok := r.task.(*Outbound); ok {
			p.score(names[i], "refused", m.score(Promotional, Mixed))
		}
	}
	if _, ok := r.task.(*Outbound); !ok {
		return
	}
	refused := []string{Promotional, Mixed}
	p.f("\nread by\tmixed refused\tpromotional refused\tservice refused\n")
	for i, m := range all {
		p.f("%s", names[i])
		for _, l := range []string{Mixed, Promotional, Service} {
			gold := []string{l}
			p.f("\t%s", figure(share(m.count(gold, refused), m.count(gold, nil))))
		}
		p.f("\n")
	}
}

func (r *Result) printGroups(p *printer) {
	p.f("\n%s\tlabel\tprecision\trecall\tF1\tsupport\n", r.by)
	for _, g := range r.Groups() {
		for _, l := range r.task.Labels() {
			p.score(g, l, r.Group(g, l))
		}
		if _, ok := r.task.(*Outbound); ok {
			p.score(g, "refused", r.Group(g, Promotional, Mixed))
		}
	}
}

// printConfusions shows where the rows of each label went.
func (r *Result) printConfusions(p *printer) {
	p.f("\nlabelled, read as\t%s\n", strings.Join(r.task.Details(), "\t"))
	labels := append(r.task.Labels(), r.controls...)
	for _, g := range labels {
		p.f("%s", g)
		for _, d := range r.task.Details() {
			p.f("\t%d", r.details[g][d])
		}
		p.f("\n")
	}
}

// printMarks shows what was marked, and in rows of which label.
func (r *Result) printMarks(p *printer) {
	marks := r.Marks()
	if len(marks) == 0 {
		return
	}
	labels := append(r.task.Labels(), r.controls...)
	p.f("\nrule\tfindings\trows\t%s\tno label\n", strings.Join(labels, "\t"))
	for _, m := range marks {
		p.f("%s\t%d\t%d", m.Rule, m.Findings, m.Rows)
		for _, l := range append(labels, "") {
			p.f("\t%d", m.ByLabel[l])
		}
		p.f("\n")
	}
}

// printPointing shows how often the findings touch the words that people have
// marked as promotional, in rows that were refused.
func (r *Result) printPointing(p *printer) {
	whole, part := r.pointed[0], r.pointed[1]
	if whole.rows+part.rows == 0 {
		return
	}
	p.f("\nfindings touch the marks\trows\tshare\n")
	p.f("in refused rows with marks\t%d\t%s\n", whole.rows+part.rows, figure(share(whole.hits+part.hits, whole.rows+part.rows)))
	p.f("where a part is marked\t%d\t%s\n", part.rows, figure(share(part.hits, part.rows)))
}

func (r *Result) printMistakes(p *printer) {
	if len(r.mistakes) == 0 {
		return
	}
	p.f("\nmisread\tlabel\tread as\trules\n")
	for _, m := range r.mistakes {
		p.f("%s\t%s\t%s\t%s\n", m.ID, m.Label, m.Detail, cmp.Or(strings.Join(m.Rules, " "), "-"))
	}
}
