package wire_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

func TestRef(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ public, ref, want string }{
		{"https://a.example/x", "r1", "https://a.example/x?carewire-ref=r1"},
		{"https://a.example/x?k=1", "r1", "https://a.example/x?k=1&carewire-ref=r1"},
		{"https://a.example/x#rc=5", "a b&c", "https://a.example/x?carewire-ref=a+b%26c#rc=5"},
		{"https://a.example/x?k#f", "", "https://a.example/x?k#f"},
	} {
		got := wire.WithRef(tt.public, tt.ref)
		require.Equal(t, tt.want, got)
		require.Equal(t, tt.ref, wire.Ref(got))
	}
	require.Empty(t, wire.Ref("https://a.example/x?carewire-ref=%zz"))
	require.Empty(t, wire.RefOfQuery("k=carewire-ref"))
}

func TestCheckAndUnmarshal(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
	require.NoError(t, wire.Check(r, make([]byte, wire.MaxWebhook), http.MethodPost))
	status := func(err error) int {
		e, ok := errors.AsType[*provider.WebhookError](err)
		require.True(t, ok, "%v", err)
		return e.Status
	}
	require.Equal(t, 405, status(wire.Check(r, nil, http.MethodGet)))
	require.Equal(t, 400, status(wire.Check(r, make([]byte, wire.MaxWebhook+1), http.MethodPost)))

	var v any
	require.NoError(t, wire.Unmarshal([]byte(" {} \n"), &v))
	for _, body := range []string{"", "{", "{} {}", "{}x", "\xff"} {
		require.Equal(t, 400, status(wire.Unmarshal([]byte(body), &v)), body)
	}
	_, err := wire.Form("a=%zz")
	require.Equal(t, 400, status(err))
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	n := wire.NewNumbers("+14155550199", " 12345", "", "ACME")
	for s, want := range map[string]bool{
		"+14155550199": true, "14155550199": true, " 14155550199 ": true, "12345": true, "ACME": true, "": false, "+": false, "1415555019": false,
	} {
		require.Equal(t, want, n.Has(s), s)
	}
	require.Equal(t, "+14155550123", wire.Phone("14155550123").E164())
	require.Equal(t, "+14155550123", wire.Phone(" +14155550123 ").E164())
	for _, s := range []string{"", "12345", "ACME", "whatsapp:+14155550123", "+1 415 555 0123"} {
		require.True(t, wire.Phone(s).IsZero(), s)
	}
}

func TestReplied(t *testing.T) {
	t.Parallel()
	k := wire.Keywords{Sure: []string{"stop", "stop all"}, Maybe: []string{"yes"}}
	tests := []struct {
		text   string
		sender provider.Sender
		on     bool
		want   provider.Replied
	}{
		{"Stop", provider.LongCode, true, provider.RepliedYes},
		{"Stop", provider.LongCode, false, provider.RepliedNo},
		{"stop-all!", provider.LongCode, true, provider.RepliedMaybe},
		{"¡YES!", provider.LongCode, true, provider.RepliedMaybe},
		{"stop it", provider.LongCode, true, provider.RepliedNo},
		{"", provider.TollFree, true, provider.RepliedNo},
		{"?!", provider.TollFree, true, provider.RepliedNo},
		{"stop", provider.TollFree, false, provider.RepliedYes},
		{"stop.", provider.TollFree, false, provider.RepliedMaybe},
		{"start", provider.TollFree, false, provider.RepliedMaybe},
		{"stop all", provider.TollFree, true, provider.RepliedYes},
		{"stop all", provider.TollFree, false, provider.RepliedNo},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, k.Replied(tt.text, tt.sender, tt.on), tt)
	}
}
