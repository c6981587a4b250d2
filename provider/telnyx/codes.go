package telnyx

import (
	"strings"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// optedOut is Telnyx's code for a number that is blocked since its owner has
// replied STOP. In the answer to a send it means that. In a webhook Telnyx's own
// pages disagree about it (one of them calls it "unreachable"), so that there
// it counts only if the words beside it say so.
const optedOut = "40300"

// Where the meanings of the codes stand: Telnyx's reference of messaging
// errors, state of 2026-04-10, and its page about rate limits.
const (
	reference = "developers.telnyx.com, messaging error codes, 2026-04-10"
	general   = "developers.telnyx.com, API error codes"
)

// codes is what Telnyx's error codes mean. It is never changed. An opt-out
// among them goes on file (R7.22). Codes that are temporary have no kind: they
// promise nothing about the number.
var codes = wire.Codes{
	optedOut: {Kind: provider.OptedOut, About: "blocked due to STOP", Source: reference},

	"40002": {Kind: provider.Filtered, About: "blocked as spam, temporary", Source: reference},
	"40003": {Kind: provider.Filtered, About: "blocked as spam, sender permanently blocked", Source: reference},
	"40015": {Kind: provider.Filtered, About: "blocked by the spam filter of Telnyx", Source: reference},
	"40017": {Kind: provider.Filtered, About: "blocked as spam by AT&T", Source: reference},
	"40020": {Kind: provider.Filtered, About: "artificial traffic, for 24 hours", Source: reference},
	"40322": {Kind: provider.Filtered, About: "blocked content", Source: reference},

	"10002": {Kind: provider.BadRecipient, About: "invalid phone number", Source: general},
	"10016": {Kind: provider.BadRecipient, About: "phone number not in E.164", Source: general},
	"40001": {Kind: provider.BadRecipient, About: "landline or not routable", Source: reference},
	"40012": {Kind: provider.BadRecipient, About: "invalid messaging destination", Source: reference},
	"40310": {Kind: provider.BadRecipient, About: "invalid to address", Source: reference},

	"10011": {Kind: provider.Throttled, About: "too many requests (HTTP 429)", Source: general},
	"40011": {Kind: provider.Throttled, About: "rate limit upstream", Source: reference},
	"40016": {Kind: provider.Throttled, About: "T-Mobile 10DLC limit", Source: reference},
	"40018": {Kind: provider.Throttled, About: "AT&T 10DLC limit", Source: reference},
	"40318": {Kind: provider.Throttled, About: "queue full", Source: reference},

	"40009": {Kind: provider.Refused, About: "invalid message body", Source: reference},
	"40010": {Kind: provider.Refused, About: "not 10DLC registered", Source: reference},
	"40013": {Kind: provider.Refused, About: "invalid source number", Source: reference},
	"40019": {Kind: provider.Refused, About: "AT&T tag data", Source: reference},
	"40100": {Kind: provider.Refused, About: "number not enabled for messaging", Source: reference},
	"40301": {Kind: provider.Refused, About: "unsupported message type", Source: reference},
	"40302": {Kind: provider.Refused, About: "message too large", Source: reference},
	"40304": {Kind: provider.Refused, About: "invalid combination of message content", Source: reference},
	"40305": {Kind: provider.Refused, About: "invalid from address", Source: reference},
	"40306": {Kind: provider.Refused, About: "alphanumeric sender not configured", Source: reference},
	"40307": {Kind: provider.Refused, About: "alphanumeric sender is another one", Source: reference},
	"40308": {Kind: provider.Refused, About: "invalid from address for MMS", Source: reference},
	"40309": {Kind: provider.Refused, About: "destination region not on the list of the profile", Source: reference},
	"40311": {Kind: provider.Refused, About: "invalid profile secret", Source: reference},
	"40312": {Kind: provider.Refused, About: "messaging profile disabled", Source: reference},
	"40313": {Kind: provider.Refused, About: "missing profile secret", Source: reference},
	"40314": {Kind: provider.Refused, About: "messaging disabled on the account", Source: reference},
	"40315": {Kind: provider.Refused, About: "unhealthy sender", Source: reference},
	"40316": {Kind: provider.Refused, About: "no content", Source: reference},
	"40317": {Kind: provider.Refused, About: "invalid MMS content", Source: reference},
	"40319": {Kind: provider.Refused, About: "incompatible message type", Source: reference},
	"40320": {Kind: provider.Refused, About: "sender temporarily unusable", Source: reference},
	"40321": {Kind: provider.Refused, About: "no usable number in the pool", Source: reference},
	"40323": {Kind: provider.Refused, About: "activation failed", Source: reference},
	"40325": {Kind: provider.Refused, About: "invalid alphanumeric sender", Source: reference},
	"40328": {Kind: provider.Refused, About: "message of too many parts", Source: reference},
	"40329": {Kind: provider.Refused, About: "toll-free number not verified", Source: reference},
	"40330": {Kind: provider.Refused, About: "toll-free number not provisioned", Source: reference},
	"40331": {Kind: provider.Refused, About: "no destinations on the list of the profile", Source: reference},
	"40333": {Kind: provider.Refused, About: "spend limit reached", Source: reference},

	"40004": {Kind: provider.Unknown, About: "rejected by the destination for an unknown reason", Source: reference},
	"40005": {Kind: provider.Unknown, About: "expired before delivery", Source: reference},
	"40006": {Kind: provider.Unknown, About: "recipient's carrier unavailable; temporary", Source: reference},
	"40008": {Kind: provider.Unknown, About: "undeliverable; temporary", Source: reference},
	"40014": {Kind: provider.Unknown, About: "expired in the queue", Source: reference},
}

// problem is one entry of Telnyx's errors, in answers and in webhooks.
type problem struct {
	Code   wire.Text `json:"code"`
	Title  string    `json:"title"`
	Detail string    `json:"detail"`
}

func (p problem) code() string { return string(p.Code) }

// firstKnown returns the first problem that the table knows, or the first.
func firstKnown(ps []problem) problem {
	for _, p := range ps {
		if _, ok := codes[p.code()]; ok {
			return p
		}
	}
	if len(ps) > 0 {
		return ps[0]
	}
	return problem{}
}

// kindInWebhook is the kind of a problem that arrives in a webhook.
func (p problem) kindInWebhook() provider.Kind {
	if p.code() == optedOut && !saysStop(p.Title) && !saysStop(p.Detail) {
		return provider.Refused // record it, and do not try again
	}
	return codes.Kind(p.code())
}

// saysStop reports whether a text of Telnyx speaks of STOP or of a block rule.
func saysStop(s string) bool {
	s = strings.ToLower(s)
	return strings.Contains(s, "block rule") || strings.Contains(" "+letters(s)+" ", " stop ")
}

// letters puts a blank for everything but letters.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return ' '
		}
		return r
	}, s)
}
