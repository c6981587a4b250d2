package providers

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"

	"github.com/carewire/carewire/provider/telnyx"
)

func telnyxCarrier() carrier {
	key := ed25519.NewKeyFromSeed([]byte("seed of the tests, 32 bytes long"))
	pub, _ := key.Public().(ed25519.PublicKey)
	signedAt := func(at time.Time, kind string, payload object) *http.Request {
		r, body := jsonRequest(object{"data": object{"event_type": kind, "id": "e1", "record_type": "event", "payload": payload}})
		stamp := strconv.FormatInt(at.Unix(), 10)
		r.Header.Set("Telnyx-Timestamp", stamp)
		r.Header.Set("Telnyx-Signature-Ed25519", base64.StdEncoding.EncodeToString(ed25519.Sign(key, []byte(stamp+"|"+body))))
		return r
	}
	inbound := func(at time.Time, id, text, to string) *http.Request {
		return signedAt(at, "message.received", object{
			"direction": "inbound", "id": id, "text": text, "type": "SMS", "record_type": "message",
			"from": object{"phone_number": person}, "to": []any{object{"phone_number": to}},
		})
	}
	return carrier{
		name: "telnyx", status: 200, late: true, accepted: `{"data":{"id":"accepted1","parts":1,"to":[{"status":"queued"}]}}`,
		blocked: `{"errors":[{"code":"40300","title":"Blocked due to STOP message"}]}`,
		open: func(base string) (adapter, error) {
			return telnyx.New(telnyx.Config{
				APIKey: secret, PublicKey: base64.StdEncoding.EncodeToString(pub), From: ours, PublicURL: public, BaseURL: base,
			})
		},
		ref:     inURL(field("webhook_url")),
		inbound: func(id, text, to string) *http.Request { return inbound(time.Now(), id, text, to) },
		stale:   func() *http.Request { return inbound(time.Now().Add(-time.Hour), "old", "STOP", ours) },
		report: func(ref, id string, what news) *http.Request {
			errs := []any{}
			if what == optedOut {
				errs = []any{object{"code": "40300", "title": "Blocked due to STOP message"}}
			}
			return signedAt(time.Now(), what.pick("message.sent", "message.finalized", "message.finalized"), object{
				"direction": "outbound", "id": id, "errors": errs, "from": object{"phone_number": ours},
				"to": []any{object{"phone_number": person, "status": what.pick("sent", "delivered", "sending_failed")}}, "webhook_url": public + query(ref),
			})
		},
		forge: header("Telnyx-Signature-Ed25519"),
	}
}
