package recipient

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unique"
)

// ErrInvalid reports that a text is no phone number that a message can be sent to.
var ErrInvalid = errors.New("recipient: not an E.164 phone number")

// Phone is one subscriber's number in canonical E.164 form.
//
// It is comparable and usable as a map key; the zero Phone is invalid. Its
// digits are held behind a handle, so that even a struct with a Phone in an
// unexported field prints no number.
type Phone struct{ h unique.Handle[string] }

// Parse reads a number in strict E.164: a plus sign and 8 to 15 digits, the
// first not zero, with nothing between them. Numbers under +1 must have the
// shape of the North American Numbering Plan. The old Mexican mobile prefix
// +52 1 is dropped, so that one subscriber is one Phone.
//
// The error wraps [ErrInvalid] and never contains the input.
func Parse(e164 string) (Phone, error) {
	digits, ok := strings.CutPrefix(e164, "+")
	if !ok {
		return Phone{}, fmt.Errorf("%w: no leading plus sign", ErrInvalid)
	}
	if len(digits) < 8 || len(digits) > 15 {
		return Phone{}, fmt.Errorf("%w: want 8 to 15 digits", ErrInvalid)
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return Phone{}, fmt.Errorf("%w: a character other than a digit", ErrInvalid)
		}
	}
	switch {
	case digits[0] == '0':
		return Phone{}, fmt.Errorf("%w: a country code never starts with zero", ErrInvalid)
	case digits[0] == '1' && !nanp(digits[1:]):
		return Phone{}, fmt.Errorf("%w: not a number of the North American Numbering Plan", ErrInvalid)
	case len(digits) == 13 && strings.HasPrefix(digits, "521"):
		digits = "52" + digits[3:]
	}
	return Phone{unique.Make("+" + digits)}, nil
}

// nanp reports whether the ten digits after +1 have the shape NXX NXX XXXX,
// with N from 2 to 9 and no N11 as area code.
func nanp(d string) bool {
	return len(d) == 10 && d[0] >= '2' && d[3] >= '2' && d[1:3] != "11"
}

// MustParse is [Parse] for tests and constants: it panics on an invalid number.
func MustParse(e164 string) Phone {
	p, err := Parse(e164)
	if err != nil {
		panic(err)
	}
	return p
}

// E164 returns the whole number, or "" for the zero Phone. It is the only way
// to the number: use it to store the number or to hand it to a provider.
func (p Phone) E164() string {
	if p.IsZero() {
		return ""
	}
	return p.h.Value()
}

// IsZero reports whether p is the zero Phone, which is no number.
func (p Phone) IsZero() bool { return p == Phone{} }

// InCountry reports whether p has the country calling code cc, digits only, such as "1" or "52".
func (p Phone) InCountry(cc string) bool {
	return cc != "" && strings.HasPrefix(p.E164(), "+"+cc)
}

// String returns the redacted form, such as "+…00", or "" for the zero Phone.
func (p Phone) String() string {
	s := p.E164()
	if s == "" {
		return ""
	}
	return "+…" + s[len(s)-2:]
}

// Format implements [fmt.Formatter]: every verb prints [Phone.String].
func (p Phone) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, p.String()) // a State does not fail
}

// LogValue implements [slog.LogValuer] with [Phone.String].
func (p Phone) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalText implements [encoding.TextMarshaler] with [Phone.String], so that
// JSON shows no number. The form cannot be read back.
func (p Phone) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler] with [Parse], so that a
// request body can carry a number. An empty text gives the zero Phone.
func (p *Phone) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = Phone{}
		return nil
	}
	q, err := Parse(string(text))
	if err != nil {
		return err
	}
	*p = q
	return nil
}

// Value implements [driver.Valuer] with an error, so that no database driver
// stores the redacted form by accident. Store [Phone.E164].
func (p Phone) Value() (driver.Value, error) {
	return nil, errors.New("recipient: store Phone.E164(), not the Phone")
}

// ID is the storage partition of one person: all facts about one number of one tenant.
type ID struct {
	Tenant string // the legal entity or installation; may be empty when there is only one
	Phone  Phone
}
