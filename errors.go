package carewire

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/carewire/carewire/classify"
)

// Sent answers the first question after an error: did the message go out?
type Sent uint8

const (
	// NotSent means that the provider has not accepted the message, and never will from this call.
	NotSent Sent = iota
	// MaybeSent means that the provider may have accepted it, now or in another call with the same key. It is never sent again.
	MaybeSent
	// WasSent means that the provider accepted it; only the record is missing.
	WasSent
)

// String returns the answer in words.
func (s Sent) String() string {
	switch s {
	case MaybeSent:
		return "maybe sent"
	case WasSent:
		return "sent"
	case NotSent:
	}
	return "not sent"
}

// The reasons, for errors.Is.
var (
	ErrInvalid     = errors.New("invalid message")
	ErrNoConsent   = errors.New("no consent on file")
	ErrOptedOut    = errors.New("the person has opted out")
	ErrPromotional = errors.New("promotional content")
	ErrRefused     = errors.New("refused by a rule")
	ErrInFlight    = errors.New("the key is in flight")
	ErrKeyReused   = errors.New("the key was used before")
	ErrUnknown     = errors.New("it is not known whether the provider accepted it")
	ErrNotRecorded = errors.New("the outcome could not be recorded")
	ErrStore       = errors.New("the store failed")
	ErrProvider    = errors.New("the provider refused")
)

// Error is the one error type of a [Client]. Its text has no number, no
// message text and no secret; act on its fields and on errors.Is, not on the
// text.
type Error struct {
	Sent      Sent
	Temporary bool          // the same call may succeed later
	After     time.Duration // when, if known
	Rule      string        // stable id of the rule that decided, such as "consent/none"
	Findings  []classify.Finding
	Err       error // wraps one of the reasons above
}

// Error returns whether the message went out, the reason and the rule.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "carewire: %v: %v", e.Sent, e.Err)
	if e.Rule != "" {
		fmt.Fprintf(&b, " [%s]", e.Rule)
	}
	return b.String()
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// Format implements [fmt.Formatter]: every verb prints [Error.Error].
func (e *Error) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, e.Error()) }

// LogValue implements [slog.LogValuer] with the fields that one filters by.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(slog.String("sent", e.Sent.String()), slog.Bool("temporary", e.Temporary),
		slog.String("rule", e.Rule), slog.String("reason", fmt.Sprint(e.Err)))
}

// fault is a reason with its cause. The cause's own words, which can contain
// a number or a text, are reachable by errors.Is and errors.As alone and by
// no printing, unwrapping included.
type fault struct {
	reason error // one of the sentinels
	shown  error // safe to print; may be nil
	hidden error // never printed; may be nil
}

func (f *fault) Error() string {
	if f.shown == nil {
		return f.reason.Error()
	}
	return f.reason.Error() + ": " + f.shown.Error()
}

func (f *fault) Unwrap() []error {
	if f.shown == nil {
		return []error{f.reason}
	}
	return []error{f.reason, f.shown}
}

func (f *fault) Is(target error) bool { return f.hidden != nil && errors.Is(f.hidden, target) }

func (f *fault) As(target any) bool { return f.hidden != nil && errors.As(f.hidden, target) }

// because makes a reason with a sentence that is safe to print.
func because(reason error, sentence string) error {
	return &fault{reason: reason, shown: errors.New(sentence)}
}

// refusal makes the error of a message that does not go out for good.
func refusal(rule string, reason error) *Error { return &Error{Rule: rule, Err: reason} }

// storeError makes the error of a call that a store failed. Nothing was sent.
func storeError(rule string, cause error) *Error {
	return &Error{Temporary: true, Rule: rule, Err: &fault{reason: ErrStore, hidden: cause}}
}
