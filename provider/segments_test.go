package provider_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
)

// The two tables of 3GPP TS 23.038, 6.2.1, written out once more as text, so
// that the tests do not share the tables of the implementation.
const (
	basicTable = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	extensionTable = "\f^{}\\[~]|€"
)

// naive is the plain way to count: a loop over the runes with two searches each.
func naive(text string) (e provider.Encoding, units, segments int) {
	var sizes []int
	for _, r := range text {
		switch {
		case strings.ContainsRune(extensionTable, r):
			sizes = append(sizes, 2)
		case strings.ContainsRune(basicTable, r) && r != utf8.RuneError:
			sizes = append(sizes, 1)
		default:
			e = provider.UCS2
		}
	}
	alone, part := 160, 153
	if e == provider.UCS2 {
		alone, part, sizes = 70, 67, nil
		for _, r := range text {
			sizes = append(sizes, utf16.RuneLen(r))
		}
	}
	used := 0
	for _, n := range sizes {
		units += n
		if used += n; used > part {
			segments++
			used = n
		}
	}
	segments++
	if units <= alone {
		segments = min(units, 1)
	}
	return e, units, segments
}

func TestSegments(t *testing.T) {
	t.Parallel()
	rep := strings.Repeat
	tests := []struct {
		name                 string
		text                 string
		enc                  provider.Encoding
		units, segments, per int
		forced               []provider.Forced
	}{
		{name: "empty", per: 160},
		{name: "one", text: "a", units: 1, segments: 1, per: 160},
		{name: "160", text: rep("a", 160), units: 160, segments: 1, per: 160},
		{name: "161", text: rep("a", 161), units: 161, segments: 2, per: 153},
		{name: "306", text: rep("a", 306), units: 306, segments: 2, per: 153},
		{name: "307", text: rep("a", 307), units: 307, segments: 3, per: 153},
		{name: "extension is two", text: "€[]", units: 6, segments: 1, per: 160},
		{name: "80 euros", text: rep("€", 80), units: 160, segments: 1, per: 160},
		{name: "81 euros", text: rep("€", 81), units: 162, segments: 2, per: 153},
		{name: "pair moved over the boundary", text: rep("a", 152) + "{" + rep("a", 152), units: 306, segments: 3, per: 153},
		{name: "pair fits before the boundary", text: rep("a", 151) + "{" + rep("a", 153), units: 306, segments: 2, per: 153},
		{name: "CR LF is two units", text: "a\r\nb", units: 4, segments: 1, per: 160},
		{name: "all of both tables", text: basicTable + extensionTable, units: 127 + 20, segments: 1, per: 160},
		{
			name: "backtick", text: "a`", enc: provider.UCS2, units: 2, segments: 1, per: 70,
			forced: []provider.Forced{{Rune: '`', Offset: 1}},
		},
		{
			name: "curly quotes", text: "‘STOP’", enc: provider.UCS2, units: 6, segments: 1, per: 70,
			forced: []provider.Forced{{Rune: '‘', Offset: 0}, {Rune: '’', Offset: 7}},
		},
		{
			name: "GSM letters do not count as forced", text: "é€ç", enc: provider.UCS2, units: 3, segments: 1, per: 70,
			forced: []provider.Forced{{Rune: 'ç', Offset: 5}},
		},
		{
			name: "70 units", text: rep("a", 69) + "ą", enc: provider.UCS2, units: 70, segments: 1, per: 70,
			forced: []provider.Forced{{Rune: 'ą', Offset: 69}},
		},
		{
			name: "71 units", text: rep("a", 70) + "ą", enc: provider.UCS2, units: 71, segments: 2, per: 67,
			forced: []provider.Forced{{Rune: 'ą', Offset: 70}},
		},
		{
			name: "surrogate pair moved over the boundary", text: rep("a", 66) + "😀" + rep("a", 66),
			enc: provider.UCS2, units: 134, segments: 3, per: 67,
			forced: []provider.Forced{{Rune: '😀', Offset: 66}},
		},
		{
			name: "surrogate pair before the boundary", text: rep("a", 65) + "😀" + rep("a", 67),
			enc: provider.UCS2, units: 134, segments: 2, per: 67,
			forced: []provider.Forced{{Rune: '😀', Offset: 65}},
		},
		{
			name: "a byte that is no UTF-8", text: "a\xffb", enc: provider.UCS2, units: 3, segments: 1, per: 70,
			forced: []provider.Forced{{Rune: utf8.RuneError, Offset: 1}},
		},
		{
			name: "escape and delete are no letters", text: "\x1b\x7f", enc: provider.UCS2, units: 2, segments: 1, per: 70,
			forced: []provider.Forced{{Rune: 0x1b, Offset: 0}, {Rune: 0x7f, Offset: 1}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, provider.Count{
				Encoding: tt.enc, Units: tt.units, Segments: tt.segments, PerSegment: tt.per, Forced: tt.forced,
			}, provider.Segments(tt.text))
		})
	}
}

