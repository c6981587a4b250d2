package carewire_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/store/memstore"
)

func whole() carewire.Config {
	return carewire.Config{
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
		Provider: provider.Func(nil), Store: memstore.New(), Secret: []byte(secret), InsecureVolatileStore: true,
	}
}

func TestNewNamesEverythingThatIsMissing(t *testing.T) {
	t.Parallel()
	_, err := carewire.New(carewire.Config{})
	require.Error(t, err)
	for _, name := range []string{"Provider", "Store", "Secret", "Brand", "Company", "About", "Contact", "Purposes"} {
		require.ErrorContains(t, err, name)
	}
}

func TestNewRefusesHalfSettings(t *testing.T) {
	t.Parallel()
	_, err := carewire.New(whole())
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		change func(*carewire.Config)
		says   string
	}{
		"short secret":          {func(c *carewire.Config) { c.Secret = []byte("short") }, "16 bytes"},
		"volatile store":        {func(c *carewire.Config) { c.InsecureVolatileStore = false }, "InsecureVolatileStore"},
		"negative time":         {func(c *carewire.Config) { c.Conversation = -1 }, "negative"},
		"anonymous approval":    {func(c *carewire.Config) { c.Approved = []classify.Approval{{Template: "x", Reason: "y"}} }, "By"},
		"nil rule":              {func(c *carewire.Config) { c.Rules = []carewire.Rule{nil} }, "Rules[0]"},
		"marketing":             {func(c *carewire.Config) { c.Program.Purposes = []consent.Purpose{consent.Marketing} }, "no marketing"},
		"reserved purpose":      {func(c *carewire.Config) { c.Program.Purposes = []consent.Purpose{consent.Conversation} }, "reserved"},
		"country":               {func(c *carewire.Config) { c.Program.Countries = []string{"US"} }, "Countries"},
		"language":              {func(c *carewire.Config) { c.Program.Language = language.German }, "Language"},
		"incomplete statement":  {func(c *carewire.Config) { c.Program.Statement = "Acme Plumbing texts you. Reply STOP to opt out." }, "cost"},
		"NUL in the brand":      {func(c *carewire.Config) { c.Program.Brand = "a\x00" }, "Brand"},
		"two lines":             {func(c *carewire.Config) { c.Program.Company = "Acme\nBuy now" }, "Company"},
		"promotion in the name": {func(c *carewire.Config) { c.Program.About = "our flash sale, get 20% off today" }, "not a service text"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := whole()
			tc.change(&c)
			_, err := carewire.New(c)
			require.ErrorContains(t, err, tc.says)
		})
	}
}

func TestAForeignStatementIsAdmittedByASignature(t *testing.T) {
	t.Parallel()
	c := whole()
	c.Program.Statement = "Acme Plumbing schreibt Ihnen nur zu Ihrem Auftrag. STOP beendet die Nachrichten."
	_, err := carewire.New(c)
	require.Error(t, err)
	c.Approved = []classify.Approval{{Template: c.Program.Statement, By: "Dana Reyes", Reason: "German, read by counsel"}}
	cl, err := carewire.New(c)
	require.NoError(t, err)
	require.Equal(t, c.Program.Statement, cl.Notice())
}

func TestSpanish(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *carewire.Config) { c.Program.Language = language.MustParse("es-MX") })
	b.say("in1", "BAJA")
	texts := b.texts()
	require.Len(t, texts, 1)
	require.Contains(t, texts[0], "No recibira mas mensajes")
	require.True(t, strings.HasPrefix(b.client.Notice(), "Al proporcionar"))
}

func TestNewCopiesItsConfig(t *testing.T) {
	t.Parallel()
	c := whole()
	cl, err := carewire.New(c)
	require.NoError(t, err)
	c.Program.Purposes[0] = consent.Billing
	require.NoError(t, cl.Consent(ctx, anna, consent.Record{Basis: consent.Transaction, Ref: "1", Purposes: []consent.Purpose{consent.Service}}))
}
