package awssms

import (
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Where the meanings stand.
const (
	apiModel  = "AWS SDK, service model of pinpoint-sms-voice-v2"
	eventList = "docs.aws.amazon.com/sms-voice, configuration set event types"
)

// internalError is the exception that promises nothing, whatever the status is.
const internalError = "InternalServerException"

// codes is what the reasons of exceptions mean, or their names where they have
// no reason, and the types of events. It is never changed. An opt-out among
// them goes on file (R7.22). None of the events stands for an opt-out: AWS
// tells it with the send.
var codes = wire.Codes{
	"DESTINATION_PHONE_NUMBER_OPTED_OUT": {Kind: provider.OptedOut, About: "on the opt-out list", Source: apiModel},

	"ThrottlingException": {Kind: provider.Throttled, About: "too many requests", Source: apiModel},

	"ACCOUNT_DISABLED": {Kind: provider.Refused, About: "account disabled", Source: apiModel},
	"DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION":        {Kind: provider.Refused, About: "country blocked by the account's own rules", Source: apiModel},
	"DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE": {Kind: provider.Refused, About: "number blocked by the account's own rules", Source: apiModel},
	"INSUFFICIENT_ACCOUNT_REPUTATION":                             {Kind: provider.Refused, About: "account reputation", Source: apiModel},
	"INVALID_IDENTITY_FOR_DESTINATION_COUNTRY":                    {Kind: provider.Refused, About: "sender not for this country", Source: apiModel},
	"MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT":                        {Kind: provider.Refused, About: "monthly spend limit", Source: apiModel},
	"NO_ORIGINATION_IDENTITIES_FOUND":                             {Kind: provider.Refused, About: "no sender", Source: apiModel},
	"PRICE_OVER_THRESHOLD":                                        {Kind: provider.Refused, About: "price over the limit", Source: apiModel},
	"SENDER_ID_NOT_REGISTERED":                                    {Kind: provider.Refused, About: "sender ID not registered", Source: apiModel},

	"TEXT_BLOCKED":         {Kind: provider.Filtered, About: "blocked", Source: eventList},
	"TEXT_CARRIER_BLOCKED": {Kind: provider.Filtered, About: "blocked by the carrier", Source: eventList},
	"TEXT_SPAM":            {Kind: provider.Filtered, About: "spam", Source: eventList},
	"TEXT_INVALID":         {Kind: provider.BadRecipient, About: "invalid number", Source: eventList},
	"TEXT_INVALID_MESSAGE": {Kind: provider.Refused, About: "invalid message", Source: eventList},
	"TEXT_PROTECT_BLOCKED": {Kind: provider.Refused, About: "blocked by the account's own rules", Source: eventList},

	"TEXT_CARRIER_UNREACHABLE": {Kind: provider.Unknown, About: "carrier unreachable; temporary", Source: eventList},
	"TEXT_TTL_EXPIRED":         {Kind: provider.Unknown, About: "expired", Source: eventList},
	"TEXT_UNREACHABLE":         {Kind: provider.Unknown, About: "handset unreachable; temporary", Source: eventList},
}