func TestSegmentsKnowsEveryRuneOfTheBasicPlane(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= 0x1FFFF; r++ {
		if r >= 0xD800 && r <= 0xDFFF {
			continue // surrogates are no characters
		}
		e, units, _ := naive(string(r))
		got := provider.Segments(string(r))
		if got.Encoding != e || got.Units != units {
			t.Fatalf("U+%04X: %v of %d units, want %v of %d", r, got.Encoding, got.Units, e, units)
		}
	}
}

func TestSegmentsAllocatesNothingForGSM7(t *testing.T) { //nolint:paralleltest // AllocsPerRun must not run beside others
	text := strings.Repeat("Acme: your visit is booked {é€}. ", 40)
	require.Zero(t, testing.AllocsPerRun(50, func() { provider.Segments(text) }))
}

func FuzzSegments(f *testing.F) {
	for _, s := range []string{"", "STOP", "‘STOP’", strings.Repeat("a", 152) + "{é", strings.Repeat("😀", 40), "\xff\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, units, segments := naive(text)
		got := provider.Segments(text)
		if got.Encoding != e || got.Units != units || got.Segments != segments {
			t.Fatalf("%v %d units %d segments, want %v %d %d", got.Encoding, got.Units, got.Segments, e, units, segments)
		}
		if (e == provider.UCS2) != (len(got.Forced) > 0) {
			t.Fatalf("%v with %d forcing characters", e, len(got.Forced))
		}
		for _, fc := range got.Forced {
			if r, _ := utf8.DecodeRuneInString(text[fc.Offset:]); r != fc.Rune {
				t.Fatalf("%U does not stand at %d", fc.Rune, fc.Offset)
			}
		}
	})
}

// BenchmarkSegments reports how many times faster Segments is than the naive rune loop.
func BenchmarkSegments(b *testing.B) {
	text := strings.Repeat("Acme Plumbing: your visit is booked for Tuesday, 10 to 12. Reply STOP to opt out. ", 4)
	for _, c := range []struct{ name, text string }{{"gsm7", text}, {"ucs2", text + "’"}} {
		b.Run(c.name, func(b *testing.B) {
			const rounds = 500
			start := time.Now()
			for range rounds {
				naive(c.text)
			}
			slow := float64(time.Since(start).Nanoseconds()) / rounds
			b.ReportAllocs()
			for b.Loop() {
				provider.Segments(c.text)
			}
			b.ReportMetric(slow/(float64(b.Elapsed().Nanoseconds())/float64(b.N)), "x-naive")
		})
	}
}

func ExampleSegments() {
	c := provider.Segments("Reply ‘STOP’ to opt out.")
	fmt.Println(c.Encoding, c.Units, c.Segments)
	for _, f := range c.Forced {
		fmt.Printf("%c at byte %d\n", f.Rune, f.Offset)
	}
	// Output:
	// UCS-2 24 1
	// ‘ at byte 6
	// ’ at byte 13
}
