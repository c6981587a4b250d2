package providertest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// limit is how long a case waits for something that should happen at once.
const limit = 5 * time.Second

// seen is one request that reached the server.
type seen struct {
	r    *http.Request
	body []byte
}

// raw is everything in the request that the provider wrote.
func (s seen) raw() string {
	var b strings.Builder
	b.WriteString(s.r.URL.String())
	for k, vs := range s.r.Header {
		b.WriteString("\n" + k + ": " + strings.Join(vs, ", "))
	}
	b.WriteString("\n")
	b.Write(s.body)
	return b.String()
}

// server plays the provider's server and keeps what reached it.
type server struct {
	*httptest.Server
	mu   sync.Mutex
	seen []seen
	gone chan struct{} // closed at the end of the case
}

// newServer starts a server on the loopback interface that answers with play.
func newServer(t tb, play func(s *server, w http.ResponseWriter, q seen)) *server {
	s := &server{gone: make(chan struct{})}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client went away
		}
		q := seen{r: r, body: body}
		s.mu.Lock()
		s.seen = append(s.seen, q)
		s.mu.Unlock()
		play(s, w, q)
	}))
	t.Cleanup(func() {
		close(s.gone)
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// requests returns what has reached the server.
func (s *server) requests() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// client returns a client of its own, which follows redirects.
func (s *server) client(t tb) *http.Client {
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// write plays an answer.
func (a Answer) write(w http.ResponseWriter) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	for k, vs := range a.Header {
		w.Header()[http.CanonicalHeaderKey(k)] = vs
	}
	w.WriteHeader(a.Status)
	quoted, err := json.Marshal(kitText)
	if err != nil {
		return // a string always marshals
	}
	body := strings.ReplaceAll(a.Body, "{{to}}", kitNumber)
	body = strings.ReplaceAll(body, "{{text}}", strings.Trim(string(quoted), `"`))
	_, _ = io.WriteString(w, body) // the client may have gone
}

// plays returns a server that gives every request the same answer.
func plays(t tb, a Answer) *server {
	return newServer(t, func(_ *server, w http.ResponseWriter, _ seen) { a.write(w) })
}

// cut breaks the connection without an answer.
func cut(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if c, _, err := h.Hijack(); err == nil {
			_ = c.Close()
		}
	}
}
