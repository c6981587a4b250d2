package providers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/carewire/carewire/provider/sinch"
)

func sinchCarrier() carrier {
	signed := func(v object) *http.Request {
		r, body := jsonRequest(v)
		m := hmac.New(sha256.New, []byte(secret))
		m.Write([]byte(body + ".nonce1.1795570200"))
		r.Header.Set("X-Sinch-Webhook-Signature", base64.StdEncoding.EncodeToString(m.Sum(nil)))
		r.Header.Set("X-Sinch-Webhook-Signature-Algorithm", "HmacSHA256")
		r.Header.Set("X-Sinch-Webhook-Signature-Nonce", "nonce1")
		r.Header.Set("X-Sinch-Webhook-Signature-Timestamp", "1795570200")
		return r
	}
	return carrier{
		name: "sinch", status: 201, accepted: fmt.Sprintf(`{"id":"accepted1","to":[%q],"type":"mt_text"}`, digits(person)),
		open: func(base string) (adapter, error) {
			return sinch.New(sinch.Config{ServicePlanID: "servicepla000000000000000000000a", APIToken: secret, WebhookSecret: secret, From: ours, BaseURL: base})
		},
		ref: field("client_reference"),
		inbound: func(id, text, to string) *http.Request {
			return signed(object{"type": "mo_text", "id": id, "from": digits(person), "to": digits(to), "body": text})
		},
		report: func(ref, id string, what news) *http.Request {
			v := object{
				"type": "recipient_delivery_report_sms", "batch_id": id, "recipient": digits(person), "code": 0, "client_reference": ref,
				"status": what.pick("Dispatched", "Delivered", "Failed"),
			}
			if what == optedOut { // there is no code for it: the message just fails
				v["code"] = 300
			}
			return signed(v)
		},
		forge: header("X-Sinch-Webhook-Signature"),
	}
}
