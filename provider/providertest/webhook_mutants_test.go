package providertest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
)

const demoHeader = "X-Demo-Signature"

// hook is a right webhook of an imaginary provider. A mutant changes one of its parts.
type hook struct {
	skipMethod, skipSignature, skipBody, skipMissing, skipAccount, skipNumber, skipAge, skipLimit bool
	missing                                                                                       int
	reason                                                                                        string
	foreign                                                                                       error
	fragile, twice, chatty, reply, partial, other                                                 bool
	calls                                                                                         int
}

func demoSum(body string) string {
	m := hmac.New(sha256.New, []byte("demo-webhook-secret"))
	m.Write([]byte(body))
	return hex.EncodeToString(m.Sum(nil))
}

func (h *hook) refuse(status int) error {
	if h.foreign != nil {
		return h.foreign
	}
	return &provider.WebhookError{Status: status, Reason: "no" + h.reason}
}

func (h *hook) Verify(r *http.Request, body []byte) error {
	signature := r.Header.Get(demoHeader)
	switch {
	case !h.skipMethod && r.Method != http.MethodPost:
		return h.refuse(http.StatusMethodNotAllowed)
	case !h.skipLimit && len(body) > 64<<10:
		return h.refuse(http.StatusBadRequest)
	case signature == "" && h.skipMissing:
		return nil
	case signature == "":
		return h.refuse(max(h.missing, http.StatusUnauthorized))
	case h.skipSignature, h.skipBody && len(signature) == 64 && !strings.Contains(signature, "AAAA"):
		return nil
	case !hmac.Equal([]byte(signature), []byte(demoSum(string(body)))):
		return h.refuse(http.StatusUnauthorized)
	}
	return nil
}

type demoEvent struct{ ID, Account, To, From, Text, At string }

func (h *hook) Parse(r *http.Request, body []byte) ([]provider.Event, error) {
	if err := h.Verify(r, body); err != nil {
		return nil, err
	}
	var e *demoEvent
	if err := json.Unmarshal(body, &e); err != nil {
		if h.skipLimit {
			return nil, nil //nolint:nilerr // the mutant that takes everything
		}
		return nil, h.refuse(http.StatusBadRequest)
	}
	if e == nil && !h.fragile {
		e = new(demoEvent)
	}
	switch {
	case !h.skipAge && e.At == "old":
		return nil, h.refuse(http.StatusUnauthorized)
	case e.ID == "":
		return nil, nil
	case !h.skipAccount && e.Account != "ours":
		return nil, h.refuse(http.StatusForbidden)
	case !h.skipNumber && e.To != "12345":
		return nil, h.refuse(http.StatusForbidden)
	}
	p, err := recipient.Parse(e.From)
	if err != nil {
		return nil, nil //nolint:nilerr // no person
	}
	in := provider.Inbound{ID: e.ID, From: p, To: e.To, Text: e.Text}
	if h.other {
		h.calls++
		in.ID = fmt.Sprint(h.calls)
	}
	events := []provider.Event{{Inbound: &in}}
	if h.twice {
		events = append(events, events...)
	}
	if h.partial {
		return events, h.refuse(http.StatusBadRequest)
	}
	return events, nil
}

func (h *hook) Ack(w http.ResponseWriter) {
	switch {
	case h.chatty:
		w.WriteHeader(http.StatusAccepted)
	case h.reply:
		_, _ = w.Write([]byte("<Response><Message>Bye</Message></Response>"))
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

func demoWebhookFixtures() WebhookFixtures {
	body := func(change func(e *demoEvent)) Request {
		e := demoEvent{ID: "d1", Account: "ours", To: "12345", From: "+14155550123", Text: "a text that is long enough"}
		change(&e)
		b, err := json.Marshal(e)
		if err != nil {
			panic(err)
		}
		return Request{URL: "/", Body: string(b)}
	}
	return WebhookFixtures{
		SignatureHeader: demoHeader, Secrets: []string{"demo-webhook-secret"},
		Sign: func(q Request) Request {
			q.Header = http.Header{demoHeader: {demoSum(q.Body)}}
			return q
		},
		Valid: []Delivery{{Name: "inbound", Request: body(func(*demoEvent) {}), Events: []provider.Event{{Inbound: &provider.Inbound{
			ID: "d1", From: recipient.MustParse("+14155550123"), To: "12345", Text: "a text that is long enough",
		}}}}},
		Foreign: []Foreign{
			{Name: "account", Request: body(func(e *demoEvent) { e.Account = "theirs" }), Status: 403},
			{Name: "number", Request: body(func(e *demoEvent) { e.To = "54321" }), Status: 403},
			{Name: "age", Request: body(func(e *demoEvent) { e.At = "old" }), Status: 401},
		},
	}
}

func TestTheWebhookKitAcceptsARightWebhook(t *testing.T) {
	t.Parallel()
	f := demoWebhookFixtures()
	for _, c := range webhookCases(f) {
		require.Empty(t, watch(t.Context(), func(w *watcher) { c.run(&webhookBench{tb: w, f: f, w: new(hook)}) }), c.name)
	}
}

func TestTheWebhookKitFindsEveryMutant(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]struct {
		in string
		w  hook
	}{
		"any method":                    {"method", hook{skipMethod: true}},
		"no signature needed":           {"signature missing", hook{skipMissing: true}},
		"the wrong status for unsigned": {"signature missing", hook{missing: 500}},
		"any signature":                 {"signature altered", hook{skipSignature: true}},
		"the body is not looked at":     {"body altered", hook{skipBody: true}},
		"any account":                   {"foreign/account", hook{skipAccount: true}},
		"any receiving number":          {"foreign/number", hook{skipNumber: true}},
		"any age":                       {"foreign/age", hook{skipAge: true}},
		"no limit":                      {"oversized", hook{skipLimit: true}},
		"a panic for null":              {"garbage", hook{fragile: true}},
		"an error of its own":           {"signature altered", hook{foreign: errors.New("no")}},
		"a status that nobody knows":    {"signature altered", hook{foreign: &provider.WebhookError{Status: 200}}},
		"the number in the reason":      {"signature altered", hook{reason: " for +14155550123"}},
		"the text in the reason":        {"signature altered", hook{reason: ": a text that is long enough"}},
		"the secret in the reason":      {"signature altered", hook{reason: " with demo-webhook-secret"}},
		"every event twice":             {"valid/inbound", hook{twice: true}},
		"another event the next time":   {"valid/inbound", hook{other: true}},
		"events beside an error":        {"valid/inbound", hook{partial: true}},
		"another acknowledgement":       {"ack", hook{chatty: true}},
		"a reply to the person":         {"ack", hook{reply: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := demoWebhookFixtures()
			found := false
			for _, c := range webhookCases(f) {
				if c.name == m.in {
					h := m.w
					found = len(watch(t.Context(), func(w *watcher) { c.run(&webhookBench{tb: w, f: f, w: &h}) })) > 0
				}
			}
			require.True(t, found, "the case %q passes the mutant", m.in)
		})
	}
}
