package carewire_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
)

// problems imports and returns what was reported.
func (b *bench) problems(o carewire.ImportOptions) (carewire.ImportReport, []carewire.ImportProblem) {
	b.t.Helper()
	var out []carewire.ImportProblem
	o.Problem = func(p carewire.ImportProblem) { out = append(out, p) }
	r, err := b.client.Import(ctx, o)
	require.NoError(b.t, err)
	return r, out
}

// told lists problems as "line rule".
func told(ps []carewire.ImportProblem) (out []string) {
	for _, p := range ps {
		var e *carewire.Error
		if errors.As(p.Err, &e) {
			out = append(out, fmt.Sprintf("%d %v %s", p.Line, p.Part, e.Rule))
		}
	}
	return out
}

func TestImportTellsWhatItRejects(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	rows := []string{
		"mobile,unsubscribed,since,basis,order,topics,date",
		"415 555 0142 zebra,yes,,,,,",                         // 2: no number
		"+14155550150,maybe,,transaction,A-1,service,",        // 3: neither
		"+14155550151,yes,zebra,,,,",                          // 4: filed without its date
		"+14155550152,yes,2027-01-01,,,,",                     // 5: filed without its date
		"+14155550153,no,,promise,A-1,service,",               // 6: no basis
		"+447700900123,no,,transaction,A-1,service,",          // 7: country
		"+14155550154,no,,transaction,,service,",              // 8: no reference
		"+14155550155,no,,transaction,A-1,,",                  // 9: no purpose
		"+14155550156,no,,transaction,A-1,service;billing,",   // 10: not the program's
		"+14155550157,no,,transaction,A-1,marketing,",         // 11
		"+14155550158,no,,transaction,A-1,service,2027-01-01", // 12: future
		"+14155550159,no,,transaction,A-1,service,01/02/2026", // 13: date
		"+14155550160,no,,transaction,A\x001,service,",        // 14: NUL
		"+14155550161,no,,transaction,\xff,service,",          // 15: not UTF-8
		"+14155550162,no,,inbound,A-1,service,",               // 16: only the client writes it
		"+14155550163,no,,transaction,A-1",                    // 17: cells
		`+14155550164,no,,transaction,A"1,service,`,           // 18: quote
		"+14155550165,no,,transaction,A-1,service,",           // 19: good
		"+14155550166,yes,,,,,",                               // 20: good
	}
	o := options(strings.Join(rows, "\n"))
	o.Columns = carewire.Columns{
		Phone: "mobile", OptedOut: "unsubscribed", OptedOutAt: "since", Basis: "basis", Ref: "order", Purposes: "topics", At: "date",
	}
	r, ps := b.problems(o)
	require.Equal(t, []string{
		"2 opt-outs import/phone", "3 opt-outs import/opted-out", "4 opt-outs import/date", "5 opt-outs import/date",
		"17 opt-outs import/row", "18 opt-outs import/row",
		"6 consents import/basis", "7 consents import/country", "8 consents consent/invalid", "9 consents consent/invalid",
		"10 consents purpose/undeclared", "11 consents purpose/marketing", "12 consents consent/invalid", "13 consents import/date",
		"14 consents consent/text", "15 consents consent/text", "16 consents consent/invalid",
	}, told(ps))
	require.Equal(t, 3, r.OptOuts)
	require.Equal(t, 1, r.Consents)
	require.Equal(t, len(ps)-2, r.Rejected)
	pr := &printer{t: t}
	for _, p := range ps {
		require.Equal(t, p.Line == 4 || p.Line == 5, p.Filed)
		pr.print(p)
		pr.error(p.Err)
		pr.check("a problem", p.String())
		for _, leak := range []string{"0142", "maybe", "promise", "4477", "01/02"} {
			require.NotContains(t, p.String()+fmt.Sprintf("%+v %v", p, p.Err), leak)
		}
	}
	require.Equal(t, "line 8: invalid message: consent: invalid record: implied consent names its order, booking or ticket in Ref [consent/invalid]", ps[8].String())
}

// What the application's own functions say is found, and not printed.
func TestImportWithOwnFunctions(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	leak := errors.New("zebra +14155550142")
	o := options("mobile,unsubscribed,since\na,no,\nb,?,\nc,out,x\nd,in,\n")
	o.Columns = carewire.Columns{Phone: "mobile", OptedOut: "unsubscribed", OptedOutAt: "since"}
	o.ParsePhone = func(s string) (recipient.Phone, error) {
		switch s {
		case "a":
			return recipient.Phone{}, leak
		case "d":
			return recipient.Phone{}, nil
		}
		return anna, nil
	}
	o.IsOptedOut = func(s string) (bool, error) {
		if s == "?" {
			return false, leak
		}
		return s == "out", nil
	}
	o.ParseTime = func(string) (time.Time, error) { return time.Time{}, leak }
	r, ps := b.problems(o)
	require.Equal(t, []string{"2 opt-outs import/phone", "3 opt-outs import/opted-out", "4 opt-outs import/date", "5 opt-outs import/phone"}, told(ps))
	require.Equal(t, 1, r.OptOuts)
	pr := &printer{t: t}
	for i, p := range ps {
		require.Equal(t, i < 3, errors.Is(p.Err, leak))
		pr.print(p)
		pr.error(p.Err)
	}
}

