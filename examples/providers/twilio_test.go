package providers

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"net/url"

	"github.com/carewire/carewire/provider/twilio"
)

func twilioCarrier() carrier {
	const account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	signed := func(f url.Values, query string) *http.Request {
		if !f.Has("AccountSid") {
			f.Set("AccountSid", account)
		}
		r := formRequest(f, query)
		m := hmac.New(sha1.New, []byte(secret))
		m.Write([]byte(public + query + joined(f)))
		r.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(m.Sum(nil)))
		return r
	}
	return carrier{
		name: "twilio", status: 201, late: true, accepted: `{"sid":"SMaccepted1","status":"queued","num_segments":"1"}`,
		blocked: `{"code":21610,"message":"unsubscribed recipient","status":400}`,
		open: func(base string) (adapter, error) {
			return twilio.New(twilio.Config{AccountSID: account, AuthToken: secret, From: ours, PublicURL: public, BaseURL: base})
		},
		ref: inURL(formValue("StatusCallback")),
		inbound: func(id, text, to string) *http.Request {
			return signed(url.Values{"MessageSid": {id}, "From": {person}, "To": {to}, "Body": {text}, "SmsStatus": {"received"}}, "")
		},
		report: func(ref, id string, what news) *http.Request {
			f := url.Values{"MessageSid": {id}, "To": {person}, "From": {ours}, "MessageStatus": {what.pick("sent", "delivered", "failed")}}
			if what == optedOut {
				f.Set("ErrorCode", "21610")
			}
			return signed(f, query(ref))
		},
		foreign: func() *http.Request {
			return signed(url.Values{
				"AccountSid": {"ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}, "MessageSid": {"in3"}, "From": {person}, "To": {ours}, "Body": {"STOP"}, "SmsStatus": {"received"},
			}, "")
		},
		forge: header("X-Twilio-Signature"),
	}
}
