package carewire_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
)

// marks are what must never be printed: the number, words of texts both ways, the secret, and the words of causes.
var marks = []string{"5550142", "zebra", "quagga", "marked-secret", "hunter2", "okapi"}

// printer prints values in every way that there is, and finds marks.
type printer struct {
	t   *testing.T
	all int
}

func (p *printer) check(where, s string) {
	p.t.Helper()
	p.all++
	for _, m := range marks {
		if strings.Contains(strings.ToLower(s), m) {
			p.t.Errorf("%s shows %q: %.200s", where, m, s)
		}
	}
}

func (p *printer) print(v any) {
	p.t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		p.check(fmt.Sprintf("%T under %s", v, verb), fmt.Sprintf(verb, v))
		p.check(fmt.Sprintf("a struct with %T under %s", v, verb), fmt.Sprintf(verb, struct{ V any }{v}))
	}
	var text, js bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&js, nil)).Info("x", "v", v)
	p.check("slog text", text.String())
	p.check("slog JSON", js.String())
}

func (p *printer) json(v any) {
	p.t.Helper()
	b, err := json.Marshal(v)
	require.NoError(p.t, err)
	p.check(fmt.Sprintf("JSON of %T", v), string(b))
}

// error prints an error and everything that can be unwrapped from it.
func (p *printer) error(err error) {
	p.t.Helper()
	if err == nil {
		return
	}
	p.print(err)
	p.check("error", err.Error())
	switch u := err.(type) { //nolint:errorlint // walks the tree itself
	case interface{ Unwrap() error }:
		p.error(u.Unwrap())
	case interface{ Unwrap() []error }:
		for _, e := range u.Unwrap() {
			p.error(e)
		}
	}
}

func TestNothingPersonalIsPrinted(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	leaks := errors.New("+14155550142 said okapi zebra quagga")
	b := setup(t, func(c *carewire.Config) {
		c.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		c.KeepText = true
		c.Rules = []carewire.Rule{func(_ context.Context, m carewire.Message) error {
			if m.Key == "rule" {
				return leaks
			}
			return nil
		}}
	})
	p := &printer{t: t}
	send := func(key string, answer error) {
		b.answer = func(context.Context, provider.Message) (provider.Receipt, error) {
			return provider.Receipt{ID: "SM1"}, answer
		}
		m := carewire.Message{To: anna, Purpose: consent.Service, Key: key, Text: "Your zebra is ready."}
		if key == "promo" {
			m.Text = "Zebra flash sale: 20% off, buy now!"
		}
		p.print(m)
		p.print(&m)
		p.json(m)
		r, err := b.client.Send(ctx, m)
		p.print(r)
		p.json(r)
		p.error(err)
		pv, err := b.client.Preview(ctx, m)
		p.print(pv)
		p.error(err)
		p.error(pv.Err)
	}
	send("none", nil)
	p.error(b.client.Consent(ctx, anna, consent.Record{Shown: "quagga"}))
	b.consented()
	for key, answer := range map[string]error{
		"ok": nil, "promo": nil, "rule": nil, "leaks": leaks,
		"code": &provider.Error{Kind: provider.Refused, Code: "no such number +14155550142", Err: leaks},
		"busy": &provider.Error{Kind: provider.Throttled, Code: "4155550142", Err: leaks},
		"out":  &provider.Error{Kind: provider.OptedOut, Code: "21610", Err: leaks},
	} {
		require.NoError(t, b.client.OptIn(ctx, anna, "Dana", "asked for it"))
		send(key, answer)
		for _, down := range []string{"Begin", "Finish", "PutOptOut", "all"} {
			b.store.fail(down)
			send(key+" "+down, answer)
			_, err := b.client.Receive(ctx, provider.Inbound{ID: key + down, From: anna, Text: "quagga quagga"})
			p.error(err)
			_, err = b.client.Receive(ctx, provider.Inbound{ID: key + down + "2", From: anna, Text: "stop quagga"})
			p.error(err)
			p.error(b.client.Report(ctx, provider.Status{Ref: "x", To: anna, State: provider.Failed, Kind: provider.OptedOut}))
		}
		b.store.fail()
	}
	in, err := b.client.Receive(ctx, provider.Inbound{ID: "in1", From: anna, Text: "STOP", To: "+14155550199"})
	require.NoError(t, err)
	in.Text = "quagga"
	p.print(in)
	p.print(in.Inbound)
	p.json(in.Inbound)
	h := b.client.Webhook(plain{}, func(context.Context, carewire.Inbound) error { panic(leaks) })
	p.check("HTTP answer", post(h, inboundJSON("in7", "quagga")).Body.String())
	p.check("HTTP answer", post(h, "quagga").Body.String())
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.NotEmpty(t, e.Outcomes)
	p.print(e)
	for _, r := range e.OptOuts {
		p.print(r)
	}
	for _, o := range e.Outcomes {
		p.print(o)
		p.check("stored reason", o.Rule+" "+o.Code)
	}
	p.print(anna)
	p.json(map[string]any{"phone": anna, "id": recipient.ID{Tenant: "t", Phone: anna}})
	p.print(b.client)
	p.print(provider.Message{To: anna, Text: "zebra"})
	cfg := whole()
	cfg.Secret = []byte(secret)
	p.print(cfg)
	require.NotEmpty(t, log.String())
	p.check("the log", log.String())
	t.Logf("%d prints looked at", p.all)
}
