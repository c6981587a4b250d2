package providertest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/carewire/carewire/provider"
)

// cases lists what [Run] plays.
func cases(f Fixtures) []testCase {
	list := []testCase{
		{"accept", "A nil error means that the provider has accepted the message.", accept},
		{"ref", "Message.Ref reaches the wire: body, header or callback URL.", refArrives},
		{"texts", "The text arrives byte for byte.", textsArrive},
		{"concurrent", "Send is safe for concurrent use.", concurrent},
		{"no recipient", "A message without a recipient is not sent and the error is definite.", noRecipient},
		{"dead context", "Send obeys ctx: with one that has ended nothing is sent, and that is definite.", deadContext},
		{"hang", "Send obeys ctx; a time-out is Unknown.", hang},
		{"cancel", "Send obeys ctx; a cancelled request is Unknown once it was sent.", cancelled},
		{"cut", "A connection that breaks after the request was sent is Unknown.", cutAfterRequest},
		{"connection refused", "A server that is not reached is Unavailable.", connectionRefused},
		{"silent transport", "A failure of which nothing is known is Unknown.", silentTransport},
		{"throttled", "429 is Throttled, and After is what Retry-After says.", throttled},
		{"500", "5xx is Unknown.", status(http.StatusInternalServerError, `{"code":20500,"message":"for {{to}}: {{text}}"}`)},
		{"503", "5xx is Unknown, 503 too.", status(http.StatusServiceUnavailable, `{"message":"{{to}}"}`)},
		{"HTML 502", "5xx is Unknown, also from a proxy.", status(http.StatusBadGateway, "<html><body>Bad gateway {{to}}</body></html>")},
	}
	if f.Receipt.ID != "" {
		list = append(list,
			testCase{"empty 200", "An answer of success that cannot be understood is Unknown.", status(http.StatusOK, "")},
			testCase{"204", "An answer of success that cannot be understood is Unknown.", status(http.StatusNoContent, "")},
			testCase{"odd JSON", "An answer of success that cannot be understood is Unknown.", oddJSON},
			testCase{"cut body", "An answer of success that breaks off is Unknown.", cutBody},
			testCase{"huge body", "Answers are read up to a limit; beyond it they are Unknown.", hugeBody},
		)
	}
	for _, code := range []int{301, 302, 303, 307, 308} {
		list = append(list, testCase{
			fmt.Sprintf("redirect %d", code), "Redirects are never followed: body and credentials go to one server only.", redirect(code),
		})
	}
	for _, r := range f.Refusals {
		list = append(list, testCase{"refusal/" + r.Name, "A documented refusal has its Kind and Code, and is not retried.", refusal(r)})
	}
	if f.HasTTL {
		list = append(list, testCase{"TTL", "Message.TTL is mapped to the provider's own field; 0 leaves it out.", ttl})
	}
	return list
}

func accept(b *bench) {
	s := plays(b, b.f.Accept)
	r := b.send(b.Context(), b.against(s), s, kitMessage())
	if r.err != nil {
		b.Fatalf("the documented answer of success gave an error of kind %v", provider.KindOf(r.err))
	}
	b.once(s)
	if r.receipt != b.f.Receipt {
		b.Errorf("the receipt is %+v, want %+v", r.receipt, b.f.Receipt)
	}
	got, err := b.f.Read(s.requests()[0].r, s.requests()[0].body)
	switch {
	case err != nil:
		b.Errorf("the request cannot be read: %v", err)
	case strings.TrimPrefix(got.To, "+") != strings.TrimPrefix(kitNumber, "+"):
		b.Errorf("the recipient on the wire is not the message's")
	case got.Text != kitText:
		b.Errorf("the text on the wire is not the message's")
	}
}

func refArrives(b *bench) {
	s := plays(b, b.f.Accept)
	p := b.against(s)
	b.send(b.Context(), p, s, kitMessage())
	for _, q := range s.requests() {
		if strings.Contains(q.raw(), kitRef) {
			return
		}
	}
	b.Errorf("Message.Ref stands nowhere in the request")
}

