package carewire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/carewire/carewire/provider"
)

const (
	maxBody     = 64 << 10         // bytes of a webhook request
	answerLimit = 30 * time.Second // for the client's answers after the acknowledgement
)

// Webhook returns the HTTP handler for a provider's callbacks.
//
// It verifies, reads and files; only then it answers 2xx, because providers
// deliver again what was not acknowledged. Every inbound message reaches
// onMessage (nil is allowed) after it was filed and before the 2xx: an error
// or a panic of onMessage asks the provider to deliver again, and takes nothing
// back that was filed. Messages delivered again after they were dealt with
// are acknowledged without onMessage. The client's own answers, to STOP and
// HELP, go out after the 2xx, but before the handler returns, so that a
// graceful shutdown waits for them.
//
// Mount it at exactly the public URL that the provider's adapter was
// configured with. Redirects, and proxies that rewrite bodies, break signatures.
func (c *Client) Webhook(w provider.Webhook, onMessage func(context.Context, Inbound) error) http.Handler {
	return &webhook{client: c, adapter: w, onMessage: onMessage}
}

type webhook struct {
	client    *Client
	adapter   provider.Webhook
	onMessage func(context.Context, Inbound) error
}

// ServeHTTP deals with one callback.
func (h *webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the body is too large or broken", http.StatusRequestEntityTooLarge)
		return
	}
	events, err := h.parse(r, body)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	answers, err := h.handle(r.Context(), events)
	if err != nil {
		http.Error(w, "not filed: deliver again", http.StatusInternalServerError)
	} else {
		h.adapter.Ack(w)
	}
	if len(answers) == 0 {
		return
	}
	_ = http.NewResponseController(w).Flush() // best effort: the provider need not wait for our answers
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), answerLimit)
	defer cancel()
	for _, answer := range answers {
		answer(ctx)
	}
}

// parse turns a panic of the adapter into an error: a body is hostile input.
func (h *webhook) parse(r *http.Request, body []byte) (events []provider.Event, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &provider.WebhookError{Status: http.StatusInternalServerError, Reason: "the adapter panicked"}
		}
	}()
	return h.adapter.Parse(r, body)
}

// refuse answers a request that is not the provider's, or not readable.
func (h *webhook) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, reason := http.StatusInternalServerError, "unreadable"
	var we *provider.WebhookError
	if errors.As(err, &we) && we.Status >= 400 && we.Status < 600 {
		status, reason = we.Status, we.Reason
	}
	h.client.cfg.Logger.WarnContext(r.Context(), "carewire: webhook refused", "status", status, "reason", reason)
	http.Error(w, http.StatusText(status), status)
}

// handle deals with all events, also after an error: the first one is
// returned, and what was filed is not filed twice when they come again.
func (h *webhook) handle(ctx context.Context, events []provider.Event) (answers []func(context.Context), first error) {
	for _, e := range events {
		var err error
		switch {
		case e.Inbound != nil:
			var answer func(context.Context)
			_, answer, err = h.client.receive(ctx, *e.Inbound, h.onMessage)
			if answer != nil {
				answers = append(answers, answer)
			}
		case e.Status != nil:
			err = h.client.Report(ctx, *e.Status)
		}
		if err = h.worthRepeating(ctx, err); err != nil && first == nil {
			first = err
		}
	}
	return answers, first
}

// worthRepeating logs an error and returns it if another delivery can help.
func (h *webhook) worthRepeating(ctx context.Context, err error) error {
	var e *Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	h.client.cfg.Logger.WarnContext(ctx, "carewire: a webhook event was not dealt with",
		"brand", h.client.cfg.Program.Brand, "rule", e.Rule, "temporary", e.Temporary)
	if !e.Temporary {
		return nil
	}
	return err
}
