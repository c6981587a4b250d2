package eval

import (
	"context"
	"fmt"

	"github.com/carewire/carewire/optout"
)

// The labels of replies.
const (
	OptOut = "optout"
	Help   = "help"
	OptIn  = "optin"
	None   = "none"
	Review = "review" // only if reviews are kept apart
)

// Inbound is the task of reading replies.
type Inbound struct {
	review string
	words  map[string]string
	read   func(string) optout.Reading
}

// NewInbound makes the task of reading replies with read. review says what a
// truly unclear text counts as: [OptOut] as in a program without a reviewer,
// [None], or "separate" for a label of its own. It holds for the labels of a
// file as well as for what was read.
func NewInbound(review string, read func(string) optout.Reading) (*Inbound, error) {
	if review == "separate" {
		review = Review
	} else if review != OptOut && review != None {
		return nil, fmt.Errorf("a review counts as optout, none or separate, not as %q", review)
	}
	return &Inbound{review: review, read: read, words: map[string]string{
		"optout": OptOut, "opt-out": OptOut, "stop": OptOut, "unsubscribe": OptOut,
		"wrong-number": OptOut, "wrongnumber": OptOut, "wrong-person": OptOut,
		"help": Help, "info": Help,
		"optin": OptIn, "opt-in": OptIn, "start": OptIn,
		"none": None, "other": None, "personal": None, "scam": None,
		"review": review, "unclear": review,
	}}, nil
}

// Name implements [Task].
func (*Inbound) Name() string { return "inbound" }

// Labels implements [Task].
func (in *Inbound) Labels() []string {
	labels := []string{OptOut, Help, OptIn, None}
	if in.review == Review {
		labels = append(labels, Review)
	}
	return labels
}

// Details implements [Task] with the intents.
func (*Inbound) Details() []string {
	return []string{
		optout.Stop.String(), optout.WrongNumber.String(), optout.Review.String(),
		optout.Help.String(), optout.Start.String(), optout.None.String(),
	}
}

// Gold implements [Task]. A wrong number is an opt-out; a person-to-person
// text and a fraud are none: nobody asks for the end of messages.
func (in *Inbound) Gold(label string) (string, Gold) { return goldOf(in.words, nil, label) }

// Predict implements [Task].
func (in *Inbound) Predict(_ context.Context, text string) (Prediction, error) {
	r := in.read(text)
	p := Prediction{Label: None, Detail: r.Intent.String()}
	if r.Rule != "" {
		p.Rules = []string{r.Rule}
	}
	switch r.Intent {
	case optout.Stop, optout.WrongNumber:
		p.Label = OptOut
	case optout.Help:
		p.Label = Help
	case optout.Start:
		p.Label = OptIn
	case optout.Review:
		p.Label = in.review
	case optout.None:
	}
	return p, nil
}
