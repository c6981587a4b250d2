package evidence_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

func TestBuildTellsTheStory(t *testing.T) {
	t.Parallel()
	p := pack(t)
	var got []string
	for _, e := range p.Events {
		got = append(got, fmt.Sprintf("%d %s %s by:%s after:%d", e.N, e.Kind, e.ID, e.PermittedBy, e.MessagesAfter))
	}
	require.Equal(t, []string{
		"1 consent c-1 by: after:0",
		"2 attempt a-1 by:c-1 after:0",
		"3 disclosure d-1 by: after:0",
		"4 attempt a-2 by:c-1 after:0",
		"5 opt-out o-1 by: after:0",
		"6 attempt a-3 by: after:0",
		"7 attempt a-4 by: after:0",
		"8 opt-in o-2 by: after:0",
		"9 revocation r-1 by: after:0",
	}, got)
	stop := p.Events[4]
	require.Equal(t, 2*time.Second, stop.Honoured.Sub(stop.Received))
	require.Equal(t, "please STOP texting me", stop.OptOut.Text)
	require.NoError(t, p.Check())
}

func TestMessagesAfterAnOptOutAreCounted(t *testing.T) {
	t.Parallel()
	s := memstore.New()
	story(t, s, someone)
	attempt(t.Context(), t, s, someone, "late", store.KeyMessage, start.Add(100*time.Minute), store.Unknown, "")
	p, err := evidence.Build(t.Context(), s, someone, program, evidence.Options{Now: start})
	require.NoError(t, err)
	require.Equal(t, 1, p.Events[4].MessagesAfter)
	var b strings.Builder
	require.NoError(t, p.WriteHTML(&b))
	require.Contains(t, b.String(), "1 message(s) went out while it stood")
}

func TestJSONIsReadBack(t *testing.T) {
	t.Parallel()
	p := pack(t)
	var b bytes.Buffer
	require.NoError(t, p.WriteJSON(&b))
	again, err := evidence.Read(&b)
	require.NoError(t, err)
	require.Equal(t, p, again)
}

func TestReadIsStrict(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, pack(t).WriteJSON(&b))
	good := b.String()
	for name, bad := range map[string]string{
		"nothing":             "",
		"cut":                 good[:len(good)/2],
		"more":                good + "{}",
		"a space":             strings.Replace(good, `"n": 1`, `"n":  1`, 1),
		"another case":        strings.Replace(good, `"phone"`, `"Phone"`, 1),
		"a name twice":        strings.Replace(good, `"n": 1,`, `"n": 1, "n": 1,`, 1),
		"an unknown name":     strings.Replace(good, `"n": 1,`, `"n": 1, "note": "x",`, 1),
		"another schema":      strings.Replace(good, "evidence/1", "evidence/2", 1),
		"an escape":           strings.Replace(good, "STOP", `\u0053TOP`, 1),
		"a time of elsewhere": strings.Replace(good, "2026-11-02T09:00:00Z", "2026-11-02T10:00:00+01:00", 1),
		"another line end":    strings.ReplaceAll(good, "\n", "\r\n"),
	} {
		_, err := evidence.Read(strings.NewReader(bad))
		require.ErrorIs(t, err, evidence.ErrForm, name)
		require.NotContains(t, err.Error(), "4155550123", name)
	}
}

func TestCheckFindsContradictions(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		bend func(p *evidence.Pack)
		at   int
	}{
		"numbers":   {func(p *evidence.Pack) { p.Events[3].N = 9 }, 4},
		"order":     {func(p *evidence.Pack) { p.Events[3].Attempt.At = start; evidence.Derive(p.Events) }, 4},
		"permitted": {func(p *evidence.Pack) { p.Events[1].PermittedBy = "" }, 2},
		"after":     {func(p *evidence.Pack) { p.Events[4].MessagesAfter = 7 }, 5},
		"kind":      {func(p *evidence.Pack) { p.Events[4].Kind = evidence.KindOptIn }, 5},
		"received":  {func(p *evidence.Pack) { p.Events[4].Received = start }, 5},
		"honoured":  {func(p *evidence.Pack) { p.Events[4].Honoured = start }, 5},
		"record":    {func(p *evidence.Pack) { p.Events[5].Attempt = nil }, 6},
		"records":   {func(p *evidence.Pack) { p.Events[5].OptOut = &evidence.OptOut{} }, 6},
		"state":     {func(p *evidence.Pack) { p.Events[5].Attempt.State = "lost" }, 6},
	} {
		p := pack(t)
		tc.bend(&p)
		var e *evidence.EventError
		require.ErrorAs(t, p.Check(), &e, name)
		require.Equal(t, tc.at, e.N, name)
		require.ErrorIs(t, e, evidence.ErrInconsistent)
	}
}

