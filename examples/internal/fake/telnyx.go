package fake

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Telnyx is a local Telnyx. key signs its webhooks.
func Telnyx(out io.Writer, apiKey string, key ed25519.PrivateKey, customer, ours string) *Provider {
	return start(out, &telnyxWire{apiKey, key, customer, ours})
}

type telnyxWire struct {
	apiKey         string
	key            ed25519.PrivateKey
	customer, ours string
}

func (t *telnyxWire) message(r *http.Request, body []byte) (to, text, callback string) {
	var m struct {
		To, Text   string
		WebhookURL string `json:"webhook_url"`
	}
	if json.Unmarshal(body, &m) != nil || r.Header.Get("Authorization") != "Bearer "+t.apiKey {
		return "", "", ""
	}
	return m.To, m.Text, m.WebhookURL
}

func (t *telnyxWire) accepted(id string) (int, string) {
	return http.StatusOK, fmt.Sprintf(`{"data":{"id":%q,"parts":1,"to":[{"status":"queued"}]}}`, id)
}

func (t *telnyxWire) optedOut() (int, string) {
	return http.StatusBadRequest, `{"errors":[{"code":"40300","title":"Blocked due to STOP message"}]}`
}

type object = map[string]any

func (t *telnyxWire) inbound(hook, id, text string) (*http.Request, error) {
	return t.signed(hook, "message.received", object{
		"direction": "inbound", "id": id, "text": text, "type": "SMS", "record_type": "message",
		"from": object{"phone_number": t.customer}, "to": []any{object{"phone_number": t.ours}},
	})
}

func (t *telnyxWire) delivered(hook, callback, id, to string) (*http.Request, error) {
	return t.signed(hook, "message.finalized", object{
		"direction": "outbound", "id": id, "errors": []any{}, "from": object{"phone_number": t.ours},
		"to": []any{object{"phone_number": to, "status": "delivered"}}, "webhook_url": callback,
	})
}

// signed is the scheme: Ed25519 over the time, a bar and the raw body.
func (t *telnyxWire) signed(hook, kind string, payload object) (*http.Request, error) {
	body, err := json.Marshal(object{"data": object{"event_type": kind, "id": "event", "record_type": "event", "payload": payload}})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(http.MethodPost, hook, strings.NewReader(string(body))) //nolint:noctx // the caller sets it
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Telnyx-Timestamp", stamp)
	r.Header.Set("Telnyx-Signature-Ed25519", base64.StdEncoding.EncodeToString(ed25519.Sign(t.key, []byte(stamp+"|"+string(body)))))
	return r, nil
}
