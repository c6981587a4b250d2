package lint

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/carewire/carewire/provider"
)

const maxText = 1600 // characters, as the client limits them

// size reports what makes a text long. sent is the filled text as the client
// would send it. (R7.30)
func (p *pass) size(sent string) {
	c := provider.Segments(sent)
	p.measure(c)
	if n := utf8.RuneCountInString(sent); n > maxText {
		p.whole(ruleLength, "%d characters as sent, with sample values; at most %d", n, maxText)
	}
	if c.Encoding == provider.UCS2 {
		p.forced(c)
	}
	if most := p.MaxSegments; most > 0 && c.Segments > most && !p.discloses() {
		p.whole(ruleSegments, "%d segments of %s with sample values; at most %d", c.Segments, c.Encoding, most)
	}
}

// forced reports the characters that force UCS-2, at the first one that stands
// in the template itself.
func (p *pass) forced(c provider.Count) {
	own := provider.Segments(p.filled.text)
	if len(own.Forced) == 0 {
		p.whole(ruleUCS2, "%q in the company's name forces UCS-2: %s", c.Forced[0].Rune, many(c.Segments, "segment"))
		return
	}
	first := own.Forced[0]
	start := p.filled.from(first.Offset)
	end := p.filled.to(first.Offset + utf8.RuneLen(first.Rune))
	p.at(ruleUCS2, start, end, "%s: %s", describe(own.Forced), many(c.Segments, "segment"))
}

// describe names every different character once, with what to write instead.
func describe(forced []provider.Forced) string {
	var seen []rune
	for _, f := range forced {
		if !slices.Contains(seen, f.Rune) {
			seen = append(seen, f.Rune)
		}
	}
	const most = 5
	var b strings.Builder
	for i, r := range seen[:min(len(seen), most)] {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q (%U", r, r)
		if s, ok := instead(r); ok {
			fmt.Fprintf(&b, "; write %q", s)
		}
		b.WriteString(")")
	}
	if len(seen) > most {
		fmt.Fprintf(&b, " and %d more", len(seen)-most)
	}
	if len(seen) == 1 {
		return b.String() + " forces UCS-2"
	}
	return b.String() + " force UCS-2"
}

// instead returns what GSM-7 has in place of a typographic character.
func instead(r rune) (string, bool) {
	switch r {
	case '‘', '’', '‚', '‛', '′', '`', '´':
		return "'", true
	case '“', '”', '„', '″', '«', '»':
		return `"`, true
	case '–', '—', '‐', '‑', '−', '•', '·':
		return "-", true
	case '…':
		return "...", true
	case '\u00a0', '\u2009', '\u202f', '\u2002', '\u2003':
		return " ", true
	case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return "", true
	case '×':
		return "x", true
	case '™':
		return "TM", true
	case '®':
		return "(R)", true
	}
	return "", false
}
