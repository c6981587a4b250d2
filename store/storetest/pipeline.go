package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// RunPipeline checks the promises of package carewire end to end: two clients,
// as two processes have them, each over its own handle of one store. It takes
// the same open as [Run]; run both.
func RunPipeline(t *testing.T, open func(t *testing.T) (a, b store.Store)) {
	t.Helper()
	a, b := open(t)
	for _, c := range pipelineCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPair(a, b)
			if p.err != nil {
				t.Fatalf("no client over the store: %v", p.err)
			}
			if err := c.run(p); err != nil {
				t.Errorf("promise: %s\n%v", c.promise, err)
			}
		})
	}
}

// pipelineCase is one promise to check. Mutants run it too, without a testing.T.
type pipelineCase struct {
	name, promise string
	run           func(*pair) error
}

func pipelineCases() []pipelineCase {
	return []pipelineCase{
		{"consent", "no message without a consent on file for this brand and this purpose", consentPromise},
		{"stop", "a Send called after the opt-out is on file never reaches the provider", stopPromise},
		{"stop race", "a Send called after the opt-out is on file never reaches the provider", stopRace},
		{"disclosure", "the first message carries all five elements, until an accepted one carried them", disclosurePromise},
		{"marketing", "a message with promotional content does not go out", marketingPromise},
		{"once", "any number of Sends with one key hand over at most one message", oncePromise},
		{"once lost", "a message that may have been sent is never sent again", lostPromise},
		{"closed", "if the library cannot know, it does not send", closedPromise},
		{"proof", "what was shown, said and decided can be read back", proofPromise},
		{"report", "reports may come in any order and twice", reportPromise},
	}
}

// pair is two clients over two handles of one store, and what they handed over.
type pair struct {
	ctx    context.Context //nolint:containedctx // one case, one context
	cfg    carewire.Config
	a, b   *carewire.Client
	stores [2]store.Store
	err    error // of the set-up

	mu     sync.Mutex
	handed []provider.Message
	answer func(provider.Message) error // nil accepts
}

const program = "service at your address"

func newPair(a, b store.Store) *pair {
	p := &pair{ctx: context.Background(), stores: [2]store.Store{a, b}}
	p.cfg = carewire.Config{
		Program: carewire.Program{
			Tenant: "pipeline-" + uuid.NewString(), Brand: "acme", Company: "Acme Plumbing", About: program,
			Contact: "help@acme.example", Purposes: []consent.Purpose{consent.Service, consent.Billing},
		},
		Provider:              provider.Func(p.send),
		Secret:                []byte("a secret of the conformance kit"),
		InsecureVolatileStore: true,
	}
	p.a, p.b = p.client(a), p.client(b)
	return p
}

func (p *pair) client(s store.Store) *carewire.Client {
	cfg := p.cfg
	cfg.Store = s
	c, err := carewire.New(cfg)
	if err != nil {
		p.err = err
	}
	return c
}

func (p *pair) send(_ context.Context, m provider.Message) (provider.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handed = append(p.handed, m)
	if p.answer != nil {
		if err := p.answer(m); err != nil {
			return provider.Receipt{}, err
		}
	}
	return provider.Receipt{ID: fmt.Sprintf("sm%d", len(p.handed))}, nil
}

