package carewire_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

// list is a file of a shop: Anna has a booking, Ben is out, Cleo is out and
// has two rows, the consent first, and Dora has nothing.
const list = `name,mobile,unsubscribed,since,why,basis,order,topics,form,url,date
Anna,+14155550142,no,,,transaction,A-1,service,"By giving your number, you ""agree"".",https://acme.example,2026-01-05
Ben,+14155550143,yes,2026-01-07,"Please stop,
no more.",,,,,,
Cleo,+14155550144,no,,,transaction,C-1,service|authentication,,,2026-02-01T10:00:00-08:00
Cleo again,+14155550144,2026-02-02,,,,,,,,
Dora,+14155550145,,,,,,,,,
`

var columns = carewire.Columns{
	Phone: "mobile", OptedOut: "unsubscribed", OptedOutAt: "since", Reason: "why",
	Basis: "basis", Ref: "order", Purposes: "topics", Shown: "form", Where: "url", At: "date",
}

func options(csv string) carewire.ImportOptions {
	return carewire.ImportOptions{From: strings.NewReader(csv), Source: "crm 2026-03-01", Columns: columns}
}

func phone(last int) recipient.Phone {
	return recipient.MustParse(fmt.Sprintf("+1415555%04d", last))
}

// everything is what the store has of the people in list, to compare.
func (b *bench) everything() string {
	b.t.Helper()
	var out bytes.Buffer
	_, err := b.client.Export(ctx, &out, carewire.ExportOptions{})
	require.NoError(b.t, err)
	return out.String()
}

// imported imports a list that must be taken whole.
func (b *bench) imported(o carewire.ImportOptions) carewire.ImportReport {
	b.t.Helper()
	o.Problem = func(p carewire.ImportProblem) { b.t.Errorf("a problem: %v", p) }
	r, err := b.client.Import(ctx, o)
	require.NoError(b.t, err)
	return r
}

func TestImport(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	r := b.imported(options(list))
	require.Equal(t, carewire.ImportReport{
		Rows: 5, OptOuts: 2, Consents: 2, StayOut: 1,
		Next: carewire.ImportPosition{Part: carewire.ImportConsents, Line: 8},
	}, r)

	e, err := b.client.Evidence(ctx, phone(142))
	require.NoError(t, err)
	require.Len(t, e.Consents, 1)
	c := e.Consents[0]
	require.Equal(t, consent.Transaction, c.Basis)
	require.Equal(t, []consent.Purpose{consent.Service}, c.Purposes)
	require.Equal(t, `By giving your number, you "agree".`, c.Shown)
	require.Equal(t, "A-1", c.Ref)
	require.Equal(t, "https://acme.example", c.Where)
	require.Equal(t, time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), c.At)

	e, err = b.client.Evidence(ctx, phone(143))
	require.NoError(t, err)
	require.Empty(t, e.Consents)
	require.Len(t, e.OptOuts, 1)
	o := e.OptOuts[0]
	require.Equal(t, "Please stop,\nno more.", o.Text)
	require.Equal(t, "import: crm 2026-03-01", o.Via)
	require.Equal(t, "acme", o.Brand)
	require.Equal(t, noon, o.At)
	require.Equal(t, time.Date(2026, 1, 7, 0, 0, 0, 0, time.UTC), o.Sent)

	e, err = b.client.Evidence(ctx, phone(144))
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 2, 1, 18, 0, 0, 0, time.UTC), e.Consents[0].At)
	require.Equal(t, []consent.Purpose{consent.Service, consent.Authentication}, e.Consents[0].Purposes)
	require.Equal(t, "unsubscribed: 2026-02-02", e.OptOuts[0].Text)

	for last, reason := range map[int]error{142: nil, 143: carewire.ErrOptedOut, 144: carewire.ErrOptedOut, 145: carewire.ErrNoConsent} {
		_, err := b.client.Send(ctx, carewire.Message{To: phone(last), Purpose: consent.Service, Key: "k", Text: body})
		require.ErrorIs(t, err, reason, last)
	}
}

