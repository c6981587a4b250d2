package awssms_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/awssms"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/recipient"
)

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*awssms.Config){
		"Region":      func(c *awssms.Config) { c.Region = "" },
		"Credentials": func(c *awssms.Config) { c.Credentials = nil },
		"From":        func(c *awssms.Config) { c.From = "" },
		"TopicARNs":   func(c *awssms.Config) { c.TopicARNs = nil },
		"BaseURL":     func(c *awssms.Config) { c.BaseURL = "x" },
		"Handling":    func(c *awssms.Config) { c.Handling = 9 },
	} {
		c := config()
		change(&c)
		_, err := awssms.New(c)
		e, ok := errors.AsType[*provider.ConfigError](err)
		require.True(t, ok, field)
		require.Equal(t, "awssms."+field, e.Adapter+"."+e.Field)
	}
}

func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	c := config()
	c.Credentials = aws.NewCredentialsCache(c.Credentials)
	a, err := awssms.New(c)
	require.NoError(t, err)
	_, err = c.Credentials.Retrieve(t.Context()) // the secret is in memory now
	require.NoError(t, err)
	for _, v := range []any{c, &c, a, *a} {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		require.NotContains(t, string(b)+fmt.Sprintf("%v %+v %#v %q %x", v, v, v, v, v), secret)
	}
}

func TestWithoutCredentialsNothingIsSent(t *testing.T) {
	t.Parallel()
	s := new(sns)
	a := adapter(t, func(c *awssms.Config) {
		c.HTTPClient = &http.Client{Transport: s}
		c.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("no " + secret)
		})
	})
	_, err := a.Send(t.Context(), provider.Message{To: recipient.MustParse(person), Text: "Hi"})
	require.Equal(t, provider.Unavailable, provider.KindOf(err))
	require.NotContains(t, errors.Unwrap(err).Error(), secret)
	require.Empty(t, s.seen())
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	q := signed(post(inbound(nil), nil))
	t.Run("fetched once", func(t *testing.T) {
		t.Parallel()
		s := new(sns)
		a := adapter(t, func(c *awssms.Config) { c.HTTPClient = &http.Client{Transport: s} })
		for range 3 {
			require.NoError(t, a.Verify(request(q), []byte(q.Body)))
		}
		require.Equal(t, []string{certURL}, s.seen())
	})
	for name, u := range map[string]string{
		"http":             "http://sns.us-east-1.amazonaws.com/x.pem",
		"another host":     "https://sns.us-east-1.amazonaws.com.evil.example/x.pem",
		"another name":     "https://s3.us-east-1.amazonaws.com/x.pem",
		"a longer name":    "https://evilsns.us-east-1.amazonaws.com/x.pem",
		"a bucket":         "https://sns.us-east-1.s3.amazonaws.com/x.pem",
		"user information": "https://sns.us-east-1.amazonaws.com@evil.example/x.pem",
		"a port":           "https://sns.us-east-1.amazonaws.com:8443/x.pem",
		"another file":     "https://sns.us-east-1.amazonaws.com/x.pem?y",
		"no certificate":   "https://sns.us-east-1.amazonaws.com/x",
		"nothing":          "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := new(sns)
			a := adapter(t, func(c *awssms.Config) { c.HTTPClient = &http.Client{Transport: s} })
			q := signed(post(inbound(nil), object{"SigningCertURL": u}))
			require.Equal(t, 401, statusOf(t, a.Verify(request(q), []byte(q.Body))))
			require.Empty(t, s.seen(), "nothing is fetched from elsewhere")
		})
	}
	for name, s := range map[string]*sns{
		"not there": {status: 404}, "a redirect": {status: 302}, "no PEM": {pem: "x"},
		"no certificate": {pem: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := adapter(t, func(c *awssms.Config) { c.HTTPClient = &http.Client{Transport: s} })
			require.Equal(t, 503, statusOf(t, a.Verify(request(q), []byte(q.Body))), "SNS delivers again")
		})
	}
	for name, at := range map[string]time.Time{"expired": now().AddDate(2, 0, 0), "not yet": now().AddDate(-2, 0, 0)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := adapter(t, func(c *awssms.Config) { c.Now = func() time.Time { return at } })
			require.Equal(t, 401, statusOf(t, a.Verify(request(q), []byte(q.Body))))
		})
	}
}

