package phone_test

import (
	"errors"
	"fmt"

	"github.com/carewire/carewire/phone"
)

func Example() {
	parse := phone.Parser("US")

	p, err := parse("(415) 555-0100")
	fmt.Println(p, p.E164(), err)

	_, err = parse("555-0100")
	fmt.Println(err, errors.Is(err, phone.ErrTooShort))
	// Output:
	// +…00 +14155550100 <nil>
	// phone: it is too short, or has no area code true
}

// A list with numbers as people write them is imported with
//
//	carewire.ImportOptions{ParsePhone: phone.Parser("GB"), …}
func ExampleParser() {
	for _, written := range []string{"020 7946 0018", "+1 415 555 0100", "020 7946 0018 ext 3"} {
		p, err := phone.Parser("GB")(written)
		fmt.Printf("%q %v\n", p.E164(), err)
	}
	// Output:
	// "+442079460018" <nil>
	// "+14155550100" <nil>
	// "" phone: it has an extension, which no message reaches
}
