package awssms

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Config describes the sender and the topics of one AWS account. It shows no
// secret under any fmt verb and in JSON.
type Config struct {
	// Region is where the sender is, such as "us-east-1". Required.
	Region string
	// Credentials sign the requests, such as those of the SDK's own
	// configuration. Required.
	Credentials aws.CredentialsProvider `json:"-"`

	// From is the number, pool, sender ID or ARN that messages come from. Required.
	From string
	// Numbers are the numbers and short codes of ours that people may write to,
	// unless From is the only one. Default none.
	Numbers []string
	// ConfigurationSet is the configuration set whose events report on messages.
	// Without one there are no reports unless the account has a default. Default none.
	ConfigurationSet string

	// TopicARNs are the SNS topics that inbound messages and events come through.
	// Messages of other topics are refused. Required.
	TopicARNs []string
	// Sender is the kind of number that From is. Default LongCode.
	Sender provider.Sender
	// Handling says whether AWS answers STOP and HELP. By default it does;
	// HandlingOff stands for SelfManagedOptOutsEnabled.
	Handling provider.Handling

	// BaseURL is where the API is. Default: the region's endpoint.
	BaseURL string
	// HTTPClient sends the requests, to SNS too; redirects are never followed.
	// Default: a client with a limit of 30 seconds.
	HTTPClient *http.Client `json:"-"`
	// Now is the clock that the dates of SNS certificates are held against.
	// Default time.Now.
	Now func() time.Time `json:"-"`
}

// Format implements [fmt.Formatter]: every verb prints the region only.
func (c Config) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "awssms config of "+c.Region) }

// check returns what is wrong with the configuration.
func (c Config) check() error {
	e := wire.NewConfig("awssms")
	e.Need("Region", c.Region)
	if c.Credentials == nil {
		e.Need("Credentials", "")
	}
	e.Need("From", c.From)
	if len(c.TopicARNs) == 0 {
		e.Need("TopicARNs", "")
	}
	for _, arn := range c.TopicARNs {
		e.Need("TopicARNs", arn)
	}
	e.URL("BaseURL", c.BaseURL)
	e.Enums(c.Sender, c.Handling)
	return e.Err()
}
