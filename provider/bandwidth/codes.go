package bandwidth

import (
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// source is where the meanings of the codes stand. Later additions could not be
// verified.
const source = "support.bandwidth.com, messaging error codes, 2023-11"

// noReceipt says that the carrier sent no delivery receipt: no failure.
const noReceipt = "9902"

// codes is what the codes of message-failed callbacks mean, and the types of
// refusals. It is never changed. An opt-out among them goes on file (R7.22).
// The groups 51xx to 56xx, failures of Bandwidth and of carriers, are temporary
// and have no kind.
var codes = wire.Codes{
	"4482": {Kind: provider.OptedOut, About: "the recipient is on the blocklist", Source: source},
	"4772": {Kind: provider.OptedOut, About: "sender or recipient blocked", Source: source},
	"4775": {Kind: provider.OptedOut, About: "rejected due to the user's opt-out", Source: source},

	"4470": {Kind: provider.Filtered, About: "rejected as spam by Bandwidth", Source: source},
	"4481": {Kind: provider.Filtered, About: "the sender is on the blocklist", Source: source},
	"4750": {Kind: provider.Filtered, About: "rejected by the carrier, unspecified", Source: source},
	"4770": {Kind: provider.Filtered, About: "rejected as spam by the carrier", Source: source},
	"4771": {Kind: provider.Filtered, About: "rejected for a shortened URL", Source: source},

	"4303": {Kind: provider.BadRecipient, About: "invalid recipient", Source: source},
	"4404": {Kind: provider.BadRecipient, About: "invalid recipient", Source: source},
	"4406": {Kind: provider.BadRecipient, About: "invalid recipient", Source: source},
	"4701": {Kind: provider.BadRecipient, About: "recipient unknown to the carrier", Source: source},
	"4720": {Kind: provider.BadRecipient, About: "recipient cannot receive, such as a landline", Source: source},
	"4721": {Kind: provider.BadRecipient, About: "recipient deactivated", Source: source},

	"4780":                            {Kind: provider.Throttled, About: "T-Mobile limit", Source: source},
	"4781":                            {Kind: provider.Throttled, About: "AT&T limit", Source: source},
	"4785":                            {Kind: provider.Throttled, About: "carrier limit", Source: source},
	"max-message-queue-size-exceeded": {Kind: provider.Throttled, About: "queue full (HTTP 429)", Source: source},

	"4302": {Kind: provider.Refused, About: "invalid sender", Source: source},
	"4403": {Kind: provider.Refused, About: "invalid sender", Source: source},
	"4405": {Kind: provider.Refused, About: "invalid sender", Source: source},
	"4407": {Kind: provider.Refused, About: "invalid sender", Source: source},
	"4740": {Kind: provider.Refused, About: "sender invalid at the carrier", Source: source},
	"4773": {Kind: provider.Refused, About: "campaign inactive", Source: source},
	"4774": {Kind: provider.Refused, About: "campaign provisioning", Source: source},
	"4791": {Kind: provider.Refused, About: "short code campaign not allowed", Source: source},
	"4792": {Kind: provider.Refused, About: "short code not provisioned", Source: source},
	"4793": {Kind: provider.Refused, About: "short code expired", Source: source},
	"4795": {Kind: provider.Refused, About: "toll-free number not verified", Source: source},

	"4360":    {Kind: provider.Unknown, About: "message expired", Source: source},
	noReceipt: {Kind: provider.Unknown, About: "no delivery receipt; not a failure", Source: source},
	"9999":    {Kind: provider.Unknown, About: "unknown error", Source: source},
}
