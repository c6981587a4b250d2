package sqlitestore_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/sqlitestore"
)

// erasedWords are what must be nowhere after an erasure.
var erasedWords = []string{"4155550142", "booking-of-anna", "what anna was shown", "anna wants to stop", "a text for anna", "key-of-anna", "SM-of-anna"}

// found returns the words that are in the files of a directory.
func found(t *testing.T, dir string, words []string) (hits []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		require.NoError(t, err)
		for _, w := range words {
			if bytes.Contains(text, []byte(w)) {
				hits = append(hits, f.Name()+": "+w)
			}
		}
	}
	return hits
}

// After Forget the files of the database hold neither number nor texts, and a
// message is still refused.
func TestFilesAfterForget(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := migrated(t)
	s := openStore(t, openDB(t, sqlitestore.DSN(path)))
	c, err := carewire.New(carewire.Config{
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example", Purposes: []consent.Purpose{consent.Service},
		},
		Provider: provider.Func(func(_ context.Context, m provider.Message) (provider.Receipt, error) {
			if m.To.E164() == "+14155550142" {
				return provider.Receipt{ID: "SM-of-anna"}, nil
			}
			return provider.Receipt{ID: "SM"}, nil
		}),
		Store: s, Secret: []byte("0123456789abcdef"), KeepText: true,
	})
	require.NoError(t, err)
	anna := recipient.MustParse("+14155550142")
	booking := func(p recipient.Phone, name string) {
		r := consent.Record{Basis: consent.Transaction, Ref: "booking-of-" + name, Shown: "what " + name + " was shown", Purposes: []consent.Purpose{consent.Service}}
		require.NoError(t, c.Consent(ctx, p, r))
		for i := range 3 {
			_, err := c.Send(ctx, carewire.Message{To: p, Purpose: consent.Service, Key: fmt.Sprintf("key-of-%s-%d", name, i), Text: "a text for " + name + "."})
			require.NoError(t, err)
		}
	}
	for i := range 60 { // pages fill and split around her rows
		booking(recipient.MustParse(fmt.Sprintf("+141555502%02d", i)), "somebody")
		if i == 20 {
			booking(anna, "anna")
		}
	}
	_, err = c.Receive(ctx, provider.Inbound{ID: "in-1", From: anna, To: "+14155550100", Text: "anna wants to stop. STOP", Sent: time.Now()})
	require.NoError(t, err)
	require.NotEmpty(t, found(t, filepath.Dir(path), erasedWords))

	require.NoError(t, c.Forget(ctx, anna, "Kim", "request"))
	require.Empty(t, found(t, filepath.Dir(path), erasedWords))
	_, err = c.Send(ctx, carewire.Message{To: anna, Purpose: consent.Service, Key: "later", Text: "a text."})
	require.Error(t, err)
	require.ErrorIs(t, c.Consent(ctx, anna, consent.Record{Basis: consent.Transaction, Ref: "b", Purposes: []consent.Purpose{consent.Service}}), carewire.ErrOptedOut)
	es, err := c.Erasures(ctx, anna)
	require.NoError(t, err)
	require.Len(t, es, 1)
	require.Equal(t, "Kim", es[0].By)
}
