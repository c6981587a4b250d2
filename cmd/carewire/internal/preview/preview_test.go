package preview_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/cmd/carewire/internal/preview"
	"github.com/carewire/carewire/cmd/carewire/internal/program"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/provider"
)

func acme() *program.Program {
	return &program.Program{Program: carewire.Program{
		Tenant: "t", Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
		Purposes: []consent.Purpose{consent.Service},
	}}
}

const visit = "Your visit is booked for Tuesday, 10 to 12."

// printed is what is shown for a text.
func printed(t *testing.T, p *program.Program, purpose consent.Purpose, text string) (preview.Both, string) {
	t.Helper()
	both, err := preview.Of(t.Context(), p, purpose, text)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, both.Print(&out, text))
	return both, out.String()
}

func TestFirstAndLater(t *testing.T) {
	t.Parallel()
	both, out := printed(t, acme(), consent.Service, visit)
	require.False(t, both.Refused())
	require.Equal(t, disclosure.Statement, both.First.Added)
	require.Equal(t, disclosure.Nothing, both.Later.Added)
	first := "Acme Plumbing: " + visit + "\n" + disclosure.Full("Acme Plumbing", "service at your address")
	require.Equal(t, "First message: GSM-7, 456 units, 3 segments, with the statement\n\n"+first+
		"\n\nLater message: GSM-7, 58 units, 1 segment\n\nAcme Plumbing: "+visit+"\n", out)
}

func TestForced(t *testing.T) {
	t.Parallel()
	both, out := printed(t, acme(), consent.Service, "We’re on our way.")
	require.Equal(t, provider.UCS2, both.Later.Count.Encoding)
	require.Contains(t, out, "Later message: UCS-2, 32 units, 1 segment, forced by '’' (U+2019)\n")
}

// A reply in a conversation needs no purpose of the program and no brand.
func TestConversation(t *testing.T) {
	t.Parallel()
	both, _ := printed(t, acme(), consent.Conversation, "Yes, we can come at 3.")
	require.False(t, both.Refused())
	require.Equal(t, "Yes, we can come at 3.", both.Later.Text)
}

func TestCountryAndLanguage(t *testing.T) {
	t.Parallel()
	for _, cc := range []string{"52", "593", "7", "44"} {
		p := acme()
		p.Countries, p.Language = []string{cc}, language.Spanish
		both, out := printed(t, p, consent.Service, "Su visita es el martes.")
		require.False(t, both.Refused(), cc)
		require.Contains(t, out, "Acme Plumbing: Su visita", cc)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	both, out := printed(t, acme(), consent.Service, "Your visit is booked. Get 20% off your next drain cleaning!")
	require.True(t, both.Refused())
	require.ErrorIs(t, both.First.Err, carewire.ErrPromotional)
	require.Contains(t, out, "First message: refused [promo/discount]: promotional content")
	require.Contains(t, out, "20% off")

	both, out = printed(t, acme(), consent.Billing, visit)
	require.ErrorIs(t, both.First.Err, carewire.ErrInvalid)
	require.Contains(t, out, "refused [purpose/undeclared]")
	require.NotContains(t, out, visit)
}

// A text that nothing can be added to is refused as a first message alone.
func TestRefusedFirst(t *testing.T) {
	t.Parallel()
	both, out := printed(t, acme(), consent.Service, "<#> Acme Plumbing: 482913 is your code.\nFA+9qCX9VSu")
	require.Error(t, both.First.Err)
	require.NoError(t, both.Later.Err)
	require.True(t, both.Refused())
	require.Contains(t, out, "First message: refused")
	require.Contains(t, out, "Later message: GSM-7")
}

func TestFails(t *testing.T) {
	t.Parallel()
	_, err := preview.Of(t.Context(), &program.Program{}, consent.Service, visit)
	require.ErrorContains(t, err, "Program.Company is missing")
	both := preview.Both{First: carewire.Preview{Err: io.ErrUnexpectedEOF}, Later: carewire.Preview{Err: &carewire.Error{
		Rule: "promo/x", Err: carewire.ErrPromotional, Findings: []classify.Finding{{Rule: "promo/x", Start: 2, End: 400}},
	}}}
	var out strings.Builder
	require.NoError(t, both.Print(&out, "short"))
	require.Equal(t, "First message: refused: unexpected EOF\n\nLater message: refused [promo/x]: promotional content\n", out.String())
	require.ErrorIs(t, both.Print(full{}, "short"), io.ErrShortWrite)
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
