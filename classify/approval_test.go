package classify_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/classify"
)

func TestApprovalMatch(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", classify.ValueLength)
	tests := []struct {
		name, template, text string
		values               []string // nil: no match
	}{
		{"exact", "Happy birthday!", "Happy birthday!", []string{}},
		{"not exact", "Happy birthday!", "Happy birthday", nil},
		{"one value", "Hi {}, 20% off is gone", "Hi Dana, 20% off is gone", []string{"Dana"}},
		{"empty value", "Hi {}!", "Hi !", []string{""}},
		{"at the front", "{} is your code", "551234 is your code", []string{"551234"}},
		{"at the end", "Code: {}", "Code: 551234", []string{"551234"}},
		{"two values", "{} for {}.", "Tea for Ann.", []string{"Tea", "Ann"}},
		{"value holds the next word", "{} and {}", "salt and pepper and oil", []string{"salt", "pepper and oil"}},
		{"shortest is too long to go on", "a{}b{}c", "a1b2b3c", []string{"1", "2b3"}},
		{"longest value", "<{}>", "<" + long + ">", []string{long}},
		{"value too long", "<{}>", "<" + long + "x>", nil},
		{"longest in characters", "<{}>", "<" + strings.Repeat("é", classify.ValueLength) + ">", []string{strings.Repeat("é", 40)}},
		{"too long in characters", "<{}>", "<" + strings.Repeat("é", classify.ValueLength+1) + ">", nil},
		{"first end would be too short", "{}-{}", strings.Repeat("a", 39) + "-" + strings.Repeat("b", 40), []string{strings.Repeat("a", 39), strings.Repeat("b", 40)}},
		{"must take a later end", "{}-{}", "a-" + strings.Repeat("b", 30) + "-" + strings.Repeat("c", 35), []string{"a-" + strings.Repeat("b", 30), strings.Repeat("c", 35)}},
		{"line break in a value", "<{}>", "<a\nb>", nil},
		{"line break in the template", "<{}>\nBye", "<a>\nBye", []string{"a"}},
		{"nothing but values", "{} {}", "buy now", nil},
		{"nothing at all", "", "", nil},
		{"something before", "Hi {}", "Oh Hi Dana", nil},
		{"something behind", "{} out", "far out there", nil},
		{"case counts", "Hi {}", "hi Dana", nil},
		{"too short for front and back", "aba{}ba", "ababa", []string{""}},
		{"front and back overlap", "aba{}ba", "aba", nil},
		{"neighbours", "{}{}!", "ab!", []string{"", "ab"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			spans, ok := classify.Approval{Template: tt.template}.Match(tt.text)
			require.Equal(t, tt.values != nil, ok)
			var values []string
			for _, s := range spans {
				values = append(values, tt.text[s.Start:s.End])
			}
			if len(tt.values) > 0 {
				require.Equal(t, tt.values, values)
			}
		})
	}
}

// FuzzApprovalMatch checks that a match puts the template together again.
func FuzzApprovalMatch(f *testing.F) {
	f.Add("Hi {}, your {} is {}", "Hi Dana, your table is ready")
	f.Add("{}a{}a{}", "aaaaaaa")
	f.Add("{}{}x", "\xffx")
	f.Fuzz(func(t *testing.T, template, text string) {
		spans, ok := classify.Approval{Template: template}.Match(text)
		if !ok {
			require.Empty(t, spans)
			return
		}
		parts := strings.Split(template, "{}")
		require.Len(t, spans, len(parts)-1)
		var b strings.Builder
		for i, p := range parts {
			b.WriteString(p)
			if i < len(spans) {
				v := text[spans[i].Start:spans[i].End]
				require.NotContains(t, v, "\n")
				require.LessOrEqual(t, len([]rune(v)), classify.ValueLength)
				b.WriteString(v)
			}
		}
		require.Equal(t, text, b.String())
	})
}

func BenchmarkApprovalMatch(b *testing.B) {
	a := classify.Approval{Template: strings.Repeat("{} and ", 20) + "end"}
	for _, n := range []int{1, 10} {
		text := strings.Repeat(strings.Repeat("x", n)+" and ", 20) + "end"
		b.Run(map[int]string{1: "short", 10: "longer"}[n], func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, ok := a.Match(text); !ok {
					b.Fatal("no match")
				}
			}
		})
	}
}

func TestApprovalLeft(t *testing.T) {
	t.Parallel()
	a := classify.Approval{Template: "Hi {}, your free trial ends on {}. Save your work.", By: "Dana Ruiz", Reason: "asked for"}
	at := func(text, words string) classify.Finding {
		i := strings.Index(text, words)
		require.GreaterOrEqual(t, i, 0)
		return classify.Finding{Rule: words, Start: i, End: i + len(words)}
	}
	tests := []struct {
		name, text string
		found      []string
		left       []string
		ok         bool
	}{
		{"own words", "Hi Ann, your free trial ends on May 4. Save your work.", []string{"free trial", "Save"}, nil, true},
		{"inside a value", "Hi Ann, 20% off today, your free trial ends on May 4. Save your work.", []string{"20% off", "free trial"}, []string{"20% off"}, true},
		{"both, a harmless value", "Hi Ann, your free trial ends on May 4. Save your work.", []string{"Hi Ann, your free trial ends on May 4"}, nil, true},
		{
			"both, a promotional value", "Hi Ann, your free trial ends on 20% off sofas. Save your work.",
			[]string{"trial ends on 20% off"},
			[]string{"trial ends on 20% off"},
			true,
		},
		{"a link in a value", "Hi Ann, your free trial ends on bit.ly/x. Save your work.", []string{"bit.ly/x"}, []string{"bit.ly/x"}, true},
		{"no match", "Hi Ann, your free trial ends.", []string{"free trial"}, []string{"free trial"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var found []classify.Finding
			for _, w := range tt.found {
				found = append(found, at(tt.text, w))
			}
			left, ok := a.Left(tt.text, found)
			require.Equal(t, tt.ok, ok)
			var words []string
			for _, f := range left {
				words = append(words, f.Rule)
			}
			require.Equal(t, tt.left, words)
		})
	}
}
