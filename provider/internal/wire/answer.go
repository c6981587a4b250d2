package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/carewire/carewire/provider"
)

// ErrOdd says that an answer of success could not be understood.
var ErrOdd = errors.New("wire: the answer was not understood")

// Accepted reports whether the status says that the provider took the message.
func (a Answer) Accepted() bool { return a.Status >= 200 && a.Status < 300 }

// JSON reads the body into v.
func (a Answer) JSON(v any) error {
	if a.Err != nil {
		return a.Err
	}
	if err := json.Unmarshal(a.Body, v); err != nil {
		return ErrOdd // without the words of the error, which quote the body
	}
	return nil
}

// Odd is the error of an answer of success that could not be understood: the
// message may have been accepted.
func Odd(err error) *provider.Error {
	if err == nil {
		err = ErrOdd
	}
	return &provider.Error{Kind: provider.Unknown, Err: err}
}

// Codes says what a provider's codes mean.
type Codes map[string]Code

// Code is one row of a provider's table of codes.
type Code struct {
	Kind   provider.Kind
	About  string // what the provider means by it
	Source string // where that stands
}

// Kind returns the kind of a code, Unknown if the table lacks it.
func (c Codes) Kind(code string) provider.Kind { return c[code].Kind }

// Refusal is the error of an answer that is no success. A 429 is Throttled. Any
// other 4xx is definite: the kind of the code, or Refused if the table has no
// kind for it. 408, 3xx, 5xx and all else are Unknown, whatever the body says.
// Without a code the status stands for it, as in "HTTP 404".
func Refusal(a Answer, code string, codes Codes) *provider.Error {
	e := &provider.Error{Kind: provider.Unknown, Code: Clean(code)}
	switch {
	case a.Status == http.StatusTooManyRequests:
		e.Kind = provider.Throttled
	case a.Status == http.StatusRequestTimeout:
	case a.Status >= 400 && a.Status < 500:
		if e.Kind = codes.Kind(code); e.Kind == provider.Unknown {
			e.Kind = provider.Refused
		}
	}
	if e.Code == "" {
		e.Code = fmt.Sprintf("HTTP %d", a.Status)
	}
	if e.Kind == provider.Throttled {
		e.After = RetryAfter(a.Header)
	}
	return e
}

// RetryAfter reads the header of that name, in seconds or as a date, which
// counts from the server's own Date. It is 0 if there is none.
func RetryAfter(h http.Header) time.Duration {
	s := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseInt(s, 10, 32); err == nil {
		return time.Duration(max(n, 0)) * time.Second
	}
	at, err := http.ParseTime(s)
	if err != nil {
		return 0
	}
	from, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return max(at.Sub(from), 0)
}

// Clean returns a code that is safe to print: short, of letters, digits and
// the marks _ - . : only, without a run of digits that could be a phone number.
// Everything else gives "".
func Clean(code string) string {
	if len(code) > 80 {
		return ""
	}
	run := 0
	for i := range len(code) {
		switch c := code[i]; {
		case c >= '0' && c <= '9':
			if run++; run > 6 {
				return ""
			}
			continue
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', strings.IndexByte("_-.:", c) >= 0:
		default:
			return ""
		}
		run = 0
	}
	return code
}

// Text is a JSON value that providers write as a string or as a number.
type Text string

// UnmarshalJSON implements [json.Unmarshaler]; null is "".
func (t *Text) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "null":
		*t = ""
	case len(b) > 0 && b[0] == '"':
		return json.Unmarshal(b, (*string)(t))
	case len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9'):
		*t = Text(b)
	default:
		return ErrOdd
	}
	return nil
}
