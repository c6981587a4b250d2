package providers

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/bandwidth"
	"github.com/carewire/carewire/provider/plivo"
	"github.com/carewire/carewire/provider/sinch"
	"github.com/carewire/carewire/provider/telnyx"
	"github.com/carewire/carewire/provider/twilio"
	"github.com/carewire/carewire/provider/vonage"
)

const (
	ours   = "+14155550199"
	person = "+14155550123"
	secret = "a secret of the tests"
	public = "https://acme.example/sms"
	form   = "application/x-www-form-urlencoded"
)

// adapter is both directions of one provider.
type adapter interface {
	provider.Provider
	provider.Webhook
}

// carrier is what one provider looks like on the wire.
type carrier struct {
	name     string
	open     func(base string) (adapter, error)
	accepted string                   // body of a 2xx
	status   int                      // of an acceptance
	blocked  string                   // body that says at once that the person has opted out; "" if it only comes later
	ref      func(body string) string // our Ref, as it reached the wire
	inbound  func(id, text, to string) *http.Request
	report   func(ref, id string, out bool) *http.Request // delivered, or failed because of an opt-out
	forge    func(r *http.Request)
	stale    func() *http.Request // a STOP of an hour ago; nil if the scheme has no time
}

type object = map[string]any

func digits(s string) string { return strings.TrimPrefix(s, "+") }

func jsonRequest(v any) (*http.Request, string) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/sms", strings.NewReader(string(b)))
	r.Header.Set("Content-Type", "application/json")
	return r, string(b)
}

// field returns a top-level string of a JSON body.
func field(name string) func(string) string {
	return func(body string) string {
		var m object
		_ = json.Unmarshal([]byte(body), &m)
		s, _ := m[name].(string)
		return s
	}
}

// inURL returns the Ref from the callback URL that value finds in the body.
func inURL(value func(string) string) func(string) string {
	return func(body string) string {
		u, err := url.Parse(value(body))
		if err != nil {
			return ""
		}
		return u.Query().Get("carewire-ref")
	}
}

func formValue(name string) func(string) string {
	return func(body string) string {
		v, _ := url.ParseQuery(body)
		return v.Get(name)
	}
}

func query(ref string) string {
	if ref == "" {
		return ""
	}
	return "?carewire-ref=" + url.QueryEscape(ref)
}

func header(name string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, "AAAA"+r.Header.Get(name)[4:]) }
}

func carriers() []carrier {
	return []carrier{twilioCarrier(), telnyxCarrier(), plivoCarrier(), vonageCarrier(), bandwidthCarrier(), sinchCarrier()}
}

// joined writes form parameters in the order in which they are signed.
func joined(f url.Values) string {
	keys := make([]string, 0, len(f))
	for k := range f {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	s := ""
	for _, k := range keys {
		s += k + f.Get(k)
	}
	return s
}

func formRequest(f url.Values, query string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/sms"+query, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", form)
	return r
}

func twilioCarrier() carrier {
	const account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	signed := func(f url.Values, query string) *http.Request {
		f.Set("AccountSid", account)
		r := formRequest(f, query)
		m := hmac.New(sha1.New, []byte(secret))
		m.Write([]byte(public + query + joined(f)))
		r.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(m.Sum(nil)))
		return r
	}
	return carrier{
		name: "twilio", status: 201, accepted: `{"sid":"SMaccepted1","status":"queued","num_segments":"1"}`,
		blocked: `{"code":21610,"message":"unsubscribed recipient","status":400}`,
		open: func(base string) (adapter, error) {
			return twilio.New(twilio.Config{AccountSID: account, AuthToken: secret, From: ours, PublicURL: public, BaseURL: base})
		},
		ref: inURL(formValue("StatusCallback")),
		inbound: func(id, text, to string) *http.Request {
			return signed(url.Values{"MessageSid": {id}, "From": {person}, "To": {to}, "Body": {text}, "SmsStatus": {"received"}}, "")
		},
		report: func(ref, id string, out bool) *http.Request {
			f := url.Values{"MessageSid": {id}, "MessageStatus": {"delivered"}, "To": {person}, "From": {ours}}
			if out {
				f.Set("MessageStatus", "failed")
				f.Set("ErrorCode", "21610")
			}
			return signed(f, query(ref))
		},
		forge: header("X-Twilio-Signature"),
	}
}

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
		name: "telnyx", status: 200, accepted: `{"data":{"id":"accepted1","parts":1,"to":[{"status":"queued"}]}}`,
		blocked: `{"errors":[{"code":"40300","title":"Blocked due to STOP message"}]}`,
		open: func(base string) (adapter, error) {
			return telnyx.New(telnyx.Config{
				APIKey: secret, PublicKey: base64.StdEncoding.EncodeToString(pub), From: ours, PublicURL: public, BaseURL: base,
			})
		},
		ref:     inURL(field("webhook_url")),
		inbound: func(id, text, to string) *http.Request { return inbound(time.Now(), id, text, to) },
		stale:   func() *http.Request { return inbound(time.Now().Add(-time.Hour), "old", "STOP", ours) },
		report: func(ref, id string, out bool) *http.Request {
			state, errs := "delivered", []any{}
			if out {
				state, errs = "sending_failed", []any{object{"code": "40300", "title": "Blocked due to STOP message"}}
			}
			return signedAt(time.Now(), "message.finalized", object{
				"direction": "outbound", "id": id, "errors": errs, "from": object{"phone_number": ours},
				"to": []any{object{"phone_number": person, "status": state}}, "webhook_url": public + query(ref),
			})
		},
		forge: header("Telnyx-Signature-Ed25519"),
	}
}

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
		name: "plivo", status: 202, accepted: `{"message_uuid":["accepted1"],"api_id":"a"}`,
		open: func(base string) (adapter, error) {
			return plivo.New(plivo.Config{AuthID: "MAXXXXXXXXXXXXXXXXXX", AuthToken: secret, From: ours, PublicURL: public, BaseURL: base})
		},
		ref: inURL(field("url")),
		inbound: func(id, text, to string) *http.Request {
			return signed(url.Values{"MessageUUID": {id}, "From": {digits(person)}, "To": {digits(to)}, "Text": {text}, "Type": {"sms"}}, "")
		},
		report: func(ref, id string, out bool) *http.Request {
			f := url.Values{"MessageUUID": {id}, "ParentMessageUUID": {id}, "Status": {"delivered"}, "From": {digits(ours)}, "To": {digits(person)}}
			if out {
				f.Set("Status", "failed")
				f.Set("ErrorCode", "200")
			}
			return signed(f, query(ref))
		},
		forge: header("X-Plivo-Signature-V3"),
	}
}

