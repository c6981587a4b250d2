package telnyx_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/provider/telnyx"
)

const (
	apiKey  = "KEY-of-the-tests"
	ours    = "+14155550199"
	person  = "+14155550123"
	public  = "https://acme.example/telnyx"
	profile = "16fd2706-8baf-433b-82eb-8c7fada847da"
)

// key is the private counterpart of the account's public key.
func key() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("seed of the tests, 32 bytes long"))
}

func now() time.Time { return time.Date(2026, 11, 25, 1, 30, 0, 0, time.UTC) }

func config() telnyx.Config {
	k, _ := key().Public().(ed25519.PublicKey)
	return telnyx.Config{
		APIKey: apiKey, PublicKey: base64.StdEncoding.EncodeToString(k), From: ours, PublicURL: public, Now: now,
	}
}

func adapter(t testing.TB, change ...func(*telnyx.Config)) *telnyx.Adapter {
	t.Helper()
	c := config()
	for _, f := range change {
		f(&c)
	}
	a, err := telnyx.New(c)
	require.NoError(t, err)
	return a
}

// signedAt adds the signature that Telnyx makes at the time.
func signedAt(q providertest.Request, at time.Time) providertest.Request {
	stamp := strconv.FormatInt(at.Unix(), 10)
	h := q.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	sig := ed25519.Sign(key(), []byte(stamp+"|"+q.Body))
	h.Set("Telnyx-Signature-Ed25519", base64.StdEncoding.EncodeToString(sig))
	h.Set("Telnyx-Timestamp", stamp)
	q.Header = h
	return q
}

func signed(q providertest.Request) providertest.Request { return signedAt(q, now()) }

type object = map[string]any

// event is a webhook with the given payload.
func event(kind string, payload object) providertest.Request {
	b, err := json.Marshal(object{
		"data": object{
			"event_type": kind, "id": "e1", "occurred_at": "2026-11-25T01:29:58.000+00:00", "record_type": "event", "payload": payload,
		},
		"meta": object{"attempt": 1, "delivered_to": public},
	})
	if err != nil {
		return providertest.Request{}
	}
	return providertest.Request{URL: "/telnyx", Header: http.Header{"Content-Type": {"application/json"}}, Body: string(b)}
}

// inbound is the payload of a message from the person.
func inbound(change object) object {
	p := object{
		"cc": []any{}, "direction": "inbound", "encoding": "UTF-16BE", "errors": []any{}, "id": "m1", "media": []any{},
		"from":                 object{"carrier": "Any", "line_type": "Wireless", "phone_number": person},
		"messaging_profile_id": profile, "parts": 1, "received_at": "2026-11-25T01:29:57.000+00:00", "record_type": "message",
		"text": "Is my visit still on Tuesday? é 😀 &", "type": "SMS", "webhook_url": public,
		"to": []any{object{"carrier": "Telnyx", "phone_number": ours, "status": "webhook_delivered"}},
	}
	for k, v := range change {
		p[k] = v
	}
	return p
}

// outbound is the payload of a message that was sent.
func outbound(status string, errors ...object) object {
	list := []object{}
	list = append(list, errors...)
	return object{
		"direction": "outbound", "id": "m2", "from": object{"phone_number": ours}, "messaging_profile_id": profile,
		"to": []any{object{"phone_number": person, "status": status}}, "errors": list, "parts": 1, "text": "secret text",
		"webhook_url": public + "?carewire-ref=attempt-9",
	}
}

func parse(t testing.TB, a *telnyx.Adapter, q providertest.Request) []provider.Event {
	t.Helper()
	q = signed(q)
	events, err := a.Parse(request(q), []byte(q.Body))
	require.NoError(t, err)
	return events
}

func request(q providertest.Request) *http.Request {
	r := httptest.NewRequest(http.MethodPost, q.URL, http.NoBody)
	r.Header = q.Header
	return r
}
