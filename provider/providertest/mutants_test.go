package providertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

const demoToken = "demo-token-of-the-kit"

// demoBody is the request of an imaginary provider.
type demoBody struct {
	To   string `json:"to"`
	Text string `json:"text"`
	Ref  string `json:"ref"`
	TTL  int    `json:"ttl,omitempty"`
}

// demo is a right provider. A mutant changes one of its parts.
type demo struct {
	base    string
	client  *wire.Client
	raw     *http.Client // follows redirects, for mutants
	body    func(m provider.Message) demoBody
	ctx     func(ctx context.Context) context.Context
	do      func(d *demo, r *http.Request) (wire.Answer, error)
	finish  func(m provider.Message, rec provider.Receipt, err error) (provider.Receipt, error)
	accept  func(a wire.Answer) (provider.Receipt, error)
	refuse  func(a wire.Answer) error
	anyhow  bool // sends without asking wire.Ready
	Visible string
	mu      *sync.Mutex
	shared  demoBody
	tries   int
}

func newDemo(base string, c *http.Client) *demo {
	return &demo{
		base: base, client: wire.NewClient(c), raw: c, tries: 1, mu: new(sync.Mutex),
		body: func(m provider.Message) demoBody {
			b := demoBody{To: m.To.E164(), Text: m.Text, Ref: m.Ref}
			if m.TTL > 0 {
				b.TTL = int(max(m.TTL, time.Second) / time.Second)
			}
			return b
		},
		ctx: func(ctx context.Context) context.Context { return ctx },
		do:  func(d *demo, r *http.Request) (wire.Answer, error) { return d.client.Do(r) },
		accept: func(a wire.Answer) (provider.Receipt, error) {
			var out struct {
				ID string `json:"id"`
			}
			if err := a.JSON(&out); err != nil || out.ID == "" {
				return provider.Receipt{}, wire.Odd(err)
			}
			return provider.Receipt{ID: out.ID, Segments: 1}, nil
		},
		refuse: demoRefuse,
	}
}

func demoRefuse(a wire.Answer) error {
	var out struct {
		Code string `json:"code"`
	}
	_ = a.JSON(&out)
	return wire.Refusal(a, out.Code, wire.Codes{"out": {Kind: provider.OptedOut}, "spam": {Kind: provider.Filtered}})
}

func (d *demo) Send(ctx context.Context, m provider.Message) (provider.Receipt, error) {
	rec, err := d.send(ctx, m)
	if d.finish != nil {
		return d.finish(m, rec, err)
	}
	return rec, err
}

func (d *demo) send(ctx context.Context, m provider.Message) (provider.Receipt, error) {
	if err := wire.Ready(ctx, m); err != nil && !d.anyhow {
		return provider.Receipt{}, err
	}
	var a wire.Answer
	var err error
	for range d.tries {
		var r *http.Request
		if r, err = wire.PostJSON(d.ctx(ctx), d.base+"/send", d.body(m)); err != nil {
			return provider.Receipt{}, err
		}
		r.Header.Set("Authorization", "Bearer "+demoToken)
		if a, err = d.do(d, r); err == nil && a.Accepted() {
			return d.accept(a)
		}
	}
	if err != nil {
		return provider.Receipt{}, err
	}
	return provider.Receipt{}, d.refuse(a)
}

func demoFixtures() Fixtures {
	return Fixtures{
		Accept:  Answer{Status: 201, Body: `{"id":"m-1"}`},
		Receipt: provider.Receipt{ID: "m-1", Segments: 1},
		Refusals: []Refused{
			{Name: "opted out", Answer: Answer{Status: 400, Body: `{"code":"out","message":"{{to}} said STOP to {{text}}"}`}, Kind: provider.OptedOut, Code: "out"},
			{Name: "spam", Answer: Answer{Status: 422, Body: `{"code":"spam"}`}, Kind: provider.Filtered, Code: "spam"},
			{Name: "unknown path", Answer: Answer{Status: 404, Body: `no {{to}}`}, Kind: provider.Refused, Code: "HTTP 404"},
		},
		Read: func(_ *http.Request, body []byte) (Sent, error) {
			var b demoBody
			err := json.Unmarshal(body, &b)
			return Sent{To: b.To, Text: b.Text, TTL: time.Duration(b.TTL) * time.Second}, err
		},
		HasTTL: true, Secrets: []string{demoToken},
	}
}

