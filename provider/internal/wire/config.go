package wire

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/carewire/carewire/provider"
)

// Config collects what is wrong with an adapter's Config, so that one run of
// New tells everything.
type Config struct {
	adapter string
	errs    []error
}

// NewConfig starts a check for the adapter of that name.
func NewConfig(adapter string) *Config { return &Config{adapter: adapter} }

// Fail notes a reason against a field.
func (c *Config) Fail(field, reason string) {
	c.errs = append(c.errs, &provider.ConfigError{Adapter: c.adapter, Field: field, Reason: reason})
}

// Need notes a field that is empty.
func (c *Config) Need(field, value string) {
	if strings.TrimSpace(value) == "" {
		c.Fail(field, "is missing")
	}
}

// URL notes a field that is no absolute URL of a web server; an empty one is not looked at.
func (c *Config) URL(field, value string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		c.Fail(field, "is no absolute http or https URL")
	}
}

// Enums notes a sender or handling that does not exist.
func (c *Config) Enums(s provider.Sender, h provider.Handling) {
	if s > provider.ShortCode {
		c.Fail("Sender", "is unknown")
	}
	if h > provider.HandlingOff {
		c.Fail("Handling", "is unknown")
	}
}

// Err returns everything that was noted, or nil.
func (c *Config) Err() error { return errors.Join(c.errs...) }

// Base returns the base URL of an API without a slash at its end, or the default.
func Base(value, byDefault string) string {
	if value == "" {
		return byDefault
	}
	return strings.TrimRight(value, "/")
}

// Clock returns now, or the system's clock for nil.
func Clock(now func() time.Time) func() time.Time {
	if now == nil {
		return time.Now //nolint:forbidigo // the default of a clock that was not given
	}
	return now
}
