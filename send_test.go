package carewire_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// spy is a classifier that notes that it was asked.
type spy struct {
	b       **bench
	verdict classify.Verdict
	err     error
}

func (s spy) Classify(context.Context, string) (classify.Verdict, error) {
	(*s.b).note("classifier")
	return s.verdict, s.err
}

func TestTheOrderOfASend(t *testing.T) {
	t.Parallel()
	var b *bench
	b = setup(t, func(c *carewire.Config) {
		c.Classifier = spy{b: &b, verdict: classify.Verdict{Label: classify.Service}}
		c.Rules = []carewire.Rule{func(context.Context, carewire.Message) error { b.note("rule"); return nil }}
	})
	b.consented()
	b.log = nil
	_, err := b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
	require.Equal(t, []string{"classifier", "rule", "Begin", "provider", "Finish"}, b.log)

	b.log = nil
	b.store.fail("PutOptOut")
	require.Error(t, b.client.OptOut(ctx, recipient.MustParse("+14155550177"), "Dana", "phoned"))
	b.store.fail()
	b.log = nil
	_, err = b.client.Send(ctx, message("k2"))
	require.NoError(t, err)
	require.Equal(t, []string{"classifier", "rule", "PutOptOut", "Begin", "provider", "Finish"}, b.log, "opt-outs held in memory are filed first")
}

func TestBadMessages(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	long := strings.Repeat("x", 1601)
	for name, tc := range map[string]struct {
		change func(*carewire.Message)
		rule   string
	}{
		"no recipient":      {func(m *carewire.Message) { m.To = recipient.Phone{} }, "message/recipient"},
		"another country":   {func(m *carewire.Message) { m.To = recipient.MustParse("+442071838750") }, "message/country"},
		"no key":            {func(m *carewire.Message) { m.Key = "" }, "message/key"},
		"long key":          {func(m *carewire.Message) { m.Key = strings.Repeat("k", 256) }, "message/key"},
		"no purpose":        {func(m *carewire.Message) { m.Purpose = "" }, "message/purpose"},
		"undeclared":        {func(m *carewire.Message) { m.Purpose = consent.Billing }, "purpose/undeclared"},
		"marketing":         {func(m *carewire.Message) { m.Purpose = consent.Marketing }, "purpose/marketing"},
		"empty":             {func(m *carewire.Message) { m.Text = "" }, "text/blank"},
		"blank":             {func(m *carewire.Message) { m.Text = " \n\u00a0\u200b\u2800" }, "text/blank"},
		"control character": {func(m *carewire.Message) { m.Text = "a\x07b" }, "text/control"},
		"lone CR":           {func(m *carewire.Message) { m.Text = "a\rb" }, "text/control"},
		"NUL":               {func(m *carewire.Message) { m.Text = "a\x00b" }, "text/control"},
		"invalid UTF-8":     {func(m *carewire.Message) { m.Text = "a\xffb" }, "text/utf8"},
		"bidi override":     {func(m *carewire.Message) { m.Text = "a\u202eb" }, "text/bidi"},
		"too long":          {func(m *carewire.Message) { m.Text = long }, "text/length"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := message("bad " + name)
			tc.change(&m)
			_, err := b.client.Send(ctx, m)
			e := refused(t, err, carewire.ErrInvalid)
			require.Equal(t, tc.rule, e.Rule)
			require.Equal(t, carewire.NotSent, e.Sent)
			require.False(t, e.Temporary)
			p, err := b.client.Preview(ctx, m)
			require.NoError(t, err)
			require.Equal(t, tc.rule, refused(t, p.Err, carewire.ErrInvalid).Rule)
		})
	}
	t.Cleanup(func() { require.Empty(t, b.texts()) })
}

func TestEveryRefusalIsOnFile(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	m := message("k1")
	m.Text = "Get 20% off this weekend only. Buy now!"
	_, err := b.client.Send(ctx, m)
	require.NotEmpty(t, refused(t, err, carewire.ErrPromotional).Findings)
	_, err = b.client.Send(ctx, message("k1"))
	refused(t, err, carewire.ErrNoConsent)
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Len(t, e.Outcomes, 2)
	require.Equal(t, store.Refused, e.Outcomes[0].State)
	require.True(t, strings.HasPrefix(e.Outcomes[0].Rule, "promo/"), e.Outcomes[0].Rule)
	require.Equal(t, "consent/none", e.Outcomes[1].Rule)

	b.store.fail("Begin")
	_, err = b.client.Send(ctx, m)
	refused(t, err, carewire.ErrPromotional)
}

