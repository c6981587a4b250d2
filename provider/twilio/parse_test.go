package twilio_test

import (
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/twilio"
)

func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	long := func(*twilio.Config) {}
	free := func(c *twilio.Config) { c.Sender = provider.TollFree }
	short := func(c *twilio.Config) { c.Sender = provider.ShortCode }
	off := func(c *twilio.Config) { c.Handling = provider.HandlingOff }
	freeOff := func(c *twilio.Config) { free(c); off(c) }
	shortOn := func(c *twilio.Config) { short(c); c.Handling = provider.HandlingOn }
	tests := []struct {
		name, text, flag string
		change           func(*twilio.Config)
		want             provider.Replied
		wantFlag         provider.Flag
	}{
		{name: "long code", text: "STOP", change: long, want: provider.RepliedYes},
		{name: "blanks and case", text: "  sTop\n", change: long, want: provider.RepliedYes},
		{name: "revoke", text: "Revoke", change: long, want: provider.RepliedYes},
		{name: "help", text: "help", change: long, want: provider.RepliedYes},
		{name: "start", text: "START", change: long, want: provider.RepliedYes},
		{name: "yes is a start for the blocked only", text: "yes", change: long, want: provider.RepliedMaybe},
		{name: "a word that it does not know", text: "OPT OUT please", change: long},
		{name: "two words are not one", text: "STOP please", change: long},
		{name: "punctuation", text: "STOP.", change: long, want: provider.RepliedMaybe},
		{name: "split", text: "stop all", change: long, want: provider.RepliedMaybe},
		{name: "turned off", text: "STOP", change: off},
		{name: "toll-free network", text: "stop", change: freeOff, want: provider.RepliedYes},
		{name: "toll-free network knows STOP only", text: "cancel", change: freeOff},
		{name: "toll-free with the provider's words", text: "cancel", change: free, want: provider.RepliedYes},
		{name: "toll-free network and START", text: "START", change: freeOff, want: provider.RepliedMaybe},
		{name: "toll-free network and UNSTOP", text: "UNSTOP", change: freeOff, want: provider.RepliedYes},
		{name: "short code", text: "STOP", change: short},
		{name: "short code turned on", text: "STOP", change: shortOn, want: provider.RepliedYes},
		{name: "advanced stop", text: "adios", flag: "STOP", change: off, want: provider.RepliedYes, wantFlag: provider.FlagStop},
		{name: "advanced start", text: "hola", flag: "START", change: long, want: provider.RepliedYes, wantFlag: provider.FlagStart},
		{name: "advanced help", text: "ayuda", flag: "HELP", change: short, want: provider.RepliedYes, wantFlag: provider.FlagHelp},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := inbound(url.Values{"Body": {tt.text}})
			if tt.flag != "" {
				f.Set("OptOutType", tt.flag)
			}
			events := parse(t, adapter(t, tt.change), post(f, ""))
			require.Len(t, events, 1)
			require.Equal(t, tt.want, events[0].Inbound.Replied)
			require.Equal(t, tt.wantFlag, events[0].Inbound.Flag)
		})
	}
}

func TestReceivingNumbers(t *testing.T) {
	t.Parallel()
	more := func(c *twilio.Config) {
		c.From, c.MessagingServiceSID, c.Numbers = "", "MG01", []string{"12345", " +14155550198 "}
	}
	for _, f := range []url.Values{
		{"To": {"12345"}},
		{"To": {"+14155550198"}},
		{"To": {"+14155550197"}, "MessagingServiceSid": {"MG01"}},
	} {
		require.Len(t, parse(t, adapter(t, more), post(inbound(f), "")), 1)
	}
}

func TestNothingOfInterest(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]url.Values{
		"from a short code":    inbound(url.Values{"From": {"732873"}}),
		"from another channel": inbound(url.Values{"From": {"whatsapp:+14155550123"}}),
		"without an id":        inbound(url.Values{"MessageSid": nil, "SmsSid": nil, "SmsMessageSid": nil}),
		"an unknown status":    status(url.Values{"MessageStatus": {"teleported"}}),
	} {
		require.Empty(t, parse(t, adapter(t), post(f, "")), name)
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status, code string
		state        provider.State
		kind         provider.Kind
	}{
		{"accepted", "", provider.Queued, 0},
		{"queued", "0", provider.Queued, 0},
		{"sending", "", provider.Queued, 0},
		{"sent", "", provider.Sent, 0},
		{"delivered", "", provider.Delivered, 0},
		{"read", "", provider.Delivered, 0},
		{"undelivered", "30003", provider.Undelivered, provider.Unknown},
		{"undelivered", "30005", provider.Undelivered, provider.BadRecipient},
		{"failed", "21610", provider.Failed, provider.OptedOut},
		{"failed", "30034", provider.Failed, provider.Refused},
		{"failed", "30027", provider.Failed, provider.Throttled},
		{"failed", "12345", provider.Failed, provider.Unknown},
		{"canceled", "", provider.Failed, provider.Refused},
	}
	for _, tt := range tests {
		t.Run(tt.status+tt.code, func(t *testing.T) {
			t.Parallel()
			events := parse(t, adapter(t), post(status(url.Values{"MessageStatus": {tt.status}, "ErrorCode": {tt.code}}), ""))
			require.Len(t, events, 1)
			require.Equal(t, tt.state, events[0].Status.State)
			require.Equal(t, tt.kind, events[0].Status.Kind)
		})
	}
}

func TestAckIsAnEmptyResponse(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	adapter(t).Ack(w)
	require.Equal(t, "<Response/>", w.Body.String())
	require.Equal(t, "text/xml; charset=utf-8", w.Header().Get("Content-Type"))
}
