package providertest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/carewire/carewire/provider"
)

// OpenWebhook makes the webhook under test. Its clock must stand where the
// fixtures expect it.
type OpenWebhook func(t *testing.T) provider.Webhook

// Request is a webhook request as it arrives.
type Request struct {
	Method string      // POST if empty
	URL    string      // as the server sees it
	Header http.Header // may be nil
	Body   string
}

// http makes a request of it. The body is given beside it, as the contract has it.
func (q Request) http() *http.Request {
	if q.Method == "" {
		q.Method = http.MethodPost
	}
	r := httptest.NewRequestWithContext(context.Background(), q.Method, q.URL, http.NoBody)
	for k, vs := range q.Header {
		r.Header[http.CanonicalHeaderKey(k)] = slices.Clone(vs)
	}
	return r
}

// Delivery is a genuine request, without its signature, and what it tells.
type Delivery struct {
	Name    string
	Request Request
	Events  []provider.Event
}

// Foreign is a request, without its signature, that must be refused although
// the provider signed it.
type Foreign struct {
	Name    string
	Request Request
	Status  int // what WebhookError.Status must be: 403, or 401 for one that is too old
	Signed  bool
}

// WebhookFixtures are the facts about a provider's webhooks that [RunWebhook] needs.
type WebhookFixtures struct {
	// Valid are genuine requests, inbound messages and status reports both.
	Valid []Delivery
	// Foreign are requests for another account, for another receiving number,
	// and, where the scheme has a time, one that is too old. With Signed set the
	// request carries its signature already.
	Foreign []Foreign
	// Sign adds the signature as the provider does.
	Sign func(q Request) Request
	// SignatureHeader is the header with the signature. If it is empty the
	// signature stands in the body, and Alter has to break it.
	SignatureHeader string
	// UnsignedStatus is the HTTP status for a request without the signature; 0 stands for 401.
	UnsignedStatus int
	// Alter changes a signed body so that it tells something else. nil stands
	// for a change of one byte, tried in several places.
	Alter func(body string) string
	// BodyNotSigned says that the scheme does not protect the body.
	BodyNotSigned bool
	// Secrets must appear in no error.
	Secrets []string
}

// RunWebhook checks the webhook that open makes against the contract of
// [provider.Webhook].
func RunWebhook(t *testing.T, open OpenWebhook, f WebhookFixtures) {
	t.Helper()
	if f.Sign == nil || len(f.Valid) == 0 {
		t.Fatal("providertest: WebhookFixtures need Sign and Valid")
	}
	for _, c := range webhookCases(f) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(&webhookBench{tb: t, f: f, w: open(t)})
			if t.Failed() {
				t.Logf("the clause: %s", c.clause)
			}
		})
	}
}

type webhookCase struct {
	name, clause string
	run          func(b *webhookBench)
}

type webhookBench struct {
	tb
	f WebhookFixtures
	w provider.Webhook
}

func webhookCases(f WebhookFixtures) []webhookCase {
	var list []webhookCase
	for _, d := range f.Valid {
		list = append(list, webhookCase{
			"valid/" + d.Name, "A genuine request is accepted and tells each event once, the same when it is delivered again.",
			func(b *webhookBench) { b.valid(d) },
		})
	}
	for _, d := range f.Foreign {
		list = append(list, webhookCase{
			"foreign/" + d.Name, "Parse checks account, receiving number and age.",
			func(b *webhookBench) { b.foreign(d) },
		})
	}
	list = append(list,
		webhookCase{"signature missing", "A request without its signature is refused.", (*webhookBench).unsigned},
		webhookCase{"signature altered", "A request with another signature is refused.", (*webhookBench).forged},
		webhookCase{"method", "A method that the provider does not use is refused with 405.", (*webhookBench).method},
		webhookCase{"garbage", "Bodies that make no sense give an error or nothing, never a panic.", (*webhookBench).garbage},
		webhookCase{"oversized", "A body of several megabytes gives an error.", (*webhookBench).oversized},
		webhookCase{"concurrent", "A Webhook is safe for concurrent use.", (*webhookBench).concurrent},
		webhookCase{"ack", "Ack writes an answer of success without any reply to the person.", (*webhookBench).ack},
	)
	if !f.BodyNotSigned {
		list = append(list, webhookCase{"body altered", "A request whose body was changed is refused.", (*webhookBench).altered})
	}
	return list
}