func TestStoreErrorsRefuse(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	b.store.fail("Begin")
	_, err := b.client.Send(ctx, message("k1"))
	e := refused(t, err, carewire.ErrStore)
	require.Equal(t, carewire.NotSent, e.Sent)
	require.True(t, e.Temporary)
	require.ErrorIs(t, err, errDown, "the cause can be asked for")
	require.NotContains(t, err.Error(), "hunter2")
	require.Empty(t, b.texts())

	b.store.fail("Finish")
	r, err := b.client.Send(ctx, message("k2"))
	e = refused(t, err, carewire.ErrNotRecorded)
	require.Equal(t, carewire.WasSent, e.Sent)
	require.Equal(t, "SM1", r.ProviderID, "the receipt comes with the error")
	b.store.fail()
	b.pass(time.Hour)
	_, err = b.client.Send(ctx, message("k2"))
	require.Equal(t, carewire.MaybeSent, refused(t, err, carewire.ErrUnknown).Sent)
	require.Len(t, b.texts(), 1)
}

func TestClassifiersAndRulesOnlyRefuse(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*carewire.Config, **bench){
		"classifier objects": func(c *carewire.Config, b **bench) {
			c.Classifier = spy{b: b, verdict: classify.Verdict{Label: classify.Mixed}}
		},
		"classifier cannot tell": func(c *carewire.Config, b **bench) { c.Classifier = spy{b: b} },
		"classifier fails":       func(c *carewire.Config, b **bench) { c.Classifier = spy{b: b, err: errDown} },
		"classifier panics":      func(c *carewire.Config, _ **bench) { c.Classifier = spy{b: new(*bench)} },
		"rule objects": func(c *carewire.Config, _ **bench) {
			c.Rules = []carewire.Rule{func(context.Context, carewire.Message) error { return errDown }}
		},
		"rule panics": func(c *carewire.Config, _ **bench) {
			c.Rules = []carewire.Rule{func(context.Context, carewire.Message) error { panic(number) }}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b *bench
			b = setup(t, func(c *carewire.Config) { change(c, &b) })
			b.consented()
			_, err := b.client.Send(ctx, message("k1"))
			var e *carewire.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, carewire.NotSent, e.Sent)
			require.NotContains(t, err.Error(), "5550142")
			require.Empty(t, b.texts())
		})
	}
}

func TestAnApprovedTemplateGoesOutUnderItsName(t *testing.T) {
	t.Parallel()
	template := "Flash sale alert for {}: the sale you asked about, 20% off, has ended."
	b := setup(t, func(c *carewire.Config) {
		c.Approved = []classify.Approval{{Template: template, By: "Dana Reyes", Reason: "answers a question"}}
	}).consented()
	m := message("k1")
	m.Text = strings.Replace(template, "{}", "Ana", 1)
	_, err := b.client.Send(ctx, m)
	require.NoError(t, err)
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Equal(t, "Dana Reyes: answers a question", e.Outcomes[0].Approval)
	m.Key, m.Text = "k2", strings.Replace(template, "{}", "30% off, buy now", 1)
	_, err = b.client.Send(ctx, m)
	refused(t, err, carewire.ErrPromotional)
}

func TestProviderErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err       error
		sent      carewire.Sent
		temporary bool
		reason    error
		state     store.State
	}{
		{&provider.Error{Kind: provider.Unavailable}, carewire.NotSent, true, carewire.ErrProvider, store.Rejected},
		{&provider.Error{Kind: provider.Throttled, After: time.Minute}, carewire.NotSent, true, carewire.ErrProvider, store.Rejected},
		{&provider.Error{Kind: provider.OptedOut, Code: "21610"}, carewire.NotSent, false, carewire.ErrOptedOut, store.Rejected},
		{&provider.Error{Kind: provider.Filtered, Code: "30007"}, carewire.NotSent, false, carewire.ErrProvider, store.Rejected},
		{&provider.Error{Kind: provider.BadRecipient}, carewire.NotSent, false, carewire.ErrProvider, store.Rejected},
		{&provider.Error{Kind: provider.Refused, Code: "number " + number}, carewire.NotSent, false, carewire.ErrProvider, store.Rejected},
		{&provider.Error{Kind: provider.Unknown}, carewire.MaybeSent, false, carewire.ErrUnknown, store.Unknown},
		{context.DeadlineExceeded, carewire.MaybeSent, false, carewire.ErrUnknown, store.Unknown},
		{errDown, carewire.MaybeSent, false, carewire.ErrUnknown, store.Unknown},
	} {
		b := setup(t, nil).consented()
		b.answer = func(context.Context, provider.Message) (provider.Receipt, error) { return provider.Receipt{}, tc.err }
		_, err := b.client.Send(ctx, message("k1"))
		e := refused(t, err, tc.reason)
		require.Equal(t, tc.sent, e.Sent, tc.err)
		require.Equal(t, tc.temporary, e.Temporary, tc.err)
		require.ErrorIs(t, err, tc.err)
		require.NotContains(t, err.Error(), "5550142")
		ev, err := b.client.Evidence(ctx, anna)
		require.NoError(t, err)
		require.Equal(t, tc.state, ev.Outcomes[0].State)
		require.NotContains(t, ev.Outcomes[0].Code, "5550142")
		if errors.Is(tc.reason, carewire.ErrOptedOut) {
			require.Len(t, ev.OptOuts, 1)
			require.Equal(t, "provider/opted-out", ev.OptOuts[0].Rule)
		}
	}
}

func TestAPanicOfTheProviderIsAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	b.answer = func(context.Context, provider.Message) (provider.Receipt, error) { panic(number) }
	_, err := b.client.Send(ctx, message("k1"))
	require.Equal(t, carewire.MaybeSent, refused(t, err, carewire.ErrUnknown).Sent)
	b.answer = nil
	_, err = b.client.Send(ctx, message("k1"))
	refused(t, err, carewire.ErrUnknown)
	require.Len(t, b.texts(), 1)
}

func TestKeys(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	first, err := b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
	require.True(t, first.Disclosed)
	again, err := b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
	require.True(t, again.Replayed)
	require.Equal(t, first.AttemptID, again.AttemptID)
	b.pass(24 * time.Hour)
	_, err = b.client.Send(ctx, message("k1"))
	require.Equal(t, carewire.WasSent, refused(t, err, carewire.ErrKeyReused).Sent)
	require.Len(t, b.texts(), 1)
}

func TestTheTimeToLive(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	_, err := b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
	code := carewire.Message{To: anna, Purpose: consent.Authentication, Key: "k2", Text: "Your Acme Plumbing code is 482913."}
	_, err = b.client.Send(ctx, code)
	require.NoError(t, err)
	require.Equal(t, time.Hour, b.handed[0].TTL)
	require.Equal(t, 10*time.Minute, b.handed[1].TTL)
}

func TestWhatIsAdded(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	send := func(key, text string, purpose consent.Purpose) string {
		t.Helper()
		_, err := b.client.Send(ctx, carewire.Message{To: anna, Purpose: purpose, Key: key, Text: text})
		require.NoError(t, err)
		return b.texts()[0]
	}
	_, err := b.client.Send(ctx, carewire.Message{To: anna, Purpose: consent.Authentication, Key: "k0", Text: "<#> Your code is 482913\nFA+9qCX9VSu"})
	require.Equal(t, "disclosure/machine-readable", refused(t, err, carewire.ErrInvalid).Rule)
	require.Equal(t, "Acme Plumbing: "+body+"\n"+disclosure.Full("Acme Plumbing", "service at your address"), send("k1", body, consent.Service))
	require.Equal(t, "Acme Plumbing: On our way.", send("k2", "On our way.", consent.Service))
	require.Equal(t, "ACME PLUMBING here: a\nb", send("k3", "ACME PLUMBING here: a\r\nb", consent.Service), "named already")
	require.Equal(t, "<#> Acme Plumbing: Your code is 482913\nFA+9qCX9VSu", send("k4", "<#> Your code is 482913\nFA+9qCX9VSu", consent.Authentication))
	b.pass(30 * 24 * time.Hour)
	require.Equal(t, "Acme Plumbing: 482913 is your code.\nReply STOP to opt out.\n@acme.example #482913",
		send("k5", "482913 is your code.\n\n@acme.example #482913", consent.Authentication))
	b.say("in1", "who is coming?")
	require.Equal(t, "Joe, at 10.", send("k6", "Joe, at 10.", consent.Conversation), "a reply names nobody")
	b.pass(25 * time.Hour)
	_, err = b.client.Send(ctx, carewire.Message{To: anna, Purpose: consent.Conversation, Key: "k7", Text: "Hello?"})
	refused(t, err, carewire.ErrNoConsent)
}

func TestALongFirstTextCarriesTheCompactStatement(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	m := message("k1")
	m.Text = strings.Repeat("The valve is closed now. ", 50)
	r, err := b.client.Send(ctx, m)
	require.NoError(t, err)
	require.True(t, r.Disclosed)
	require.True(t, strings.HasSuffix(b.texts()[0], disclosure.Compact("Acme Plumbing", "service at your address")))
	m.Key, m.Text = "k2", strings.Repeat("y", 1600)
	b2 := setup(t, nil).consented()
	_, err = b2.client.Send(ctx, m)
	require.Equal(t, "text/length", refused(t, err, carewire.ErrInvalid).Rule)
}

func TestPreviewSaysWhatSendWouldDo(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	p, err := b.client.Preview(ctx, message("k1"))
	require.NoError(t, err)
	require.NoError(t, p.Err)
	require.Equal(t, disclosure.Statement, p.Added)
	_, err = b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
	require.Equal(t, []string{p.Text}, b.texts())
	require.Equal(t, provider.Segments(p.Text), p.Count)
	b.say("in1", "stop")
	p, err = b.client.Preview(ctx, message("k2"))
	require.NoError(t, err)
	refused(t, p.Err, carewire.ErrOptedOut)
}
