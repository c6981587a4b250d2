package vonage

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Config describes one Vonage application and the sender used from it. It shows
// no secret under any fmt verb and in JSON.
type Config struct {
	// ApplicationID is the application to send with. Webhooks that name another
	// one are refused. Required.
	ApplicationID string
	// PrivateKey is the application's RSA private key in PEM. Required.
	PrivateKey []byte `json:"-"`
	// Secrets are the accounts' signature secrets by API key: a webhook names
	// the API key, and with it the secret that it was signed with. Required.
	Secrets map[string]string `json:"-"`

	// From is the number or the sender name that messages come from. Required.
	From string
	// Numbers are further numbers and short codes of ours that people may write
	// to. Default none.
	Numbers []string

	// PublicURL is where status webhooks go. Default: where the application's
	// settings say.
	PublicURL string
	// Sender is the kind of number that From is. Default LongCode.
	Sender provider.Sender
	// Handling says whether Vonage answers STOP, which it does with Opt-Out
	// Assist only. Default off.
	Handling provider.Handling

	// BaseURL is where the API is. Default "https://api.nexmo.com/v1".
	BaseURL string
	// HTTPClient sends the requests; redirects are never followed. Default: a
	// client with a limit of 30 seconds.
	HTTPClient *http.Client `json:"-"`
	// MaxAge is how old a webhook's token may be, and how far in the future.
	// Default five minutes.
	MaxAge time.Duration
	// Now is the clock that tokens are made and measured by. Default time.Now.
	Now func() time.Time `json:"-"`
}

// Format implements [fmt.Formatter]: every verb prints the application only.
func (c Config) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "vonage config of "+c.ApplicationID)
}

// check returns what is wrong with the configuration.
func (c Config) check() error {
	e := wire.NewConfig("vonage")
	e.Need("ApplicationID", c.ApplicationID)
	switch {
	case len(c.PrivateKey) == 0:
		e.Need("PrivateKey", "")
	case c.key() == nil:
		e.Fail("PrivateKey", "is no RSA private key in PEM")
	}
	if len(c.Secrets) == 0 {
		e.Need("Secrets", "")
	}
	for _, secret := range c.Secrets {
		if secret == "" {
			e.Fail("Secrets", "has an empty secret")
		}
	}
	e.Need("From", c.From)
	e.URL("PublicURL", c.PublicURL)
	e.URL("BaseURL", c.BaseURL)
	e.Enums(c.Sender, c.Handling)
	if c.MaxAge < 0 {
		e.Fail("MaxAge", "is negative")
	}
	return e.Err()
}

// key returns the private key, or nil.
func (c Config) key() *rsa.PrivateKey {
	block, _ := pem.Decode(c.PrivateKey)
	if block == nil {
		return nil
	}
	if k, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return k
	}
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil
	}
	r, _ := k.(*rsa.PrivateKey)
	return r
}
