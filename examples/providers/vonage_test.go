package providers

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"sync"
	"time"

	"github.com/carewire/carewire/provider/vonage"
)

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
	signedFor := func(application string, at time.Time, v object) *http.Request {
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
	inbound := func(application string, at time.Time, id, text, to string) *http.Request {
		return signedFor(application, at, object{
			"channel": "sms", "message_uuid": id, "to": digits(to), "from": digits(person), "message_type": "text", "text": text,
			"timestamp": at.UTC().Format(time.RFC3339),
		})
	}
	return carrier{
		name: "vonage", status: 202, late: true, accepted: `{"message_uuid":"accepted1"}`,
		open: func(base string) (adapter, error) {
			return vonage.New(vonage.Config{
				ApplicationID: application, PrivateKey: vonageKey(), Secrets: map[string]string{"f0e1d2c3": secret}, From: ours, BaseURL: base,
			})
		},
		ref:     field("client_ref"),
		inbound: func(id, text, to string) *http.Request { return inbound(application, time.Now(), id, text, to) },
		stale:   func() *http.Request { return inbound(application, time.Now().Add(-time.Hour), "old", "STOP", ours) },
		foreign: func() *http.Request {
			return inbound("11111111-323d-0114-9c3d-d6f0d48968cf", time.Now(), "in3", "STOP", ours)
		},
		report: func(ref, id string, what news) *http.Request {
			v := object{
				"channel": "sms", "message_uuid": id, "to": digits(person), "from": digits(ours), "client_ref": ref,
				"status":    what.pick("submitted", "delivered", "rejected"),
				"timestamp": time.Now().UTC().Format(time.RFC3339),
			}
			if what == optedOut {
				v["error"] = object{"title": "1240", "detail": "opted out"}
			}
			return signedFor(application, time.Now(), v)
		},
		forge: func(r *http.Request) { r.Header.Set("Authorization", r.Header.Get("Authorization")[:60]+"x.y") },
	}
}
