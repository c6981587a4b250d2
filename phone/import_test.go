package phone_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/phone"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/memstore"
)

// An import takes the parser as it is, and tells why a number was not read.
func TestImportInANationalFormat(t *testing.T) {
	t.Parallel()
	sms, err := carewire.New(carewire.Config{
		Provider: provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) { return provider.Receipt{}, nil }),
		Store:    memstore.New(), InsecureVolatileStore: true, Secret: []byte("0123456789abcdef"),
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
	})
	require.NoError(t, err)
	var why []error
	r, err := sms.Import(t.Context(), carewire.ImportOptions{
		From: strings.NewReader("tel\n(415) 555-0100\n415 555 0101 x9\n555-0102\n"), Source: "list",
		Columns: carewire.Columns{Phone: "tel"}, AllOptedOut: true, ParsePhone: phone.Parser("US"),
		Problem: func(p carewire.ImportProblem) {
			why = append(why, p.Err)
			require.NotContains(t, p.String(), "555")
		},
	})
	require.NoError(t, err)
	require.Equal(t, 1, r.OptOuts)
	require.Len(t, why, 2)
	require.ErrorIs(t, why[0], phone.ErrExtension)
	require.ErrorIs(t, why[1], phone.ErrTooShort)
	perms, err := sms.CheckMany(t.Context(), []recipient.Phone{recipient.MustParse("+14155550100")}, consent.Service)
	require.NoError(t, err)
	require.ErrorIs(t, perms[0].Err, carewire.ErrOptedOut)
}
