package recipient_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/recipient"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"+14155550142":      "+14155550142",
		"+442071838750":     "+442071838750",
		"+5215512345678":    "+525512345678",
		"+525512345678":     "+525512345678",
		"+521551234567":     "+521551234567", // 12 digits: an area code that starts with 1 is not dropped
		"+33612345678":      "+33612345678",
		"+123456789012345":  "",
		"+2912345":          "",
		"+29123456":         "+29123456",
		"14155550142":       "",
		"+1 415 555 0142":   "",
		"+1415555014":       "",
		"+141555501422":     "",
		"+11155550142":      "",
		"+14151550142":      "",
		"+14115550142":      "",
		"+0123456789":       "",
		"+１４１５５５５０１４２":      "",
		"+":                 "",
		"":                  "",
		"+1234567890123456": "",
	} {
		p, err := recipient.Parse(in)
		require.Equal(t, want, p.E164(), in)
		if want == "" {
			require.ErrorIs(t, err, recipient.ErrInvalid, in)
			require.True(t, p.IsZero())
		} else {
			require.NoError(t, err, in)
		}
	}
}

func TestAPhoneIsComparable(t *testing.T) {
	t.Parallel()
	a, b := recipient.MustParse("+5215512345678"), recipient.MustParse("+525512345678")
	require.Equal(t, a, b)
	require.Equal(t, 1, map[recipient.Phone]int{a: 1}[b])
	require.Panics(t, func() { recipient.MustParse("911") })
	require.True(t, a.InCountry("52"))
	require.False(t, a.InCountry("1"))
	require.False(t, a.InCountry(""))
	require.False(t, recipient.Phone{}.InCountry("1"))
}

// hidden has a phone where fmt cannot call its methods.
type hidden struct{ p recipient.Phone }

func TestNothingPrintsANumber(t *testing.T) {
	t.Parallel()
	p := recipient.MustParse("+14155550142")
	values := []any{p, &p, []recipient.Phone{p}, map[recipient.Phone]int{p: 1}, recipient.ID{Tenant: "t", Phone: p}, hidden{p}, &hidden{p}, []hidden{{p}}}
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	text := slog.New(slog.NewTextHandler(&log, nil))
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%b", "%t", "%p", "%U", "%e", "%c", "%20s", "%-5v", "%!"} {
			s := fmt.Sprintf(verb, v)
			require.NotContains(t, s, "5550142", "%T under %s", v, verb)
			require.NotContains(t, s, fmt.Sprintf("%x", "5550142"), "%T under %s", v, verb)
		}
		logger.Info("x", "v", v)
		text.Info("x", "v", v)
	}
	js, err := json.Marshal([]any{p, &p, map[recipient.Phone]int{p: 1}, recipient.ID{Phone: p}})
	require.NoError(t, err)
	require.NotContains(t, log.String()+string(js), "5550142")
	require.Equal(t, "+…42", p.String())
	require.Empty(t, recipient.Phone{}.String())
	_, err = p.Value()
	require.Error(t, err, "no database driver stores the redacted form")
}

func TestUnmarshal(t *testing.T) {
	t.Parallel()
	var in struct{ A, B recipient.Phone }
	require.NoError(t, json.Unmarshal([]byte(`{"A":"+14155550142","B":""}`), &in))
	require.Equal(t, "+14155550142", in.A.E164())
	require.True(t, in.B.IsZero())
	err := json.Unmarshal([]byte(`{"A":"+1 415 555 0142"}`), &in)
	require.ErrorIs(t, err, recipient.ErrInvalid)
	require.NotContains(t, err.Error(), "0142")
	redacted, err := json.Marshal(in.A)
	require.NoError(t, err)
	require.Error(t, json.Unmarshal(redacted, &in.A), "the redacted form cannot be read back")
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"+14155550142", "+5215512345678", "+", "14155550142", "+0", "+1415555014\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := recipient.Parse(s)
		if (err == nil) == p.IsZero() {
			t.Fatal("either a number or an error")
		}
		if err != nil {
			if len(s) > 6 && strings.Contains(err.Error(), s) {
				t.Fatal("the error has the input")
			}
			return
		}
		if q, err := recipient.Parse(p.E164()); err != nil || q != p {
			t.Fatalf("the canonical form is not stable: %v", err)
		}
	})
}

func Example() {
	p, err := recipient.Parse("+14155550142")
	fmt.Println(p, err)
	_, err = recipient.Parse("(415) 555-0142")
	fmt.Println(err)
	// Output:
	// +…42 <nil>
	// recipient: not an E.164 phone number: no leading plus sign
}
