package lint

import (
	"strings"
	"unicode"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
)

// brand reports a text that does not name the company, unless it is a reply in
// an open conversation. It returns the text as the client would send it. (R7.25)
func (p *pass) brand() string {
	if p.Program == nil || p.Purpose == consent.Conversation || p.Kind == Statement || names(p.filled.text, p.Program.Company) {
		return p.filled.text
	}
	p.at(ruleBrand, 0, 0, "the text does not name the company: the client puts %q in front", p.Program.Company+": ")
	return p.Program.Company + ": " + p.filled.text
}

// names reports whether text names the company, in the way of the client:
// case and punctuation do not matter, and a short name is not found inside a
// longer word.
func names(text, company string) bool {
	return strings.Contains(letters(text), letters(company))
}

func letters(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		case r == '\'', r == '’', r == '.':
			return -1
		}
		return ' '
	}, s)
	return " " + strings.Join(strings.Fields(s), " ") + " "
}

// elements reports which of the five elements a first message or a statement
// lacks. Without a program the identity is not known. (S7)
func (p *pass) elements() {
	if !p.discloses() {
		return
	}
	var company, about string
	if p.Program != nil {
		company, about = p.Program.Company, p.Program.About
	}
	for _, e := range disclosure.Missing(p.filled.text, company, about) {
		if e == disclosure.Identity && p.Program == nil {
			continue
		}
		p.at(prefixDisclosure+string(e), len(p.Text), len(p.Text), "lacks %s", elementSays[e])
	}
}

var elementSays = map[disclosure.Element]string{
	disclosure.Identity:  "identity: the company's name and what it texts about, in one sentence",
	disclosure.Cost:      "cost: that message and data rates may apply and frequency may vary",
	disclosure.OptOut:    "opt-out: that replying STOP ends the messages",
	disclosure.Privacy:   "privacy: that the number is not shared with third parties or affiliates for marketing",
	disclosure.ScopeOnly: "scope: that the number is used only for the purposes outlined",
}
