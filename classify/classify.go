package classify

import "context"

// Label is what a text is.
type Label uint8

const (
	// Unknown is the zero Label. A pipeline treats it as a refusal.
	Unknown Label = iota
	// Service is what the customer asked for or needs, and nothing else.
	Service
	// Promotional sells, upsells, brings back or draws in.
	Promotional
	// Mixed is a service message that also carries promotional content.
	Mixed
)

// String returns the label in lower case.
func (l Label) String() string {
	switch l {
	case Service:
		return "service"
	case Promotional:
		return "promotional"
	case Mixed:
		return "mixed"
	default:
		return "unknown"
	}
}

// Verdict is what a classifier made of a text.
type Verdict struct {
	Label    Label
	Score    float64   // how promotional, from 0 to 1
	Findings []Finding // why it is not Service, in order of Start
}

// Finding points at words that a rule objects to. It holds no text.
type Finding struct {
	Rule       string // stable id, such as "promo/discount"
	Start, End int    // byte range in the text as given
}

// Classifier tells what a text is.
type Classifier interface {
	// Classify judges text, the message as the caller wrote it. It must be safe
	// for concurrent use and must not keep text. An error means that it could
	// not judge: the message is then not sent.
	Classify(ctx context.Context, text string) (Verdict, error)
}

// Approval is a person's signed exception: texts that match Template go out
// although a classifier objects to words of the template.
type Approval struct {
	Template string // the exact text, with {} for each short value
	By       string // who signed, by name
	Reason   string // why it is service
}