// signed returns every valid request with its signature.
func (b *webhookBench) signed() []Request {
	out := make([]Request, 0, len(b.f.Valid))
	for _, d := range b.f.Valid {
		out = append(out, b.f.Sign(d.Request))
	}
	return out
}

// parse calls Parse and turns a panic into a failure.
func (b *webhookBench) parse(q Request) (events []provider.Event, err error) {
	b.Helper()
	defer func() {
		if v := recover(); v != nil {
			b.Errorf("Parse panics: %v", v)
			err = errors.New("providertest: Parse panics")
		}
	}()
	events, err = b.w.Parse(q.http(), []byte(q.Body))
	if err != nil && events != nil {
		b.Errorf("Parse gives events and an error")
	}
	b.discreet(err)
	return events, err
}

// discreet checks the type of an error and what it shows.
func (b *webhookBench) discreet(err error) {
	b.Helper()
	if err == nil {
		return
	}
	e, ok := errors.AsType[*provider.WebhookError](err)
	if !ok {
		b.Errorf("the error is a %T, want a *provider.WebhookError", err)
		return
	}
	switch e.Status {
	case 400, 401, 403, 405:
	default:
		if e.Status < 500 || e.Status > 599 {
			b.Errorf("the error's status is %d", e.Status)
		}
	}
	hide := hidden(b.f.Secrets)
	for _, d := range b.f.Valid {
		for _, ev := range d.Events {
			if in := ev.Inbound; in != nil {
				hide = append(hide, strings.TrimPrefix(in.From.E164(), "+"))
				if len(in.Text) > 12 {
					hide = append(hide, in.Text)
				}
			}
		}
	}
	for _, e := range chain(err) {
		leaks(b, "an error", e, hide)
	}
}

// refused checks that Verify and Parse refuse q with status.
func (b *webhookBench) refused(q Request, status int) {
	b.Helper()
	verr := b.w.Verify(q.http(), []byte(q.Body))
	b.discreet(verr)
	if verr == nil {
		b.Errorf("Verify accepts the request")
	}
	b.status(q, status)
}

// status checks that Parse refuses q with status.
func (b *webhookBench) status(q Request, status int) {
	b.Helper()
	_, err := b.parse(q)
	e, ok := errors.AsType[*provider.WebhookError](err)
	switch {
	case !ok:
		b.Errorf("Parse accepts the request")
	case e.Status != status:
		b.Errorf("Parse refuses the request with %d, want %d", e.Status, status)
	}
}

func (b *webhookBench) valid(d Delivery) {
	q := b.f.Sign(d.Request)
	if err := b.w.Verify(q.http(), []byte(q.Body)); err != nil {
		b.Fatalf("Verify refuses a genuine request: %v", err)
	}
	for range 2 {
		got, err := b.parse(q)
		if err != nil {
			b.Fatalf("Parse refuses a genuine request: %v", err)
			return
		}
		if !slices.EqualFunc(got, d.Events, sameEvent) {
			b.Errorf("the events are\n%s\nwant\n%s", show(got), show(d.Events))
		}
	}
}

func (b *webhookBench) foreign(f Foreign) {
	q := f.Request
	if !f.Signed {
		q = b.f.Sign(q)
	}
	b.status(q, f.Status)
}

func (b *webhookBench) unsigned() {
	want := b.f.UnsignedStatus
	if want == 0 {
		want = http.StatusUnauthorized
	}
	for _, d := range b.f.Valid {
		q := d.Request
		b.refused(q, want)
		if b.f.SignatureHeader != "" {
			q.Header = q.Header.Clone()
			if q.Header == nil {
				q.Header = http.Header{}
			}
			q.Header.Set(b.f.SignatureHeader, "")
			b.refused(q, want)
		}
	}
}