func textsArrive(b *bench) {
	s := plays(b, b.f.Accept)
	p := b.against(s)
	for i, text := range peculiar() {
		m := kitMessage()
		m.Text = text
		b.send(b.Context(), p, s, m)
		qs := s.requests()
		if len(qs) != i+1 {
			b.Fatalf("text %d: %d requests, want %d", i, len(qs), i+1)
			return
		}
		got, err := b.f.Read(qs[i].r, qs[i].body)
		if err != nil || got.Text != text {
			b.Errorf("text %d arrived changed (error %v)\n got %q\nwant %q", i, err, got.Text, text)
		}
	}
}

func concurrent(b *bench) {
	const n = 16
	s := plays(b, b.f.Accept)
	p := b.against(s)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			m := kitMessage()
			m.Text = fmt.Sprintf("%s #%02d", kitText, i)
			m.Ref = fmt.Sprintf("%s-%02d", kitRef, i)
			if _, err := p.Send(b.Context(), m); err != nil {
				b.Errorf("message %d was not accepted: kind %v", i, provider.KindOf(err))
			}
		})
	}
	wg.Wait()
	count := map[string]int{}
	for _, q := range s.requests() {
		got, err := b.f.Read(q.r, q.body)
		if err != nil {
			b.Errorf("a request cannot be read: %v", err)
			continue
		}
		number := got.Text[max(len(got.Text)-2, 0):]
		if !strings.Contains(q.raw(), kitRef+"-"+number) {
			b.Errorf("text %s went out with the ref of another message", number)
		}
		count[got.Text]++
	}
	if len(count) != n || len(s.requests()) != n {
		b.Errorf("%d different texts in %d requests, want %d in %d", len(count), len(s.requests()), n, n)
	}
}

func noRecipient(b *bench) {
	s := plays(b, b.f.Accept)
	r := b.send(b.Context(), b.against(s), s, provider.Message{Text: kitText, Ref: kitRef})
	if n := len(s.requests()); n != 0 {
		b.Errorf("%d requests reached the server, want none", n)
	}
	b.want(r.err, provider.Refused)
}

func deadContext(b *bench) {
	s := plays(b, b.f.Accept)
	p := b.against(s)
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	r := b.send(ctx, p, s, kitMessage())
	if n := len(s.requests()); n != 0 {
		b.Errorf("%d requests reached the server, want none", n)
	}
	b.want(r.err, provider.Unavailable)
}

// hanging returns a server that never answers, and a channel that tells when it was asked.
func hanging(b *bench) (*server, <-chan struct{}) {
	asked := make(chan struct{}, 16)
	s := newServer(b, func(s *server, _ http.ResponseWriter, _ seen) {
		asked <- struct{}{}
		<-s.gone
	})
	return s, asked
}

func hang(b *bench) {
	s, _ := hanging(b)
	p := b.against(s)
	ctx, cancel := context.WithTimeout(b.Context(), 150*time.Millisecond)
	defer cancel()
	r := b.send(ctx, p, s, kitMessage())
	b.want(r.err, provider.Unknown)
	b.once(s)
}

func cancelled(b *bench) {
	s, asked := hanging(b)
	p := b.against(s)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go func() {
		<-asked
		cancel()
	}()
	r := b.send(ctx, p, s, kitMessage())
	b.want(r.err, provider.Unknown)
	b.once(s)
}

func cutAfterRequest(b *bench) {
	b.unknown(newServer(b, func(_ *server, w http.ResponseWriter, _ seen) { cut(w) }))
}

func connectionRefused(b *bench) {
	s := plays(b, b.f.Accept)
	p := b.against(s)
	s.Close()
	r := b.send(b.Context(), p, s, kitMessage())
	b.want(r.err, provider.Unavailable)
}

// silent is a transport that fails without a word about the connection.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return nil, fmt.Errorf("transport: %s %s failed for %s with %v", r.Method, r.URL, kitNumber, r.Header)
}

func silentTransport(b *bench) {
	s := plays(b, b.f.Accept)
	p := b.open(s.URL, &http.Client{Transport: silent{}})
	r := b.send(b.Context(), p, s, kitMessage())
	b.want(r.err, provider.Unknown)
}

