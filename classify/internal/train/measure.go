package train

import (
	"fmt"
	"io"
	"strings"

	"github.com/carewire/carewire/classify/internal/model"
)

// Result is how well one classifier did on sectors left out.
type Result struct {
	Name      string
	Threshold float64 // from which a score counts as promotional
	F1        float64 // of promotional and mixed together
	Precision float64
	Recall    float64
	Mixed     float64 // share of the mixed rows refused
	Service   float64 // share of the service rows refused
	Plain     float64 // F1 over the rows that are not marked as hard
}

// Report is a table of results.
type Report struct {
	Rows, Folds int
	Results     []Result
}

// WriteTo writes the table in Markdown.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows, %d folds by sector\n\n", r.Rows, r.Folds)
	b.WriteString("| classifier | service refused | F1 | precision | recall | mixed refused | F1, plain rows |\n" +
		"|---|---|---|---|---|---|---|\n")
	for _, x := range r.Results {
		fmt.Fprintf(&b, "| %s | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f |\n",
			x.Name, x.Service, x.F1, x.Precision, x.Recall, x.Mixed, x.Plain)
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

// Measure fits to all sectors but a part of them, k times, and judges the rows
// left out, with the built-in settings and with simpler classifiers on the same
// rows: a list of words, naive Bayes, and logistic regression on words.
func Measure(rows []Row, k int, s Settings) (Report, error) {
	n := len(rows)
	scores := map[string][]float64{}
	for _, name := range names {
		scores[name] = make([]float64, n)
	}
	words := s
	words.only = func(f model.Feature) bool { return f.Single() }
	for _, part := range Folds(rows, k) {
		fit := without(rows, part)
		if err := builtIn(rows, fit, part, s, scores[names[0]]); err != nil {
			return Report{}, err
		}
		d, err := cutRows(rows, fit, s)
		if err != nil {
			return Report{}, err
		}
		wordModel := &fitted{s: words}
		wordModel.vocabulary(d, fit)
		wordModel.fitWhole(d, fit)
		bayes := newBayes(rows, fit)
		for _, i := range part {
			scores[names[1]][i] = score(wordModel.whole, wordModel.vector(d.clausesOf(i)...))
			scores[names[2]][i] = bayes.score(rows[i].Text)
			scores[names[3]][i] = keywords(rows[i].Text)
		}
	}
	r := Report{Rows: n, Folds: k}
	for _, name := range names {
		r.Results = append(r.Results, result(name, rows, scores[name], 0))
	}
	for _, limit := range []float64{0.015, 0.03, 0.05, 0.15} {
		for _, name := range names[:3] {
			at := fmt.Sprintf("%s, at %.1f %% of service", name, 100*limit)
			r.Results = append(r.Results, result(at, rows, scores[name], thresholdFor(rows, scores[name], limit)))
		}
	}
	return r, nil
}

var names = [...]string{"built-in", "logistic regression on words", "naive Bayes", "list of words"}

func builtIn(rows []Row, fit, part []int, s Settings, scores []float64) error {
	chosen := make([]Row, 0, len(fit))
	for _, i := range fit {
		chosen = append(chosen, rows[i])
	}
	b, err := Train(chosen, s)
	if err != nil {
		return err
	}
	m, err := model.ParseLinear(b)
	if err != nil {
		return err
	}
	j := model.NewJudge(m)
	for _, i := range part {
		if err := j.Read(rows[i].Text); err != nil {
			return err
		}
		scores[i] = j.Logit
	}
	return nil
}

func without(rows []Row, part []int) []int {
	left := map[int]bool{}
	for _, i := range part {
		left[i] = true
	}
	var in []int
	for i := range rows {
		if !left[i] {
			in = append(in, i)
		}
	}
	return in
}

func result(name string, rows []Row, scores []float64, threshold float64) Result {
	var all, plain tally
	for i, r := range rows {
		all.add(r, scores[i] > threshold)
		if !r.Hard {
			plain.add(r, scores[i] > threshold)
		}
	}
	return Result{
		Name: name, Threshold: threshold, F1: all.f1(), Precision: all.hit / max(1, all.hit+all.wrong),
		Recall: all.hit / max(1, all.hit+all.miss), Mixed: all.mixedHit / max(1, all.mixed),
		Service: all.wrong / max(1, all.service), Plain: plain.f1(),
	}
}

// tally counts what was said of rows.
type tally struct{ hit, wrong, miss, service, mixed, mixedHit float64 }

func (t *tally) add(r Row, said bool) {
	switch {
	case said && r.Refused():
		t.hit++
	case said:
		t.wrong++
	case r.Refused():
		t.miss++
	}
	switch r.Label {
	case "service":
		t.service++
	case "mixed":
		t.mixed++
		if said {
			t.mixedHit++
		}
	}
}

func (t *tally) f1() float64 { return 2 * t.hit / max(1, 2*t.hit+t.wrong+t.miss) }

// thresholdFor returns the lowest threshold at which at most the share limit of the service rows is refused.
func thresholdFor(rows []Row, scores []float64, limit float64) float64 {
	lo, hi := -50.0, 50.0
	for range 60 {
		mid := (lo + hi) / 2
		if result("", rows, scores, mid).Service > limit {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}
