package carewire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/store"
)

// Program is one registered customer-care program: who texts, and why. A
// marketplace makes one small [Client] per brand over a shared store and
// provider, so that identities cannot be mixed up per message.
type Program struct {
	Tenant    string            // partitions the store; may be empty when there is only one
	Brand     string            // stable id of the brand that consents and opt-outs belong to. Required.
	Company   string            // name that people know, as it appears in texts. Required.
	About     string            // why it texts: the words after "regarding", such as "service at your address". Required.
	Contact   string            // phone or e-mail that HELP answers give. Required.
	Purposes  []consent.Purpose // what messages may be for. Required; [consent.Conversation] is always allowed, [consent.Marketing] never.
	Statement string            // the disclosure; must carry the five elements. Default: the mandatory language, disclosure.Full.
	Countries []string          // country calling codes that may be texted. Default: "1".
	Language  language.Tag      // of what the client writes: English or Spanish. Default: English.
}

// Config is all that a [Client] needs.
type Config struct {
	Approved              []classify.Approval                  // templates that people have signed although a classifier objects. Default: none.
	Classifier            classify.Classifier                  // asked beside the built-in one; can only add refusals. Default: none.
	Conversation          time.Duration                        // how long a person's message permits replies. Default: 24 h.
	EncryptText           func(text string) (string, error)    // what KeepText puts on file instead of the text, such as its ciphertext in base64, which evidence then shows as it is; it must not block. With an error no text is kept. Default: the text itself.
	InsecureVolatileStore bool                                 // allow a store that forgets: for tests and demonstrations. Default: false.
	KeepText              bool                                 // keep the texts of sent messages, except those for Authentication. Default: false.
	Logger                *slog.Logger                         // Default: discards.
	Now                   func() time.Time                     // Default: time.Now.
	PreviousSecrets       [][]byte                             // secrets that Secret has replaced, so that people who were erased under them are found; see [Client.Forget]. Default: none.
	Program               Program                              // Required.
	Provider              provider.Provider                    // Required.
	ProviderTimeout       time.Duration                        // limit of one call to the provider, and so the window in which a STOP can be overtaken. Default: 10 s.
	Review                func(context.Context, Inbound) error // gets texts that are truly unclear; an error asks for redelivery. Default: unclear counts as STOP.
	Rules                 []Rule                               // checks of the application's own. Default: none.
	Secret                []byte                               // at least 16 random bytes, the same in every process and release: keys the sums and ids in the store. Required.
	Store                 store.Store                          // Required.
}

// String returns a form without the secret.
func (c Config) String() string {
	return fmt.Sprintf("carewire config for brand %q", c.Program.Brand)
}

// Format implements [fmt.Formatter]: every verb prints [Config.String].
func (c Config) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// LogValue implements [slog.LogValuer] with [Config.String].
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

const (
	secretLen      = 16               // bytes of Config.Secret at least
	keyLife        = 24 * time.Hour   // how long a key answers with the receipt of its first call
	finishTimeout  = 5 * time.Second  // limit of settling an attempt, whatever the caller's context says
	cleanupTimeout = time.Second      // limit of giving a key back after a failed Begin
	leaseSlack     = 20 * time.Second // what an attempt may take beyond the provider's timeout
)

// check reports everything that is missing or half set, by name, in one error.
func (c *Config) check() error {
	var errs []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("carewire: "+format, args...))
		}
	}
	need(c.Provider != nil, "Config.Provider is missing")
	need(c.Store != nil, "Config.Store is missing")
	need(len(c.Secret) >= secretLen, "Config.Secret needs at least %d bytes, the same in every process", secretLen)
	for i, old := range c.PreviousSecrets {
		need(len(old) >= secretLen, "Config.PreviousSecrets[%d] needs at least %d bytes", i, secretLen)
	}
	need(c.Store == nil || !store.IsVolatile(c.Store) || c.InsecureVolatileStore,
		"Config.Store forgets opt-outs when the process ends: set InsecureVolatileStore in a test, use another store otherwise")
	need(c.Conversation >= 0 && c.ProviderTimeout >= 0, "Config.Conversation and Config.ProviderTimeout must not be negative")
	for i, a := range c.Approved {
		need(a.Template != "" && a.By != "" && a.Reason != "", "Config.Approved[%d] needs Template, By and Reason", i)
	}
	for i, r := range c.Rules {
		need(r != nil, "Config.Rules[%d] is nil", i)
	}
	errs = append(errs, c.Program.check(c.Approved)...)
	return errors.Join(errs...)
}

