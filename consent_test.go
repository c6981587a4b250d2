package carewire_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
)

func TestConsentIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	good := consent.Record{Basis: consent.Transaction, Ref: "booking-1", Purposes: []consent.Purpose{consent.Service}}
	for name, change := range map[string]func(*consent.Record){
		"no basis":           func(r *consent.Record) { r.Basis = 0 },
		"no reference":       func(r *consent.Record) { r.Ref = "" },
		"no purpose":         func(r *consent.Record) { r.Purposes = nil },
		"undeclared purpose": func(r *consent.Record) { r.Purposes = append(r.Purposes, consent.Billing) },
		"marketing": func(r *consent.Record) {
			r.Basis, r.Shown, r.Confirmed, r.Purposes = consent.Written, "x", "y", []consent.Purpose{consent.Marketing}
		},
		"conversation":        func(r *consent.Record) { r.Purposes = []consent.Purpose{consent.Conversation} },
		"inbound":             func(r *consent.Record) { r.Basis, r.Until = consent.Inbound, noon.Add(time.Hour) },
		"form without text":   func(r *consent.Record) { r.Basis = consent.Form },
		"revocation":          func(r *consent.Record) { r.Revoked = true },
		"in the future":       func(r *consent.Record) { r.At = noon.Add(6 * time.Minute) },
		"written in one step": func(r *consent.Record) { r.Basis, r.Shown = consent.Written, "x" },
	} {
		r := good
		r.Purposes = append([]consent.Purpose(nil), good.Purposes...)
		change(&r)
		err := b.client.Consent(ctx, anna, r)
		require.ErrorIs(t, err, carewire.ErrInvalid, name)
	}
	require.ErrorIs(t, b.client.Consent(ctx, recipient.Phone{}, good), carewire.ErrInvalid)
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Empty(t, e.Consents)
}

func TestTheSameBookingIsOneConsent(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	b.pass(time.Hour)
	b.consented()
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Len(t, e.Consents, 1)
	require.NoError(t, b.client.Revoke(ctx, anna, "moved"))
	b.pass(time.Minute)
	b.consented()
	e, err = b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Len(t, e.Consents, 3, "after a revocation it is a new consent")
	_, err = b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
}

// rollback is a store bound to a transaction that is undone.
type rollback struct{ consent.Store }

func (rollback) PutConsent(context.Context, consent.Record) error { return nil }

func TestConsentInATransactionOfTheCaller(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	r := consent.Record{Basis: consent.Transaction, Ref: "booking-1", Purposes: []consent.Purpose{consent.Service}}
	require.NoError(t, b.client.ConsentIn(ctx, rollback{b.store}, anna, r))
	_, err := b.client.Send(ctx, message("k1"))
	refused(t, err, carewire.ErrNoConsent)
	require.NoError(t, b.client.ConsentIn(ctx, b.store, anna, r))
	_, err = b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
}