// The same rows as JSON Lines are the same facts: ids are derived from what the rows say.
func TestImportOfJSONLines(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.imported(options(list))
	want := b.everything()
	o := options(`{"mobile":"+14155550142","unsubscribed":false,"basis":"transaction","order":"A-1","topics":["service"],"form":"By giving your number, you \"agree\".","url":"https://acme.example","date":"2026-01-05","nested":{"a":[1]}}

{"mobile":"+14155550143","unsubscribed":"yes","since":"2026-01-07","why":"Please stop,\nno more."}
{"mobile":"+14155550144","unsubscribed":null,"basis":"transaction","order":"C-1","topics":["service","authentication"],"date":"2026-02-01T10:00:00-08:00"}
{"mobile":"+14155550144","unsubscribed":"2026-02-02"}
{"mobile":"+14155550145","unsubscribed":0}`)
	o.Format = carewire.JSONLines
	r := b.imported(o)
	require.Equal(t, 4, r.Known)
	require.Zero(t, r.OptOuts+r.Consents)
	require.Equal(t, want, b.everything())
}

func TestImportTwiceAddsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	first := b.imported(options(list))
	want := b.everything()
	b.pass(time.Hour)
	again := b.imported(options(list + list[strings.Index(list, "\n")+1:]))
	require.Equal(t, 2*(first.OptOuts+first.Consents), again.Known)
	require.Zero(t, again.OptOuts+again.Consents)
	require.Equal(t, want, b.everything())
	require.NoError(t, b.client.ConsentIn(ctx, b.store, phone(142), consent.Record{
		Basis: consent.Transaction, Ref: "A-1", Purposes: []consent.Purpose{consent.Service},
		Shown: `By giving your number, you "agree".`, Where: "https://acme.example",
	}))
	require.Equal(t, want, b.everything(), "the same consent by hand is the same record")
}

// An opt-out that the person has lifted since stays lifted when the same list
// is read again; a newer list that says so again counts.
func TestImportAfterStart(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	const csv = "mobile,unsubscribed\n+14155550142,yes\n"
	o := options(csv)
	o.Columns = carewire.Columns{Phone: "mobile", OptedOut: "unsubscribed"}
	b.imported(o)
	b.consented()
	b.pass(time.Minute)
	b.say("in1", "START")
	_, err := b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
	o.From = strings.NewReader(csv)
	require.Equal(t, 1, b.imported(o).Known)
	_, err = b.client.Send(ctx, message("k2"))
	require.NoError(t, err)
	o.From, o.Source = strings.NewReader(csv), "crm 2026-04-01"
	require.Equal(t, 1, b.imported(o).OptOuts)
	_, err = b.client.Send(ctx, message("k3"))
	refused(t, err, carewire.ErrOptedOut)
}

// A list does not bring back consent that was taken back, unless it is younger.
func TestImportAfterRevocation(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	const csv = "mobile,basis,order,topics,date\n+14155550142,transaction,A-1,service,%s\n"
	o := options(fmt.Sprintf(csv, ""))
	o.Columns = carewire.Columns{Phone: "mobile", Basis: "basis", Ref: "order", Purposes: "topics", At: "date"}
	b.imported(o)
	b.pass(time.Hour)
	require.NoError(t, b.client.Revoke(ctx, anna, "deactivated number"))
	b.pass(time.Hour)
	want := b.everything()
	for _, date := range []string{"", "2026-03-01", "2026-03-02T13:00:00Z"} { // none, before, and at the revocation
		var problems []carewire.ImportProblem
		o.From = strings.NewReader(fmt.Sprintf(csv, date))
		o.Problem = func(p carewire.ImportProblem) { problems = append(problems, p) }
		r, err := b.client.Import(ctx, o)
		require.NoError(t, err)
		require.Equal(t, 1, r.Rejected)
		require.Len(t, problems, 1)
		require.Equal(t, "import/revoked", refused(t, problems[0].Err, carewire.ErrInvalid).Rule)
		require.Equal(t, want, b.everything())
	}
	o.From = strings.NewReader(fmt.Sprintf(csv, "2026-03-02T13:30:00Z"))
	require.Equal(t, 1, b.imported(o).Consents)
	_, err := b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
}

// bulkSpy is a store that notes what is put in bulk, and can fail.
type bulkSpy struct {
	*memstore.Store
	calls []string
	fail  func(call string) error
}

func (s *bulkSpy) note(call string) error {
	s.calls = append(s.calls, call)
	if s.fail != nil {
		return s.fail(call)
	}
	return nil
}

func (s *bulkSpy) PutAll(ctx context.Context, cs []consent.Record, os []optout.Record, ds []disclosure.Record) error {
	if err := s.note(fmt.Sprintf("put %d opt-outs, %d consents", len(os), len(cs))); err != nil {
		return err
	}
	return s.Store.PutAll(ctx, cs, os, ds)
}

