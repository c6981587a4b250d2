package main

import (
	"crypto/subtle"
	"errors"
	"net/http"

	"github.com/carewire/carewire/recipient"
)

// authorizer decides who may read the evidence about a number. It gets the
// request, to see who asks, and the number. A nil error permits.
type authorizer func(r *http.Request, about recipient.Phone) error

// errForbidden is what an authorizer returns.
var errForbidden = errors.New("may not read evidence")

// newHandler makes the handler. Evidence is personal data: without an
// authorizer there is no handler.
func newHandler(c *company, may authorizer) (http.Handler, error) {
	if may == nil {
		return nil, errors.New("refused: a handler of evidence needs an authorizer")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet {
			http.Error(w, "only GET", http.StatusMethodNotAllowed)
			return
		}
		about, err := recipient.Parse(r.URL.Query().Get("phone"))
		if err != nil {
			about = recipient.Phone{} // the authorizer is asked all the same: a stranger learns nothing
		}
		if may(r, about) != nil {
			http.Error(w, "forbidden", http.StatusForbidden)
			return
		}
		if about.IsZero() {
			http.Error(w, "no such number", http.StatusBadRequest)
			return
		}
		pack, err := c.evidence(r.Context(), about)
		if err != nil {
			http.Error(w, "the evidence could not be read", http.StatusInternalServerError)
			return
		}
		if r.URL.Query().Get("format") == "json" {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Disposition", `attachment; filename="evidence.json"`)
			_ = pack.WriteJSON(w)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_ = pack.WriteHTML(w)
	}), nil
}

// legalToken stands for your own single sign-on.
const legalToken = "token of the legal department"

// onlyLegal permits the legal department.
func onlyLegal(r *http.Request, _ recipient.Phone) error {
	if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+legalToken)) == 1 {
		return nil
	}
	return errForbidden
}
