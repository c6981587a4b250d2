package disclosure_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/carewire/carewire/disclosure"
)

// FuzzMissing checks that the lint never fails, never depends on case or kind
// of space, and is not talked out of a denial by what stands around it.
func FuzzMissing(f *testing.F) {
	for _, tt := range elementTests {
		for _, s := range append(tt.has, tt.lacks...) {
			f.Add(s, company, about)
		}
	}
	f.Add(disclosure.Full(company, about), company, about)
	f.Add(disclosure.In(language.Spanish).Full(company, about), "", "\xff")
	f.Fuzz(func(t *testing.T, text, company, about string) {
		got := disclosure.Missing(text, company, about)
		require.LessOrEqual(t, len(got), 5)
		if isASCII(text) {
			require.Equal(t, got, disclosure.Missing(strings.ReplaceAll(text, " ", "\u00a0"), company, about))
		}
		shared := "We may share your number with partners. " + text
		require.Contains(t, disclosure.Missing(shared, company, about), disclosure.Privacy)
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// FuzzAdd checks that nothing of a message is lost and a machine's line stays last.
func FuzzAdd(f *testing.F) {
	f.Add("747723 is your code.\n@acme.example #747723", "S.")
	f.Add("Your code is 123\nFA+9qCX9VSu", "")
	f.Fuzz(func(t *testing.T, body, statement string) {
		got := disclosure.Add(body, statement)
		require.Contains(t, got, statement)
		for _, line := range strings.Split(strings.TrimRight(body, " \n"), "\n") {
			require.Contains(t, got, strings.TrimSpace(line))
		}
		if disclosure.MachineReadable(body) && statement == "S." {
			require.True(t, disclosure.MachineReadable(got))
		}
	})
}

func BenchmarkMissing(b *testing.B) {
	text := disclosure.Full(company, about)
	b.Run("full", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			disclosure.Missing(text, company, about)
		}
	})
	long := strings.Repeat(text+" ", 16)
	b.Run("sixteen times as long", func(b *testing.B) {
		b.SetBytes(int64(len(long)))
		for b.Loop() {
			disclosure.Missing(long, company, about)
		}
	})
	b.Run("baseline contains", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			strings.Contains(strings.ToLower(text), "outlined in this forms")
		}
	})
}
