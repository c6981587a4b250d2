package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/evidence/seal"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/memstore"
)

func TestKeyPackVerify(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out, fail bytes.Buffer
	private := filepath.Join(dir, "private")
	require.Zero(t, run([]string{"keygen", "acme.example/carewire", private}, &out, &fail), fail.String())
	public := strings.TrimSpace(out.String())
	require.Equal(t, 2, run([]string{"keygen", "acme.example/carewire", private}, &out, &fail), "a key is not written over")

	text, err := os.ReadFile(private)
	require.NoError(t, err)
	signer, err := note.NewSigner(strings.TrimSpace(string(text)))
	require.NoError(t, err)
	storage, err := seal.OpenFile(filepath.Join(dir, "log"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = storage.Close() })
	st := memstore.New()
	id := recipient.ID{Phone: recipient.MustParse("+14155550123")}
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	require.NoError(t, st.PutOptOut(t.Context(), optout.Record{ID: "o", Of: id, Brand: "acme", At: at, Text: "stop"}))
	s, err := seal.New(t.Context(), seal.Config{Store: st, Storage: storage, Signer: signer, Origin: "acme.example/carewire", Secret: []byte("0123456789abcdef"), Now: func() time.Time { return at.AddDate(0, 1, 0) }})
	require.NoError(t, err)
	p, err := evidence.Build(t.Context(), st, id, evidence.Program{Brand: "acme", Company: "Acme"}, evidence.Options{Now: at})
	require.NoError(t, err)
	require.NoError(t, s.Attach(t.Context(), &p))
	file := filepath.Join(dir, "pack.json")
	var b bytes.Buffer
	require.NoError(t, p.WriteJSON(&b))
	require.NoError(t, os.WriteFile(file, b.Bytes(), 0o600))

	out.Reset()
	require.Zero(t, run([]string{"verify", "-key", public, file}, &out, &fail), fail.String())
	require.Contains(t, out.String(), "verified: 1 events")
	require.Contains(t, out.String(), "more than a day after their date: events [1]")
	out.Reset()
	require.Zero(t, run([]string{"page", file}, &out, &fail))
	require.Contains(t, out.String(), "<!DOCTYPE html>")

	fail.Reset()
	require.NoError(t, os.WriteFile(file, bytes.Replace(b.Bytes(), []byte(`"stop"`), []byte(`"go on"`), 1), 0o600))
	require.Equal(t, 1, run([]string{"verify", "-key", public, file}, &out, &fail))
	require.Contains(t, fail.String(), "event 1 (opt-out): text: changed")

	for _, args := range [][]string{nil, {"what"}, {"verify"}, {"verify", "-key", "x", file}, {"verify", "-key", public, file + "x"}, {"page"}, {"page", file + "x"}, {"keygen"}, {"verify", "-what"}} {
		require.Equal(t, 2, run(args, &out, &fail), "%v", args)
	}
}