// vonageKey is made once: a key of 2048 bits takes a while.
var vonageKey = sync.OnceValue(func() []byte {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	b, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: b})
})

func vonageCarrier() carrier {
	const application = "78d335fa-323d-0114-9c3d-d6f0d48968cf"
	signedAt := func(at time.Time, v object) *http.Request {
		r, body := jsonRequest(v)
		sum := sha256.Sum256([]byte(body))
		claims, err := json.Marshal(object{
			"iat": at.Unix(), "jti": "j1", "iss": "Vonage", "payload_hash": hex.EncodeToString(sum[:]), "api_key": "f0e1d2c3", "application_id": application,
		})
		if err != nil {
			panic(err)
		}
		enc := base64.RawURLEncoding
		s := enc.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + enc.EncodeToString(claims)
		m := hmac.New(sha256.New, []byte(secret))
		m.Write([]byte(s))
		r.Header.Set("Authorization", "Bearer "+s+"."+enc.EncodeToString(m.Sum(nil)))
		return r
	}
	inbound := func(at time.Time, id, text, to string) *http.Request {
		return signedAt(at, object{
			"channel": "sms", "message_uuid": id, "to": digits(to), "from": digits(person), "message_type": "text", "text": text,
			"timestamp": at.UTC().Format(time.RFC3339),
		})
	}
	return carrier{
		name: "vonage", status: 202, accepted: `{"message_uuid":"accepted1"}`,
		open: func(base string) (adapter, error) {
			return vonage.New(vonage.Config{
				ApplicationID: application, PrivateKey: vonageKey(), Secrets: map[string]string{"f0e1d2c3": secret}, From: ours, BaseURL: base,
			})
		},
		ref:     field("client_ref"),
		inbound: func(id, text, to string) *http.Request { return inbound(time.Now(), id, text, to) },
		stale:   func() *http.Request { return inbound(time.Now().Add(-time.Hour), "old", "STOP", ours) },
		report: func(ref, id string, out bool) *http.Request {
			v := object{
				"channel": "sms", "message_uuid": id, "to": digits(person), "from": digits(ours), "status": "delivered", "client_ref": ref,
				"timestamp": time.Now().UTC().Format(time.RFC3339),
			}
			if out {
				v["status"], v["error"] = "rejected", object{"title": "1240", "detail": "opted out"}
			}
			return signedAt(time.Now(), v)
		},
		forge: func(r *http.Request) { r.Header.Set("Authorization", r.Header.Get("Authorization")[:60]+"x.y") },
	}
}

func bandwidthCarrier() carrier {
	const application = "93de2206-9669-4e07-948d-329f4b722ee2"
	signed := func(kind, to string, change object) *http.Request {
		m := object{"id": "m1", "owner": ours, "applicationId": application, "time": time.Now().UTC().Format(time.RFC3339), "segmentCount": 1}
		e := object{"time": time.Now().UTC().Format(time.RFC3339), "type": kind, "to": to, "description": "x", "message": m}
		for k, v := range change {
			if k == "errorCode" {
				e[k] = v
				continue
			}
			m[k] = v
		}
		r, _ := jsonRequest([]object{e})
		r.SetBasicAuth("hook", secret)
		return r
	}
	return carrier{
		name: "bandwidth", status: 202, accepted: `{"id":"accepted1","segmentCount":1,"direction":"out"}`,
		open: func(base string) (adapter, error) {
			return bandwidth.New(bandwidth.Config{
				AccountID: "9900000", ApplicationID: application, Username: "api", Password: secret,
				CallbackUsername: "hook", CallbackPassword: secret, From: ours, BaseURL: base,
			})
		},
		ref: field("tag"),
		inbound: func(id, text, to string) *http.Request {
			return signed("message-received", to, object{"id": id, "owner": to, "direction": "in", "to": []string{to}, "from": person, "text": text})
		},
		report: func(ref, id string, out bool) *http.Request {
			m := object{"id": id, "direction": "out", "to": []string{person}, "from": ours, "text": "", "tag": ref}
			if out {
				m["errorCode"] = 4775
				return signed("message-failed", person, m)
			}
			return signed("message-delivered", person, m)
		},
		forge: func(r *http.Request) { r.SetBasicAuth("hook", "another") },
	}
}

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
		report: func(ref, id string, out bool) *http.Request {
			v := object{"type": "recipient_delivery_report_sms", "batch_id": id, "recipient": digits(person), "code": 0, "status": "Delivered", "client_reference": ref}
			if out { // Sinch has no code for an opt-out: the message just fails
				v["code"], v["status"] = 300, "Failed"
			}
			return signed(v)
		},
		forge: header("X-Sinch-Webhook-Signature"),
	}
}
