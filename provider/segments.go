package provider

import (
	"fmt"
	"unicode/utf8"
)

// Encoding is the alphabet that a text is sent in.
type Encoding uint8

const (
	// GSM7 is the default alphabet of 3GPP TS 23.038 with its extension table: 160 units in one segment.
	GSM7 Encoding = iota
	// UCS2 is UTF-16: 70 units in one segment. One character outside GSM7 forces the whole text into it.
	UCS2
)

// String returns the usual name of the encoding.
func (e Encoding) String() string {
	switch e {
	case GSM7:
		return "GSM-7"
	case UCS2:
		return "UCS-2"
	}
	return fmt.Sprintf("encoding %d", uint8(e))
}

// Units per segment: alone, and as part of a longer message, where a header of
// six octets joins the parts (3GPP TS 23.040, 9.2.3.24.1).
const (
	gsmAlone, gsmPart = 160, 153
	ucsAlone, ucsPart = 70, 67
)

// Forced is one character that no GSM-7 text can hold.
type Forced struct {
	Rune   rune // U+FFFD for a byte that is no UTF-8
	Offset int  // where it stands, in bytes
}

// Count is the size of a text on the wire (R7.30).
type Count struct {
	Encoding   Encoding
	Units      int      // septets of GSM-7 or 16-bit units of UCS-2, without padding
	Segments   int      // messages that the carriers count; 0 for an empty text
	PerSegment int      // units that fit into one segment: 160 or 70 if there is one, 153 or 67 if there are more
	Forced     []Forced // every character that forced UCS-2, in order; nil with GSM-7
}

// Segments counts the units and segments of text, as it stands: CR LF is two
// units, since the pipeline has made it LF before. A character of two units
// (the extension table of GSM-7, a surrogate pair of UCS-2) is never split over
// a boundary, so that the segment before it may hold a unit less.
//
// It allocates nothing unless UCS-2 is forced. A provider that replaces
// characters by itself may count less.
func Segments(text string) Count {
	p := packer{part: gsmPart}
	for i := 0; i < len(text); {
		n, size := 0, 1
		if c := text[i]; c < utf8.RuneSelf {
			n = int(gsmASCII[c] - '0')
		} else {
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			n = septets(r)
		}
		if n == 0 {
			return segmentsUCS2(text, i)
		}
		p.add(n)
		i += size
	}
	if p.units <= gsmAlone {
		return single(GSM7, p.units, gsmAlone)
	}
	return Count{Encoding: GSM7, Units: p.units, Segments: p.segments(), PerSegment: gsmPart}
}

// segmentsUCS2 counts a text whose first character outside GSM-7 stands at from.
func segmentsUCS2(text string, from int) Count {
	p := packer{part: ucsPart}
	var forced []Forced
	for i, r := range text {
		if r > 0xFFFF {
			p.add(2)
		} else {
			p.add(1)
		}
		if i >= from && septets(r) == 0 {
			forced = append(forced, Forced{Rune: r, Offset: i})
		}
	}
	c := single(UCS2, p.units, ucsAlone)
	if p.units > ucsAlone {
		c = Count{Encoding: UCS2, Units: p.units, Segments: p.segments(), PerSegment: ucsPart}
	}
	c.Forced = forced
	return c
}

// single is the count of a text that fits into one message, or is empty.
func single(e Encoding, units, per int) Count {
	return Count{Encoding: e, Units: units, Segments: min(units, 1), PerSegment: per}
}

// packer lays characters of one or two units into the parts of a long message.
type packer struct{ part, units, full, used int }

func (p *packer) add(n int) {
	p.units += n
	if p.used += n; p.used > p.part {
		p.full++
		p.used = n
	}
}

func (p *packer) segments() int { return p.full + 1 }

// gsmASCII holds for each ASCII character how many septets it takes: 0 if
// GSM-7 lacks it, 2 if it is in the extension table.
const gsmASCII = "0000000000" + "1021000000" + // LF, FF, CR
	"0000000000" + "0011111111" + // space to '
	"1111111111" + "1111111111" + // ( to ;
	"1111111111" + "1111111111" + // < to O
	"1111111111" + "1222210111" + // P to Z, [ \ ] ^ _, no `, a b c
	"1111111111" + "1111111111" + // d to w
	"11122220" // x y z { | } ~, no DEL

// septets returns how many units of GSM-7 r takes: 0 if GSM-7 lacks it.
func septets(r rune) int {
	switch r {
	case '£', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', 'Ø', 'ø', 'Å', 'å', 'Δ', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ',
		'Æ', 'æ', 'ß', 'É', '¤', '¡', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'ä', 'ö', 'ñ', 'ü', 'à':
		return 1
	case '€':
		return 2
	}
	if r < utf8.RuneSelf {
		return int(gsmASCII[r] - '0')
	}
	return 0
}
