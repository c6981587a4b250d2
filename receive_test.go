package carewire_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/provider"
)

const (
	stopped = "Acme Plumbing: You are unsubscribed and will receive no more messages."
	help    = "Acme Plumbing: Help at help@acme.example. Texts are about service at your address. Msg frequency may vary. Msg & data rates may apply. Reply STOP to opt out."
)

func TestOneConfirmationPerEpisode(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	require.Equal(t, optout.Stop, b.say("in1", "STOP").Reading.Intent)
	require.True(t, b.say("in1", "STOP").Replay, "delivered again")
	b.say("in2", "stop!!")
	b.say("in3", "Wrong number")
	require.Equal(t, []string{stopped}, b.texts())
	b.say("in4", "start")
	b.say("in5", "quit")
	require.Equal(t, []string{stopped}, b.texts(), "a new episode")
}

func TestConcurrentStopsAreConfirmedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	var wg sync.WaitGroup
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		wg.Go(func() {
			_, err := b.client.Receive(ctx, provider.Inbound{ID: id, From: anna, Text: "STOP"})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, []string{stopped}, b.texts())
}

func TestNoConfirmationWhenItIsLateOrSomebodyElseAnswered(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]provider.Inbound{
		"the provider answered": {Replied: provider.RepliedYes},
		"perhaps answered":      {Replied: provider.RepliedMaybe},
		"six minutes ago":       {Sent: noon.Add(-6 * time.Minute)},
	} {
		b := setup(t, nil).consented()
		in.ID, in.From, in.Text = "in1", anna, "STOP"
		_, err := b.client.Receive(ctx, in)
		require.NoError(t, err)
		require.Empty(t, b.texts(), name)
		_, err = b.client.Send(ctx, message("k1"))
		refused(t, err, carewire.ErrOptedOut)
	}
}

func TestTheProvidersFlagOnlyMakesQuieter(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	receive := func(id, text string, flag provider.Flag) optout.Reading {
		in, err := b.client.Receive(ctx, provider.Inbound{ID: id, From: anna, Text: text, Flag: flag, Replied: provider.RepliedYes})
		require.NoError(t, err)
		return in.Reading
	}
	require.Equal(t, optout.None, receive("in0", "see you at 5", provider.FlagNone).Intent)
	require.Equal(t, "provider/flag", receive("in1", "zzz", provider.FlagStop).Rule)
	_, err := b.client.Send(ctx, message("k1"))
	refused(t, err, carewire.ErrOptedOut)
	require.Equal(t, optout.None, receive("in2", "YES", provider.FlagStart).Intent, "YES is never START")
	_, err = b.client.Send(ctx, message("k2"))
	refused(t, err, carewire.ErrOptedOut)
	require.Equal(t, optout.Start, receive("in3", "UNSTOP", provider.FlagStart).Intent)
	_, err = b.client.Send(ctx, message("k3"))
	require.NoError(t, err)
}

func TestAWrongNumberAlsoRevokes(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	b.say("in1", "wrong number")
	b.pass(time.Hour)
	b.say("in2", "START")
	_, err := b.client.Send(ctx, message("k1"))
	refused(t, err, carewire.ErrNoConsent)
	b.consented()
	r, err := b.client.Send(ctx, message("k2"))
	require.NoError(t, err)
	require.True(t, r.Disclosed)
}

func TestHelpIsAnsweredButNotForever(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.say("in0", "STOP")
	b.texts()
	b.say("in1", "HELP")
	require.Equal(t, []string{help}, b.texts(), "also to a person who has opted out")
	require.LessOrEqual(t, len(help), 160)
	b.say("in2", "info")
	require.Empty(t, b.texts(), "once per ten minutes")
	answered := 1
	for i := range 20 {
		b.pass(11 * time.Minute)
		b.say("again"+string(rune('a'+i)), "HELP")
		answered += len(b.texts())
	}
	require.Equal(t, 5, answered, "five times a day")
	b.pass(24 * time.Hour)
	b.say("in9", "HELP")
	require.Len(t, b.texts(), 1)
}

func TestAnUnclearMessage(t *testing.T) {
	t.Parallel()
	unclear := "not interested"
	if optout.Read(unclear).Intent != optout.Review {
		t.Fatalf("%q is read as %v", unclear, optout.Read(unclear).Intent)
	}
	b := setup(t, nil).consented()
	require.Equal(t, optout.Stop, b.say("in1", unclear).Reading.Intent, "counts as STOP without a reviewer")
	_, err := b.client.Send(ctx, message("k1"))
	refused(t, err, carewire.ErrOptedOut)

	var reviewed []carewire.Inbound
	fail := errDown
	b = setup(t, func(c *carewire.Config) {
		c.Review = func(_ context.Context, in carewire.Inbound) error {
			reviewed = append(reviewed, in)
			return fail
		}
	}).consented()
	_, err = b.client.Receive(ctx, provider.Inbound{ID: "in1", From: anna, Text: unclear})
	require.True(t, refused(t, err, carewire.ErrRefused).Temporary, "deliver again")
	fail = nil
	require.False(t, b.say("in1", unclear).Replay, "it was not dealt with yet")
	require.Len(t, reviewed, 2)
	require.Equal(t, optout.Review, reviewed[1].Reading.Intent)
	_, err = b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
}

