package disclosure_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/carewire/carewire/disclosure"
)

func TestFullIsTheMandatoryLanguage(t *testing.T) {
	t.Parallel()
	const want = "By providing your mobile number, you consent to receive SMS messages from [Company Name] regarding " +
		"service at your address. Message frequency may vary. Message and data rates may apply. You can opt out at any " +
		"time by replying 'STOP.' We do not share your mobile number with third parties or affiliates for marketing " +
		"purposes. Mobile numbers will only be used for the purposes outlined in this form."
	require.Equal(t, want, disclosure.Full("[Company Name]", "service at your address"))
	require.Equal(t, want, disclosure.Full(" [Company\nName] ", "service at your address. "))
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, tag := range []language.Tag{language.LatinAmericanSpanish, language.EuropeanSpanish, language.MustParse("es-US")} {
		require.Equal(t, disclosure.In(language.Spanish), disclosure.In(tag))
	}
	for _, tag := range []language.Tag{language.English, language.French, language.Und, language.Japanese} {
		require.Equal(t, disclosure.Wording{}, disclosure.In(tag))
	}
	require.Equal(t, "Reply STOP to opt out.", disclosure.StopText())
	require.Contains(t, disclosure.In(language.Spanish).StopText(), "STOP")
}

func TestPlainLettersOnly(t *testing.T) {
	t.Parallel()
	for _, tag := range disclosure.Languages() {
		w := disclosure.In(tag)
		for _, text := range []string{
			w.Full("Joe’s “Pipes”", "‘service’"), w.Compact("Joe’s", "service"), w.StopText(), w.Notice("Joe’s", "x", "y"),
		} {
			for _, r := range text {
				require.Truef(t, r < 0x80 && r != '`', "%q would force UCS-2 in %q", r, text)
			}
		}
	}
}

func TestCompactTakesTwoSegments(t *testing.T) {
	t.Parallel()
	for _, tag := range disclosure.Languages() {
		text := disclosure.In(tag).Compact(strings.Repeat("C", 40), strings.Repeat("a", 44))
		require.LessOrEqual(t, len(text), 306, text)
	}
}
