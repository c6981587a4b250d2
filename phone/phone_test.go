package phone_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/phone"
	"github.com/carewire/carewire/recipient"
)

func TestParser(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ region, in, want string }{
		{"US", "(415) 555-0100", "+14155550100"},
		{"US", "415.555.0100", "+14155550100"},
		{"us", " 4155550100 ", "+14155550100"},
		{"US", "1 415 555 0100", "+14155550100"},
		{"US", "14155550100", "+14155550100"},
		{"US", "+1 (415) 555‑0100", "+14155550100"},
		{"US", "+44 20 7946 0018", "+442079460018"},
		{"US", "011 44 20 7946 0018", "+442079460018"},
		{"US", "４１５５５５０１００", "+14155550100"},
		{"US", "415\u00a0555\u20130100", "+14155550100"},
		{"CA", "604-555-0100", "+16045550100"},
		{"GB", "020 7946 0018", "+442079460018"},
		{"GB", "07700 900123", "+447700900123"},
		{"GB", "+44 (0)20 7946 0018", "+442079460018"},
		{"GB", "0044 20 7946 0018", "+442079460018"},
		{"GB", "00 1 415 555 0100", "+14155550100"},
		{"DE", "030/123456", "+4930123456"},
		{"FR", "06 12 34 56 78", "+33612345678"},
		{"IT", "06 6988 4857", "+390669884857"},
		{"MX", "55 1234 5678", "+525512345678"},
		{"MX", "+52 1 55 1234 5678", "+525512345678"},
	} {
		p, err := phone.Parser(tc.region)(tc.in)
		require.NoError(t, err, "%s in %s", tc.in, tc.region)
		require.Equal(t, tc.want, p.E164(), "%s in %s", tc.in, tc.region)
	}
}

func TestParserRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		region, in string
		want       error
	}{
		{"", "415 555 0100", phone.ErrRegion},
		{"XX", "+14155550100", phone.ErrRegion},
		{"USA", "415 555 0100", phone.ErrRegion},
		{"US", "", phone.ErrNotANumber},
		{"US", "   ", phone.ErrNotANumber},
		{"US", "n/a", phone.ErrNotANumber},
		{"US", "4.15555E+09", phone.ErrNotANumber},
		{"US", "4155550100.0", phone.ErrNotANumber},
		{"DE", "301234567.0", phone.ErrNotANumber},
		{"US", "1-800-FLOWERS", phone.ErrNotANumber},
		{"US", "Ann 415 555 0100", phone.ErrNotANumber},
		{"US", "415 555 0100 (Ann)", phone.ErrNotANumber},
		{"US", "415 555 0100, 415 555 0101", phone.ErrNotANumber},
		{"US", "415 555 0100; 415 555 0101", phone.ErrNotANumber},
		{"US", "415 555 0100 or 415 555 0101", phone.ErrNotANumber},
		{"US", "tel:+1-415-555-0100", phone.ErrNotANumber},
		{"US", "415 555 0100\u202e", phone.ErrNotANumber},
		{"US", "=4155550100", phone.ErrNotANumber},
		{"US", "+44(002 )7946 0018", phone.ErrNotANumber},
		{"US", "115 555 0100", phone.ErrNotANumber},
		{"US", "000 000 0000", phone.ErrNotANumber},
		{"US", "555-0100", phone.ErrTooShort},
		{"US", "911", phone.ErrTooShort},
		{"US", "12", phone.ErrTooShort},
		{"US", "4155550100/4155550101", phone.ErrTooLong},
		{"US", "415555010012345", phone.ErrTooLong},
		{"US", strings.Repeat("4", 300), phone.ErrTooLong},
		{"US", "+999 12 345 6789", phone.ErrCountry},
		{"US", "415 555 0100 ext. 12", phone.ErrExtension},
		{"US", "415 555 0100 x12", phone.ErrExtension},
		{"US", "(415) 555-0100 #12", phone.ErrExtension},
		{"GB", "020 7946 0018, extension 7", phone.ErrExtension},
	} {
		p, err := phone.Parser(tc.region)(tc.in)
		require.True(t, p.IsZero(), "%q in %s is %v", tc.in, tc.region, p.E164())
		require.ErrorIs(t, err, tc.want, "%q in %s", tc.in, tc.region)
		require.ErrorIs(t, err, recipient.ErrInvalid)
		var e *phone.Error
		require.ErrorAs(t, err, &e)
		discreet(t, err, tc.in)
	}
}

// discreet requires that an error has nothing of what was read.
func discreet(t *testing.T, err error, in string) {
	t.Helper()
	said := err.Error() + fmt.Sprintf("%+v %q", err, err)
	for _, word := range strings.FieldsFunc(in, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(word) > 1 && !slices.Contains([]string{"or", "ext", "extension"}, word) {
			require.NotContains(t, said, word)
		}
	}
}

// FuzzParser: whatever is written, the result is a number that recipient.Parse
// reads as the same, or an error with nothing of it.
func FuzzParser(f *testing.F) {
	for _, s := range []string{"(415) 555-0100", "+44 (0)20 7946 0018", "030/123456 x7", "4.1E+09", "００１"} {
		f.Add(s, "US")
		f.Add(s, "DE")
	}
	f.Fuzz(func(t *testing.T, in, region string) {
		p, err := phone.Parser(region)(in)
		if err != nil {
			require.True(t, p.IsZero())
			require.ErrorIs(t, err, recipient.ErrInvalid)
			if len(in) > 3 && strings.ContainsAny(in, "0123456789") {
				require.NotContains(t, err.Error(), in)
			}
			return
		}
		again, err := recipient.Parse(p.E164())
		require.NoError(t, err)
		require.Equal(t, p, again)
		again, err = phone.Parser(region)(p.E164())
		require.NoError(t, err, "what was read is not read again")
		require.Equal(t, p, again)
	})
}
