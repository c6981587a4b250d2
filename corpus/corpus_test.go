package corpus

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var word = regexp.MustCompile(`[\p{L}\p{N}_']+`)

// near finds texts that share half of their word triples with an earlier one.
type near struct {
	seen    map[string]bool
	triples []map[string]bool
	index   map[string][]int
}

func newNear() *near { return &near{seen: map[string]bool{}, index: map[string][]int{}} }

func (n *near) repeats(text string) bool {
	words := word.FindAllString(strings.ToLower(text), -1)
	key := strings.Join(words, " ")
	if key == "" {
		key = text
	}
	if n.seen[key] {
		return true
	}
	n.seen[key] = true
	mine := map[string]bool{}
	for i := 0; i+2 < len(words); i++ {
		mine[strings.Join(words[i:i+3], " ")] = true
	}
	shared := map[int]int{}
	for t := range mine {
		for _, i := range n.index[t] {
			shared[i]++
		}
	}
	for i, both := range shared {
		if 2*both >= len(mine)+len(n.triples[i])-both {
			return true
		}
	}
	for t := range mine {
		n.index[t] = append(n.index[t], len(n.triples))
	}
	n.triples = append(n.triples, mine)
	return false
}

var (
	phone      = regexp.MustCompile(`\+?\d?[-. (]*\d{3}[-. )]*\d{3}[-. ]\d{4}`)
	fictitious = regexp.MustCompile(`555[-. ]?01\d\d`)
)

// realPhone reports whether a text has a North American number that could be somebody's.
func realPhone(text string) bool {
	for _, p := range phone.FindAllString(text, -1) {
		if !fictitious.MatchString(p) {
			return true
		}
	}
	return false
}

func TestReplies(t *testing.T) {
	t.Parallel()
	all, err := Replies()
	if err != nil {
		t.Fatal(err)
	}
	labels, ids, romance, near := map[string]int{}, map[string]bool{}, 0, newNear()
	for _, r := range all {
		labels[r.Label]++
		if r.Lang == "es" || r.Lang == "fr" || r.Lang == "pt" {
			romance++
		}
		if ids[r.ID] || r.ID == "" || r.Lang == "" || r.Sector == "" || r.Writer == "" || strings.TrimSpace(r.Text) == "" || !utf8.ValidString(r.Text) {
			t.Errorf("%s: a field is missing or the id is used twice", r.ID)
		}
		ids[r.ID] = true
		if near.repeats(r.Text) {
			t.Errorf("%s repeats an earlier text", r.ID)
		}
		if realPhone(r.Text) {
			t.Errorf("%s has a number that could be somebody's", r.ID)
		}
	}
	t.Logf("%d replies: %v, %d in Spanish, French and Portuguese", len(all), labels, romance)
	if len(all) < 5000 || labels["optout"] < 2000 || labels["none"] < 2500 || 4*romance < len(all) {
		t.Error("there are too few of one kind")
	}
	for l := range labels {
		if !strings.Contains(" optout wrong-number optin help review none ", " "+l+" ") {
			t.Errorf("label %q is not defined", l)
		}
	}
}

func TestOutbound(t *testing.T) {
	t.Parallel()
	all, err := Outbound()
	if err != nil {
		t.Fatal(err)
	}
	labels, hard, sectors, ids, romance, near := map[string]int{}, map[string]int{}, map[string]bool{}, map[string]bool{}, 0, newNear()
	for _, m := range all {
		labels[m.Label]++
		sectors[m.Sector] = true
		if m.Hard {
			hard[m.Label]++
		}
		if m.Lang == "es" || m.Lang == "fr" || m.Lang == "pt" {
			romance++
		}
		if ids[m.ID] || m.ID == "" || m.Lang == "" || m.Sector == "" || m.Writer == "" || strings.TrimSpace(m.Text) == "" || !utf8.ValidString(m.Text) {
			t.Errorf("%s: a field is missing or the id is used twice", m.ID)
		}
		ids[m.ID] = true
		checkMarks(t, m)
		if near.repeats(m.Text) {
			t.Errorf("%s repeats an earlier text", m.ID)
		}
		if realPhone(m.Text) {
			t.Errorf("%s has a number that could be somebody's", m.ID)
		}
	}
	t.Logf("%d messages: %v, hard ones %v, %d sectors, %d in Spanish, French and Portuguese", len(all), labels, hard, len(sectors), romance)
	if labels["service"] < 2500 || hard["service"] < 600 || labels["promotional"] < 2000 || 3*hard["promotional"] < labels["promotional"] ||
		labels["mixed"] < 1500 || 2*hard["mixed"] < labels["mixed"] || len(sectors) < 25 || 5*romance < len(all) {
		t.Error("there are too few of one kind")
	}
}

// checkMarks makes sure that promotional words are marked, and nothing else.
func checkMarks(t *testing.T, m Message) {
	t.Helper()
	if m.Label == "service" && len(m.Marks) > 0 || m.Label != "service" && len(m.Marks) == 0 {
		t.Errorf("%s is %s and has %d marks", m.ID, m.Label, len(m.Marks))
	}
	last := 0
	for _, r := range m.Marks {
		if r[0] < last || r[1] <= r[0] || r[1] > len(m.Text) || !utf8.ValidString(m.Text[r[0]:r[1]]) {
			t.Errorf("%s: mark %v is not a range of the text", m.ID, r)
			return
		}
		last = r[1]
	}
}
