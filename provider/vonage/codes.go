package vonage

import (
	"strings"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Where the meanings of the codes stand.
const (
	errorList = "developer.vonage.com/api-errors/messages"
	optOut    = "developer.vonage.com/opt-out-assist, messaging opted-out numbers"
)

// codes is what the codes of the Messages API mean, in answers and in status
// webhooks. It is never changed. An opt-out among them goes on file (R7.22).
// Codes that are temporary, and 1241, whose meaning could not be verified, have
// no kind.
var codes = wire.Codes{
	"1240": {Kind: provider.OptedOut, About: "opted out with STOP", Source: optOut},

	"1210": {Kind: provider.Filtered, About: "anti-spam rejection", Source: errorList},
	"1280": {Kind: provider.Filtered, About: "blocked by the carrier", Source: errorList},

	"1050": {Kind: provider.BadRecipient, About: "number barred", Source: errorList},
	"1190": {Kind: provider.BadRecipient, About: "subscriber absent, permanent", Source: errorList},

	"1000": {Kind: provider.Throttled, About: "throttled", Source: errorList},

	"1250": {Kind: provider.Refused, About: "unroutable", Source: errorList},

	"1180": {Kind: provider.Unknown, About: "subscriber absent, temporary", Source: errorList},
	"1220": {Kind: provider.Unknown, About: "handset busy; temporary", Source: errorList},
	"1230": {Kind: provider.Unknown, About: "network error; temporary", Source: errorList},
	"1241": {Kind: provider.Unknown, About: "not verified", Source: errorList},
	"1260": {Kind: provider.Unknown, About: "destination unreachable", Source: errorList},
	"1320": {Kind: provider.Unknown, About: "message already sent", Source: errorList},
	"1330": {Kind: provider.Unknown, About: "unknown error", Source: errorList},
	"1360": {Kind: provider.Unknown, About: "time to live expired", Source: errorList},
}

// problem is Vonage's account of an error, in answers and in status webhooks.
type problem struct {
	Type  string `json:"type"`  // a link whose fragment is the code
	Title string `json:"title"` // the code itself in status webhooks, words in answers
}

// code returns the code, or "".
func (p problem) code() string {
	if p.Title != "" && strings.Trim(p.Title, "0123456789") == "" {
		return p.Title
	}
	_, code, _ := strings.Cut(p.Type, "#")
	return code
}
