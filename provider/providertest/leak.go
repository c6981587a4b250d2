package providertest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// verbs are the ways to print a value.
var verbs = [...]string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"}

// printings returns every form in which v may reach a log.
func printings(v any) []string {
	var out []string
	for _, verb := range verbs {
		out = append(out, fmt.Sprintf(verb, v))
	}
	if b, err := json.Marshal(v); err == nil {
		out = append(out, string(b))
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
	return append(out, log.String())
}

// chain returns err and every error below it.
func chain(err error) []error {
	if err == nil {
		return nil
	}
	out := []error{err}
	if u, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range u.Unwrap() {
			out = append(out, chain(e)...)
		}
		return out
	}
	return append(out, chain(errors.Unwrap(err))...)
}

// hidden lists what must appear nowhere: the kit's number and text, and the
// given secrets, each also in hexadecimal and base64.
func hidden(secrets []string) []string {
	bare := strings.TrimPrefix(kitNumber, "+")
	out := []string{bare, bare[1:], "umbrella-zebra"}
	for _, s := range secrets {
		if len(s) >= 4 {
			out = append(out, s, base64.StdEncoding.EncodeToString([]byte(s)))
		}
	}
	for _, s := range out {
		out = append(out, fmt.Sprintf("%x", s), fmt.Sprintf("%X", s))
	}
	return out
}

// leaks fails t if a printing of v shows something of hide.
func leaks(t tb, what string, v any, hide []string) {
	t.Helper()
	for _, p := range printings(v) {
		for i, h := range hide {
			if strings.Contains(p, h) {
				t.Errorf("%s shows a number, text or secret (item %d of what is hidden) when printed", what, i)
				return
			}
		}
	}
}

// authorizations returns what the requests sent as credentials.
func authorizations(qs []seen) []string {
	var out []string
	for _, q := range qs {
		a := q.r.Header.Get("Authorization")
		if _, cred, ok := strings.Cut(a, " "); ok {
			out = append(out, cred)
		}
		if _, pass, ok := q.r.BasicAuth(); ok {
			out = append(out, pass)
		}
	}
	return out
}
