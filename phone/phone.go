package phone

import (
	"errors"
	"regexp"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"github.com/carewire/carewire/recipient"
)

// The reasons, for errors.Is.
var (
	ErrRegion     = errors.New("the region is not known: use a code such as US")
	ErrNotANumber = errors.New("it has something other than a phone number")
	ErrTooShort   = errors.New("it is too short, or has no area code")
	ErrTooLong    = errors.New("it is too long")
	ErrCountry    = errors.New("it has no country code that is known")
	ErrExtension  = errors.New("it has an extension, which no message reaches")
)

// Error is why a number was not read. It has nothing of the number.
type Error struct{ Reason error }

// Error returns the reason.
func (e *Error) Error() string { return "phone: " + e.Reason.Error() }

// Unwrap returns the reason and [recipient.ErrInvalid].
func (e *Error) Unwrap() []error { return []error{e.Reason, recipient.ErrInvalid} }

// Parser returns a function that reads numbers as they are written in a
// region, an ISO 3166-1 code such as "US" or "GB". A number with a plus sign, or
// with the region's prefix for calls abroad, is read as international whatever
// the region. The function is safe for concurrent use. If the region is not
// known, it returns [ErrRegion] for every number.
func Parser(region string) func(string) (recipient.Phone, error) {
	region = strings.ToUpper(strings.TrimSpace(region))
	known := phonenumbers.GetSupportedRegions()[region]
	return func(s string) (recipient.Phone, error) {
		if !known {
			return recipient.Phone{}, &Error{ErrRegion}
		}
		p, reason := parse(s, region)
		if reason != nil {
			return recipient.Phone{}, &Error{reason}
		}
		return p, nil
	}
}

// decimal is a number as a spreadsheet exports it: one more zero would make it
// somebody else's.
var decimal = regexp.MustCompile(`^\s*\+?[0-9]+\.[0-9]?\s*$`)

// extension finds what may follow a number, in the words of a few languages.
var extension = regexp.MustCompile(`(?i)[0-9)]\s*[,;]?\s*(?:ext(?:ension)?\.?|x|#|durchwahl|anexo|int\.?|poste)\s*:?\s*[0-9]+\s*#?\s*$`)

func parse(s, region string) (recipient.Phone, error) {
	switch {
	case extension.MatchString(s):
		return recipient.Phone{}, ErrExtension
	case decimal.MatchString(s) || strings.ContainsFunc(s, foreign):
		return recipient.Phone{}, ErrNotANumber
	}
	n, err := phonenumbers.Parse(s, region)
	if err != nil {
		return recipient.Phone{}, reasonOf(err)
	}
	switch phonenumbers.IsPossibleNumberWithReason(n) {
	case phonenumbers.IS_POSSIBLE:
	case phonenumbers.INVALID_COUNTRY_CODE:
		return recipient.Phone{}, ErrCountry
	case phonenumbers.TOO_LONG:
		if n.GetCountryCode() == 52 && n.GetNationalNumber()/1e10 == 1 { // the mobile prefix that Mexico has given up
			break
		}
		return recipient.Phone{}, ErrTooLong
	case phonenumbers.TOO_SHORT, phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		return recipient.Phone{}, ErrTooShort
	default:
		return recipient.Phone{}, ErrNotANumber
	}
	e164 := phonenumbers.Format(n, phonenumbers.E164)
	p, err := recipient.Parse(e164)
	if err != nil {
		return recipient.Phone{}, ErrNotANumber
	}
	// Zeros too many are read one way in this format and another in the next:
	// the number could be either person's.
	again, err := phonenumbers.Parse(e164, region)
	if err != nil || phonenumbers.Format(again, phonenumbers.E164) != e164 {
		return recipient.Phone{}, ErrNotANumber
	}
	return p, nil
}

// foreign reports whether r is no part of a written phone number. Letters are
// none: neither a word beside the number nor digits spelled as letters.
func foreign(r rune) bool {
	return !unicode.IsDigit(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Pd, r) && !strings.ContainsRune("+＋()（）./", r)
}

// reasonOf says in our words what the library found.
func reasonOf(err error) error {
	switch {
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		return ErrCountry
	case errors.Is(err, phonenumbers.ErrTooShortNSN), errors.Is(err, phonenumbers.ErrTooShortAfterIDD):
		return ErrTooShort
	case errors.Is(err, phonenumbers.ErrNumTooLong):
		return ErrTooLong
	}
	return ErrNotANumber
}
