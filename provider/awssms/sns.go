package awssms

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // version 1 of the scheme; AWS still signs with it by default
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/carewire/carewire/provider/internal/wire"
)

// notification is what SNS posts.
type notification struct {
	Type             string
	MessageID        string `json:"MessageId"`
	TopicARN         string `json:"TopicArn"`
	Subject          *string
	Message          string
	Timestamp        string
	Token            string
	SubscribeURL     string
	SignatureVersion string
	Signature        string
	SigningCertURL   string
}

// The types of notifications.
const (
	typeNotification = "Notification"
	typeSubscribe    = "SubscriptionConfirmation"
	typeUnsubscribe  = "UnsubscribeConfirmation"
)

// signed is the text that SNS signs: name and value of certain fields, a line
// each, in the order of their names.
func (n notification) signed() []byte {
	fields := []string{"Message", n.Message, "MessageId", n.MessageID}
	if n.Type == typeNotification {
		if n.Subject != nil {
			fields = append(fields, "Subject", *n.Subject)
		}
	} else {
		fields = append(fields, "SubscribeURL", n.SubscribeURL)
	}
	fields = append(fields, "Timestamp", n.Timestamp)
	if n.Type != typeNotification {
		fields = append(fields, "Token", n.Token)
	}
	fields = append(fields, "TopicArn", n.TopicARN, "Type", n.Type)
	var b []byte
	for _, f := range fields {
		b = append(append(b, f...), '\n')
	}
	return b
}

// sent is when SNS took the message, or zero.
func (n notification) sent() time.Time {
	t, err := time.Parse(time.RFC3339, n.Timestamp)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// Verify implements [provider.Webhook]: the body has an RSA signature of SNS,
// of version 1 or 2, over its fields. The certificate is fetched from an SNS
// server of AWS only, and kept.
func (a *Adapter) Verify(r *http.Request, body []byte) error {
	_, err := a.verify(r, body)
	return err
}

func (a *Adapter) verify(r *http.Request, body []byte) (notification, error) {
	if err := wire.Check(r, body, http.MethodPost); err != nil {
		return notification{}, err
	}
	var n notification
	if err := wire.Unmarshal(body, &n); err != nil {
		return notification{}, err
	}
	switch n.Type {
	case typeNotification, typeSubscribe, typeUnsubscribe:
	default:
		return notification{}, wire.Refuse(http.StatusBadRequest, "no notification of SNS")
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(n.Signature)
	if err != nil || len(signature) == 0 {
		return notification{}, wire.Refuse(http.StatusUnauthorized, "there is no signature")
	}
	var hash crypto.Hash
	var sum []byte
	switch n.SignatureVersion {
	case "1":
		s := sha1.Sum(n.signed()) //nolint:gosec // see the import
		hash, sum = crypto.SHA1, s[:]
	case "2":
		s := sha256.Sum256(n.signed())
		hash, sum = crypto.SHA256, s[:]
	default:
		return notification{}, wire.Refuse(http.StatusUnauthorized, "an unknown version of the signature")
	}
	key, err := a.certs.key(r.Context(), n.SigningCertURL)
	if err != nil {
		return notification{}, err
	}
	if rsa.VerifyPKCS1v15(key, hash, sum, signature) != nil {
		return notification{}, wire.Refuse(http.StatusUnauthorized, "the signature is not that of SNS")
	}
	return n, nil
}
