package train

import (
	"math"
	"strings"
	"unicode"
)

func plainWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '%' })
}

// keywords is the list of words that people begin with.
func keywords(text string) float64 {
	for _, w := range plainWords(text) {
		switch w {
		case "sale", "offer", "offers", "discount", "deal", "deals", "free", "save", "coupon", "promo", "promotion", "win",
			"exclusive", "limited", "bonus", "gift", "buy", "shop", "off", "oferta", "ofertas", "descuento", "gratis", "promocion",
			"promoción", "rebajas", "offre", "promo!", "remise", "gratuit", "soldes", "promoção", "desconto", "grátis", "cupom":
			return 1
		}
	}
	return -1
}

// bayes is multinomial naive Bayes on words.
type bayes struct {
	count [2]map[string]float64
	total [2]float64
	prior [2]float64
	vocab map[string]bool
}

func newBayes(rows []Row, fit []int) *bayes {
	b := &bayes{count: [2]map[string]float64{{}, {}}, vocab: map[string]bool{}}
	for _, i := range fit {
		k := 0
		if rows[i].Refused() {
			k = 1
		}
		b.prior[k]++
		for _, w := range plainWords(rows[i].Text) {
			b.count[k][w]++
			b.total[k]++
			b.vocab[w] = true
		}
	}
	return b
}

func (b *bayes) score(text string) float64 {
	s := math.Log(b.prior[1] / b.prior[0])
	v := float64(len(b.vocab))
	for _, w := range plainWords(text) {
		if b.vocab[w] {
			s += math.Log((b.count[1][w]+1)/(b.total[1]+v)) - math.Log((b.count[0][w]+1)/(b.total[0]+v))
		}
	}
	return s
}