func (p *Program) check(approved []classify.Approval) []error {
	var errs []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("carewire: "+format, args...))
		}
	}
	need(p.Brand != "", "Program.Brand is missing: the id that consents and opt-outs belong to")
	need(storable(p.Tenant, p.Brand), "Program.Tenant and Program.Brand must be UTF-8 without NUL")
	need(plain(p.Company), "Program.Company is missing or not one line of text: the name that people know")
	need(plain(p.About), "Program.About is missing or not one line of text: the words after \"regarding\"")
	need(plain(p.Contact), "Program.Contact is missing or not one line of text: the phone or e-mail for HELP")
	need(len(p.Purposes) > 0, "Program.Purposes is empty, which permits nothing")
	for _, x := range p.Purposes {
		need(x != "", "Program.Purposes has an empty purpose")
		need(x != consent.Marketing, "Program.Purposes: a care program sends no marketing")
		need(x != consent.Conversation, "Program.Purposes: %q is reserved and always allowed", x)
	}
	for _, cc := range p.Countries {
		need(cc != "" && len(cc) <= 3 && strings.Trim(cc, "0123456789") == "" && cc[0] != '0',
			"Program.Countries: %q is not a country calling code such as \"1\"", cc)
	}
	_, known := wordsFor(p.Language)
	need(known, "Program.Language %v: what the client writes is in English and Spanish only", p.Language)
	if p.Statement != "" && p.Company != "" && p.About != "" {
		signed := slices.ContainsFunc(approved, func(a classify.Approval) bool { return a.Template == p.Statement })
		missing := disclosure.Missing(p.Statement, p.Company, p.About)
		need(signed || len(missing) == 0, "Program.Statement lacks %v; state it, or have a person sign the text in Config.Approved", missing)
	}
	return errs
}

// plain reports whether s is one line of text that cannot break out of a sentence.
func plain(s string) bool {
	return strings.TrimSpace(s) != "" && checkText(s) == nil && !strings.ContainsAny(s, "\n\r")
}

// fill sets the defaults.
func (c *Config) fill() {
	if c.Conversation == 0 {
		c.Conversation = 24 * time.Hour
	}
	if c.ProviderTimeout == 0 {
		c.ProviderTimeout = 10 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now //nolint:forbidigo // the one place where the clock comes from
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if len(c.Program.Countries) == 0 {
		c.Program.Countries = []string{"1"}
	}
}

// clone copies what the caller could change after New.
func (c *Config) clone() {
	c.Secret = slices.Clone(c.Secret)
	c.PreviousSecrets = slices.Clone(c.PreviousSecrets)
	for i, old := range c.PreviousSecrets {
		c.PreviousSecrets[i] = slices.Clone(old)
	}
	c.Approved = slices.Clone(c.Approved)
	c.Rules = slices.Clone(c.Rules)
	c.Program.Purposes = slices.Clone(c.Program.Purposes)
	c.Program.Countries = slices.Clone(c.Program.Countries)
}

// Client is the pipeline of one program. It is safe for concurrent use, starts
// no goroutine and keeps no facts in memory, except opt-outs that the store
// could not take yet ([Client.Unrecorded]).
type Client struct {
	cfg     Config
	words   words
	builtin classify.Classifier
	held    held
}

// New checks c and makes a Client. The error names everything that is missing.
func New(c Config) (*Client, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c.fill()
	c.clone()
	w, _ := wordsFor(c.Program.Language)
	cl := &Client{cfg: c, words: w, builtin: classify.Default()}
	if store.CanErase(c.Store) {
		cl.cfg.Store = &erasing{Store: c.Store, c: cl}
	}
	if err := cl.checkOwnTexts(); err != nil {
		return nil, err
	}
	return cl, nil
}

// checkOwnTexts makes sure that nothing promotional gets into what the client itself writes. (S8)
func (c *Client) checkOwnTexts() error {
	for name, text := range map[string]string{
		"Statement": c.statement(), "STOP answer": c.stopAnswer(), "HELP answer": c.helpAnswer(),
	} {
		if err := c.judge(context.Background(), c.builtin, text).err; err != nil {
			return fmt.Errorf("carewire: the %s made of Program.Company, About and Contact is not a service text: %w", name, err)
		}
	}
	return nil
}

// String returns a form without secrets.
func (c *Client) String() string {
	return fmt.Sprintf("carewire client for brand %q", c.cfg.Program.Brand)
}

// Format implements [fmt.Formatter]: every verb prints [Client.String].
func (c *Client) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// Unrecorded returns how many numbers have an opt-out that the store could
// not take yet. They are refused by this process, and filed at its next call.
// A health check should report anything but 0.
func (c *Client) Unrecorded() int { return c.held.count() }