// sent returns the texts that were handed over to one number.
func (p *pair) sent(to recipient.Phone) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var texts []string
	for _, m := range p.handed {
		if m.To == to {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

func (p *pair) answerWith(f func(provider.Message) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = f
}

var numbers struct {
	sync.Mutex
	next int
}

// person returns a number that no other case uses.
func person() recipient.Phone {
	numbers.Lock()
	defer numbers.Unlock()
	numbers.next++
	return recipient.MustParse(fmt.Sprintf("+1415%07d", 2000000+numbers.next))
}

// customer returns a number with a consent on file.
func (p *pair) customer() (recipient.Phone, error) {
	to := person()
	return to, errors.Join(p.err, p.a.Consent(p.ctx, to, consent.Record{
		Basis: consent.Transaction, Ref: "booking-1", Purposes: []consent.Purpose{consent.Service},
	}))
}

func text(to recipient.Phone, key string) carewire.Message {
	return carewire.Message{To: to, Purpose: consent.Service, Key: key, Text: "Your visit is booked for Tuesday, 10 to 12."}
}

func inbound(from recipient.Phone, id, body string) provider.Inbound {
	return provider.Inbound{ID: id, From: from, To: "+14155550199", Text: body, Replied: provider.RepliedYes}
}

// want reports an error unless err is target.
func want(what string, err, target error) error {
	switch {
	case errors.Is(err, target):
		return nil
	case err == nil:
		return fmt.Errorf("%s: got no error, want %w", what, target)
	}
	return fmt.Errorf("%s: got %w, want %w", what, err, target)
}

// wantSent reports an error unless n messages were handed over.
func (p *pair) wantSent(what string, to recipient.Phone, n int) error {
	if got := len(p.sent(to)); got != n {
		return fmt.Errorf("%s: %d messages were handed to the provider, want %d", what, got, n)
	}
	return nil
}

func consentPromise(p *pair) error {
	to := person()
	_, none := p.a.Send(p.ctx, text(to, "k1"))
	given := p.a.Consent(p.ctx, to, consent.Record{Basis: consent.SupportRequest, Ref: "ticket-1", Purposes: []consent.Purpose{consent.Service}})
	other := text(to, "k2")
	other.Purpose = consent.Billing
	_, wrongPurpose := p.b.Send(p.ctx, other)
	cfg := p.cfg
	cfg.Program.Brand, cfg.Store = "Acme", p.stores[0]
	upper, err := carewire.New(cfg)
	if err != nil {
		return err
	}
	_, wrongBrand := upper.Send(p.ctx, text(to, "k3"))
	if err := errors.Join(p.err, given, want("without consent", none, carewire.ErrNoConsent),
		want("another purpose", wrongPurpose, carewire.ErrNoConsent), want("another brand", wrongBrand, carewire.ErrNoConsent),
		p.wantSent("before consent", to, 0)); err != nil {
		return err
	}
	_, permitted := p.b.Send(p.ctx, text(to, "k4"))
	revoked := p.a.Revoke(p.ctx, to, "moved away")
	_, after := p.b.Send(p.ctx, text(to, "k5"))
	return errors.Join(permitted, revoked, want("after revocation", after, carewire.ErrNoConsent), p.wantSent("with consent", to, 1))
}

func stopPromise(p *pair) error {
	to, err := p.customer()
	if err != nil {
		return err
	}
	_, before := p.a.Send(p.ctx, text(to, "k1"))
	_, stop := p.b.Receive(p.ctx, inbound(to, "in1", "Stop."))
	_, after := p.a.Send(p.ctx, text(to, "k2"))
	again := p.a.Consent(p.ctx, to, consent.Record{Basis: consent.Transaction, Ref: "booking-2", Purposes: []consent.Purpose{consent.Service}})
	_, consented := p.b.Send(p.ctx, text(to, "k3"))
	if err := errors.Join(before, stop, want("after STOP", after, carewire.ErrOptedOut), again,
		want("a new consent lifts nothing", consented, carewire.ErrOptedOut), p.wantSent("after STOP", to, 1)); err != nil {
		return err
	}
	_, start := p.a.Receive(p.ctx, inbound(to, "in2", "START"))
	_, replay := p.b.Receive(p.ctx, inbound(to, "in1", "Stop."))
	_, resumed := p.b.Send(p.ctx, text(to, "k4"))
	return errors.Join(start, replay, resumed, p.wantSent("after START", to, 2))
}

// stopRace lets STOP race a Send, then sends once more.
func stopRace(p *pair) error {
	const pairs = 40
	for i := range pairs {
		to, err := p.customer()
		if err != nil {
			return err
		}
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = p.a.Send(p.ctx, text(to, "racing")) })
		_, stop := p.b.Receive(p.ctx, inbound(to, "in1", "STOP"))
		_, after := p.a.Send(p.ctx, text(to, "after"))
		wg.Wait()
		if err := errors.Join(stop, want("after STOP", after, carewire.ErrOptedOut)); err != nil {
			return fmt.Errorf("pair %d: %w", i, err)
		}
		if n := len(p.sent(to)); n > 1 {
			return fmt.Errorf("pair %d: %d messages were handed over", i, n)
		}
	}
	return nil
}

// disclosed reports whether a text has all five elements.
func disclosed(s string) bool { return len(disclosure.Missing(s, "Acme Plumbing", program)) == 0 }

