package telnyx

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Config describes one Telnyx account and the sender used from it. It shows no
// secret under any fmt verb and in JSON.
type Config struct {
	// APIKey is an API v2 key. Required.
	APIKey string `json:"-"`
	// PublicKey is the account's public key as the portal shows it, 32 bytes in
	// base64. Telnyx signs webhooks with its counterpart. Required.
	PublicKey string

	// From is the number in E.164, the short code or the sender name that
	// messages come from. Required unless MessagingProfileID is set.
	From string
	// MessagingProfileID is the messaging profile to send from. If it is set,
	// webhooks of other profiles are refused. Default none.
	MessagingProfileID string
	// Numbers are further numbers and short codes of ours that people may write
	// to. Messages to the messaging profile need no entry. Default none.
	Numbers []string

	// PublicURL is where status callbacks go. Required.
	PublicURL string
	// Sender is the kind of number that From is. Default LongCode.
	Sender provider.Sender
	// Handling says whether Telnyx answers STOP and START. By default it does,
	// for a whole messaging profile, and it has no switch for it.
	Handling provider.Handling

	// BaseURL is where the API is. Default "https://api.telnyx.com/v2".
	BaseURL string
	// HTTPClient sends the requests; redirects are never followed. Default: a
	// client with a limit of 30 seconds.
	HTTPClient *http.Client `json:"-"`
	// Now is the clock that the age of a webhook is measured by. Default time.Now.
	Now func() time.Time `json:"-"`
}

// Format implements [fmt.Formatter]: every verb prints the sender's profile only.
func (c Config) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "telnyx config of profile "+c.MessagingProfileID)
}

// check returns what is wrong with the configuration.
func (c Config) check() error {
	e := wire.NewConfig("telnyx")
	e.Need("APIKey", c.APIKey)
	e.Need("PublicKey", c.PublicKey)
	if c.PublicKey != "" && c.key() == nil {
		e.Fail("PublicKey", "is not 32 bytes in base64")
	}
	if c.MessagingProfileID == "" {
		e.Need("From", c.From)
	}
	e.Need("PublicURL", c.PublicURL)
	e.URL("PublicURL", c.PublicURL)
	e.URL("BaseURL", c.BaseURL)
	e.Enums(c.Sender, c.Handling)
	return e.Err()
}

// key returns the public key, or nil.
func (c Config) key() ed25519.PublicKey {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(c.PublicKey))
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil
	}
	return b
}
