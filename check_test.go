package carewire_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/recipient"
)

// situations are people in all states that the gate tells apart, and what comes of a message to them.
func (b *bench) situations() []recipient.Phone {
	b.t.Helper()
	consented := func(last int, r consent.Record) recipient.Phone {
		p := phone(last)
		require.NoError(b.t, b.client.Consent(ctx, p, r))
		return p
	}
	booking := consent.Record{Basis: consent.Transaction, Ref: "booking-881", Purposes: []consent.Purpose{consent.Service}}
	told := booking
	told.Shown = b.client.Notice()
	ended := booking
	ended.Until = noon.Add(-time.Hour)
	codes := booking
	codes.Purposes = []consent.Purpose{consent.Authentication}

	fresh, out, back, revoked := consented(150, booking), consented(151, booking), consented(152, booking), consented(153, booking)
	written, used := consented(154, told), consented(155, booking)
	require.NoError(b.t, b.client.OptOut(ctx, out, "Kim", "by voice"))
	require.NoError(b.t, b.client.OptOut(ctx, back, "Kim", "by voice"))
	require.NoError(b.t, b.client.OptIn(ctx, back, "Kim", "by voice"))
	require.NoError(b.t, b.client.Revoke(ctx, revoked, "moved"))
	_, err := b.client.Send(ctx, carewire.Message{To: used, Purpose: consent.Service, Key: "before", Text: body})
	require.NoError(b.t, err)
	return []recipient.Phone{
		fresh, out, back, revoked, written, used, consented(156, ended), consented(157, codes),
		phone(158), recipient.MustParse("+447700900123"),
		{},
		fresh,
	}
}

// CheckMany must say what Send does: it asks the same gate.
func TestCheckManySaysWhatSendDoes(t *testing.T) {
	t.Parallel()
	for _, purpose := range []consent.Purpose{consent.Service, consent.Authentication, consent.Conversation, consent.Billing, consent.Marketing, ""} {
		b := setup(t, nil)
		phones := b.situations()
		perms, err := b.client.CheckMany(ctx, phones, purpose)
		require.NoError(t, err)
		require.Len(t, perms, len(phones))
		for i, p := range phones[:len(phones)-1] {
			require.Equal(t, p, perms[i].To)
			r, err := b.client.Send(ctx, carewire.Message{To: p, Purpose: purpose, Key: fmt.Sprint("k", i), Text: body})
			if err == nil {
				require.NoError(t, perms[i].Err, "%s, person %d", purpose, i)
				require.Equal(t, r.Disclosed, perms[i].Adds == disclosure.Statement, "%s, person %d", purpose, i)
				continue
			}
			want, got := &carewire.Error{}, &carewire.Error{}
			require.ErrorAs(t, err, &want)
			require.ErrorAs(t, perms[i].Err, &got, "%s, person %d: Send says %v", purpose, i, want)
			require.Equal(t, want.Rule, got.Rule, "%s, person %d", purpose, i)
		}
		require.Equal(t, perms[0], perms[len(perms)-1], "who is asked about twice is answered twice")
	}
}

func TestCheckManyPermits(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	perms, err := b.client.CheckMany(ctx, b.situations(), consent.Service)
	require.NoError(t, err)
	var may []int
	for i, p := range perms {
		if p.Err == nil {
			may = append(may, i)
		}
	}
	require.Equal(t, []int{0, 2, 4, 5, 11}, may)
	b.pass(31 * 24 * time.Hour)
	perms, err = b.client.CheckMany(ctx, []recipient.Phone{phone(155)}, consent.Service)
	require.NoError(t, err)
	require.Equal(t, disclosure.StopLine, perms[0].Adds)
}

func TestCheckManyReadsOnce(t *testing.T) {
	t.Parallel()
	b, s := spied(t)
	b.imported(longOptions(2500))
	var phones []recipient.Phone
	for i := range 2500 {
		phones = append(phones, recipient.MustParse(fmt.Sprintf("+1415%07d", 2000000+i)))
	}
	s.calls = nil
	before := b.everything()
	s.calls = nil
	perms, err := b.client.CheckMany(ctx, phones, consent.Service)
	require.NoError(t, err)
	require.Equal(t, []string{"facts", "facts", "facts"}, s.calls)
	for i, p := range perms {
		require.Equal(t, i%10 == 9, errors.Is(p.Err, carewire.ErrOptedOut))
		require.Equal(t, i%10 != 9, p.Err == nil)
	}
	require.Equal(t, before, b.everything(), "nothing is recorded")
}

func TestCheckManyFailsClosed(t *testing.T) {
	t.Parallel()
	b, s := spied(t)
	phones := b.situations()
	s.fail = func(string) error { return errDown }
	perms, err := b.client.CheckMany(ctx, phones, consent.Service)
	require.True(t, refused(t, err, carewire.ErrStore).Temporary)
	require.Nil(t, perms)
	s.fail = nil
	gone, cancel := context.WithCancel(ctx)
	cancel()
	perms, err = b.client.CheckMany(gone, phones, consent.Service)
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, perms)
	perms, err = b.client.CheckMany(ctx, nil, consent.Service)
	require.NoError(t, err)
	require.Empty(t, perms)
}

func TestCheckManyKnowsHeldOptOuts(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	phones := b.situations()
	b.store.fail("PutOptOut")
	require.Error(t, b.client.OptOut(ctx, phones[0], "Kim", "by voice"))
	perms, err := b.client.CheckMany(ctx, phones, consent.Service)
	require.NoError(t, err)
	require.Equal(t, "opt-out/held", refused(t, perms[0].Err, carewire.ErrOptedOut).Rule)
	require.NoError(t, perms[2].Err)
	p := &printer{t: t}
	p.print(perms)
	p.error(perms[0].Err)
	require.True(t, slices.Contains(phones, perms[0].To))
}