func disclosurePromise(p *pair) error {
	to, err := p.customer()
	if err != nil {
		return err
	}
	p.answerWith(func(provider.Message) error { return &provider.Error{Kind: provider.Unavailable} })
	_, rejected := p.a.Send(p.ctx, text(to, "k1"))
	p.answerWith(func(provider.Message) error { return errors.New("connection lost") })
	_, lost := p.a.Send(p.ctx, text(to, "k2"))
	p.answerWith(nil)
	_, first := p.b.Send(p.ctx, text(to, "k3"))
	_, second := p.a.Send(p.ctx, text(to, "k4"))
	if err := errors.Join(want("unavailable", rejected, carewire.ErrProvider), want("lost", lost, carewire.ErrUnknown), first, second); err != nil {
		return err
	}
	_, stop := p.a.Receive(p.ctx, inbound(to, "in1", "stop"))
	_, start := p.b.Receive(p.ctx, inbound(to, "in2", "start"))
	r, third := p.b.Send(p.ctx, text(to, "k5"))
	failed := p.a.Report(p.ctx, provider.Status{Ref: r.AttemptID, To: to, State: provider.Undelivered})
	_, fourth := p.a.Send(p.ctx, text(to, "k6"))
	_, fifth := p.b.Send(p.ctx, text(to, "k7"))
	if err := errors.Join(stop, start, third, failed, fourth, fifth); err != nil {
		return err
	}
	texts := p.sent(to)
	for i, owed := range []bool{true, true, true, false, true, true, false} {
		if i >= len(texts) || disclosed(texts[i]) != owed {
			return fmt.Errorf("message %d of 7: disclosed must be %t", i+1, owed)
		}
	}
	return p.shownAtIntake()
}

func (p *pair) shownAtIntake() error {
	to := person()
	given := p.a.Consent(p.ctx, to, consent.Record{
		Basis: consent.Form, Shown: p.a.Notice(), Where: "https://acme.example/book", Purposes: []consent.Purpose{consent.Service},
	})
	_, err := p.b.Send(p.ctx, text(to, "k1"))
	if err := errors.Join(given, err); err != nil {
		return err
	}
	if disclosed(p.sent(to)[0]) {
		return errors.New("the statement was shown at intake and repeated all the same")
	}
	return nil
}

func marketingPromise(p *pair) error {
	to, err := p.customer()
	if err != nil {
		return err
	}
	m := text(to, "k1")
	m.Text = "Your visit is booked. Get 20% off a new water heater this week only!"
	_, refused := p.a.Send(p.ctx, m)
	var e *carewire.Error
	if errors.As(refused, &e) && len(e.Findings) == 0 {
		return errors.New("the refusal points at no words")
	}
	return errors.Join(want("promotional", refused, carewire.ErrPromotional), p.wantSent("promotional", to, 0))
}

func oncePromise(p *pair) error {
	to, err := p.customer()
	if err != nil {
		return err
	}
	errs := make([]error, 16)
	var wg sync.WaitGroup
	for i := range errs {
		c := []*carewire.Client{p.a, p.b}[i%2]
		wg.Go(func() { _, errs[i] = c.Send(p.ctx, text(to, "one key")) })
	}
	wg.Wait()
	ok := 0
	for _, err := range errs {
		switch {
		case err == nil:
			ok++
		case !errors.Is(err, carewire.ErrInFlight):
			return err
		}
	}
	if ok == 0 {
		return errors.New("nobody sent the message")
	}
	r, replay := p.b.Send(p.ctx, text(to, "one key"))
	other := text(to, "one key")
	other.Text = "Your visit has moved to Wednesday, 9 to 11."
	_, reused := p.a.Send(p.ctx, other)
	if err := errors.Join(replay, want("another text", reused, carewire.ErrKeyReused), p.wantSent("one key", to, 1)); err != nil {
		return err
	}
	if !r.Replayed || r.ProviderID == "" {
		return fmt.Errorf("the repeated call must say so and bring the provider's id: %+v", r)
	}
	return nil
}

func lostPromise(p *pair) error {
	to, err := p.customer()
	if err != nil {
		return err
	}
	p.answerWith(func(provider.Message) error { return context.DeadlineExceeded })
	_, lost := p.a.Send(p.ctx, text(to, "k1"))
	p.answerWith(nil)
	_, again := p.b.Send(p.ctx, text(to, "k1"))
	if err := errors.Join(want("lost", lost, carewire.ErrUnknown), want("again", again, carewire.ErrUnknown), p.wantSent("lost", to, 1)); err != nil {
		return err
	}
	p.answerWith(func(provider.Message) error { return &provider.Error{Kind: provider.Throttled} })
	_, throttled := p.a.Send(p.ctx, text(to, "k2"))
	p.answerWith(nil)
	_, retried := p.b.Send(p.ctx, text(to, "k2"))
	return errors.Join(want("throttled", throttled, carewire.ErrProvider), retried, p.wantSent("a definite no frees the key", to, 3))
}

// closedPromise sends with a context that has ended: the store must say that
// it could not look, and nothing may go out.
func closedPromise(p *pair) error {
	to, err := p.customer()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(p.ctx)
	cancel()
	_, ended := p.a.Send(ctx, text(to, "k1"))
	ctx, cancel = context.WithTimeout(p.ctx, time.Nanosecond)
	defer cancel()
	<-ctx.Done()
	_, late := p.b.Send(ctx, text(to, "k2"))
	_, free := p.a.Send(p.ctx, text(to, "k1"))
	if ended == nil || late == nil {
		return errors.New("a Send with a context that has ended succeeded")
	}
	return errors.Join(free, p.wantSent("only the last call", to, 1))
}

