package provider

import "fmt"

// Sender is the kind of number that an account sends from. On it depends who
// answers STOP: the provider, the network or nobody.
type Sender uint8

// The kinds of sender.
const (
	LongCode  Sender = iota // a ten-digit number, the default
	TollFree                // a toll-free number: the network itself answers STOP, which nobody can turn off
	ShortCode               // five or six digits
)

// String returns the kind of sender in lower case.
func (s Sender) String() string {
	switch s {
	case LongCode:
		return "long code"
	case TollFree:
		return "toll-free number"
	case ShortCode:
		return "short code"
	}
	return fmt.Sprintf("sender %d", uint8(s))
}

// Handling says whether the provider itself answers STOP, START and HELP. An
// adapter needs it to know if a person has got an answer already, so that
// nobody gets two (R7.19).
type Handling uint8

const (
	// HandlingDefault is what the provider does for a new account; the adapter's documentation says how.
	HandlingDefault Handling = iota
	// HandlingOn says that the provider answers.
	HandlingOn
	// HandlingOff says that it has been turned off at the provider, so that the answer is ours.
	HandlingOff
)

// String returns the handling in lower case.
func (h Handling) String() string {
	switch h {
	case HandlingDefault:
		return "default"
	case HandlingOn:
		return "on"
	case HandlingOff:
		return "off"
	}
	return fmt.Sprintf("handling %d", uint8(h))
}
