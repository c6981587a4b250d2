package twilio

import (
	"fmt"
	"io"
	"net/http"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Config describes one Twilio account and the sender used from it. It shows no
// secret under any fmt verb and in JSON.
type Config struct {
	// AccountSID is the account's identifier, "AC…". Required.
	AccountSID string
	// AuthToken is the account's primary auth token. Twilio signs webhooks with
	// it, and it authenticates sending unless KeySID is set. Required.
	AuthToken string `json:"-"`
	// KeySID and KeySecret are an API key to send with instead of the auth
	// token. Default none; both or neither.
	KeySID    string
	KeySecret string `json:"-"`

	// From is the number in E.164, the short code or the sender name that
	// messages come from. Required unless MessagingServiceSID is set.
	From string
	// MessagingServiceSID is the Messaging Service to send through, "MG…". Default none.
	MessagingServiceSID string
	// Numbers are further numbers and short codes of ours that people may write
	// to. Messages to the Messaging Service need no entry. Default none.
	Numbers []string

	// PublicURL is the webhook's URL exactly as it is entered at Twilio, user
	// information, port, query and fragment included. Twilio signs it, and
	// status callbacks go to it. Required.
	PublicURL string
	// Sender is the kind of number that From is. Default LongCode.
	Sender provider.Sender
	// Handling says whether Twilio answers STOP, START and HELP. By default it
	// does for long codes and toll-free numbers, and not for short codes.
	Handling provider.Handling

	// BaseURL is where the API is. Default "https://api.twilio.com".
	BaseURL string
	// HTTPClient sends the requests; redirects are never followed. Default: a
	// client with a limit of 30 seconds.
	HTTPClient *http.Client `json:"-"`
}

// Format implements [fmt.Formatter]: every verb prints the account only.
func (c Config) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "twilio config of "+c.AccountSID)
}

// check returns what is wrong with the configuration.
func (c Config) check() error {
	e := wire.NewConfig("twilio")
	e.Need("AccountSID", c.AccountSID)
	e.Need("AuthToken", c.AuthToken)
	if c.KeySID != "" {
		e.Need("KeySecret", c.KeySecret)
	} else if c.KeySecret != "" {
		e.Need("KeySID", c.KeySID)
	}
	if c.MessagingServiceSID == "" {
		e.Need("From", c.From)
	}
	e.Need("PublicURL", c.PublicURL)
	e.URL("PublicURL", c.PublicURL)
	e.URL("BaseURL", c.BaseURL)
	e.Enums(c.Sender, c.Handling)
	return e.Err()
}
