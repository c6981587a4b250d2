package providers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"

	"github.com/carewire/carewire/provider/plivo"
)

func plivoCarrier() carrier {
	signed := func(f url.Values, query string) *http.Request {
		r := formRequest(f, query)
		base := public
		if all := r.URL.Query(); len(all) > 0 {
			base += "?carewire-ref=" + all.Get("carewire-ref") + "."
		} else {
			base += "?"
		}
		m := hmac.New(sha256.New, []byte(secret))
		m.Write([]byte(base + joined(f) + ".nonce1"))
		r.Header.Set("X-Plivo-Signature-V3", base64.StdEncoding.EncodeToString(m.Sum(nil)))
		r.Header.Set("X-Plivo-Signature-V3-Nonce", "nonce1")
		return r
	}
	return carrier{
		name: "plivo", status: 202, late: true, accepted: `{"message_uuid":["accepted1"],"api_id":"a"}`,
		open: func(base string) (adapter, error) {
			return plivo.New(plivo.Config{AuthID: "MAXXXXXXXXXXXXXXXXXX", AuthToken: secret, From: ours, PublicURL: public, BaseURL: base})
		},
		ref: inURL(field("url")),
		inbound: func(id, text, to string) *http.Request {
			return signed(url.Values{"MessageUUID": {id}, "From": {digits(person)}, "To": {digits(to)}, "Text": {text}, "Type": {"sms"}}, "")
		},
		report: func(ref, id string, what news) *http.Request {
			f := url.Values{
				"MessageUUID": {id}, "ParentMessageUUID": {id}, "From": {digits(ours)}, "To": {digits(person)},
				"Status": {what.pick("sent", "delivered", "failed")},
			}
			if what == optedOut {
				f.Set("ErrorCode", "200")
			}
			return signed(f, query(ref))
		},
		forge: header("X-Plivo-Signature-V3"),
	}
}
