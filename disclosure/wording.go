package disclosure

import (
	"strings"

	"golang.org/x/text/language"
)

// Wording writes the disclosure in one language. The zero Wording is English.
// Get one from [In].
type Wording struct{ spanish bool }

// Languages returns the languages that [In] writes and [Missing] reads. A
// statement in any other language needs a signed approval, because nothing
// here can tell whether it says what it must.
func Languages() []language.Tag { return []language.Tag{language.English, language.Spanish} }

// In returns the wording for tag: Spanish for every kind of Spanish, and
// English for everything else.
func In(tag language.Tag) Wording {
	base, _ := tag.Base()
	return Wording{spanish: base.String() == "es"}
}

// Full returns the mandatory language in English, word for word, with the
// company's name and what the messages are about, such as "service at your
// address", in their places. Quotes are ASCII, in the arguments too: a single
// curly quote would double the segments of a message. (S6).
func Full(company, about string) string { return Wording{}.Full(company, about) }

// Compact returns the same five elements in English in at most two GSM-7
// segments (306 units) as long as company and about take 84 units together.
// (S7).
func Compact(company, about string) string { return Wording{}.Compact(company, about) }

// StopText returns the one line that a message carries when [Due] answers
// [StopLine]. (R7.25).
func StopText() string { return Wording{}.StopText() }

// Full returns the mandatory language. The Spanish text avoids letters that
// GSM-7 lacks. (S6).
func (w Wording) Full(company, about string) string {
	if w.spanish {
		return "Al proporcionar su celular, usted acepta recibir mensajes SMS de " + name(company) +
			" sobre " + topic(about) + ". La frecuencia de los mensajes puede variar. " +
			"Pueden aplicarse tarifas de mensajes y datos. Puede cancelar en cualquier momento " + //nolint:misspell // Spanish
			"respondiendo 'STOP.' No compartimos su celular con terceros ni afiliados con fines de " +
			"marketing. Los celulares solo se usan para los fines indicados en este formulario."
	}
	return "By providing your mobile number, you consent to receive SMS messages from " + name(company) +
		" regarding " + topic(about) + ". Message frequency may vary. " +
		"Message and data rates may apply. You can opt out at any time by " +
		"replying 'STOP.' We do not share your mobile number with third parties or affiliates for " +
		"marketing purposes. Mobile numbers will only be used for the purposes outlined in this form."
}

// Compact returns the same five elements in at most two GSM-7 segments. (S7).
func (w Wording) Compact(company, about string) string {
	if w.spanish {
		return "Al dar su celular acepta SMS de " + name(company) + " sobre " + topic(about) +
			". Frecuencia variable. Aplican tarifas de mensajes y datos. Responda STOP para " +
			"cancelar. No compartimos su celular con terceros ni afiliados para marketing; " +
			"se usa solo para este fin."
	}
	return "By giving your number you agree to texts from " + name(company) + " about " + topic(about) +
		". Msg frequency varies. Msg & data rates may apply. Reply STOP to opt out. Your number is not " +
		"shared with third parties or affiliates for marketing, only used for this."
}

// StopText returns the line that says how to opt out.
func (w Wording) StopText() string {
	if w.spanish {
		return "Responda STOP para cancelar."
	}
	return "Reply STOP to opt out."
}

// name prepares a company name: one line, ASCII quotes.
func name(s string) string { return strings.Join(strings.Fields(asciiQuotes(s)), " ") }

// topic prepares what follows "regarding", without the full stop that the sentence has anyway.
func topic(s string) string { return strings.TrimRight(name(s), " .") }

func asciiQuotes(s string) string {
	return strings.NewReplacer("‘", "'", "’", "'", "‚", "'", "“", `"`, "”", `"`, "„", `"`).Replace(s)
}
