package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// story is one customer's, told step by step. The first unexpected error ends it.
type story struct {
	ctx     context.Context
	out     io.Writer
	sms     *carewire.Client
	carrier *carrier
	phone   recipient.Phone
	run     int // how often the story has been told on this file
	err     error
}

// tell goes through the steps, or ends after the one called until.
func (s *story) tell(until string) {
	s.begin()
	s.book()
	s.send("booked", "Your visit is booked for Tuesday, 10 to 12.")
	s.send("on-the-way", "Joe is on his way and will be there around 10:20.")
	s.send("promotion", "Your visit is done. Get 20% off a new water heater this week!")
	s.customer("HELP")
	s.customer("Stop. Thank you")
	s.send("invoice", "Your invoice is ready. The total is $184.20.")
	if until == "stop" {
		s.say("\nThe story ends here. Run it again on the same file: the STOP is still on file.")
		return
	}
	s.customer("START")
	s.send("receipt", "We have received your payment of $184.20.")
	s.evidence()
}

func (s *story) say(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.out, format+"\n", args...)
	}
}

// begin says what earlier runs have left on file.
func (s *story) begin() {
	e, err := s.sms.Evidence(s.ctx, s.phone)
	if s.err = err; err != nil {
		return
	}
	for _, o := range e.Outcomes {
		if _, _, key, _ := store.SplitKey(o.Key); strings.HasSuffix(key, "/booked") {
			s.run++
		}
	}
	s.say("Acme Plumbing texts a customer at %v.", s.phone)
	if s.run > 0 {
		s.say("On file from before: %d consents, %d opt-outs and opt-ins, %d disclosures, %d attempts.",
			len(e.Consents), len(e.OptOuts), len(e.Disclosures), len(e.Outcomes))
	}
}

// book files the consent that giving a number for a booking implies.
func (s *story) book() {
	if s.err != nil {
		return
	}
	s.say("\nThe customer books a visit and gives the number; the form says what it is for.")
	s.err = s.sms.Consent(s.ctx, s.phone, consent.Record{
		Basis: consent.Transaction, Ref: "booking-881", Purposes: []consent.Purpose{consent.Service},
		Shown: "We will text you about your visit.", Where: "https://acme.example/book",
	})
	s.say("         [on file: consent for %q, from booking-881]", consent.Service)
}

// send tries to send and prints what became of it. A refusal is part of the story.
func (s *story) send(occasion, text string) {
	if s.err != nil {
		return
	}
	m := carewire.Message{To: s.phone, Purpose: consent.Service, Key: fmt.Sprintf("booking-881/%d/%s", s.run+1, occasion), Text: text}
	r, err := s.sms.Send(s.ctx, m)
	var refused *carewire.Error
	switch {
	case errors.As(err, &refused):
		s.refusal(text, refused)
	case err != nil:
		s.err = err
	case r.Disclosed:
		s.say("         [accepted; it carried the disclosure]")
	default:
		s.say("         [accepted]")
	}
}

// refusal prints what was not sent, why, and which words were to blame.
func (s *story) refusal(text string, e *carewire.Error) {
	s.say("\n       ✗ %s", text)
	if len(e.Findings) > 0 {
		marks := []byte(strings.Repeat(" ", len(text)))
		for _, f := range e.Findings {
			copy(marks[f.Start:f.End], strings.Repeat("^", f.End-f.Start))
		}
		s.say("         %s", strings.TrimRight(string(marks), " "))
	}
	s.say("         [%v]", e)
}

// customer sends a text from the customer's phone to the client.
func (s *story) customer(text string) {
	if s.err != nil {
		return
	}
	s.say("\n%40s %s", "Customer ▸", text)
	s.carrier.serial++
	id := fmt.Sprintf("IN%d-%04d", s.run+1, s.carrier.serial)
	in, err := s.sms.Receive(s.ctx, provider.Inbound{ID: id, From: s.phone, To: "+14155550199", Text: text})
	if s.err = err; err == nil {
		s.say("         [read as %q by rule %s]", in.Reading.Intent, in.Reading.Rule)
	}
}

// evidence prints everything on file about the number.
func (s *story) evidence() {
	if s.err != nil {
		return
	}
	e, err := s.sms.Evidence(s.ctx, s.phone)
	if s.err = err; err != nil {
		return
	}
	s.say("\nEvidence for this number:")
	for _, r := range e.Consents {
		s.say("  consent     %-16v %-14s %q", r.Basis, r.Ref, r.Shown)
	}
	for _, r := range e.OptOuts {
		what := "opt-out"
		if r.In {
			what = "opt-in"
		}
		s.say("  %-11s %-16s %-14s %q", what, r.Rule, r.Via, r.Text)
	}
	for _, r := range e.Disclosures {
		s.say("  disclosure  %-16v %.50q…", r.Kind, r.Text)
	}
	for _, o := range e.Outcomes {
		kind, _, key, _ := store.SplitKey(o.Key)
		s.say("  %-11s %-9v %-26s %s", kind, o.State, key, o.Rule)
	}
}
