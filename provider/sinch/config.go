package sinch

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Config describes one Sinch service plan and the sender used from it. It shows
// no secret under any fmt verb and in JSON.
type Config struct {
	// ServicePlanID is the service plan to send with. Required.
	ServicePlanID string
	// APIToken is the service plan's token. Required.
	APIToken string `json:"-"`
	// WebhookSecret is what Sinch signs callbacks with. Required.
	WebhookSecret string `json:"-"`

	// From is the number, the short code or the sender name that messages come
	// from. Required.
	From string
	// Numbers are further numbers and short codes of ours that people may write
	// to. Default none.
	Numbers []string

	// PublicURL is where delivery reports go. Default: where the service plan's
	// settings say.
	PublicURL string
	// Sender is the kind of number that From is. Default LongCode.
	Sender provider.Sender
	// Handling says whether Sinch answers STOP, which it does with the consent
	// management of the Conversation API only. Default off.
	Handling provider.Handling

	// BaseURL is where the API of the service plan's region is. Default
	// "https://us.sms.api.sinch.com/xms/v1".
	BaseURL string
	// HTTPClient sends the requests; redirects are never followed. Default: a
	// client with a limit of 30 seconds.
	HTTPClient *http.Client `json:"-"`
	// Now is the clock from which a message's expiry counts. Default time.Now.
	Now func() time.Time `json:"-"`
}

// Format implements [fmt.Formatter]: every verb prints the service plan only.
func (c Config) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "sinch config of "+c.ServicePlanID)
}

// check returns what is wrong with the configuration.
func (c Config) check() error {
	e := wire.NewConfig("sinch")
	e.Need("ServicePlanID", c.ServicePlanID)
	e.Need("APIToken", c.APIToken)
	e.Need("WebhookSecret", c.WebhookSecret)
	e.Need("From", c.From)
	e.URL("PublicURL", c.PublicURL)
	e.URL("BaseURL", c.BaseURL)
	e.Enums(c.Sender, c.Handling)
	return e.Err()
}
