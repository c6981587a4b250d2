package providers

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/carewire/carewire/provider/awssms"
)

// snsSigner is the key and the certificate of SNS, made once.
var snsSigner = sync.OnceValues(func() (*rsa.PrivateKey, string) {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sns.amazonaws.com"},
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
	if err != nil {
		panic(err)
	}
	return k, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
})

// snsServers answers for the servers of SNS, which serve the certificate; all
// other requests go to the local server.
type snsServers struct{}

func (snsServers) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(r.URL.Host, "sns.") {
		return http.DefaultTransport.RoundTrip(r)
	}
	_, certificate := snsSigner()
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(certificate)), Request: r}, nil
}

func awssmsCarrier() carrier {
	const topic = "arn:aws:sns:us-east-1:123456789012:sms"
	signed := func(topic string, message object) *http.Request {
		text, err := json.Marshal(message)
		if err != nil {
			panic(err)
		}
		n := map[string]string{"Message": string(text), "MessageId": "n1", "Timestamp": time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), "TopicArn": topic, "Type": "Notification"}
		s := ""
		for name := range strings.FieldsSeq("Message MessageId Timestamp TopicArn Type") {
			s += name + "\n" + n[name] + "\n"
		}
		key, _ := snsSigner()
		sum := sha256.Sum256([]byte(s))
		sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
		if err != nil {
			panic(err)
		}
		n["Signature"], n["SignatureVersion"] = base64.StdEncoding.EncodeToString(sig), "2"
		n["SigningCertURL"] = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
		r, _ := jsonRequest(n)
		return r
	}
	inbound := func(topic, id, text, to string) *http.Request {
		return signed(topic, object{"inboundMessageId": id, "originationNumber": person, "destinationNumber": to, "messageBody": text})
	}
	return carrier{
		name: "awssms", status: 200, accepted: `{"MessageId":"accepted1"}`,
		blocked: `{"__type":"com.amazonaws.smsvoice#ConflictException","Reason":"DESTINATION_PHONE_NUMBER_OPTED_OUT"}`,
		open: func(base string) (adapter, error) {
			return awssms.New(awssms.Config{
				Region: "us-east-1", From: ours, TopicARNs: []string{topic}, BaseURL: base, HTTPClient: &http.Client{Transport: snsServers{}},
				Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
					return aws.Credentials{AccessKeyID: "AKIATEST", SecretAccessKey: secret}, nil
				}),
			})
		},
		ref: func(body string) string {
			var m struct{ Context map[string]string }
			_ = json.Unmarshal([]byte(body), &m)
			return m.Context["carewire-ref"]
		},
		inbound: func(id, text, to string) *http.Request { return inbound(topic, id, text, to) },
		foreign: func() *http.Request { return inbound(topic+"-of-others", "in3", "STOP", ours) },
		report: func(ref, id string, what news) *http.Request { // no event stands for an opt-out: it is told with the send
			return signed(topic, object{
				"eventType": what.pick("TEXT_SENT", "TEXT_DELIVERED", "TEXT_BLOCKED"), "messageId": id,
				"destinationPhoneNumber": person, "context": object{"carewire-ref": ref},
			})
		},
		forge:  func(r *http.Request) { change(r, `"Signature":"`, `"Signature":"AAAA`) },
		unsign: func(r *http.Request) { change(r, `"Signature":"`, `"Other":"`) },
	}
}
