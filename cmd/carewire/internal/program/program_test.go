package program_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/cmd/carewire/internal/program"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
)

const fields = `"brand":"acme","company":"Acme Plumbing","about":"service at your address","contact":"help@acme.example","purposes":["service"]`

// load writes content to a file and loads it.
func load(t *testing.T, content string) (*program.Program, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "program.json")
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	return program.Load(name)
}

func TestLoad(t *testing.T) {
	t.Parallel()
	p, err := load(t, "\ufeff{"+fields+`,"tenant":"t","countries":["1","52"],"language":"es",
		"approved":[{"template":"Hola {}","by":"Ana","reason":"a greeting"}]}`)
	require.NoError(t, err)
	require.Equal(t, "Acme Plumbing", p.Company)
	require.Equal(t, []consent.Purpose{consent.Service}, p.Purposes)
	require.Equal(t, language.Spanish, p.Language)
	require.Equal(t, "Ana", p.Approved[0].By)
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ content, want string }{
		"nothing":       {"", "EOF"},
		"no JSON":       {"{", "unexpected EOF"},
		"unknown field": {"{" + fields + `,"compny":"x"}`, "compny"},
		"more":          {"{" + fields + "} {}", "more than one"},
		"missing":       {`{"brand":"acme"}`, "Program.Company is missing"},
		"marketing":     {`{"brand":"acme","company":"A","about":"a","contact":"c","purposes":["marketing"]}`, "no marketing"},
		"language":      {"{" + fields + `,"language":"not a language"}`, "language"},
		"statement":     {"{" + fields + `,"statement":"Reply STOP."}`, "Program.Statement lacks"},
		"approval":      {"{" + fields + `,"approved":[{"template":"x"}]}`, "Approved[0]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := load(t, c.content)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "program.json")
		})
	}
	_, err := program.Load(filepath.Join(t.TempDir(), "none.json"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A client that only looks hands nothing to anybody.
func TestClientSendsNothing(t *testing.T) {
	t.Parallel()
	p, err := load(t, "{"+fields+"}")
	require.NoError(t, err)
	c, _, err := p.Client(time.Unix(1_767_225_600, 0))
	require.NoError(t, err)
	to := recipient.MustParse("+14155550142")
	require.NoError(t, c.Consent(t.Context(), to, consent.Record{
		Basis: consent.Transaction, Ref: "order-1", Purposes: []consent.Purpose{consent.Service},
	}))
	_, err = c.Send(t.Context(), carewire.Message{To: to, Purpose: consent.Service, Key: "k", Text: "Your visit is tomorrow."})
	require.ErrorIs(t, err, carewire.ErrProvider)
}
