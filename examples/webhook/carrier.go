package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
)

// carrier simulates an SMS provider: it keeps the messages for the phone page,
// and signs its webhook requests. A real one is an adapter such as provider/twilio.
type carrier struct {
	secret []byte

	mu     sync.Mutex
	serial int
	lines  []line
}

// line is one message as the customer's phone shows it.
type line struct {
	Mine bool // written by the customer
	Text string
}

// Send puts a message on the customer's phone.
func (c *carrier) Send(_ context.Context, m provider.Message) (provider.Receipt, error) {
	id := c.show(line{Text: m.Text})
	return provider.Receipt{ID: id, Segments: provider.Segments(m.Text).Segments}, nil
}

// show adds a line to the phone and returns a new message id.
func (c *carrier) show(l line) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.serial++
	c.lines = append(c.lines, l)
	return fmt.Sprintf("SIM%04d", c.serial)
}

// screen returns what the phone shows.
func (c *carrier) screen() []line {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]line(nil), c.lines...)
}

// wire is the body of a webhook request.
type wire struct{ ID, From, Text string }

func (c *carrier) sign(body []byte) string {
	h := hmac.New(sha256.New, c.secret)
	h.Write(body)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// Verify checks the signature over the raw body in constant time.
func (c *carrier) Verify(r *http.Request, body []byte) error {
	if !hmac.Equal([]byte(r.Header.Get("X-Signature")), []byte(c.sign(body))) {
		return &provider.WebhookError{Status: http.StatusUnauthorized, Reason: "the signature does not match"}
	}
	return nil
}

// Parse verifies and reads a request.
func (c *carrier) Parse(r *http.Request, body []byte) ([]provider.Event, error) {
	if err := c.Verify(r, body); err != nil {
		return nil, err
	}
	var w wire
	if err := json.Unmarshal(body, &w); err != nil {
		return nil, &provider.WebhookError{Status: http.StatusBadRequest, Reason: "not JSON"}
	}
	from, err := recipient.Parse(w.From)
	if err != nil {
		return nil, &provider.WebhookError{Status: http.StatusBadRequest, Reason: "no sender"}
	}
	return []provider.Event{{Inbound: &provider.Inbound{ID: w.ID, From: from, To: "+14155550199", Text: w.Text}}}, nil
}

// Ack answers that the request was dealt with.
func (c *carrier) Ack(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }

var (
	_ provider.Provider = (*carrier)(nil)
	_ provider.Webhook  = (*carrier)(nil)
)
