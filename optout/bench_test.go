package optout

import (
	"strings"
	"testing"
)

var benchTexts = []struct{ name, text string }{
	{"keyword", "  STOP!! "},
	{"ordinary160", "Hi, thanks for the reminder. I will be about ten minutes late because of the traffic on the bridge, " +
		"can you please tell Dr. Ortega and ask if that is still OK"},
	{"sentence", "Thanks but please stop sending me these text messages, I moved away last year"},
	{"accents160", "Olá, não vou conseguir ir à consulta amanhã às 10h, é possível remarcar para quinta à tarde? " +
		"Também preciso da segunda via do boleto, obrigada pela atenção"},
	{"64KiB", strings.Repeat("stop s t o p опт “» ", 64<<10/26)},
}

func BenchmarkRead(b *testing.B) {
	for _, c := range benchTexts {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.text)))
			for b.Loop() {
				Read(c.text)
			}
		})
	}
}

// BenchmarkLoad is what the first Read of a process costs once.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := load(); err != nil {
			b.Fatal(err)
		}
	}
}
