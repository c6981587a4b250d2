package redisstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/redis/go-redis/v9"

	"github.com/carewire/carewire/store"
)

// The reasons, for errors.Is, besides [store.ErrNotHeld], the errors of the
// context and those of the client.
var (
	// ErrValue reports a value that is not kept: text that is not UTF-8, or a
	// time after the year 9999. Nothing was stored. The call will never succeed.
	ErrValue = errors.New("a value that is not kept")
	// ErrNotDurable reports a server that loses what it has acknowledged when
	// it stops, or one that does not say.
	ErrNotDurable = errors.New("the server can lose what it has acknowledged")
	// ErrReplicas reports that the server has done what was asked, but that too
	// few replicas confirmed it in time. It is not safe from a fail-over until
	// the call is repeated without an error.
	ErrReplicas = errors.New("too few replicas confirmed in time")

	errOptions  = errors.New("invalid options")
	errOtherKey = errors.New("the attempt ID is on file with another key")
	errAnswer   = errors.New("an answer that was not understood")
)

// Error is the error of every call. Its text has no number and no text of a
// message; what the client said is reached by errors.Is and errors.As only.
type Error struct {
	Op   string // the call: "begin", "finish", "put", "look up", "open"
	Code string // the first word of the server's error, such as "OOM" or "READONLY", if it answered
	err  error
}

// Error returns the call and what kind of failure it was.
func (e *Error) Error() string { return "redisstore: " + e.Op + ": " + e.reason() }

func (e *Error) reason() string {
	for _, known := range []error{
		ErrValue, ErrNotDurable, ErrReplicas, store.ErrNotHeld, errOptions, errOtherKey, errAnswer,
		context.Canceled, context.DeadlineExceeded, redis.ErrPoolTimeout,
	} {
		if errors.Is(e.err, known) {
			return known.Error()
		}
	}
	if e.Code != "" {
		return "the server said " + e.Code
	}
	return "the connection failed"
}

// Format implements [fmt.Formatter]: every verb prints [Error.Error].
func (e *Error) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, e.Error()) }

// Is reports whether the cause is target.
func (e *Error) Is(target error) bool { return errors.Is(e.err, target) }

// As finds the cause of a type.
func (e *Error) As(target any) bool { return errors.As(e.err, target) }

// wrap makes an *Error of what went wrong.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	e := &Error{Op: op, err: err}
	var said redis.Error
	if errors.As(err, &said) {
		code, _, _ := strings.Cut(said.Error(), " ")
		if strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
			e.Code = code
		}
	}
	return e
}

// checkTexts refuses text that JSON would change.
func checkTexts(texts ...string) error {
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return ErrValue
		}
	}
	return nil
}