func statusOf(t *testing.T, err error) int {
	t.Helper()
	e, ok := errors.AsType[*provider.WebhookError](err)
	require.True(t, ok, "%v", err)
	return e.Status
}

func TestVersionsAreNotInterchangeable(t *testing.T) {
	t.Parallel()
	for from, to := range map[string]string{"1": "2", "2": "1"} {
		q := signed(post(inbound(nil), object{"SignatureVersion": from}))
		q.Body = strings.Replace(q.Body, `"SignatureVersion":"`+from, `"SignatureVersion":"`+to, 1)
		require.Equal(t, 401, statusOf(t, adapter(t).Verify(request(q), []byte(q.Body))))
	}
}

func TestSubscription(t *testing.T) {
	t.Parallel()
	subscribe := func(u, arn string) providertest.Request {
		return signed(post("x", object{"Type": "SubscriptionConfirmation", "Token": "t1", "SubscribeURL": u, "TopicArn": arn}))
	}
	with := func(t *testing.T, s *sns) *awssms.Adapter {
		return adapter(t, func(c *awssms.Config) { c.HTTPClient = &http.Client{Transport: s} })
	}
	t.Run("of our topic", func(t *testing.T) {
		t.Parallel()
		s, q := new(sns), subscribe(confirm, topic)
		_, err := with(t, s).Parse(request(q), []byte(q.Body))
		require.NoError(t, err)
		require.Equal(t, []string{certURL, confirm}, s.seen())
	})
	t.Run("of another topic", func(t *testing.T) {
		t.Parallel()
		s, q := new(sns), subscribe(confirm, topic+"2")
		_, err := with(t, s).Parse(request(q), []byte(q.Body))
		require.Equal(t, 403, statusOf(t, err))
		require.Equal(t, []string{certURL}, s.seen(), "nothing is confirmed")
	})
	t.Run("that leads elsewhere", func(t *testing.T) {
		t.Parallel()
		s, q := new(sns), subscribe("https://evil.example/", topic)
		_, err := with(t, s).Parse(request(q), []byte(q.Body))
		require.Equal(t, 401, statusOf(t, err))
		require.Equal(t, []string{certURL}, s.seen())
	})
	t.Run("with a forged signature", func(t *testing.T) {
		t.Parallel()
		s, q := new(sns), subscribe(confirm, topic)
		q.Body = strings.Replace(q.Body, "Token=t1", "Token=t2", 1)
		_, err := with(t, s).Parse(request(q), []byte(q.Body))
		require.Equal(t, 401, statusOf(t, err))
		require.Equal(t, []string{certURL}, s.seen())
	})
	t.Run("Verify alone confirms nothing", func(t *testing.T) {
		t.Parallel()
		s, q := new(sns), subscribe(confirm, topic)
		require.NoError(t, with(t, s).Verify(request(q), []byte(q.Body)))
		require.Equal(t, []string{certURL}, s.seen())
	})
	t.Run("SNS does not answer", func(t *testing.T) {
		t.Parallel()
		s, q := new(sns), subscribe(confirm, topic)
		a := with(t, s)
		require.NoError(t, a.Verify(request(q), []byte(q.Body)))
		s.mu.Lock()
		s.status = 500
		s.mu.Unlock()
		_, err := a.Parse(request(q), []byte(q.Body))
		require.Equal(t, 503, statusOf(t, err))
	})
}