func (s *bulkSpy) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	if err := s.note("facts"); err != nil {
		return nil, err
	}
	return s.Store.FactsOf(ctx, ids)
}

func (s *bulkSpy) Unwrap() store.Store { return nil }

// spied makes a bench over a spy.
func spied(t *testing.T) (*bench, *bulkSpy) {
	t.Helper()
	s := &bulkSpy{Store: memstore.New()}
	return setup(t, func(c *carewire.Config) { c.Store = s }), s
}

// longList has n people: every tenth is out, everybody has a consent.
func longList(n int) string {
	var b strings.Builder
	b.WriteString("mobile,unsubscribed,basis,order,topics\n")
	for i := range n {
		fmt.Fprintf(&b, "+1415%07d,%t,transaction,order-%d,service\n", 2000000+i, i%10 == 9, i)
	}
	return b.String()
}

func longOptions(n int) carewire.ImportOptions {
	o := options(longList(n))
	o.Columns = carewire.Columns{Phone: "mobile", OptedOut: "unsubscribed", Basis: "basis", Ref: "order", Purposes: "topics"}
	return o
}

func TestImportPutsAllOptOutsFirst(t *testing.T) {
	t.Parallel()
	b, s := spied(t)
	r := b.imported(longOptions(2500))
	require.Equal(t, 250, r.OptOuts)
	require.Equal(t, 2500, r.Consents)
	require.Equal(t, 250, r.StayOut)
	require.Equal(t, []string{
		"facts", "put 250 opt-outs, 0 consents",
		"facts", "put 0 opt-outs, 1000 consents", "facts", "put 0 opt-outs, 1000 consents", "facts", "put 0 opt-outs, 500 consents",
	}, s.calls)
}

// Whatever call fails, resuming from where the report says gives what an
// import without a failure gives.
func TestImportResumes(t *testing.T) {
	t.Parallel()
	whole, s := spied(t)
	whole.imported(longOptions(2500))
	calls := len(s.calls)
	want := whole.everything()
	require.Equal(t, 8, calls)
	for n := range calls {
		b, s := spied(t)
		s.fail = func(string) error {
			if len(s.calls) == n+1 {
				return errDown
			}
			return nil
		}
		var seen []carewire.ImportReport
		o := longOptions(2500)
		o.Progress = func(r carewire.ImportReport) { seen = append(seen, r) }
		r, err := b.client.Import(ctx, o)
		refused(t, err, carewire.ErrStore)
		require.ErrorIs(t, err, errDown)
		if len(seen) > 0 {
			require.Equal(t, seen[len(seen)-1].OptOuts, r.OptOuts)
			require.Equal(t, seen[len(seen)-1].Consents, r.Consents)
		}
		next, err := json.Marshal(r.Next)
		require.NoError(t, err)
		o = longOptions(2500)
		require.NoError(t, json.Unmarshal(next, &o.Resume))
		rest := b.imported(o)
		require.Equal(t, 2500, r.Consents+rest.Consents, "nothing is filed twice, and nothing passed over")
		require.Equal(t, 250, r.OptOuts+rest.OptOuts)
		require.Equal(t, want, b.everything())
	}
}

// A resumed import reads all opt-outs again: one that was added since is not missed.
func TestImportResumesWithAllOptOuts(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	o := options(list)
	o.Resume = carewire.ImportPosition{Part: carewire.ImportConsents, Line: 100}
	r := b.imported(o)
	require.Equal(t, 2, r.OptOuts)
	require.Zero(t, r.Consents)
	require.Equal(t, 100, r.Next.Line)
}

func TestImportStopsWhenNobodyWaits(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	gone, cancel := context.WithCancel(ctx)
	o := longOptions(2500)
	o.Progress = func(r carewire.ImportReport) {
		if r.Consents == 1000 {
			cancel()
		}
	}
	r, err := b.client.Import(gone, o)
	refused(t, err, carewire.ErrRefused)
	require.Equal(t, carewire.ImportPosition{Part: carewire.ImportConsents, Line: 1002}, r.Next)
}

func TestImportFilesHeldOptOutsFirst(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.store.fail("PutOptOut")
	require.Error(t, b.client.OptOut(ctx, anna, "Kim", "by voice"))
	_, err := b.client.Import(ctx, options(list))
	refused(t, err, carewire.ErrStore)
	b.store.fail()
	require.Equal(t, 2, b.imported(options(list)).StayOut, "Anna and Cleo")
	require.Zero(t, b.client.Unrecorded())
}