func TestImportReadsValues(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"true", "T", "YES", "y", "1", "X", "on", "out", "Opted Out", "STOP", "unsubscribed", "2026-02-01", "2026-02-01 10:00", "2026-02-01T10:00:00Z", "2026-02-01 10:00:00.25+01"} {
		require.Equal(t, 1, imported1(t, cell).OptOuts, cell)
	}
	for _, cell := range []string{"", "false", "F", "No", "n", "0", "off", " "} {
		r := imported1(t, cell)
		require.Zero(t, r.OptOuts+r.Rejected, cell)
	}
	for _, cell := range []string{"maybe", "2", "-", "null", "01/02/2026", "0001-01-01"} {
		r := imported1(t, cell)
		require.Equal(t, 1, r.Rejected, cell)
		require.Zero(t, r.OptOuts, cell)
	}
}

func imported1(t *testing.T, cell string) carewire.ImportReport {
	t.Helper()
	o := options("mobile,unsubscribed\n+14155550142," + cell + "\n")
	o.Columns = carewire.Columns{Phone: "mobile", OptedOut: "unsubscribed"}
	r, _ := setup(t, nil).problems(o)
	return r
}

// An import has no rules of its own for consents: what Consent refuses, it rejects by the same rule.
func TestImportObeysTheRulesOfConsent(t *testing.T) {
	t.Parallel()
	for _, r := range []consent.Record{
		{Basis: consent.Transaction, Purposes: []consent.Purpose{consent.Service}},
		{Basis: consent.Transaction, Ref: "A-1"},
		{Basis: consent.Transaction, Ref: "A-1", Purposes: []consent.Purpose{consent.Billing}},
		{Basis: consent.Transaction, Ref: "A-1", Purposes: []consent.Purpose{consent.Conversation}},
		{Basis: consent.Inbound, Ref: "A-1", Purposes: []consent.Purpose{consent.Conversation}, Until: noon.Add(time.Hour)},
		{Basis: consent.Form, Purposes: []consent.Purpose{consent.Service}},
		{Basis: consent.Written, Shown: "x", Purposes: []consent.Purpose{consent.Service}},
		{Basis: consent.Written, Shown: "x", Confirmed: "y", Purposes: []consent.Purpose{consent.Marketing}},
		{Basis: consent.Transaction, Ref: "A-1", Purposes: []consent.Purpose{consent.Service}, At: noon.Add(6 * time.Minute)},
		{Basis: consent.Transaction, Ref: "A-1", Purposes: []consent.Purpose{consent.Service}, At: noon.Add(4 * time.Minute)},
		{Basis: consent.Form, Shown: "x", Purposes: []consent.Purpose{consent.Service}},
	} {
		b := setup(t, nil)
		o := options("mobile\n+14155550142\n")
		o.Columns, o.Consent = carewire.Columns{Phone: "mobile"}, r
		rep, ps := b.problems(o)
		err := b.client.Consent(ctx, phone(143), r)
		if err == nil {
			require.Equal(t, 1, rep.Consents)
			continue
		}
		require.Len(t, ps, 1)
		require.Equal(t, refused(t, err, carewire.ErrInvalid).Rule, refused(t, ps[0].Err, carewire.ErrInvalid).Rule)
		require.Zero(t, rep.Consents)
	}
}

func TestImportOfBadJSONLines(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	o := options(strings.Join([]string{
		`{"mobile":"+14155550142","unsubscribed":true}`,
		`{"mobile":"+14155550143"}`,                                          // 2: does not say
		`{"mobile":"+14155550143","unsubscribed":true,"unsubscribed":false}`, // 3: twice
		`{"mobile":"+14155550143","unsubscribed":{"zebra":1}}`,               // 4: an object
		`{"mobile":"+14155550143","unsubscribed":[1]}`,                       // 5: a list of other things
		`["+14155550143"]`, // 6
		`{"mobile":"+14155550143","unsubscribed":true`,                           // 7
		`{"mobile":"+14155550143","unsubscribed":true} {}`,                       // 8
		`{"mobile":"+14155550143","unsubscribed":zebra}`,                         // 9
		strings.Repeat("zebra", 300_000),                                         // 10: too long
		`{"unsubscribed":true,"mobile":14155550143}`,                             // 11: a number lacks its plus sign
		`{"mobile":"+14155550144","unsubscribed":true,"unsub\u0073cribed":true}`, // 12: twice, disguised
		`{"mobile":"+14155550145","unsubscribed":1}`,
	}, "\r\n"))
	o.Format, o.Columns = carewire.JSONLines, carewire.Columns{Phone: "mobile", OptedOut: "unsubscribed"}
	r, ps := b.problems(o)
	require.Equal(t, 2, r.OptOuts)
	require.Equal(t, 11, r.Rejected)
	require.Equal(t, []string{
		"2 opt-outs import/opted-out", "3 opt-outs import/row", "4 opt-outs import/row", "5 opt-outs import/row", "6 opt-outs import/row",
		"7 opt-outs import/row", "8 opt-outs import/row", "9 opt-outs import/row", "10 opt-outs import/row", "11 opt-outs import/phone", "12 opt-outs import/row",
	}, told(ps))
	pr := &printer{t: t}
	for _, p := range ps {
		pr.print(p)
		pr.error(p.Err)
	}
}