func TestPageStandsAlone(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	require.NoError(t, pack(t).WriteHTML(&b))
	page := b.String()
	for _, want := range []string{
		`<html lang="en">`, "<main", "<nav", "<header", "<footer", "<caption>", `scope="col"`, `scope="row"`, "<h1>", "prefers-color-scheme: dark", "@media print",
		"please STOP texting me", "Kim", "request of the person", "&lt;b&gt;from us&lt;/b&gt;", "booking-881", "opt-out/standing", "It was in force 2.0 seconds after it was sent",
	} {
		require.Contains(t, page, want)
	}
	require.NotRegexp(t, `(?i)<script|<link|<img|<iframe|@import|url\(|javascript:| on[a-z]+=`, page)
}

func TestTextsCannotBreakOutOfThePage(t *testing.T) {
	t.Parallel()
	s := memstore.New()
	for i, text := range []string{`</style><script>alert(1)</script>`, `" onload="x`, "]]>--><!--", "\u202eSTOP", strings.Repeat("x", 5000)} {
		require.NoError(t, s.PutOptOut(t.Context(), optout.Record{ID: fmt.Sprint(i), Of: someone, Brand: text, Via: text, Text: text, Rule: text, At: start}))
	}
	p, err := evidence.Build(t.Context(), s, someone, program, evidence.Options{Now: start})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, p.WriteHTML(&b))
	require.NotContains(t, b.String(), "<script")
	require.NotContains(t, b.String(), `" onload=`)
}

func TestNothingIsPrinted(t *testing.T) {
	t.Parallel()
	p := pack(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		out := fmt.Sprintf(verb+verb, p, p.Events[4])
		require.NotContains(t, out, "4155550123")
		require.NotContains(t, out, "STOP")
	}
	require.NotContains(t, p.LogValue().String()+p.Events[4].LogValue().String(), "STOP")
}

func TestExportIsEverybody(t *testing.T) {
	t.Parallel()
	s := memstore.New()
	ids := people(t, s, 12)
	onlyTried := recipient.ID{Tenant: someone.Tenant, Phone: recipient.MustParse("+14155550199")}
	attempt(t.Context(), t, s, onlyTried, "x", store.KeyRefusal, start, store.Refused, "consent/none")
	story(t, s, recipient.ID{Tenant: "other", Phone: someone.Phone})
	var b bytes.Buffer
	r, err := evidence.Export(t.Context(), &b, s, someone.Tenant, recipient.Phone{}, program, evidence.Options{Now: start, Library: "x"})
	require.NoError(t, err)
	require.Equal(t, evidence.ExportReport{Recipients: 13, Events: 12*9 + 1, Last: ids[11].Phone}, r)
	lines := strings.SplitAfter(strings.TrimSuffix(b.String(), "\n"), "\n")
	require.Len(t, lines, 13)
	for i, line := range lines {
		p, err := evidence.Read(strings.NewReader(strings.TrimSuffix(line, "\n") + "\n"))
		require.NoError(t, err)
		require.NoError(t, p.Check())
		if i > 0 {
			require.Equal(t, ids[i-1].Phone.E164(), p.Phone)
		}
	}
	r, err = evidence.Export(t.Context(), io.Discard, s, someone.Tenant, ids[8].Phone, program, evidence.Options{Now: start})
	require.NoError(t, err)
	require.Equal(t, 3, r.Recipients)
}

// blind is a store that cannot list its people, and fails when it is told to.
type blind struct {
	store.Store
	err error
}

func (b blind) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	if b.err != nil {
		return nil, b.err
	}
	return b.Store.OptOuts(ctx, id)
}

func (b blind) Outcomes(ctx context.Context, id recipient.ID) ([]store.Outcome, error) {
	if b.err != nil {
		return nil, b.err
	}
	return b.Store.Outcomes(ctx, id)
}

func TestFailuresAreErrors(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	_, err := evidence.Build(t.Context(), blind{memstore.New(), down}, someone, program, evidence.Options{Now: start})
	require.ErrorIs(t, err, down)
	_, err = evidence.Export(t.Context(), io.Discard, blind{memstore.New(), nil}, "", recipient.Phone{}, program, evidence.Options{Now: start})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = evidence.Build(t.Context(), memstore.New(), someone, program, evidence.Options{})
	require.ErrorIs(t, err, evidence.ErrInput)
	_, err = evidence.Export(t.Context(), io.Discard, memstore.New(), "", recipient.Phone{}, program, evidence.Options{})
	require.ErrorIs(t, err, evidence.ErrInput)
	require.NotEmpty(t, evidence.Library())
}

func BenchmarkExport(b *testing.B) {
	s := memstore.New()
	for i := range 2000 {
		id := recipient.ID{Tenant: "t", Phone: recipient.MustParse(fmt.Sprintf("+1415556%04d", i))}
		for j := range 9 {
			if err := s.PutOptOut(b.Context(), optout.Record{ID: fmt.Sprint(j), Of: id, At: start, Text: "STOP"}); err != nil {
				b.Fatal(err)
			}
		}
	}
	events := 0
	for b.Loop() {
		r, err := evidence.Export(b.Context(), io.Discard, s, "t", recipient.Phone{}, program, evidence.Options{Now: start})
		if err != nil {
			b.Fatal(err)
		}
		events += r.Events
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "facts/s")
}
