package classify

import (
	"strings"
	"unicode/utf8"

	"github.com/carewire/carewire/classify/internal/reading"
)

// Span is a byte range of a text.
type Span struct{ Start, End int }

// ValueLength is how many characters a value of an approved template may have.
const ValueLength = 40

// Match reports whether text is a's template with a value for each {}, and
// returns where the values stand. A value has at most [ValueLength] characters
// and no line break, and may be empty. Everything else must be the template byte
// for byte. A template without {} matches itself alone; one without any words
// of its own matches nothing.
//
// What a classifier finds inside the values still counts: a person has signed
// the template's words, not what is put into it.
//
// Where a text could be read in several ways, each value is the shortest that
// lets the rest match. The time grows with the length of the text.
func (a Approval) Match(text string) (values []Span, ok bool) {
	parts := strings.Split(a.Template, "{}")
	if len(parts) == 1 {
		return nil, text == a.Template && text != ""
	}
	if strings.TrimSpace(strings.Join(parts, "")) == "" || !utf8.ValidString(text) {
		return nil, false
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return nil, false
	}
	if rest, ok = strings.CutSuffix(rest, parts[len(parts)-1]); !ok {
		return nil, false
	}
	m := newMatcher(parts[1:len(parts)-1], rest)
	ends := m.run()
	if ends == nil {
		return nil, false
	}
	at := 0
	for i, end := range ends {
		values = append(values, Span{Start: len(parts[0]) + at, End: len(parts[0]) + end})
		if i < len(m.parts) {
			at = end + len(m.parts[i])
		}
	}
	return values, true
}

// matcher finds values between the fixed parts in the middle of a template.
type matcher struct {
	parts []string // fixed parts, each between two values
	text  string   // what the values and parts must fill
	runes []int32  // how many characters begin in front of each byte of text
}

func newMatcher(parts []string, text string) *matcher {
	m := &matcher{parts: parts, text: text, runes: make([]int32, len(text)+1)}
	for i := range len(text) {
		m.runes[i+1] = m.runes[i]
		if utf8.RuneStart(text[i]) {
			m.runes[i+1]++
		}
	}
	return m
}

// run returns where each value ends, or nil. It works from the back, so that
// no choice is ever taken back: whether the values and
// parts from the k-th value on can fill the text from i on is known before it
// is asked. Each row takes one pass.
func (m *matcher) run() []int {
	next := make([][]int32, len(m.parts)+1) // next[k][i]: where the k-th value that begins at i ends, or -1
	for k := len(m.parts); k >= 0; k-- {
		next[k] = m.row(k, next)
	}
	if next[0][0] < 0 {
		return nil
	}
	ends := make([]int, 0, len(next))
	for k, i := 0, 0; k <= len(m.parts); k++ {
		end := int(next[k][i])
		ends = append(ends, end)
		if k < len(m.parts) {
			i = end + len(m.parts[k])
		}
	}
	return ends
}

// row computes next[k] from next[k+1], from the end of the text to its front.
func (m *matcher) row(k int, next [][]int32) []int32 {
	n := len(m.text)
	row := make([]int32, n+1)
	nearest := int32(-1) // the nearest good end at or behind i, without a line break between
	for i := n; i >= 0; i-- {
		if i < n && m.text[i] == '\n' {
			nearest = -1
		}
		if m.endsAt(k, i, next) {
			nearest = int32(i) //nolint:gosec // a text is short
		}
		row[i] = -1
		if nearest >= 0 && m.runes[nearest]-m.runes[i] <= ValueLength {
			row[i] = nearest
		}
	}
	return row
}

// endsAt reports whether the k-th value may end at i.
func (m *matcher) endsAt(k, i int, next [][]int32) bool {
	if k == len(m.parts) {
		return i == len(m.text)
	}
	after := i + len(m.parts[k])
	if i < len(m.text) && !utf8.RuneStart(m.text[i]) {
		return false
	}
	return strings.HasPrefix(m.text[i:], m.parts[k]) && next[k+1][after] >= 0
}

// Left returns what of findings in text the approval does not cover, and
// whether text is its template at all. A finding in the template's own words is
// covered. One inside a value is not; one that holds words of both is covered
// unless the built-in rules find something in the value alone.
func (a Approval) Left(text string, findings []Finding) (left []Finding, ok bool) {
	values, ok := a.Match(text)
	if !ok {
		return findings, false
	}
	for _, f := range findings {
		for _, v := range values {
			if f.Start >= v.End || v.Start >= f.End {
				continue
			}
			if v.Start <= f.Start && f.End <= v.End || objectionable(text[v.Start:v.End]) {
				left = append(left, f)
				break
			}
		}
	}
	return left, true
}

// objectionable reports whether the rules find anything in a value. It fails closed.
func objectionable(value string) bool {
	var t reading.Text
	return t.Read(value) != nil || len(t.Hits) > 0
}
