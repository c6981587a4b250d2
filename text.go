package carewire

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/carewire/carewire/consent"
)

const maxText = 1600 // characters of a whole text, as the providers limit it

// checkMessage refuses what cannot be meant, and returns m with line ends
// normalized. (S12, R7.27)
func (c *Client) checkMessage(m Message) (Message, *Error) {
	m.Text = strings.ReplaceAll(m.Text, "\r\n", "\n")
	switch {
	case m.To.IsZero():
		return m, refusal("message/recipient", because(ErrInvalid, "no recipient"))
	case !c.inCountries(m):
		return m, refusal("message/country", because(ErrInvalid, "the number's country is not one of Program.Countries"))
	case m.Key == "":
		return m, refusal("message/key", because(ErrInvalid, "no key: name the occasion, so that the message goes out once"))
	case len(m.Key) > 255 || !utf8.ValidString(m.Key) || strings.ContainsRune(m.Key, 0):
		return m, refusal("message/key", because(ErrInvalid, "the key is longer than 255 bytes or not plain text"))
	case m.Purpose == "":
		return m, refusal("message/purpose", because(ErrInvalid, "no purpose"))
	case m.Purpose == consent.Marketing:
		return m, refusal("purpose/marketing", because(ErrInvalid, "a care program sends no marketing"))
	case m.Purpose != consent.Conversation && !contains(c.cfg.Program.Purposes, m.Purpose):
		return m, refusal("purpose/undeclared", because(ErrInvalid, "the purpose is not one of Program.Purposes"))
	}
	return m, checkText(m.Text)
}

func (c *Client) inCountries(m Message) bool {
	for _, cc := range c.cfg.Program.Countries {
		if m.To.InCountry(cc) {
			return true
		}
	}
	return false
}

func contains(ps []consent.Purpose, p consent.Purpose) bool {
	for _, x := range ps {
		if x == p {
			return true
		}
	}
	return false
}

// checkText refuses texts that cannot be shown as they were written.
func checkText(s string) *Error {
	if !utf8.ValidString(s) {
		return refusal("text/utf8", because(ErrInvalid, "the text is not valid UTF-8"))
	}
	n, blank := 0, true
	for _, r := range s {
		n++
		switch {
		case r > ' ' && r < 0x7f: // most of every text
			blank = false
		case r != '\n' && unicode.IsControl(r):
			return refusal("text/control", because(ErrInvalid, "the text has a control character"))
		case unicode.Is(unicode.Bidi_Control, r):
			return refusal("text/bidi", because(ErrInvalid, "the text has a character that turns the direction of writing"))
		case unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != '\u2800' && r != '\u3164':
			blank = false
		}
	}
	switch {
	case blank:
		return refusal("text/blank", because(ErrInvalid, "the text is blank"))
	case n > maxText:
		return refusal("text/length", because(ErrInvalid, "the text is longer than 1,600 characters"))
	}
	return nil
}

// names reports whether text names the company, whatever the case and punctuation.
func names(text, company string) bool {
	return strings.Contains(letters(text), letters(company))
}

// letters returns the letters and digits of s in lower case, with one space
// around each word, so that a short name is not found inside a longer word.
func letters(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	space := true
	b.WriteByte(' ')
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
			space = false
		} else if !space && r != '\'' && r != '’' && r != '.' {
			b.WriteByte(' ')
			space = true
		}
	}
	if !space {
		b.WriteByte(' ')
	}
	return b.String()
}
