package fake

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio's scheme
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Twilio is a local Twilio for an account. public is the webhook's URL as it
// is entered at Twilio: what is signed, wherever the request really goes.
func Twilio(out io.Writer, account, token, public, customer, ours string) *Provider {
	return start(out, &twilioWire{account, token, public, customer, ours})
}

type twilioWire struct{ account, token, public, customer, ours string }

func (t *twilioWire) message(r *http.Request, body []byte) (to, text, callback string) {
	user, password, _ := r.BasicAuth()
	f, err := url.ParseQuery(string(body))
	if err != nil || user != t.account || password != t.token || !strings.HasSuffix(r.URL.Path, "/Accounts/"+t.account+"/Messages.json") {
		return "", "", ""
	}
	return f.Get("To"), f.Get("Body"), f.Get("StatusCallback")
}

func (t *twilioWire) accepted(id string) (int, string) {
	return http.StatusCreated, fmt.Sprintf(`{"sid":%q,"status":"queued"}`, id)
}

func (t *twilioWire) optedOut() (int, string) {
	return http.StatusBadRequest, `{"code":21610,"message":"Attempt to send to unsubscribed recipient","status":400}`
}

func (t *twilioWire) inbound(hook, id, text string) (*http.Request, error) {
	return t.signed(hook, "", url.Values{
		"AccountSid": {t.account}, "MessageSid": {id}, "From": {t.customer}, "To": {t.ours}, "Body": {text}, "SmsStatus": {"received"},
	})
}

func (t *twilioWire) delivered(hook, callback, id, to string) (*http.Request, error) {
	_, query, _ := strings.Cut(callback, "?")
	return t.signed(hook, "?"+query, url.Values{
		"AccountSid": {t.account}, "MessageSid": {id}, "MessageStatus": {"delivered"}, "From": {t.ours}, "To": {to},
	})
}

// signed is the scheme: HMAC-SHA1 over the public URL and the sorted form.
func (t *twilioWire) signed(hook, query string, f url.Values) (*http.Request, error) {
	keys := make([]string, 0, len(f))
	for k := range f {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	h := hmac.New(sha1.New, []byte(t.token))
	_, _ = io.WriteString(h, t.public+query)
	for _, k := range keys {
		_, _ = io.WriteString(h, k+f.Get(k))
	}
	r, err := http.NewRequest(http.MethodPost, hook+query, strings.NewReader(f.Encode())) //nolint:noctx // the caller sets it
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(h.Sum(nil)))
	return r, nil
}
