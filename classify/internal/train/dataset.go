package train

import (
	"slices"

	"github.com/carewire/carewire/classify/internal/model"
	"github.com/carewire/carewire/classify/internal/reading"
)

// clauseOf is a clause of a row.
type clauseOf struct {
	feats  []model.Feature
	marked float64 // the share of it that is marked as promotional; -1 if unknown
}

// dataset is a corpus cut into clauses.
type dataset struct {
	rows    []Row
	clauses []clauseOf
	of      [][2]int // the clauses of a row
	small   map[uint32]bool
}

func (d *dataset) clausesOf(row int) []clauseOf { return d.clauses[d.of[row][0]:d.of[row][1]] }

// cutRows reads the rows. Frames keep the small words of fit, the rows to be fitted to.
func cutRows(rows []Row, fit []int, s Settings) (*dataset, error) {
	d := &dataset{rows: rows}
	var t reading.Text
	count := map[uint32]int{}
	for _, i := range fit {
		if err := t.Read(rows[i].Text); err != nil {
			return nil, err
		}
		seen := map[uint32]bool{}
		for _, w := range t.Words {
			if w.Kind == reading.Word && !seen[w.Hash] {
				seen[w.Hash] = true
				count[w.Hash]++
			}
		}
	}
	d.small = most(count, s.Small)
	z := model.Featurizer{Small: d.small, Senses: model.Senses()}
	for _, r := range rows {
		if err := t.Read(r.Text); err != nil {
			return nil, err
		}
		from := len(d.clauses)
		for _, c := range t.Clauses {
			if c.Silent() {
				continue
			}
			start, end := t.Range(c.From, c.To)
			d.clauses = append(d.clauses, clauseOf{feats: slices.Clone(z.Clause(&t, c)), marked: marked(r, start, end)})
		}
		d.of = append(d.of, [2]int{from, len(d.clauses)})
	}
	return d, nil
}

// marked returns the share of the bytes start..end that is marked as
// promotional, or -1 if the whole text is, which says nothing about its parts.
func marked(r Row, start, end int) float64 {
	switch {
	case !r.Refused():
		return 0
	case len(r.Marks) == 0, r.Marks[0] == [2]int{0, len(r.Text)}:
		return -1
	}
	n := 0
	for _, m := range r.Marks {
		n += max(0, min(end, m[1])-max(start, m[0]))
	}
	return float64(n) / float64(max(1, end-start))
}
