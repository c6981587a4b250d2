package plivo

import (
	"fmt"
	"io"
	"net/http"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Config describes one Plivo account and the sender used from it. It shows no
// secret under any fmt verb and in JSON.
type Config struct {
	// AuthID is the account's identifier, "MA…" or "SA…". Required.
	AuthID string
	// AuthToken authenticates sending, and Plivo signs webhooks with it. Required.
	AuthToken string `json:"-"`

	// From is the number, the short code or the sender name that messages come
	// from. Required unless PowerpackUUID is set.
	From string
	// PowerpackUUID is the Powerpack to send from. Default none.
	PowerpackUUID string
	// Numbers are further numbers and short codes of ours that people may write
	// to. Messages that name the Powerpack need no entry. Default none.
	Numbers []string

	// PublicURL is the webhook's URL exactly as it is entered at Plivo. Plivo
	// signs it, and status callbacks go to it. Required.
	PublicURL string
	// Sender is the kind of number that From is. Default LongCode.
	Sender provider.Sender
	// Handling says whether Plivo answers STOP and START. By default it does for
	// long codes and toll-free numbers, and not for short codes.
	Handling provider.Handling

	// BaseURL is where the API is. Default "https://api.plivo.com/v1".
	BaseURL string
	// HTTPClient sends the requests; redirects are never followed. Default: a
	// client with a limit of 30 seconds.
	HTTPClient *http.Client `json:"-"`
}

// Format implements [fmt.Formatter]: every verb prints the account only.
func (c Config) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "plivo config of "+c.AuthID) }

// check returns what is wrong with the configuration.
func (c Config) check() error {
	e := wire.NewConfig("plivo")
	e.Need("AuthID", c.AuthID)
	e.Need("AuthToken", c.AuthToken)
	if c.PowerpackUUID == "" {
		e.Need("From", c.From)
	}
	e.Need("PublicURL", c.PublicURL)
	e.URL("PublicURL", c.PublicURL)
	e.URL("BaseURL", c.BaseURL)
	e.Enums(c.Sender, c.Handling)
	return e.Err()
}
