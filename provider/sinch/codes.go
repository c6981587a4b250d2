package sinch

import (
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Where the meanings of the codes stand.
const (
	restList = "developers.sinch.com, SMS delivery reports"
	smppList = "developers.sinch.com, 10DLC error codes"
)

// codes is what the codes of delivery reports mean. It is never changed. None of
// them stands for an opt-out. Codes that are temporary have no kind.
var codes = wire.Codes{
	"15": {Kind: provider.Filtered, About: "spam", Source: smppList},
	"62": {Kind: provider.Filtered, About: "spam, internal filter", Source: smppList},

	"300": {Kind: provider.BadRecipient, About: "invalid destination address", Source: smppList},

	"64": {Kind: provider.Throttled, About: "quota exceeded", Source: smppList},

	"60":  {Kind: provider.Refused, About: "campaign not active", Source: smppList},
	"310": {Kind: provider.Refused, About: "invalid source address", Source: smppList},
	"349": {Kind: provider.Refused, About: "request failed, perhaps blocked by AT&T", Source: smppList},
	"402": {Kind: provider.Refused, About: "unroutable", Source: restList},
	"405": {Kind: provider.Refused, About: "unmatched parameter", Source: restList},
	"407": {Kind: provider.Refused, About: "cancelled by us", Source: restList},
	"408": {Kind: provider.Refused, About: "rejected by Sinch", Source: restList},
	"410": {Kind: provider.Refused, About: "no default originator", Source: restList},
	"411": {Kind: provider.Refused, About: "too many parts", Source: restList},
	"412": {Kind: provider.Refused, About: "region not provisioned", Source: restList},
	"413": {Kind: provider.Refused, About: "account blocked", Source: restList},

	"0":   {Kind: provider.Unknown, About: "delivered", Source: restList},
	"400": {Kind: provider.Unknown, About: "queued", Source: restList},
	"401": {Kind: provider.Unknown, About: "dispatched", Source: restList},
	"403": {Kind: provider.Unknown, About: "internal error", Source: restList},
	"404": {Kind: provider.Unknown, About: "temporary delivery failure", Source: restList},
	"406": {Kind: provider.Unknown, About: "expired before delivery", Source: restList},
}