func throttled(b *bench) {
	s := plays(b, Answer{
		Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"7"}}, Body: `{"message":"slow down, {{to}}"}`,
	})
	r := b.send(b.Context(), b.against(s), s, kitMessage())
	b.want(r.err, provider.Throttled)
	b.once(s)
	b.code(r.err, "HTTP 429", 7*time.Second)
}

// status makes a case in which the server answers so, and nothing is known.
func status(code int, body string) func(*bench) {
	return func(b *bench) { b.unknown(plays(b, Answer{Status: code, Body: body})) }
}

func oddJSON(b *bench) {
	for _, body := range []string{
		`null`, `[]`, `{}`, `"{{to}}"`, `17`, `{"`, `[null]`, `[[[{}]]]`, `{{to}}`,
		`{"id":null,"sid":null,"data":null,"messages":null,"message_uuid":null,"MessageId":null}`,
		`{"id":{},"sid":[],"data":[],"messages":{},"message_uuid":{},"MessageId":[]}`,
		`{"id":"","sid":"","data":{"id":""},"message_uuid":[],"MessageId":""}`,
		strings.Repeat(`[`, 20000),
	} {
		b.unknown(plays(b, Answer{Status: b.f.Accept.Status, Body: body}))
	}
}

func cutBody(b *bench) {
	s := newServer(b, func(_ *server, w http.ResponseWriter, _ seen) {
		h, ok := w.(http.Hijacker)
		if !ok {
			return
		}
		c, buf, err := h.Hijack()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		body := b.f.Accept.Body
		_, _ = fmt.Fprintf(buf, "HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			b.f.Accept.Status, len(body)+50, body)
		_ = buf.Flush()
	})
	b.unknown(s)
}

func hugeBody(b *bench) {
	const chunk, most = 64 << 10, 32 << 20
	written := make(chan int, 4)
	s := newServer(b, func(_ *server, w http.ResponseWriter, _ seen) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(b.f.Accept.Status)
		space := []byte(strings.Repeat(" ", chunk))
		n := 0
		for n < most {
			k, err := w.Write(space)
			if n += k; err != nil {
				break
			}
		}
		written <- n
	})
	b.unknown(s)
	select {
	case n := <-written:
		if n >= most {
			b.Errorf("the whole of an answer of %d MiB was read", most>>20)
		}
	case <-time.After(b.limit):
		b.Errorf("the answer is still being read")
	}
}

func redirect(code int) func(*bench) {
	return func(b *bench) {
		other := plays(b, b.f.Accept)
		s := newServer(b, func(_ *server, w http.ResponseWriter, _ seen) {
			w.Header().Set("Location", other.URL+"/elsewhere")
			w.WriteHeader(code)
		})
		b.unknown(s)
		if n := len(other.requests()); n != 0 {
			b.Errorf("the redirect was followed: %d requests reached the other server", n)
		}
	}
}

func refusal(f Refused) func(*bench) {
	return func(b *bench) {
		s := plays(b, f.Answer)
		r := b.send(b.Context(), b.against(s), s, kitMessage())
		b.want(r.err, f.Kind)
		b.once(s)
		b.code(r.err, f.Code, f.After)
	}
}

func ttl(b *bench) {
	tests := []struct{ give, least, most time.Duration }{
		{0, 0, 0},
		{10 * time.Minute, 10 * time.Minute, 10 * time.Minute},
		{time.Hour, time.Hour, time.Hour},
		{300 * time.Millisecond, time.Millisecond, time.Minute}, // never "no limit"
		{1000 * time.Hour, time.Minute, 1000 * time.Hour},       // the provider's maximum at most
	}
	for _, tt := range tests {
		s := plays(b, b.f.Accept)
		m := kitMessage()
		m.TTL = tt.give
		b.send(b.Context(), b.against(s), s, m)
		qs := s.requests()
		if len(qs) != 1 {
			b.Fatalf("TTL %v: %d requests, want 1", tt.give, len(qs))
			return
		}
		got, err := b.f.Read(qs[0].r, qs[0].body)
		if err != nil {
			b.Fatalf("TTL %v: the request cannot be read: %v", tt.give, err)
			return
		}
		if got.TTL < tt.least || got.TTL > tt.most {
			b.Errorf("TTL %v went out as %v", tt.give, got.TTL)
		}
	}
}