func TestTheKitAcceptsARightProvider(t *testing.T) {
	t.Parallel()
	Run(t, func(_ *testing.T, u string, c *http.Client) provider.Provider { return newDemo(u, c) }, demoFixtures())
}

// watcher is a tb that keeps what a case says instead of failing.
type watcher struct {
	ctx      context.Context //nolint:containedctx // it stands for a testing.T, which has one too
	mu       sync.Mutex
	failures []string
	cleanups []func()
}

func (w *watcher) Helper()                  {}
func (w *watcher) Context() context.Context { return w.ctx }
func (w *watcher) Cleanup(f func())         { w.cleanups = append(w.cleanups, f) }

func (w *watcher) Errorf(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failures = append(w.failures, fmt.Sprintf(format, args...))
}

func (w *watcher) Fatalf(format string, args ...any) {
	w.Errorf(format, args...)
	runtime.Goexit()
}

// watch runs f with a watcher and returns what failed.
func watch(ctx context.Context, f func(w *watcher)) []string {
	w := &watcher{ctx: ctx}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(w)
	}()
	<-done
	for _, c := range slices.Backward(w.cleanups) {
		c()
	}
	return w.failures
}

// failing returns the names of the cases that the provider fails, among those
// named; none named stands for all.
func failing(t *testing.T, f Fixtures, change func(d *demo), only ...string) []string {
	t.Helper()
	var names []string
	for _, c := range cases(f) {
		if len(only) > 0 && !slices.Contains(only, c.name) {
			continue
		}
		fails := watch(t.Context(), func(w *watcher) {
			c.run(&bench{tb: w, f: f, limit: 400 * time.Millisecond, open: func(u string, h *http.Client) provider.Provider {
				d := newDemo(u, h)
				change(d)
				return d
			}})
		})
		if len(fails) > 0 {
			names = append(names, c.name)
		}
	}
	return names
}

type mutant struct {
	in     string // the case that must find it
	change func(d *demo)
}