func TestEvents(t *testing.T) {
	t.Parallel()
	tests := []struct {
		event string
		state provider.State
		kind  provider.Kind
	}{
		{"TEXT_QUEUED", provider.Queued, 0},
		{"TEXT_PENDING", provider.Queued, 0},
		{"TEXT_SENT", provider.Sent, 0},
		{"TEXT_SUCCESSFUL", provider.Sent, 0},
		{"TEXT_UNKNOWN", provider.Sent, 0},
		{"TEXT_DELIVERED", provider.Delivered, 0},
		{"TEXT_UNREACHABLE", provider.Undelivered, provider.Unknown},
		{"TEXT_CARRIER_UNREACHABLE", provider.Undelivered, provider.Unknown},
		{"TEXT_TTL_EXPIRED", provider.Undelivered, provider.Unknown},
		{"TEXT_BLOCKED", provider.Failed, provider.Filtered},
		{"TEXT_CARRIER_BLOCKED", provider.Failed, provider.Filtered},
		{"TEXT_INVALID", provider.Failed, provider.BadRecipient},
		{"TEXT_INVALID_MESSAGE", provider.Failed, provider.Refused},
		{"TEXT_PROTECT_BLOCKED", provider.Failed, provider.Refused},
	}
	for _, tt := range tests {
		s := parse(t, adapter(t), post(event(tt.event), nil))[0].Status
		require.Equal(t, tt.state, s.State, tt)
		require.Equal(t, tt.kind, s.Kind, tt)
	}
	for _, other := range []string{event("VOICE_ANSWERED"), event("MEDIA_DELIVERED"), "null", "[]", `{"a":1}`} {
		require.Empty(t, parse(t, adapter(t), post(other, nil)))
	}
	require.Empty(t, parse(t, adapter(t), post(inbound(object{"originationNumber": "12345"}), nil)))
}

func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	on := func(*awssms.Config) {}
	off := func(c *awssms.Config) { c.Handling = provider.HandlingOff }
	freeOff := func(c *awssms.Config) { off(c); c.Sender = provider.TollFree }
	tests := []struct {
		text   string
		change func(*awssms.Config)
		want   provider.Replied
	}{
		{"opt-out", on, provider.RepliedYes},
		{"Arret", on, provider.RepliedYes},
		{"stop it now", on, provider.RepliedYes},
		{"Help me, please", on, provider.RepliedYes},
		{"stopping by", on, provider.RepliedMaybe},
		{"please stop", on, provider.RepliedNo},
		{"revoke", on, provider.RepliedNo},
		{"START", on, provider.RepliedMaybe},
		{"STOP", off, provider.RepliedNo},
		{"stop it now", off, provider.RepliedNo},
		{"STOP", freeOff, provider.RepliedYes},
	}
	for _, tt := range tests {
		in := parse(t, adapter(t, tt.change), post(inbound(object{"messageBody": tt.text}), nil))[0].Inbound
		require.Equal(t, tt.want, in.Replied, tt.text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(inbound(nil), "Notification", "2")
	f.Add(event("TEXT_SPAM"), "Notification", "1")
	f.Add("x", "SubscriptionConfirmation", "2")
	a := adapter(f)
	f.Fuzz(func(t *testing.T, message, kind, version string) {
		q := signed(post(message, object{"Type": kind, "SignatureVersion": version, "SubscribeURL": confirm}))
		events, err := a.Parse(request(q), []byte(q.Body))
		if err != nil && len(events) > 0 {
			t.Fatal("events and an error")
		}
		for _, e := range events {
			if (e.Inbound == nil) == (e.Status == nil) {
				t.Fatal("an event is one of the two")
			}
		}
	})
}

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(http.StatusBadRequest) // what AWS answers for a number on the opt-out list
		_, _ = io.WriteString(w, `{"__type": "ConflictException", "Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}`)
	}))
	defer server.Close()

	sms, err := awssms.New(awssms.Config{
		Region: "us-east-1", Credentials: aws.CredentialsProviderFunc(credentials), From: "+14155550199",
		TopicARNs: []string{"arn:aws:sns:us-east-1:123456789012:sms"}, BaseURL: server.URL,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = sms.Send(context.Background(), provider.Message{
		To: recipient.MustParse("+14155550100"), Text: "Acme: your visit is booked.", Ref: "attempt-1",
	})
	fmt.Println(err)
	// Output: provider: opted out (code DESTINATION_PHONE_NUMBER_OPTED_OUT)
}
