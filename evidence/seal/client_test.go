package seal_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/evidence/seal"
	"github.com/carewire/carewire/provider"
)

// A client over a watched store: what it does is sealed, a pack of it verifies,
// and after Forget neither the database nor the log knows the person, while the
// log still verifies and says that the person was erased.
func TestClientOverAWatchedStore(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dir := t.TempDir()
	st, db, err := openSQLite(ctx, filepath.Join(dir, "store.db"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	b := setup(t, st)
	c, err := carewire.New(carewire.Config{
		Program: carewire.Program{
			Tenant: someone.Tenant, Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
		Provider: provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
			return provider.Receipt{ID: "SM9"}, nil
		}),
		Store: b.w, Secret: secret, KeepText: true,
	})
	require.NoError(t, err)
	booking := consent.Record{Basis: consent.Transaction, Ref: "booking-881", Purposes: []consent.Purpose{consent.Service}}
	require.NoError(t, c.Consent(ctx, someone.Phone, booking))
	_, err = c.Send(ctx, carewire.Message{To: someone.Phone, Purpose: consent.Service, Key: "visit", Text: "We are on our way."})
	require.NoError(t, err)
	_, err = c.Receive(ctx, provider.Inbound{ID: "in-1", From: someone.Phone, To: "+14155550100", Text: "please stop texting"})
	require.NoError(t, err)
	_, err = c.Send(ctx, carewire.Message{To: someone.Phone, Purpose: consent.Service, Key: "again", Text: "We are here."})
	require.ErrorIs(t, err, carewire.ErrOptedOut)
	b.seal()
	before := b.pack(someone)
	report, err := seal.Verify(before, b.key)
	require.NoError(t, err)
	require.GreaterOrEqual(t, report.Events, 6)

	// Something is not sealed yet when the person is erased.
	_, err = c.Send(ctx, carewire.Message{To: someone.Phone, Purpose: consent.Service, Key: "third", Text: "We are here."})
	require.ErrorIs(t, err, carewire.ErrOptedOut)
	require.NoError(t, c.Forget(ctx, someone.Phone, "Kim", "request by letter"))
	b.seal()
	for _, where := range []string{dir, b.dir} {
		require.NoError(t, filepath.WalkDir(where, func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(name)
			for _, w := range []string{"4155550123", "booking-881", "please stop texting", "on our way", "SM9"} {
				require.False(t, bytes.Contains(text, []byte(w)), "%s has %s", filepath.Base(name), w)
			}
			return err
		}))
	}
	es, err := c.Erasures(ctx, someone.Phone)
	require.NoError(t, err)
	var erased []evidence.Erasure
	for _, e := range es {
		erased = append(erased, evidence.Erasure(e))
	}
	after := b.pack(someone, erased...)
	report, err = seal.Verify(after, b.key)
	require.NoError(t, err)
	require.Zero(t, report.Events)
	require.Greater(t, report.Erased, 6)
	require.Equal(t, "Kim", after.Erased[0].By)
	var page bytes.Buffer
	require.NoError(t, after.WriteHTML(&page))
	require.Contains(t, page.String(), "by Kim")
	_, err = seal.Verify(before, b.key)
	require.NoError(t, err)
}