// Where rows may be hidden in what cannot be read, the import goes no further:
// one of them could be an opt-out.
func TestImportStopsWhereRowsMayBeHidden(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"an open quote":       "\"+14155550150,no\n+14155550151,yes\n",
		"a quote far on":      "+14155550150,\"no\n+14155550151,yes\n+14155550152,\"yes\n",
		"cells over lines":    "+14155550150,\"no\n+14155550151,yes\n+14155550152,\"\n+14155550153,no,\"x\ny\"\n",
		"an endless cell":     "+14155550150,\"" + strings.Repeat("zebra\n", 300_000),
		"an endless cell end": "+14155550150,\"" + strings.Repeat("zebra\n", 300_000) + "\"\n",
	} {
		b := setup(t, nil)
		o := options("mobile,unsubscribed\n+14155550142,yes\n" + bad)
		o.Columns = carewire.Columns{Phone: "mobile", OptedOut: "unsubscribed"}
		r, err := b.client.Import(ctx, o)
		require.Equal(t, "import/read", refused(t, err, carewire.ErrFile).Rule, name)
		require.Equal(t, 1, r.OptOuts, name)
		require.GreaterOrEqual(t, r.Next.Line, 3, name)
		pr := &printer{t: t}
		pr.error(err)
		require.NotContains(t, err.Error(), "5015", name)
	}
}

func TestImportRefusesWhatCannotBeMeant(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*carewire.ImportOptions){
		"no file":           func(o *carewire.ImportOptions) { o.From = nil },
		"no source":         func(o *carewire.ImportOptions) { o.Source = " " },
		"bad source":        func(o *carewire.ImportOptions) { o.Source = "\xff" },
		"no phone":          func(o *carewire.ImportOptions) { o.Columns.Phone = "" },
		"no format":         func(o *carewire.ImportOptions) { o.Format = 7 },
		"nothing to import": func(o *carewire.ImportOptions) { o.Columns.OptedOut, o.Columns.Basis = "", "" },
		"all out, and some": func(o *carewire.ImportOptions) { o.AllOptedOut = true },
		"a revocation":      func(o *carewire.ImportOptions) { o.Consent.Revoked = true },
		"a brand":           func(o *carewire.ImportOptions) { o.Consent.Brand = "other" },
		"no such column":    func(o *carewire.ImportOptions) { o.Columns.Ref = "ref" },
		"two columns":       func(o *carewire.ImportOptions) { o.From = strings.NewReader("mobile,mobile\n") },
		"bad separator":     func(o *carewire.ImportOptions) { o.Comma = '"' },
		"no header":         func(o *carewire.ImportOptions) { o.From = strings.NewReader("") },
		"UTF-16":            func(o *carewire.ImportOptions) { o.From = strings.NewReader("\xff\xfem\x00") },
		"UTF-16, big":       func(o *carewire.ImportOptions) { o.From = strings.NewReader("\xfe\xff\x00m") },
	} {
		b := setup(t, nil)
		o := options(list)
		change(&o)
		_, err := b.client.Import(ctx, o)
		var e *carewire.Error
		require.ErrorAs(t, err, &e, name)
		require.True(t, errors.Is(err, carewire.ErrInvalid) || errors.Is(err, carewire.ErrFile), name)
		require.Empty(t, b.everything(), name)
	}
}

// FuzzImport: whatever a file holds, an import ends, and what it says has
// nothing of the file.
func FuzzImport(f *testing.F) {
	f.Add([]byte(list), false)
	f.Add([]byte("mobile,unsubscribed,since,why,basis,order,topics,form,url,date\n\"+14155550142,yes\n"), false)
	f.Add([]byte(`{"mobile":"+14155550142","unsubscribed":true,"topics":["service"]}`+"\n[]\n"), true)
	f.Fuzz(func(t *testing.T, file []byte, jsonLines bool) {
		b := setup(t, func(c *carewire.Config) { c.Logger = slog.New(slog.NewTextHandler(io.Discard, nil)) })
		o := options(string(file))
		if jsonLines {
			o.Format = carewire.JSONLines
		}
		rejected := 0
		o.Problem = func(p carewire.ImportProblem) {
			if !p.Filed {
				rejected++
			}
			require.NotContains(t, p.String(), "5550142")
		}
		r, err := b.client.Import(ctx, o)
		require.Equal(t, rejected, r.Rejected)
		if err != nil {
			var e *carewire.Error
			require.ErrorAs(t, err, &e)
			return
		}
		o.From = strings.NewReader(string(file))
		again, err := b.client.Import(ctx, o)
		require.NoError(t, err)
		require.Zero(t, again.OptOuts+again.Consents)
		require.Equal(t, r.OptOuts+r.Consents+r.Known, again.Known)
	})
}
