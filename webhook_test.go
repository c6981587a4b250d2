package carewire_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
)

// line is one event of the plain webhook below.
type line struct {
	ID, From, Text, Ref string
	Failed              bool
	Sent                time.Time
}

// plain is a webhook adapter for JSON arrays, signed with a word in a header.
type plain struct{}

func (plain) Verify(r *http.Request, _ []byte) error {
	if r.Header.Get("X-Word") != "open sesame" {
		return &provider.WebhookError{Status: http.StatusUnauthorized, Reason: "wrong word"}
	}
	return nil
}

func (p plain) Parse(r *http.Request, body []byte) ([]provider.Event, error) {
	if err := p.Verify(r, body); err != nil {
		return nil, err
	}
	if string(body) == "panic" {
		panic(string(body))
	}
	var lines []line
	if err := json.Unmarshal(body, &lines); err != nil {
		return nil, &provider.WebhookError{Status: http.StatusBadRequest, Reason: "not JSON"}
	}
	var events []provider.Event
	for _, l := range lines {
		from, _ := recipient.Parse(l.From) //nolint:errcheck // the client refuses what is no number
		if l.Ref != "" {
			s := provider.Status{Ref: l.Ref, To: from, State: provider.Delivered}
			if l.Failed {
				s.State, s.Kind, s.Code = provider.Failed, provider.OptedOut, "21610"
			}
			events = append(events, provider.Event{Status: &s})
			continue
		}
		events = append(events, provider.Event{Inbound: &provider.Inbound{ID: l.ID, From: from, Text: l.Text, Sent: l.Sent}})
	}
	return events, nil
}

func (plain) Ack(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }

// post calls the handler the way a provider does.
func post(h http.Handler, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/sms", strings.NewReader(body))
	r.Header.Set("X-Word", "open sesame")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func inboundJSON(id, text string) string {
	return fmt.Sprintf(`[{"ID":%q,"From":%q,"Text":%q}]`, id, number, text)
}

func TestAWebhookFilesBeforeItAcknowledges(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	var seen []carewire.Inbound
	h := b.client.Webhook(plain{}, func(_ context.Context, in carewire.Inbound) error {
		if in.Reading.Intent == optout.Stop {
			e, err := b.client.Evidence(ctx, anna)
			if err != nil || len(e.OptOuts) != 1 {
				return errors.New("not on file yet")
			}
		}
		seen = append(seen, in)
		return nil
	})
	require.Equal(t, http.StatusNoContent, post(h, inboundJSON("in1", "who is coming?")).Code)
	require.Equal(t, http.StatusNoContent, post(h, inboundJSON("in2", "STOP")).Code)
	require.Equal(t, http.StatusNoContent, post(h, inboundJSON("in2", "STOP")).Code)
	require.Len(t, seen, 2, "what is delivered again reaches nobody")
	require.Equal(t, []string{stopped}, b.texts())
	_, err := b.client.Send(ctx, message("k1"))
	refused(t, err, carewire.ErrOptedOut)
}

func TestAWebhookAsksForRedelivery(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	fail := true
	h := b.client.Webhook(plain{}, func(context.Context, carewire.Inbound) error {
		if fail {
			panic("out of memory, said " + number)
		}
		return nil
	})
	require.Equal(t, http.StatusInternalServerError, post(h, inboundJSON("in1", "STOP")).Code)
	_, err := b.client.Send(ctx, message("k1"))
	refused(t, err, carewire.ErrOptedOut)
	require.Equal(t, []string{stopped}, b.texts())
	fail = false
	require.Equal(t, http.StatusNoContent, post(h, inboundJSON("in1", "STOP")).Code)
	require.Empty(t, b.texts(), "confirmed once")

	b.store.fail("all")
	require.Equal(t, http.StatusInternalServerError, post(h, inboundJSON("in3", "START")).Code)
	b.store.fail()
	require.Equal(t, http.StatusNoContent, post(h, inboundJSON("in3", "START")).Code)
}

func TestAWebhookRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	h := b.client.Webhook(plain{}, nil)
	for name, tc := range map[string]struct {
		body, word string
		status     int
	}{
		"unsigned":   {inboundJSON("in1", "STOP"), "", http.StatusUnauthorized},
		"too large":  {strings.Repeat(" ", 64<<10+1), "open sesame", http.StatusRequestEntityTooLarge},
		"unreadable": {"{", "open sesame", http.StatusBadRequest},
		"panic":      {"panic", "open sesame", http.StatusInternalServerError},
	} {
		r := httptest.NewRequest(http.MethodPost, "/sms", strings.NewReader(tc.body))
		r.Header.Set("X-Word", tc.word)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, tc.status, w.Code, name)
	}
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Empty(t, e.OptOuts)
}

func TestAWebhookWithManyEvents(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	r, err := b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
	h := b.client.Webhook(plain{}, nil)
	many := fmt.Sprintf(`[{"ID":"in1","From":"nobody","Text":"STOP"},{"Ref":"ghost","From":%q},{"Ref":%q,"From":%q,"Failed":true},{"ID":"in2","From":"+14155550199","Text":"HELP"}]`,
		number, r.AttemptID, number)
	b.texts()
	require.Equal(t, http.StatusNoContent, post(h, many).Code, "what no redelivery can mend is acknowledged")
	require.Equal(t, []string{help}, b.texts())
	_, err = b.client.Send(ctx, message("k2"))
	refused(t, err, carewire.ErrOptedOut)
}

// The answer goes out after the acknowledgement has reached the provider, and
// before the handler returns.
func TestTheConfirmationDoesNotDelayTheAcknowledgement(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	acknowledged := make(chan struct{})
	b.answer = func(context.Context, provider.Message) (provider.Receipt, error) {
		select {
		case <-acknowledged:
			return provider.Receipt{ID: "SM1"}, nil
		case <-time.After(10 * time.Second):
			return provider.Receipt{}, errors.New("the provider still waits")
		}
	}
	srv := httptest.NewServer(b.client.Webhook(plain{}, nil))
	defer srv.Close()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL, strings.NewReader(inboundJSON("in1", "STOP")))
	require.NoError(t, err)
	req.Header.Set("X-Word", "open sesame")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	close(acknowledged)
	require.Equal(t, http.StatusNoContent, resp.StatusCode)
	_, _ = io.Copy(io.Discard, resp.Body)
	require.NoError(t, resp.Body.Close())
	srv.Close() // waits for the handler
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Equal(t, "accepted", e.Outcomes[1].State.String())
}

func FuzzWebhook(f *testing.F) {
	f.Add(inboundJSON("in1", "STOP"))
	f.Add(`[{"Ref":"x","From":"+14155550142","Failed":true}]`)
	f.Add(`[{"ID":"","From":"+14155550142","Text":"\u0000🛑 stop"}]`)
	f.Fuzz(func(t *testing.T, body string) {
		b := setup(t, nil)
		if code := post(b.client.Webhook(plain{}, nil), body).Code; code != 204 && code != 400 && code != 413 && code != 500 {
			t.Fatalf("status %d", code)
		}
	})
}