func TestAStopWhileTheStoreIsDown(t *testing.T) {
	t.Parallel()
	for _, down := range [][]string{{"all"}, {"Begin", "PutOptOut"}, {"PutOptOut"}} {
		b := setup(t, nil).consented()
		b.store.fail(down...)
		_, err := b.client.Receive(ctx, provider.Inbound{ID: "in1", From: anna, Text: "STOP"})
		require.True(t, refused(t, err, carewire.ErrStore).Temporary)
		require.Equal(t, 1, b.client.Unrecorded())
		_, err = b.client.Send(ctx, message("k1"))
		require.Equal(t, "opt-out/held", refused(t, err, carewire.ErrOptedOut).Rule)
		p, err := b.client.Preview(ctx, message("k1"))
		require.NoError(t, err)
		refused(t, p.Err, carewire.ErrOptedOut)
		_, err = b.client.Receive(ctx, provider.Inbound{ID: "in2", From: anna, Text: "START"})
		require.Error(t, err, "a START must not overtake it")

		b.store.fail()
		_, err = b.client.Send(ctx, message("k1"))
		require.Equal(t, "opt-out/standing", refused(t, err, carewire.ErrOptedOut).Rule)
		require.Zero(t, b.client.Unrecorded())
		e, err := b.client.Evidence(ctx, anna)
		require.NoError(t, err)
		require.Len(t, e.OptOuts, 1)
		b.say("in1", "STOP")
		e, err = b.client.Evidence(ctx, anna)
		require.NoError(t, err)
		require.Len(t, e.OptOuts, 1, "delivered again, filed once")
		require.Empty(t, b.texts())
	}
}

func TestTheLedgerIsDownButTheOptOutsAreNot(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	b.store.fail("Begin")
	_, err := b.client.Receive(ctx, provider.Inbound{ID: "in1", From: anna, Text: "STOP"})
	refused(t, err, carewire.ErrStore)
	require.Zero(t, b.client.Unrecorded(), "the opt-out itself is on file")
}

func TestAMessageWithoutAnIDIsFiledOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for range 2 {
		_, err := b.client.Receive(ctx, provider.Inbound{From: anna, Text: "STOP", Sent: noon})
		require.NoError(t, err)
	}
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Len(t, e.OptOuts, 1)
	_, err = b.client.Receive(ctx, provider.Inbound{Text: "STOP"})
	require.Equal(t, "inbound/from", refused(t, err, carewire.ErrInvalid).Rule)
}

func TestNoByteKeepsAnOptOutFromTheStore(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	in, err := b.client.Receive(ctx, provider.Inbound{ID: "in\x001\xff", From: anna, Text: "STOP\x00\xff"})
	require.NoError(t, err)
	require.Equal(t, optout.Stop, in.Reading.Intent)
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Equal(t, "STOP\ufffd\ufffd", e.OptOuts[0].Text)
}

func TestALongTalkKeepsFewRecords(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for i := range 60 {
		b.say("in"+string(rune('A'+i)), "and another thing")
		b.pass(time.Minute)
	}
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Less(t, len(e.Consents), 6)
	m := message("k1")
	m.Purpose = "conversation"
	b.pass(23 * time.Hour)
	_, err = b.client.Send(ctx, m)
	require.NoError(t, err)
}

func TestHandMadeRecords(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	refused(t, b.client.OptOut(ctx, anna, " ", "phoned"), carewire.ErrInvalid)
	refused(t, b.client.OptIn(ctx, anna, "Dana", ""), carewire.ErrInvalid)
	refused(t, b.client.Revoke(ctx, anna, ""), carewire.ErrInvalid)
	require.NoError(t, b.client.OptOut(ctx, anna, "Dana", "phoned on Monday"))
	_, err := b.client.Send(ctx, message("k1"))
	refused(t, err, carewire.ErrOptedOut)
	require.NoError(t, b.client.OptIn(ctx, anna, "Dana", "asked at the counter"))
	_, err = b.client.Send(ctx, message("k1"))
	require.NoError(t, err)

	b.store.fail("PutOptOut", "PutConsent")
	refused(t, b.client.OptOut(ctx, anna, "Dana", "phoned"), carewire.ErrStore)
	require.Equal(t, 1, b.client.Unrecorded())
	refused(t, b.client.OptIn(ctx, anna, "Dana", "asked"), carewire.ErrStore)
	refused(t, b.client.Revoke(ctx, anna, "deactivated"), carewire.ErrStore)
	b.store.fail()
	_, err = b.client.Send(ctx, message("k2"))
	refused(t, err, carewire.ErrOptedOut)
}

func TestReports(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	r, err := b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
	require.Equal(t, "report/recipient", refused(t, b.client.Report(ctx, provider.Status{Ref: r.AttemptID, State: provider.Sent}), carewire.ErrInvalid).Rule)
	require.Equal(t, "report/unknown", refused(t, b.client.Report(ctx, provider.Status{Ref: "x", To: anna, State: provider.Sent}), carewire.ErrInvalid).Rule)
	require.Equal(t, "report/state", refused(t, b.client.Report(ctx, provider.Status{Ref: r.AttemptID, To: anna}), carewire.ErrInvalid).Rule)
	require.NoError(t, b.client.Report(ctx, provider.Status{ID: "SM1", To: anna, State: provider.Delivered}), "found by the provider's id")
	require.NoError(t, b.client.Report(ctx, provider.Status{Ref: "another system's", To: anna, State: provider.Failed, Kind: provider.OptedOut, Code: "21610"}))
	_, err = b.client.Send(ctx, message("k2"))
	refused(t, err, carewire.ErrOptedOut)
	b.store.fail("Finish")
	require.True(t, refused(t, b.client.Report(ctx, provider.Status{Ref: r.AttemptID, To: anna, State: provider.Sent}), carewire.ErrStore).Temporary)
	b.store.fail("PutOptOut")
	err = b.client.Report(ctx, provider.Status{Ref: r.AttemptID, To: anna, State: provider.Failed, Kind: provider.OptedOut, Code: "21610"})
	require.True(t, refused(t, err, carewire.ErrStore).Temporary)
	require.Equal(t, 1, b.client.Unrecorded())
}
