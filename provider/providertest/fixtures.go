package providertest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
)

// Open makes the provider under test: its server is at baseURL, and it sends
// through client, which follows redirects unless the provider stops it.
type Open func(t *testing.T, baseURL string, client *http.Client) provider.Provider

// Answer is an HTTP answer of the provider's server.
//
// In Body, {{to}} stands for the recipient's number and {{text}} for the
// message's text as a JSON string has it: real servers quote both, and the kit
// sees to it that they get no further.
type Answer struct {
	Status int         // such as 201
	Header http.Header // may be nil
	Body   string
}

// Refused is one documented answer of the provider that says no.
type Refused struct {
	Name   string // such as "opted out"
	Answer Answer
	Kind   provider.Kind // what the error's Kind must be
	Code   string        // what the error's Code must be
	After  time.Duration // what the error's After must be
}

// Sent is what the provider's server finds in a request.
type Sent struct {
	To   string        // the recipient, with or without a plus sign
	Text string        // the text, byte for byte
	TTL  time.Duration // how long the message is of use; 0 if the request does not say
}

// Fixtures are the facts about a provider that [Run] needs.
type Fixtures struct {
	// Accept is the documented answer of success, and Receipt what it must give.
	// Without a Receipt.ID the kit cannot tell an empty answer from a good one
	// and leaves those cases out.
	Accept  Answer
	Receipt provider.Receipt
	// Refusals are the documented refusals, one for each Kind that the provider has.
	Refusals []Refused
	// Read finds recipient, text and time to live in a request, as the provider's server does.
	Read func(r *http.Request, body []byte) (Sent, error)
	// HasTTL says that the provider takes a time to live.
	HasTTL bool
	// Secrets are the secrets that the provider under test was configured with.
	// Whatever it sends in the header Authorization counts as one by itself.
	Secrets []string
}

// The message that the kit sends. The number is fictitious.
const (
	kitNumber = "+14155550143"
	kitRef    = "3f0c2b1e-kit-attempt-7d"
	kitText   = "Acme: umbrella-zebra visit booked. Reply STOP to opt out."
)

func kitMessage() provider.Message {
	return provider.Message{To: recipient.MustParse(kitNumber), Text: kitText, Ref: kitRef}
}

// peculiar are the texts that must arrive byte for byte: both tables of GSM-7,
// what stands outside of them, and what forms and JSON escape.
func peculiar() []string {
	return []string{
		"@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
			"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€",
		"‘curly’ “quotes” – dash… ç ê ñ̃ Zażółć \u00a0 \u2028 \u200b 👩‍👩‍👧 🇺🇸 😀 漢字 العربية עברית हिन्दी",
		"a=b&c=d+e%20f;g#h?i <b>\\u0041\\n</b> ${x} {{y}} %s 100% & more ",
		"first line\nsecond line\n\nlast line\n",
		strings.Repeat("long ", 190) + "end",
	}
}