func (b *webhookBench) forged() {
	if b.f.SignatureHeader == "" {
		return
	}
	for _, q := range b.signed() {
		good := q.Header.Get(b.f.SignatureHeader)
		for _, bad := range []string{
			flip(good, 0.6), flip(good, 0.99), flip(good, 0.8), good[:len(good)/2], good + "A", "%%%", strings.Repeat("A", len(good)),
		} {
			if bad == good {
				continue
			}
			f := q
			f.Header = q.Header.Clone()
			f.Header.Set(b.f.SignatureHeader, bad)
			if err := b.w.Verify(f.http(), []byte(f.Body)); err == nil {
				b.Errorf("Verify accepts an altered signature")
			} else {
				b.discreet(err)
			}
			if _, err := b.parse(f); err == nil {
				b.Errorf("Parse accepts an altered signature")
			}
		}
	}
}

func (b *webhookBench) altered() {
	for _, q := range b.signed() {
		var bodies []string
		if b.f.Alter != nil {
			bodies = append(bodies, b.f.Alter(q.Body))
		} else {
			bodies = append(bodies, flip(q.Body, 0), flip(q.Body, 0.31), flip(q.Body, 0.5), flip(q.Body, 0.77), q.Body+"1", "")
		}
		for _, body := range bodies {
			if body == q.Body {
				continue
			}
			f := q
			f.Body = body
			if err := b.w.Verify(f.http(), []byte(body)); err == nil {
				b.Errorf("Verify accepts an altered body")
			}
			if _, err := b.parse(f); err == nil {
				b.Errorf("Parse accepts an altered body")
			}
		}
	}
}

func (b *webhookBench) method() {
	for _, q := range b.signed() {
		q.Method = http.MethodDelete
		b.refused(q, http.StatusMethodNotAllowed)
	}
}

func (b *webhookBench) garbage() {
	for _, body := range []string{
		"", "null", "[]", "{}", "[null]", "[{}]", "{", `"x"`, "17", "\x00\xff\xfe", "%zz=%", "=&=&;", "a=b;c=d",
		`{"data":null}`, `{"data":{"payload":null}}`, `[{"message":null}]`, `{"Type":null,"Message":17}`,
		strings.Repeat("[", 20000), strings.Repeat(`{"a":`, 5000), strings.Repeat("a=b&", 2000),
	} {
		plain := b.f.Valid[0].Request
		plain.Body = body
		if _, err := b.parse(plain); err == nil && !b.f.BodyNotSigned {
			b.Errorf("an unsigned body of %d bytes is accepted", len(body))
		}
		if events, err := b.parse(b.f.Sign(plain)); err == nil && len(events) > 0 {
			b.Errorf("a body of %d bytes that makes no sense tells something", len(body))
		}
	}
}

func (b *webhookBench) oversized() {
	for _, body := range []string{strings.Repeat("a", 3<<20), `{"a":"` + strings.Repeat("a", 3<<20) + `"}`} {
		q := b.f.Valid[0].Request
		q.Body = body
		if _, err := b.parse(b.f.Sign(q)); err == nil {
			b.Errorf("a body of %d bytes is accepted", len(body))
		}
	}
}

func (b *webhookBench) concurrent() {
	var wg sync.WaitGroup
	for range 8 {
		for _, d := range b.f.Valid {
			q := b.f.Sign(d.Request)
			wg.Go(func() {
				if got, err := b.w.Parse(q.http(), []byte(q.Body)); err != nil || len(got) != len(d.Events) {
					b.Errorf("%d events and error %v, want %d", len(got), err, len(d.Events))
				}
			})
		}
	}
	wg.Wait()
}

func (b *webhookBench) ack() {
	rec := httptest.NewRecorder()
	b.w.Ack(rec)
	if rec.Code != http.StatusOK && rec.Code != http.StatusNoContent {
		b.Errorf("Ack answers %d, want 200 or 204", rec.Code)
	}
	if rec.Body.Len() > 100 || strings.Contains(rec.Body.String(), "Message") {
		b.Errorf("Ack writes a reply of %d bytes", rec.Body.Len())
	}
	if rec.Code == http.StatusNoContent && rec.Body.Len() > 0 {
		b.Errorf("Ack writes a body with 204")
	}
}

// flip changes one byte, at a part of the way from the start to the end. It
// changes a letter's or a digit's neighbour bit, so that the text stays printable.
func flip(s string, at float64) string {
	if s == "" {
		return "x"
	}
	b := []byte(s)
	i := min(int(at*float64(len(b))), len(b)-1)
	for b[i] == '=' && i > 0 {
		i--
	}
	b[i] ^= 4
	return string(b)
}
