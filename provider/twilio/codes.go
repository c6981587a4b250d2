package twilio

import (
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Where the meanings of the codes stand: the provider's own page of each error,
// and the page of its errors and warnings for names alone.
const (
	errorPage = "twilio.com/docs/api/errors/{code}"
	errorList = "twilio.com/docs/api/errors"
)

// codes is what Twilio's error codes mean, in the answer to a send and in
// status callbacks alike. It is never changed. An opt-out among them goes on
// file (R7.22). The codes that are temporary, 30003 and 30008, have no kind:
// they promise nothing about the number.
var codes = wire.Codes{
	"21610": {Kind: provider.OptedOut, About: "the recipient has replied STOP", Source: errorPage},
	"63014": {Kind: provider.OptedOut, About: "blocked by the user (other channels)", Source: errorList},
	"63033": {Kind: provider.OptedOut, About: "the recipient has unsubscribed (other channels)", Source: errorList},

	"30004": {Kind: provider.Filtered, About: "message blocked", Source: errorPage},
	"30007": {Kind: provider.Filtered, About: "message filtered", Source: errorPage},
	"30450": {Kind: provider.Filtered, About: "SMS pumping protection", Source: errorPage},

	"21211": {Kind: provider.BadRecipient, About: "invalid To number", Source: errorPage},
	"21217": {Kind: provider.BadRecipient, About: "number does not appear to be valid", Source: errorList},
	"21265": {Kind: provider.BadRecipient, About: "To is a short code", Source: errorPage},
	"21614": {Kind: provider.BadRecipient, About: "To is not a mobile number", Source: errorList},
	"21635": {Kind: provider.BadRecipient, About: "To is a landline", Source: errorPage},
	"30005": {Kind: provider.BadRecipient, About: "unknown destination handset", Source: errorList},
	"30006": {Kind: provider.BadRecipient, About: "landline or unreachable carrier", Source: errorList},

	"14107": {Kind: provider.Throttled, About: "message rate limit", Source: errorList},
	"20429": {Kind: provider.Throttled, About: "too many requests (HTTP 429)", Source: errorList},
	"21611": {Kind: provider.Throttled, About: "the sender's queue is full", Source: errorList},
	"30001": {Kind: provider.Throttled, About: "queue overflow", Source: errorList},
	"30017": {Kind: provider.Throttled, About: "carrier network congestion", Source: errorList},
	"30022": {Kind: provider.Throttled, About: "10DLC rate limit", Source: errorList},
	"30023": {Kind: provider.Throttled, About: "10DLC daily cap; tomorrow again", Source: errorList},
	"30027": {Kind: provider.Throttled, About: "T-Mobile daily cap; tomorrow again", Source: errorList},

	"20003": {Kind: provider.Refused, About: "authentication", Source: errorList},
	"20005": {Kind: provider.Refused, About: "account not active", Source: errorList},
	"21212": {Kind: provider.Refused, About: "invalid From number", Source: errorList},
	"21408": {Kind: provider.Refused, About: "region not enabled", Source: errorList},
	"21602": {Kind: provider.Refused, About: "body is required", Source: errorList},
	"21603": {Kind: provider.Refused, About: "From is required", Source: errorList},
	"21606": {Kind: provider.Refused, About: "From cannot send messages", Source: errorList},
	"21608": {Kind: provider.Refused, About: "trial account, unverified number", Source: errorList},
	"21612": {Kind: provider.Refused, About: "To is not reachable from this sender", Source: errorList},
	"21617": {Kind: provider.Refused, About: "body exceeds 1600 characters", Source: errorList},
	"21650": {Kind: provider.Refused, About: "registration document", Source: errorList},
	"21651": {Kind: provider.Refused, About: "registration identity", Source: errorList},
	"21701": {Kind: provider.Refused, About: "Messaging Service does not exist", Source: errorList},
	"21702": {Kind: provider.Refused, About: "Messaging Service not usable", Source: errorList},
	"21703": {Kind: provider.Refused, About: "Messaging Service without a sender", Source: errorList},
	"21704": {Kind: provider.Refused, About: "Messaging Service without a number", Source: errorList},
	"21705": {Kind: provider.Refused, About: "Messaging Service invalid", Source: errorList},
	"30002": {Kind: provider.Refused, About: "account suspended", Source: errorList},
	"30018": {Kind: provider.Refused, About: "sender ID needs pre-registration", Source: errorList},
	"30024": {Kind: provider.Refused, About: "numeric sender not provisioned", Source: errorList},
	"30032": {Kind: provider.Refused, About: "toll-free number not verified", Source: errorPage},
	"30034": {Kind: provider.Refused, About: "number not registered", Source: errorPage},

	"20500": {Kind: provider.Unknown, About: "internal error", Source: errorList},
	"30003": {Kind: provider.Unknown, About: "handset unreachable; temporary", Source: errorList},
	"30008": {Kind: provider.Unknown, About: "unknown error; temporary", Source: errorList},
}
