package reading

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is a text prepared for reading: lower case, without accents,
// full-width forms, look-alike letters and invisible characters. at[i] is where
// the character of b[i] begins in the original and at[len(b)] is its length.
type folded struct {
	b  []byte
	at []int32
}

// fold reads text into f, reusing its memory.
func (f *folded) fold(text string) {
	f.b, f.at = f.b[:0], f.at[:0]
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			f.add(c, i)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		f.rune(r, text[i:i+n], i)
		i += n
	}
	f.at = append(f.at, int32(len(text))) //nolint:gosec // a text is far shorter than 2 GiB
}

func (f *folded) add(c byte, at int) {
	f.b = append(f.b, c)
	f.at = append(f.at, int32(at)) //nolint:gosec // a text is far shorter than 2 GiB
}

// rune folds one character beyond ASCII, which s spells.
func (f *folded) rune(r rune, s string, at int) {
	switch {
	case r == utf8.RuneError:
		f.add(' ', at)
		return
	case invisible(r):
		return
	case unicode.IsSpace(r):
		f.add(' ', at)
		return
	}
	if c := plain(r); c != 0 {
		f.add(c, at)
		return
	}
	if d := norm.NFKD.PropertiesString(s).Decomposition(); d != nil {
		f.decomposed(d, at)
		return
	}
	if l := unicode.ToLower(r); l != r {
		if c := plain(l); c != 0 {
			f.add(c, at)
			return
		}
		r = l
	}
	var buf [utf8.UTFMax]byte
	for _, c := range buf[:utf8.EncodeRune(buf[:], r)] {
		f.add(c, at)
	}
}

// decomposed folds a compatibility decomposition: accents go, letters stay.
func (f *folded) decomposed(d []byte, at int) {
	for len(d) > 0 {
		r, n := utf8.DecodeRune(d)
		d = d[n:]
		if invisible(r) {
			continue
		}
		r = unicode.ToLower(r)
		c := plain(r)
		if c == 0 && r < utf8.RuneSelf {
			c = byte(r) //nolint:gosec // ASCII
		}
		if c != 0 {
			f.add(c, at)
			continue
		}
		var buf [utf8.UTFMax]byte
		for _, c := range buf[:utf8.EncodeRune(buf[:], r)] {
			f.add(c, at)
		}
	}
}

// invisible reports whether r shows nothing: joiners, soft hyphens, accents that stand alone.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || r >= 0xFE00 && r <= 0xFE0F
}

// plain returns the ASCII character that r looks like, in lower case, or 0.
func plain(r rune) byte {
	switch {
	case r >= 0x24B6 && r <= 0x24CF: // circled
		return 'a' + byte(r-0x24B6)
	case r >= 0x24D0 && r <= 0x24E9:
		return 'a' + byte(r-0x24D0)
	case r >= 0x1F110 && r <= 0x1F129 || r >= 0x1F130 && r <= 0x1F149 || r >= 0x1F150 && r <= 0x1F169 ||
		r >= 0x1F170 && r <= 0x1F189: // in brackets, squares and discs
		return 'a' + byte((r-0x1F110)%0x20) //nolint:gosec // less than 32
	}
	return lookAlike(r)
}

// lookAlike returns the Latin letter or sign that r is confused with, or 0.
func lookAlike(r rune) byte {
	switch r {
	case '‘', '’', '‚', '‛', 'ʼ', '′', '´', '＇':
		return '\''
	case '“', '”', '„', '«', '»', '″':
		return '"'
	case '‐', '‑', '‒', '−', '﹣':
		return '-'
	case 'а', 'А', 'α', 'Α', 'ɑ', 'ᴀ':
		return 'a'
	case 'В', 'Β', 'в', 'ʙ':
		return 'b'
	case 'с', 'С', 'ϲ', 'ᴄ':
		return 'c'
	case 'ԁ', 'ᴅ', 'ð', 'Ð', 'đ', 'Đ':
		return 'd'
	case 'е', 'Е', 'Ε', 'ε', 'є', 'ᴇ', 'ё':
		return 'e'
	case 'ғ', 'ꜰ':
		return 'f'
	case 'ɡ', 'ɢ':
		return 'g'
	case 'һ', 'Н', 'Η', 'н', 'ʜ':
		return 'h'
	case 'і', 'І', 'ι', 'Ι', 'ı', 'ɪ':
		return 'i'
	case 'ј', 'Ј', 'ᴊ':
		return 'j'
	case 'к', 'К', 'κ', 'Κ', 'ᴋ':
		return 'k'
	case 'ӏ', 'ʟ', 'ł', 'Ł', '∣':
		return 'l'
	case 'м', 'М', 'Μ', 'ᴍ':
		return 'm'
	case 'ո', 'Ν', 'ɴ', 'п':
		return 'n'
	case 'о', 'О', 'ο', 'Ο', 'օ', 'ᴏ', 'ø', 'Ø', 'σ':
		return 'o'
	case 'р', 'Р', 'ρ', 'Ρ', 'ᴘ':
		return 'p'
	case 'ʀ', 'г':
		return 'r'
	case 'ѕ', 'Ѕ', 'ꜱ':
		return 's'
	case 'т', 'Т', 'τ', 'Τ', 'ᴛ':
		return 't'
	case 'υ', 'ц', 'ᴜ', 'ս':
		return 'u'
	case 'ν', 'ᴠ', 'ѵ':
		return 'v'
	case 'ѡ', 'ԝ', 'ᴡ', 'ω':
		return 'w'
	case 'х', 'Х', 'χ', 'Χ':
		return 'x'
	case 'у', 'У', 'γ', 'Υ', 'ү', 'ʏ':
		return 'y'
	case 'ᴢ', 'Ζ':
		return 'z'
	}
	return 0
}