// mutants are providers that are wrong in one way each.
func mutants() map[string]mutant {
	asKind := func(when, then provider.Kind) func(d *demo) {
		return func(d *demo) {
			d.finish = func(_ provider.Message, rec provider.Receipt, err error) (provider.Receipt, error) {
				if err != nil && provider.KindOf(err) == when {
					err = &provider.Error{Kind: then}
				}
				return rec, err
			}
		}
	}
	return map[string]mutant{
		"retries":                        {"500", func(d *demo) { d.tries = 2 }},
		"500 as Unavailable":             {"500", asKind(provider.Unknown, provider.Unavailable)},
		"cut connection as Refused":      {"cut", asKind(provider.Unknown, provider.Refused)},
		"time-out as Unavailable":        {"hang", asKind(provider.Unknown, provider.Unavailable)},
		"refused connection as Unknown":  {"connection refused", asKind(provider.Unavailable, provider.Unknown)},
		"opted out as Refused":           {"refusal/opted out", asKind(provider.OptedOut, provider.Refused)},
		"throttled as Unavailable":       {"throttled", asKind(provider.Throttled, provider.Unavailable)},
		"a foreign error for everything": {"refusal/spam", func(d *demo) { d.refuse = func(wire.Answer) error { return errors.New("no") } }},
		"drops the ref":                  {"ref", bodyMutant(func(b *demoBody) { b.Ref = "" })},
		"drops the TTL":                  {"TTL", bodyMutant(func(b *demoBody) { b.TTL = 0 })},
		"always a TTL":                   {"TTL", bodyMutant(func(b *demoBody) { b.TTL = max(b.TTL, 1) })},
		"trims the text":                 {"texts", bodyMutant(func(b *demoBody) { b.Text = strings.TrimSpace(b.Text) })},
		"curly quotes made plain":        {"texts", bodyMutant(func(b *demoBody) { b.Text = strings.ReplaceAll(b.Text, "“", `"`) })},
		"cuts long texts":                {"texts", bodyMutant(func(b *demoBody) { b.Text = b.Text[:min(len(b.Text), 300)] })},
		"another recipient":              {"accept", bodyMutant(func(b *demoBody) { b.To = "+14155550199" })},
		"ignores the context":            {"hang", func(d *demo) { d.ctx = context.WithoutCancel }},
		"sends with a dead context": {"dead context", func(d *demo) {
			d.ctx, d.anyhow = context.WithoutCancel, true
		}},
		"sends without a recipient": {"no recipient", func(d *demo) { d.anyhow = true }},
		"shares the body between calls": {"concurrent", func(d *demo) {
			make1 := d.body
			d.body = func(m provider.Message) demoBody {
				b := make1(m)
				d.mu.Lock()
				d.shared = b
				d.mu.Unlock()
				time.Sleep(20 * time.Millisecond)
				d.mu.Lock()
				defer d.mu.Unlock()
				b.Text = d.shared.Text
				return b
			}
		}},
		"the server's sentence in the error": {"refusal/opted out", func(d *demo) {
			d.refuse = func(a wire.Answer) error {
				e := demoRefuse(a)
				return fmt.Errorf("demo: %s: %w", a.Body, e)
			}
		}},
		"the number in the cause": {"hang", func(d *demo) {
			d.finish = func(m provider.Message, rec provider.Receipt, err error) (provider.Receipt, error) {
				if err != nil {
					err = &provider.Error{Kind: provider.KindOf(err), Err: errors.New("sending to " + m.To.E164())}
				}
				return rec, err
			}
		}},
		"the token in the cause": {"500", func(d *demo) {
			d.finish = func(_ provider.Message, rec provider.Receipt, err error) (provider.Receipt, error) {
				if err != nil {
					err = &provider.Error{Kind: provider.KindOf(err), Err: errors.New("Bearer " + demoToken)}
				}
				return rec, err
			}
		}},
		"the transport's sentence in the error": {"silent transport", func(d *demo) {
			d.do = func(d *demo, r *http.Request) (wire.Answer, error) {
				resp, err := d.raw.Do(r)
				if err != nil {
					return wire.Answer{}, &provider.Error{Err: err}
				}
				_ = resp.Body.Close()
				return wire.Answer{Status: 500}, nil
			}
		}},
		"the token in the provider": {"accept", func(d *demo) { d.Visible = demoToken }},
		"follows redirects":         {"redirect 307", func(d *demo) { d.do = unbounded }},
		"reads without a limit":     {"huge body", func(d *demo) { d.do = unbounded }},
		"an empty answer is success": {"empty 200", func(d *demo) {
			d.accept = func(wire.Answer) (provider.Receipt, error) { return provider.Receipt{ID: "m-1", Segments: 1}, nil }
		}},
		"a cut body is success": {"cut body", func(d *demo) {
			right := d.accept
			d.accept = func(a wire.Answer) (provider.Receipt, error) { a.Err = nil; return right(a) }
		}},
		"success whatever happens": {"500", func(d *demo) {
			d.refuse = func(wire.Answer) error { return nil }
		}},
		"no code": {"refusal/spam", func(d *demo) {
			d.finish = func(_ provider.Message, rec provider.Receipt, err error) (provider.Receipt, error) {
				if err != nil {
					err = &provider.Error{Kind: provider.KindOf(err)}
				}
				return rec, err
			}
		}},
		"no waiting time": {"throttled", func(d *demo) {
			d.refuse = func(a wire.Answer) error { a.Header = nil; return demoRefuse(a) }
		}},
		"another receipt": {"accept", func(d *demo) {
			d.accept = func(wire.Answer) (provider.Receipt, error) { return provider.Receipt{ID: "m-2"}, nil }
		}},
	}
}

// bodyMutant changes what goes out.
func bodyMutant(change func(b *demoBody)) func(d *demo) {
	return func(d *demo) {
		right := d.body
		d.body = func(m provider.Message) demoBody {
			b := right(m)
			change(&b)
			return b
		}
	}
}

// unbounded follows redirects and reads everything.
func unbounded(d *demo, r *http.Request) (wire.Answer, error) {
	var p wire.Probe
	resp, err := d.raw.Do(r.WithContext(p.Trace(r.Context())))
	if err != nil {
		return wire.Answer{}, p.Failure(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var b bytes.Buffer
	_, err = io.Copy(&b, resp.Body)
	return wire.Answer{Status: resp.StatusCode, Header: resp.Header, Body: b.Bytes(), Err: err}, nil
}

func TestTheKitFindsEveryMutant(t *testing.T) {
	t.Parallel()
	require.Empty(t, failing(t, demoFixtures(), func(*demo) {}), "the right provider fails in the watcher")
	for name, m := range mutants() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, []string{m.in}, failing(t, demoFixtures(), m.change, m.in))
		})
	}
}