func TestImportOfASuppressionList(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	r := b.imported(carewire.ImportOptions{
		From:   io.MultiReader(strings.NewReader("\ufeff+14155550142;Kim\n"), strings.NewReader("+447700900123;\n")), // cannot seek
		Source: "agency", Header: []string{"number", "agent"}, Comma: ';',
		Columns: carewire.Columns{Phone: "number", By: "agent"}, AllOptedOut: true, AllBrands: true,
	})
	require.Equal(t, 2, r.OptOuts, "another country's too")
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Empty(t, e.OptOuts[0].Brand)
	require.Equal(t, "import: agency, person: Kim", e.OptOuts[0].Via)
	require.NotEmpty(t, e.OptOuts[0].Text)
}

func TestImportWithValuesForAllRows(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	r := b.imported(carewire.ImportOptions{
		From: strings.NewReader("tel,order\n4155550142,881\n"), Source: "bookings",
		Columns:    carewire.Columns{Phone: "tel", Ref: "order"},
		Consent:    consent.Record{Basis: consent.Transaction, Purposes: []consent.Purpose{consent.Service}, Shown: b.client.Notice(), At: noon.Add(-time.Hour)},
		ParsePhone: func(s string) (recipient.Phone, error) { return recipient.Parse("+1" + s) },
	})
	require.Equal(t, 1, r.Consents)
	got, err := b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
	require.False(t, got.Disclosed, "the form said it all")
}

func TestImportFromAPipeInTwoCalls(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	pr, pw, err := os.Pipe()
	require.NoError(t, err)
	defer pr.Close()
	defer pw.Close()
	o := options("")
	o.From = pr
	_, err = b.client.Import(ctx, o)
	require.Equal(t, "import/options", refused(t, err, carewire.ErrInvalid).Rule)
	o.From = onlyReader{strings.NewReader(list)}
	_, err = b.client.Import(ctx, o)
	require.Equal(t, "import/options", refused(t, err, carewire.ErrInvalid).Rule)

	outs, ins := o, o
	outs.From, outs.Columns.Basis = onlyReader{strings.NewReader(list)}, ""
	ins.From, ins.Columns.OptedOut = onlyReader{strings.NewReader(list)}, ""
	require.Equal(t, 2, b.imported(outs).OptOuts)
	require.Equal(t, 2, b.imported(ins).Consents)
}

type onlyReader struct{ io.Reader }

// broken fails after its text.
func broken(text string) io.Reader {
	return io.MultiReader(strings.NewReader(text), onlyReader{errReader{}})
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errDown }

func TestImportOfAFileThatBreaksOff(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]carewire.ImportOptions{
		"csv": {From: broken("mobile\n+14155550142\n+14155550143\n"), Columns: carewire.Columns{Phone: "mobile"}},
		"json": {
			From: broken(`{"mobile":"+14155550142"}` + "\n" + `{"mobile":"+14155550143"}` + "\n"), Format: carewire.JSONLines,
			Columns: carewire.Columns{Phone: "mobile"},
		},
	} {
		b := setup(t, nil)
		o.AllOptedOut, o.Source = true, "list"
		r, err := b.client.Import(ctx, o)
		require.Equal(t, "import/read", refused(t, err, carewire.ErrFile).Rule, name)
		require.ErrorIs(t, err, errDown, name)
		require.NotContains(t, err.Error(), "5550142", name)
		require.Equal(t, 2, r.OptOuts, "%s: what was read is on file", name)
	}
}

// A stop while the file is read is not overwritten by its consents.
func TestStopDuringImport(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	o := longOptions(1500)
	o.Progress = func(r carewire.ImportReport) {
		if r.Next.Part == carewire.ImportOptOuts {
			_, err := b.client.Receive(ctx, provider.Inbound{ID: "in", From: recipient.MustParse("+14152000001"), Text: "STOP"})
			require.NoError(t, err)
		}
	}
	b.imported(o)
	_, err := b.client.Send(ctx, carewire.Message{To: recipient.MustParse("+14152000001"), Purpose: consent.Service, Key: "k", Text: body})
	refused(t, err, carewire.ErrOptedOut)
	_, err = b.client.Send(ctx, carewire.Message{To: recipient.MustParse("+14152000002"), Purpose: consent.Service, Key: "k", Text: body})
	require.NoError(t, err)
}
