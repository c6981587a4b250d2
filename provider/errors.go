package provider

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Kind classifies a provider's answer. Every kind but Unknown says that the
// message was definitely not accepted.
type Kind uint8

const (
	// Unknown says that the message may have been accepted: time-outs, broken answers, 5xx, anything not understood.
	Unknown Kind = iota
	// Unavailable says that the provider was not reached or refused work before looking at the message.
	Unavailable
	// Throttled says that it is too much at the moment; Error.After says when to try again.
	Throttled
	// OptedOut says that the provider blocks this person, who has opted out.
	OptedOut
	// Filtered names a content or carrier filter: never retried, never sent another way.
	Filtered
	// BadRecipient says that the number cannot receive messages.
	BadRecipient
	// Refused is anything else definite: configuration, registration, account, content.
	Refused
)

// String returns the kind in lower case.
func (k Kind) String() string {
	switch k {
	case Unknown:
		return "unknown"
	case Unavailable:
		return "unavailable"
	case Throttled:
		return "throttled"
	case OptedOut:
		return "opted out"
	case Filtered:
		return "filtered"
	case BadRecipient:
		return "bad recipient"
	case Refused:
		return "refused"
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Error is how a provider says no. Its text has kind and code only: the
// provider's own sentence, which can contain the number, is reachable by
// errors.Unwrap alone. It shows itself in the same way under every fmt verb,
// in log/slog and in JSON.
type Error struct {
	Kind  Kind
	Code  string        // the provider's code, such as "21610"
	After time.Duration // when to try again, if the provider said so
	Err   error         // the cause
}

// Error returns kind and code.
func (e *Error) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("provider: %v", e.Kind)
	}
	return fmt.Sprintf("provider: %v (code %s)", e.Kind, e.Code)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Format implements [fmt.Formatter]: every verb prints [Error.Error].
func (e *Error) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, e.Error()) }

// LogValue implements [slog.LogValuer] with [Error.Error].
func (e *Error) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// MarshalJSON implements [json.Marshaler] with kind, code and, in seconds, After.
func (e *Error) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Kind  string  `json:"kind"`
		Code  string  `json:"code,omitempty"`
		After float64 `json:"after,omitempty"`
	}{e.Kind.String(), e.Code, e.After.Seconds()})
}

// ConfigError says what is wrong with one field of an adapter's Config.
type ConfigError struct {
	Adapter string // the adapter's package, such as "twilio"
	Field   string // the field of its Config
	Reason  string // why, without the value
}

// Error returns adapter, field and reason.
func (e *ConfigError) Error() string {
	return fmt.Sprintf("%s: Config.%s %s", e.Adapter, e.Field, e.Reason)
}
