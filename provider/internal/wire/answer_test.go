package wire_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

func TestRefusal(t *testing.T) {
	t.Parallel()
	codes := wire.Codes{"out": {Kind: provider.OptedOut}, "slow": {Kind: provider.Throttled}, "later": {Kind: provider.Unknown}}
	tests := []struct {
		status int
		code   string
		kind   provider.Kind
		want   string
		after  time.Duration
	}{
		{400, "out", provider.OptedOut, "out", 0},
		{400, "slow", provider.Throttled, "slow", 9 * time.Second},
		{400, "later", provider.Refused, "later", 0},
		{400, "else", provider.Refused, "else", 0},
		{403, "", provider.Refused, "HTTP 403", 0},
		{408, "out", provider.Unknown, "out", 0},
		{429, "out", provider.Throttled, "out", 9 * time.Second},
		{302, "out", provider.Unknown, "out", 0},
		{500, "out", provider.Unknown, "out", 0},
		{503, "", provider.Unknown, "HTTP 503", 0},
		{100, "", provider.Unknown, "HTTP 100", 0},
		{600, "out", provider.Unknown, "out", 0},
		{400, "+14155550123", provider.Refused, "HTTP 400", 0},
	}
	for _, tt := range tests {
		a := wire.Answer{Status: tt.status, Header: http.Header{"Retry-After": {"9"}}}
		require.Equal(t, &provider.Error{Kind: tt.kind, Code: tt.want, After: tt.after}, wire.Refusal(a, tt.code, codes), tt)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	date := "Wed, 25 Nov 2026 01:30:00 GMT"
	tests := []struct {
		after, date string
		want        time.Duration
	}{
		{"", "", 0},
		{"7", "", 7 * time.Second},
		{" 7 ", "", 7 * time.Second},
		{"-7", "", 0},
		{"99999999999999", "", 0},
		{"soon", "", 0},
		{"Wed, 25 Nov 2026 01:31:00 GMT", date, time.Minute},
		{"Wed, 25 Nov 2026 01:29:00 GMT", date, 0},
		{"Wed, 25 Nov 2026 01:31:00 GMT", "", 0},
	}
	for _, tt := range tests {
		h := http.Header{"Retry-After": {tt.after}, "Date": {tt.date}}
		require.Equal(t, tt.want, wire.RetryAfter(h), tt)
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"21610": "21610", "request-validation": "request-validation", "A_B.c:1": "A_B.c:1", "": "", "14155550123": "",
		"x1234567": "", "123456-123456": "123456-123456", "two words": "", "é": "", strings.Repeat("a", 81): "", "<b>": "",
	} {
		require.Equal(t, want, wire.Clean(code), code)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{`"a"`: "a", `17`: "17", `-1.5`: "-1.5", `null`: "", `""`: ""} {
		var v struct{ X wire.Text }
		require.NoError(t, json.Unmarshal([]byte(`{"X":`+in+`}`), &v))
		require.Equal(t, want, string(v.X))
	}
	for _, in := range []string{`{}`, `[]`, `true`} {
		var v struct{ X wire.Text }
		require.Error(t, json.Unmarshal([]byte(`{"X":`+in+`}`), &v), in)
	}
}

func TestJSONOfABrokenAnswer(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	var v any
	require.ErrorIs(t, wire.Answer{Body: []byte(`{}`), Err: broken}.JSON(&v), broken)
	require.ErrorIs(t, wire.Answer{Body: []byte(`{`)}.JSON(&v), wire.ErrOdd)
	require.NoError(t, wire.Answer{Body: []byte(`{}`)}.JSON(&v))
	require.ErrorIs(t, wire.Odd(nil), wire.ErrOdd)
	require.Equal(t, provider.Unknown, wire.Odd(broken).Kind)
}
