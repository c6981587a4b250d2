package eval

import "strings"

// Baselines implements [Task].
func (*Inbound) Baselines() []Baseline {
	return []Baseline{
		{"the carriers' exact words", carriers},
		{`contains "stop"`, containsStop},
	}
}

// Baselines implements [Task].
func (*Outbound) Baselines() []Baseline {
	return []Baseline{{"naive word list", naive}}
}

// carriers reads a reply as the providers' own filters do: the whole text is
// one of their words, without regard to case and outer spaces, or it is
// nothing. The words are the defaults of Twilio, Telnyx, Plivo, AWS, Vonage,
// Bird, Braze and Salesforce, and the seven of 47 CFR 64.1200(a)(10). (R7.7)
func carriers(text string) string {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "stop", "stopall", "stop all", "quit", "end", "revoke", "opt out", "optout", "opt-out", "cancel",
		"unsubscribe", "unsub", "remove", "td", "arret", "arrete", "arrett":
		return OptOut
	case "help", "info":
		return Help
	case "start", "yes", "unstop", "join", "begin", "resume", "subscribe":
		return OptIn
	}
	return None
}

// containsStop opts out whoever writes "stop" anywhere, as one provider does
// for US numbers.
func containsStop(text string) string {
	if strings.Contains(strings.ToLower(text), "stop") {
		return OptOut
	}
	return None
}

// naive calls promotional whatever has a word of advertising in it.
func naive(text string) string {
	text = strings.ToLower(text)
	for _, w := range advertising {
		if strings.Contains(text, w) {
			return Promotional
		}
	}
	return Service
}

// advertising are the words that a first list usually has, in four languages.
var advertising = [...]string{
	"% off", "buy", "bonus", "cashback", "coupon", "deal", "discount", "exclusive", "free", "gift", "limited time",
	"offer", "promo", "reward", "sale", "save", "shop now", "special", "upgrade", "win",
	"compra", "descuento", "gratis", "oferta", "regalo",
	"cadeau", "gratuit", "offre", "profitez", "remise", "soldes",
	"brinde", "desconto", "ganhe", "grátis", "promoção",
}
