package vonage_test

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
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/provider/vonage"
)

const (
	application = "78d335fa-323d-0114-9c3d-d6f0d48968cf"
	apiKey      = "f0e1d2c3"
	secret      = "signature-secret-of-the-tests"
	ours        = "14155550199"
	person      = "14155550123"
)

func now() time.Time { return time.Date(2026, 11, 25, 1, 30, 0, 0, time.UTC) }

// key is made once; its PEM is what an application's key file holds.
var key = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func keyPEM() []byte {
	b, err := x509.MarshalPKCS8PrivateKey(key())
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: b})
}

func config() vonage.Config {
	return vonage.Config{
		ApplicationID: application, PrivateKey: keyPEM(), Secrets: map[string]string{apiKey: secret}, From: "+" + ours, Now: now,
	}
}

func adapter(t testing.TB, change ...func(*vonage.Config)) *vonage.Adapter {
	t.Helper()
	c := config()
	for _, f := range change {
		f(&c)
	}
	a, err := vonage.New(c)
	require.NoError(t, err)
	return a
}

type object = map[string]any

// token signs claims with HS256.
func token(header string, c object, key string) string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	enc := base64.RawURLEncoding
	s := enc.EncodeToString([]byte(header)) + "." + enc.EncodeToString(b)
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(s))
	return s + "." + enc.EncodeToString(m.Sum(nil))
}

const hs256 = `{"typ":"JWT","alg":"HS256"}`

func claims(body string, change object) object {
	sum := sha256.Sum256([]byte(body))
	c := object{
		"iat": now().Unix(), "jti": "c5ba8f24", "iss": "Vonage", "payload_hash": hex.EncodeToString(sum[:]),
		"api_key": apiKey, "application_id": application,
	}
	for k, v := range change {
		if v == nil {
			delete(c, k)
			continue
		}
		c[k] = v
	}
	return c
}

// with puts a token into the request.
func with(q providertest.Request, token string) providertest.Request {
	h := q.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("Authorization", "Bearer "+token)
	q.Header = h
	return q
}

func signed(q providertest.Request) providertest.Request {
	return with(q, token(hs256, claims(q.Body, nil), secret))
}

func post(body object) providertest.Request {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return providertest.Request{URL: "/vonage", Header: http.Header{"Content-Type": {"application/json"}}, Body: string(b)}
}

func inbound(change object) object {
	m := object{
		"channel": "sms", "message_uuid": "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab", "to": ours, "from": person,
		"timestamp": "2026-11-25T01:29:57Z", "message_type": "text", "text": "Is my visit still on Tuesday? é 😀 &",
		"sms": object{"num_messages": "1", "keyword": "IS"}, "usage": object{"currency": "EUR", "price": "0.0333"},
	}
	for k, v := range change {
		m[k] = v
	}
	return m
}

func status(name string, problem object) object {
	m := object{
		"channel": "sms", "message_uuid": "bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab", "to": person, "from": ours,
		"timestamp": "2026-11-25T01:29:57Z", "status": name, "client_ref": "attempt-9",
	}
	if problem != nil {
		m["error"] = problem
	}
	return m
}

func request(q providertest.Request) *http.Request {
	r := httptest.NewRequest(http.MethodPost, q.URL, http.NoBody)
	r.Header = q.Header
	return r
}

func parse(t testing.TB, a *vonage.Adapter, body object) []provider.Event {
	t.Helper()
	q := signed(post(body))
	events, err := a.Parse(request(q), []byte(q.Body))
	require.NoError(t, err)
	return events
}
