package bandwidth

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Config describes one Bandwidth messaging application and the sender used from
// it. It shows no secret under any fmt verb and in JSON.
type Config struct {
	// AccountID is the account's number. Required.
	AccountID string
	// ApplicationID is the messaging application. Callbacks of other ones are
	// refused. Required.
	ApplicationID string
	// Username and Password are the API user's credentials. Required.
	Username string
	Password string `json:"-"`
	// CallbackUsername and CallbackPassword are the credentials that are entered
	// at the application for its callbacks. Required.
	CallbackUsername string
	CallbackPassword string `json:"-"`

	// From is the number in E.164, the short code or the sender name that
	// messages come from. Required.
	From string
	// Numbers are further numbers and short codes of ours that people may write
	// to. Default none.
	Numbers []string

	// Sender is the kind of number that From is. Bandwidth answers no STOP
	// itself; the network does for toll-free numbers. Default LongCode.
	Sender provider.Sender

	// BaseURL is where the API is. Default "https://messaging.bandwidth.com/api/v2".
	BaseURL string
	// HTTPClient sends the requests; redirects are never followed. Default: a
	// client with a limit of 30 seconds.
	HTTPClient *http.Client `json:"-"`
	// Now is the clock from which a message's expiration counts. Default time.Now.
	Now func() time.Time `json:"-"`
}

// Format implements [fmt.Formatter]: every verb prints the account only.
func (c Config) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "bandwidth config of "+c.AccountID)
}

// check returns what is wrong with the configuration.
func (c Config) check() error {
	e := wire.NewConfig("bandwidth")
	e.Need("AccountID", c.AccountID)
	e.Need("ApplicationID", c.ApplicationID)
	e.Need("Username", c.Username)
	e.Need("Password", c.Password)
	e.Need("CallbackUsername", c.CallbackUsername)
	e.Need("CallbackPassword", c.CallbackPassword)
	e.Need("From", c.From)
	e.URL("BaseURL", c.BaseURL)
	e.Enums(c.Sender, provider.HandlingDefault)
	return e.Err()
}
