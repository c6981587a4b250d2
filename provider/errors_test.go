package provider_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
)

func TestErrorShowsKindAndCodeOnly(t *testing.T) {
	t.Parallel()
	cause := errors.New("the number +14155550100 is blocked")
	err := &provider.Error{Kind: provider.OptedOut, Code: "21610", After: time.Minute, Err: cause}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		require.Equal(t, "provider: opted out (code 21610)", fmt.Sprintf(verb, err), verb)
	}
	b, jerr := json.Marshal(err)
	require.NoError(t, jerr)
	require.JSONEq(t, `{"kind":"opted out","code":"21610","after":60}`, string(b))

	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Error("send", "err", err)
	require.NotContains(t, log.String(), "5550100")
	require.Contains(t, log.String(), "21610")
	require.ErrorIs(t, err, cause, "Unwrap alone reaches the cause")
}

func TestConfigErrorNamesTheField(t *testing.T) {
	t.Parallel()
	err := &provider.ConfigError{Adapter: "twilio", Field: "AuthToken", Reason: "is missing"}
	require.EqualError(t, err, "twilio: Config.AuthToken is missing")
}

func TestNamesOfEnums(t *testing.T) {
	t.Parallel()
	require.Equal(t, "long code, toll-free number, short code, sender 9",
		fmt.Sprintf("%v, %v, %v, %v", provider.LongCode, provider.TollFree, provider.ShortCode, provider.Sender(9)))
	require.Equal(t, "default, on, off, handling 9",
		fmt.Sprintf("%v, %v, %v, %v", provider.HandlingDefault, provider.HandlingOn, provider.HandlingOff, provider.Handling(9)))
	require.Equal(t, "GSM-7, UCS-2, encoding 9", fmt.Sprintf("%v, %v, %v", provider.GSM7, provider.UCS2, provider.Encoding(9)))
}
