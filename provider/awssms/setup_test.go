package awssms_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/awssms"
	"github.com/carewire/carewire/provider/providertest"
)

const (
	secret  = "secret-access-key-of-the-tests"
	ours    = "+14155550199"
	person  = "+14155550123"
	topic   = "arn:aws:sns:us-east-1:123456789012:sms"
	certURL = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
	confirm = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + topic + "&Token=t1"
)

func now() time.Time { return time.Date(2026, 11, 25, 1, 30, 0, 0, time.UTC) }

func credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "AKIATEST", SecretAccessKey: secret}, nil
}

func config() awssms.Config {
	return awssms.Config{
		Region: "us-east-1", Credentials: aws.CredentialsProviderFunc(credentials), From: ours,
		TopicARNs: []string{topic}, Now: now, HTTPClient: &http.Client{Transport: new(sns)},
	}
}

func adapter(t testing.TB, change ...func(*awssms.Config)) *awssms.Adapter {
	t.Helper()
	c := config()
	for _, f := range change {
		f(&c)
	}
	a, err := awssms.New(c)
	require.NoError(t, err)
	return a
}

// key signs as SNS does; it and its certificate are made once.
var key = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

var certificate = sync.OnceValue(func() string {
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sns.amazonaws.com"},
		NotBefore: now().AddDate(-1, 0, 0), NotAfter: now().AddDate(1, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key().PublicKey, key())
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
})

// sns plays the servers of SNS: it serves the certificate and confirms.
type sns struct {
	mu     sync.Mutex
	urls   []string
	status int    // 0 stands for 200
	pem    string // "" stands for the certificate
}

func (s *sns) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.urls = append(s.urls, r.URL.String())
	status, body := s.status, s.pem
	if status == 0 {
		status = http.StatusOK
	}
	if body == "" {
		body = certificate()
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func (s *sns) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.urls...)
}

type object = map[string]any

func text(v object) string {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

// post is a notification without its signature.
func post(message string, change object) providertest.Request {
	n := object{
		"Type": "Notification", "MessageId": "n1", "TopicArn": topic, "Message": message, "Timestamp": "2026-11-25T01:29:57.123Z",
		"SignatureVersion": "2", "SigningCertURL": certURL, "UnsubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
	}
	for k, v := range change {
		n[k] = v
	}
	return providertest.Request{URL: "/sns", Header: http.Header{"Content-Type": {"text/plain; charset=UTF-8"}}, Body: text(n)}
}

// signed is the scheme written down once more.
func signed(q providertest.Request) providertest.Request {
	var n map[string]any
	if err := json.Unmarshal([]byte(q.Body), &n); err != nil || n == nil {
		return q
	}
	names := "Message MessageId Subject Timestamp TopicArn Type"
	if n["Type"] != "Notification" {
		names = "Message MessageId SubscribeURL Timestamp Token TopicArn Type"
	}
	s := ""
	for name := range strings.FieldsSeq(names) {
		v, ok := n[name].(string)
		if name == "Subject" && !ok {
			continue
		}
		s += name + "\n" + v + "\n"
	}
	sum1, sum2 := sha1.Sum([]byte(s)), sha256.Sum256([]byte(s))
	hash, sum := crypto.SHA256, sum2[:]
	if n["SignatureVersion"] == "1" {
		hash, sum = crypto.SHA1, sum1[:]
	}
	sig, err := rsa.SignPKCS1v15(rand.Reader, key(), hash, sum)
	if err != nil {
		panic(err)
	}
	n["Signature"] = base64.StdEncoding.EncodeToString(sig)
	q.Body = text(n)
	return q
}

func inbound(change object) string {
	m := object{
		"originationNumber": person, "destinationNumber": ours, "messageKeyword": "KEYWORD_1",
		"messageBody": "Is my visit still on Tuesday? é 😀 &", "inboundMessageId": "i1", "previousPublishedMessageId": "p1",
	}
	for k, v := range change {
		m[k] = v
	}
	return text(m)
}

func event(kind string) string {
	return text(object{
		"eventType": kind, "eventVersion": "1.0", "eventTimestamp": 1795570197123, "isFinal": true, "originationPhoneNumber": ours,
		"destinationPhoneNumber": person, "messageId": "m2", "messageStatus": "X", "context": object{"carewire-ref": "attempt-9"},
		"totalMessageParts": 1, "totalMessagePrice": 0.00645,
	})
}

func request(q providertest.Request) *http.Request {
	r := httptest.NewRequest(http.MethodPost, q.URL, http.NoBody)
	r.Header = q.Header
	return r
}

func parse(t testing.TB, a *awssms.Adapter, q providertest.Request) []provider.Event {
	t.Helper()
	q = signed(q)
	events, err := a.Parse(request(q), []byte(q.Body))
	require.NoError(t, err)
	return events
}