func proofPromise(p *pair) error {
	to := person()
	shown := "We text you about your visit, and about nothing else."
	given := p.a.Consent(p.ctx, to, consent.Record{
		Basis: consent.Transaction, Ref: "booking-é-1", Shown: shown, Where: "form v3", Purposes: []consent.Purpose{consent.Service},
	})
	_, sent := p.a.Send(p.ctx, text(to, "k1"))
	words := "Please  STOP. texting  me ✋"
	in, stop := p.b.Receive(p.ctx, inbound(to, "in1", "STOP"))
	hand := p.b.OptOut(p.ctx, to, "Dana", words)
	_, refused := p.a.Send(p.ctx, text(to, "k2"))
	e, err := p.b.Evidence(p.ctx, to)
	if err := errors.Join(given, sent, stop, hand, want("refused", refused, carewire.ErrOptedOut), err); err != nil {
		return err
	}
	switch {
	case len(e.Consents) != 1 || e.Consents[0].Shown != shown || e.Consents[0].Ref != "booking-é-1":
		return errors.New("the consent's literal text is not on file")
	case len(e.OptOuts) != 2 || e.OptOuts[0].Text != "STOP" || e.OptOuts[0].Rule != in.Reading.Rule || e.OptOuts[1].Text != words:
		return errors.New("the literal words of the opt-out are not on file")
	case len(e.Disclosures) != 1 || !strings.Contains(p.sent(to)[0], e.Disclosures[0].Text):
		return errors.New("the disclosure as shown is not on file")
	}
	return wantOutcomes(e.Outcomes, in.Reading.Intent)
}

// wantOutcomes checks that the accepted and the refused message are on file.
func wantOutcomes(outs []store.Outcome, read optout.Intent) error {
	found := map[string]store.Outcome{}
	for _, o := range outs {
		kind, _, own, ok := store.SplitKey(o.Key)
		if !ok {
			return errors.New("a key was changed")
		}
		found[string(kind)+" "+own] = o
	}
	switch {
	case found["message k1"].State != store.Accepted || found["message k1"].ProviderID == "" || found["message k1"].Settled.IsZero():
		return errors.New("the accepted message is not on file")
	case found["message k2"].State != store.Refused || found["message k2"].Rule != "opt-out/standing":
		return errors.New("the refused message is not on file with the rule that refused it")
	case found["inbound in1"].State != store.Accepted || read != optout.Stop:
		return errors.New("the inbound message is not on file")
	}
	return nil
}

func reportPromise(p *pair) error {
	to, err := p.customer()
	if err != nil {
		return err
	}
	early := error(nil)
	p.answerWith(func(m provider.Message) error { // the callback overtakes the answer
		early = p.b.Report(p.ctx, provider.Status{Ref: m.Ref, ID: "sm-early", To: to, State: provider.Delivered})
		return nil
	})
	_, sent := p.a.Send(p.ctx, text(to, "k1"))
	p.answerWith(nil)
	_, second := p.a.Send(p.ctx, text(to, "k2"))
	if err := errors.Join(early, sent, second); err != nil {
		return err
	}
	if texts := p.sent(to); !disclosed(texts[0]) || disclosed(texts[1]) {
		return errors.New("the facts of a late Finish were lost")
	}
	r, err := p.a.Send(p.ctx, text(to, "k3"))
	blocked := provider.Status{Ref: r.AttemptID, To: to, State: provider.Failed, Kind: provider.OptedOut, Code: "21610"}
	if err := errors.Join(err, p.b.Report(p.ctx, blocked), p.a.Report(p.ctx, blocked),
		p.b.Report(p.ctx, provider.Status{Ref: r.AttemptID, To: to, State: provider.Sent})); err != nil {
		return err
	}
	_, refused := p.b.Send(p.ctx, text(to, "k4"))
	e, err := p.a.Evidence(p.ctx, to)
	if err := errors.Join(err, want("after a provider's opt-out", refused, carewire.ErrOptedOut)); err != nil {
		return err
	}
	if len(e.OptOuts) != 1 {
		return fmt.Errorf("one opt-out was reported twice: %d are on file, want 1", len(e.OptOuts))
	}
	for _, o := range e.Outcomes {
		if o.ID == r.AttemptID && o.State != store.Failed {
			return fmt.Errorf("the failed message became %v again", o.State)
		}
	}
	return nil
}
