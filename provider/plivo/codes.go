package plivo

import (
	"strings"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// source is where the meanings of the codes stand. Newer codes, for 10DLC and
// landlines, could not be verified.
const source = "plivo.com docs, messaging error codes"

// codes is what the ErrorCode of a status callback means. It is never changed.
// An opt-out among them goes on file (R7.22). Codes that are temporary have no
// kind: they promise nothing about the number.
var codes = wire.Codes{
	"200": {Kind: provider.OptedOut, About: "source number blocked by STOP from the destination", Source: source},

	"30":  {Kind: provider.Filtered, About: "spam detected", Source: source},
	"100": {Kind: provider.Filtered, About: "prohibited by the carrier", Source: source},

	"50": {Kind: provider.BadRecipient, About: "invalid destination number", Source: source},
	"70": {Kind: provider.BadRecipient, About: "destination permanently unavailable", Source: source},

	"10":  {Kind: provider.Refused, About: "invalid message", Source: source},
	"40":  {Kind: provider.Refused, About: "invalid source number", Source: source},
	"60":  {Kind: provider.Refused, About: "message loop", Source: source},
	"90":  {Kind: provider.Refused, About: "no route available", Source: source},
	"110": {Kind: provider.Refused, About: "message too long", Source: source},
	"201": {Kind: provider.Refused, About: "US toll-free number to Canada", Source: source},
	"900": {Kind: provider.Refused, About: "insufficient credit", Source: source},
	"910": {Kind: provider.Refused, About: "account disabled", Source: source},

	"20":   {Kind: provider.Unknown, About: "network error; temporary", Source: source},
	"80":   {Kind: provider.Unknown, About: "destination temporarily unavailable", Source: source},
	"300":  {Kind: provider.Unknown, About: "failed to dispatch", Source: source},
	"420":  {Kind: provider.Unknown, About: "message expired", Source: source},
	"1000": {Kind: provider.Unknown, About: "unknown error", Source: source},
}

// code drops the zeros that Plivo fills codes up with; 000 is no error.
func code(s string) string { return strings.TrimLeft(strings.TrimSpace(s), "0") }
