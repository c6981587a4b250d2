package phone_test

import (
	"testing"

	"github.com/carewire/carewire/phone"
)

func BenchmarkParser(b *testing.B) {
	parse := phone.Parser("US")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parse("(415) 555-0100"); err != nil {
			b.Fatal(err)
		}
	}
}
