package consent

import (
	"fmt"
	"time"

	"github.com/carewire/carewire/recipient"
)

// Step is one of the two steps of a double opt-in.
type Step struct {
	Shown  string    // the text that the person was shown, literally
	Answer string    // what the person did or wrote, literally: "checked the box", "YES"
	Where  string    // where: a URL, a form's name and version, a phone number
	At     time.Time // when
}

func (s Step) complete() bool {
	return s.Shown != "" && s.Answer != "" && s.Where != "" && !s.At.IsZero()
}

// NewMarketing makes the record of express written consent to marketing from
// both steps of a double opt-in. (S9)
//
// A care program never sends marketing: the record is for the application's
// separate marketing system, which puts it on file itself and asks [Check].
// ID stays empty: the application chooses one.
func NewMarketing(of recipient.ID, brand string, first, second Step) (Record, error) {
	switch {
	case of.Phone.IsZero():
		return Record{}, fmt.Errorf("%w: no phone number", ErrInvalid)
	case brand == "":
		return Record{}, fmt.Errorf("%w: marketing consent is for one brand", ErrInvalid)
	case !first.complete() || !second.complete():
		return Record{}, fmt.Errorf("%w: both steps need what was shown, the answer, where and when", ErrInvalid)
	case !second.At.After(first.At):
		return Record{}, fmt.Errorf("%w: the second step must come after the first", ErrInvalid)
	}
	return Record{
		Of: of, Brand: brand, Basis: Written, Purposes: []Purpose{Marketing},
		Shown: first.Shown, Where: first.Where, At: second.At,
		Confirmed: fmt.Sprintf("%s: %s (after: %s; at %s: %s)", second.At.UTC().Format(time.RFC3339),
			second.Answer, second.Shown, first.At.UTC().Format(time.RFC3339), first.Answer),
	}, nil
}
