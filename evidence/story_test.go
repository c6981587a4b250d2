package evidence_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

var (
	start   = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	someone = recipient.ID{Tenant: "acme-inc", Phone: recipient.MustParse("+14155550123")}
	program = evidence.Program{
		Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
		Purposes: []consent.Purpose{consent.Appointments, consent.Service}, Version: "2026-11",
	}
)

// story puts the story of one person into a store: a booking, messages, a
// STOP, a refusal, a START.
func story(t *testing.T, s store.Store, id recipient.ID) {
	t.Helper()
	ctx := t.Context()
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	require.NoError(t, s.PutConsent(ctx, consent.Record{
		ID: "c-1", Of: id, Brand: "acme", Basis: consent.Transaction, Purposes: []consent.Purpose{consent.Appointments},
		Ref: "booking-881", Shown: "By providing your mobile number, you consent to messages <b>from us</b>.", Where: "https://acme.example/book#v7", At: at(0),
	}))
	attempt(ctx, t, s, id, "a-1", store.KeyMessage, at(1), store.Delivered, "")
	require.NoError(t, s.PutDisclosure(ctx, disclosure.Record{ID: "d-1", Of: id, Brand: "acme", Kind: disclosure.Statement, Text: "You can opt out at any time by replying 'STOP.'", Ref: "a-1", At: at(1)}))
	attempt(ctx, t, s, id, "a-2", store.KeyMessage, at(60), store.Accepted, "")
	require.NoError(t, s.PutOptOut(ctx, optout.Record{ID: "o-1", Of: id, Brand: "acme", At: at(90), Sent: at(90).Add(-2 * time.Second), Via: "inbound", Text: "please STOP texting me", Rule: "stop/sentence"}))
	attempt(ctx, t, s, id, "a-3", store.KeyConfirmation, at(91), store.Accepted, "")
	attempt(ctx, t, s, id, "a-4", store.KeyMessage, at(120), store.Refused, "opt-out/standing")
	require.NoError(t, s.PutOptOut(ctx, optout.Record{ID: "o-2", Of: id, Brand: "acme", In: true, At: at(300), Sent: at(300).Add(-time.Second), Via: "inbound", Text: "START", Rule: "start/keyword"}))
	require.NoError(t, s.PutConsent(ctx, consent.Record{ID: "r-1", Of: id, Brand: "acme", Revoked: true, Ref: "deactivated number", At: at(400)}))
}

func attempt(ctx context.Context, t *testing.T, s store.Store, id recipient.ID, name string, kind store.KeyKind, at time.Time, state store.State, rule string) {
	t.Helper()
	a := store.Attempt{ID: name, Of: id, Key: store.Key(kind, "acme", "key of "+name), Sum: "sum", Brand: "acme", Purpose: consent.Appointments, At: at}
	_, err := s.Begin(ctx, a)
	require.NoError(t, err)
	require.NoError(t, s.Finish(ctx, store.Outcome{Attempt: a, State: state, Rule: rule, Settled: at.Add(time.Second), ProviderID: "SM" + name, From: "+14155550100"}))
}

func pack(t *testing.T) evidence.Pack {
	t.Helper()
	s := memstore.New()
	story(t, s, someone)
	p, err := evidence.Build(t.Context(), s, someone, program, evidence.Options{
		Now: start.AddDate(0, 1, 0), Library: "carewire@test",
		Erased: []evidence.Erasure{{At: start.AddDate(0, 0, -9), By: "Kim", Reason: "request of the person"}},
	})
	require.NoError(t, err)
	return p
}

// people makes n recipients, each with a story.
func people(t *testing.T, s store.Store, n int) (ids []recipient.ID) {
	t.Helper()
	for i := range n {
		ids = append(ids, recipient.ID{Tenant: someone.Tenant, Phone: recipient.MustParse(fmt.Sprintf("+1415556%04d", i))})
		story(t, s, ids[i])
	}
	return ids
}
