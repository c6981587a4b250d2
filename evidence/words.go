package evidence

import (
	"fmt"
	"time"

	"github.com/carewire/carewire/store"
)

// sentence says in one sentence what an event was, without its texts.
func sentence(e Event) string {
	switch e.Kind {
	case KindConsent:
		return "Consent was given: " + basisWords(e.Consent.Basis) + "."
	case KindRevocation:
		return "Consent was taken back."
	case KindOptOut:
		return optOutWords(e)
	case KindOptIn:
		return "The person asked for messages again, which lifts opt-outs from before."
	case KindDisclosure:
		if e.Disclosure.Kind == "stop line" {
			return "The person was reminded how to opt out."
		}
		return "The person was shown the disclosure."
	case KindFailure:
		return "A message did not arrive; what it disclosed does not count."
	case KindAttempt:
		return attemptWords(e)
	}
	return "An event."
}

func basisWords(basis string) string {
	switch basis {
	case "transaction":
		return "the number was given for an order or a booking"
	case "support request":
		return "the number was given for a support request"
	case "form":
		return "a form was filled in"
	case "inbound":
		return "the person wrote in, which permits an answer for a limited time"
	case "written":
		return "in writing, and confirmed in a second step"
	}
	return basis
}

func optOutWords(e Event) string {
	how := "The person opted out."
	switch e.OptOut.Via {
	case "inbound":
		how = "The person opted out by text message."
	case "provider":
		how = "The provider reported that the person has opted out."
	}
	if late := e.Honoured.Sub(e.Received); late > 0 {
		how += fmt.Sprintf(" It was in force %s after it was sent.", span(late))
	}
	if e.MessagesAfter > 0 {
		return how + fmt.Sprintf(" %d message(s) went out while it stood.", e.MessagesAfter)
	}
	return how + " No message went out while it stood, except one confirmation at most."
}

func attemptWords(e Event) string {
	what := map[string]string{
		string(store.KeyMessage): "A message", string(store.KeyConfirmation): "The confirmation of an opt-out",
		string(store.KeyHelp): "An answer to HELP", string(store.KeyRefusal): "A message",
		string(store.KeyInbound): "A message from the person",
	}[e.Attempt.What]
	if what == "" {
		what = "A message"
	}
	if e.Attempt.What == string(store.KeyInbound) {
		return what + " came in and was dealt with."
	}
	switch e.Attempt.State {
	case "refused":
		return what + " was refused by our own rules and was not sent."
	case "rejected":
		return what + " was rejected by the provider and was not sent."
	case "unknown":
		return what + " was handed to the provider; whether it was accepted is not known."
	case "accepted":
		return what + " was accepted by the provider."
	case "delivered":
		return what + " was delivered."
	case "failed":
		return what + " was accepted by the provider and did not arrive."
	}
	return what + " was under way."
}

// label is what a reader calls an event.
func label(e Event) string {
	if e.Attempt == nil {
		return string(e.Kind)
	}
	switch e.Attempt.What {
	case string(store.KeyInbound):
		return "incoming message"
	case string(store.KeyConfirmation):
		return "confirmation"
	case string(store.KeyHelp):
		return "answer to HELP"
	}
	if e.Attempt.Handed() {
		return "message"
	}
	return "message, not sent"
}

// badge is the class of an event's colour.
func badge(e Event) (class string) {
	switch e.Kind {
	case KindOptOut, KindRevocation:
		return "stop"
	case KindConsent, KindOptIn:
		return "yes"
	case KindDisclosure, KindFailure:
		return "told"
	case KindAttempt:
	}
	return "sent"
}

// span is a duration in words.
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.1f seconds", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f minutes", d.Minutes())
	}
	return fmt.Sprintf("%.1f hours", d.Hours())
}

// summary answers what a reader asks first.
func summary(p Pack) []string {
	var consents, outs, handed, refused, after int
	for _, e := range p.Events {
		switch {
		case e.Kind == KindConsent:
			consents++
		case e.Kind == KindOptOut:
			outs++
			after += e.MessagesAfter
		case e.Attempt != nil && e.Attempt.Handed():
			handed++
		case e.Attempt != nil && e.Attempt.State == store.Refused.String():
			refused++
		}
	}
	s := []string{
		fmt.Sprintf("Consents on file: %d.", consents),
		fmt.Sprintf("Messages handed to the provider: %d. Refused by our own rules and not sent: %d.", handed, refused),
	}
	switch {
	case outs == 0:
		s = append(s, "Opt-outs: none.")
	case after == 0:
		s = append(s, fmt.Sprintf("Opt-outs: %d. No message went out while one stood, except one confirmation of each at most.", outs))
	default:
		s = append(s, fmt.Sprintf("Opt-outs: %d. Messages that went out while one stood: %d.", outs, after))
	}
	for _, e := range p.Erased {
		s = append(s, "Personal data were erased on "+showTime(e.At)+" by "+e.By+".")
	}
	return s
}
