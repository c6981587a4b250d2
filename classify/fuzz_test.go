package classify_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/classify"
)

// FuzzClassify checks that any text gets a sound verdict, that a shortener is
// never missed, and that invisible characters change nothing.
func FuzzClassify(f *testing.F) {
	for _, s := range serviceTexts {
		f.Add(s)
	}
	for _, s := range promotionalTexts {
		f.Add(s.text)
	}
	f.Add("\xff\xfe\x00")
	f.Add(strings.Repeat("a.", 400))
	c := classify.Default()
	f.Fuzz(func(t *testing.T, text string) {
		v, err := c.Classify(context.Background(), text)
		require.NoError(t, err)
		requireSound(t, text, v)

		linked, err := c.Classify(context.Background(), text+"\nhttps://bit.ly/x")
		require.NoError(t, err)
		require.NotEqual(t, classify.Service, linked.Label)

		if len(text) < 200 {
			hidden, err := c.Classify(context.Background(), strings.Join(strings.Split(text, ""), "\u200b"))
			require.NoError(t, err)
			require.InDelta(t, v.Score, hidden.Score, 0, "%q", text)
		}
	})
}

// naive is what people begin with: a list of words.
func naive(text string) bool {
	for _, w := range strings.Fields(strings.ToLower(text)) {
		switch strings.Trim(w, ".,!?:;") {
		case "sale", "offer", "discount", "deal", "free", "save", "coupon", "promo", "win", "exclusive", "shop", "off":
			return true
		}
	}
	return false
}

func BenchmarkClassify(b *testing.B) {
	short := "Your order #1182 has shipped and will arrive Thursday between 2 and 4 PM. While you wait, check out our new " +
		"fall arrivals and get free shipping at acme.example!"
	c, ctx := classify.Default(), context.Background()
	for _, bb := range []struct {
		name string
		text string
	}{{"160 characters", short}, {"1600 characters", strings.Repeat(short, 10)}} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bb.text)))
			for b.Loop() {
				_, _ = c.Classify(ctx, bb.text)
			}
		})
	}
	b.Run("baseline: list of words", func(b *testing.B) {
		b.SetBytes(int64(len(short)))
		for b.Loop() {
			naive(short)
		}
	})
}
