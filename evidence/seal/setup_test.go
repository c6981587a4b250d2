package seal_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/evidence/seal"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

var (
	start   = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	someone = recipient.ID{Tenant: "acme-inc", Phone: recipient.MustParse("+14155550123")}
	another = recipient.ID{Tenant: "acme-inc", Phone: recipient.MustParse("+14155550124")}
	program = evidence.Program{Brand: "acme", Company: "Acme Plumbing", About: "service at your address"}
	secret  = []byte("a secret of the tests, 32 bytes.")
)

// bench is a store that is watched and a log over it.
type bench struct {
	t       testing.TB
	w       *seal.Watched
	s       *seal.Sealer
	storage seal.Storage
	dir     string
	key     note.Verifier
	cfg     seal.Config
}

// newKey makes a key that is the same in every run.
func newKey(t testing.TB) (note.Signer, note.Verifier) {
	t.Helper()
	private, public, err := note.GenerateKey(strings.NewReader(strings.Repeat("not random at all", 9)), "acme.example/carewire")
	require.NoError(t, err)
	s, err := note.NewSigner(private)
	require.NoError(t, err)
	v, err := note.NewVerifier(public)
	require.NoError(t, err)
	return s, v
}

func setup(t testing.TB, st store.Store) *bench {
	t.Helper()
	signer, key := newKey(t)
	b := &bench{t: t, w: seal.Watch(st), key: key, dir: t.TempDir()}
	storage, err := seal.OpenFile(b.dir)
	require.NoError(t, err)
	b.storage = storage
	t.Cleanup(func() { _ = storage.Close() })
	b.cfg = seal.Config{
		Store: b.w, Watched: b.w, Tenant: someone.Tenant, Origin: "acme.example/carewire", Secret: secret, Signer: signer, Storage: storage,
		Now: func() time.Time { return start.Add(time.Hour * 10) },
	}
	b.s, err = seal.New(t.Context(), b.cfg)
	require.NoError(t, err)
	return b
}

// story puts 30 events of one person into a store: consents, disclosures,
// opt-outs and messages. seal is called a few times in between.
func story(ctx context.Context, t testing.TB, s store.Store, id recipient.ID, sealing func()) {
	t.Helper()
	at := func(i int) time.Time { return start.Add(time.Duration(i) * 7 * time.Minute) }
	for i := range 30 {
		switch i % 6 {
		case 0:
			require.NoError(t, s.PutConsent(ctx, consent.Record{
				ID: fmt.Sprintf("c-%d", i), Of: id, Brand: "acme", Basis: consent.Transaction, Purposes: []consent.Purpose{consent.Appointments, consent.Service},
				Ref: fmt.Sprintf("booking-%d", i), Shown: "You consent to receive messages.", Where: "https://acme.example/book#v7", At: at(i), Until: at(i).AddDate(1, 0, 0),
			}))
		case 1, 4, 5:
			a := store.Attempt{ID: fmt.Sprintf("a-%d", i), Of: id, Key: store.Key(store.KeyMessage, "acme", fmt.Sprint(i)), Brand: "acme", Purpose: consent.Service, At: at(i)}
			_, err := s.Begin(ctx, a)
			require.NoError(t, err)
			o := store.Outcome{Attempt: a, State: store.Accepted, ProviderID: fmt.Sprintf("SM%d", i), From: "+14155550100", Text: "Acme: we are on our way.", Settled: at(i).Add(time.Second)}
			require.NoError(t, s.Finish(ctx, o))
			if i%4 == 1 {
				sealing() // the state before is in the log as well
				o.State, o.Settled = store.Delivered, at(i).Add(time.Minute)
				require.NoError(t, s.Finish(ctx, o))
			}
		case 2:
			require.NoError(t, s.PutDisclosure(ctx, disclosure.Record{ID: fmt.Sprintf("d-%d", i), Of: id, Brand: "acme", Kind: disclosure.Statement, Text: "You can opt out at any time.", Ref: "a-1", At: at(i)}))
		case 3:
			require.NoError(t, s.PutOptOut(ctx, optout.Record{ID: fmt.Sprintf("o-%d", i), Of: id, Brand: "acme", In: i%12 == 9, At: at(i), Sent: at(i).Add(-2 * time.Second), Via: "inbound", Text: "please stop", Rule: "stop/sentence"}))
		}
		if i%7 == 0 {
			sealing()
		}
	}
}

func (b *bench) seal() {
	b.t.Helper()
	_, err := b.s.SealOnce(b.t.Context())
	require.NoError(b.t, err)
}

// pack makes a sealed pack.
func (b *bench) pack(id recipient.ID, erased ...evidence.Erasure) evidence.Pack {
	b.t.Helper()
	p, err := evidence.Build(b.t.Context(), b.w, id, program, evidence.Options{Now: start.AddDate(0, 1, 0), Library: "carewire@test", Erased: erased})
	require.NoError(b.t, err)
	require.NoError(b.t, b.s.Attach(b.t.Context(), &p))
	return p
}

// sealed makes the sealed pack of a story beside another person's.
func sealed(t testing.TB) (*bench, evidence.Pack) {
	t.Helper()
	b := setup(t, memstore.New())
	story(t.Context(), t, b.w, another, b.seal)
	story(t.Context(), t, b.w, someone, b.seal)
	return b, b.pack(someone)
}

func mustKey(t testing.TB, text string) []byte {
	t.Helper()
	key, err := base64.RawURLEncoding.DecodeString(text)
	require.NoError(t, err)
	return key
}

func otherKey(t testing.TB) note.Verifier {
	t.Helper()
	_, public, err := note.GenerateKey(strings.NewReader(strings.Repeat("another key", 20)), "acme.example/carewire")
	require.NoError(t, err)
	v, err := note.NewVerifier(public)
	require.NoError(t, err)
	return v
}
