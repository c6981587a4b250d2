package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shown reports whether the text can be shown as it is written, as the client
// demands.
func (p *pass) shown() bool {
	if !utf8.ValidString(p.Text) {
		i := strings.IndexFunc(p.Text, func(r rune) bool { return r == utf8.RuneError })
		p.at(ruleUTF8, i, i+1, "not valid UTF-8")
		return false
	}
	ok, blank := true, true
	text := strings.ReplaceAll(p.Text, "\r\n", " \n") // the client takes CR LF as LF
	for i, r := range text {
		switch {
		case r != '\n' && unicode.IsControl(r):
			p.at(ruleControl, i, i+utf8.RuneLen(r), "control character %U", r)
			ok = false
		case unicode.Is(unicode.Bidi_Control, r):
			p.at(ruleBidi, i, i+utf8.RuneLen(r), "%U turns the direction of writing", r)
			ok = false
		case unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != '\u2800' && r != '\u3164':
			blank = false
		}
	}
	if blank && ok {
		p.whole(ruleBlank, "nothing to read")
		return false
	}
	return ok
}

// braces reports braces outside placeholders: a misspelled placeholder is sent
// as it stands.
func (p *pass) braces() {
	last := 0
	outside := func(end int) {
		for i := last; i < end; i++ {
			if c := p.Text[i]; c == '{' || c == '}' {
				p.at(ruleBrace, i, i+1, "%q belongs to no placeholder, and takes two characters of GSM-7", c)
			}
		}
	}
	for _, part := range p.filled.parts {
		outside(part.from)
		last = part.to
	}
	outside(len(p.Text))
}
