package carewire

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// ExportOptions say what [Client.Export] writes. The zero value is everybody.
type ExportOptions struct {
	After    recipient.Phone    // where to go on, from [ExportReport.Last]. Default: the beginning.
	Progress func(ExportReport) // called after every 1,000 people at most. Default: not called.
}

// ExportReport is how far an export has come.
type ExportReport struct {
	Recipients int             // lines written by this call
	Last       recipient.Phone // the last number that is written; pass it as ExportOptions.After to go on after an error
}

// Export writes all facts about everybody of the program's tenant, of all
// brands, as JSON Lines: one object for each number, in the byte order of the
// numbers, with the lists consents, opt_outs and disclosures in put order.
// Times are RFC 3339 in UTC, and left out where there is none.
//
// The lines have the whole numbers and the literal texts: an export is as
// secret as the store itself. People who come on file meanwhile may or may not
// be in it. It needs a store that can list its recipients ([store.Walker]);
// with another the error is [errors.ErrUnsupported].
func (c *Client) Export(ctx context.Context, w io.Writer, o ExportOptions) (ExportReport, error) {
	r := ExportReport{Last: o.After}
	if err := c.fileHeld(ctx, recipient.Phone{}); err != nil {
		return r, storeError("store/put", err)
	}
	out := bufio.NewWriterSize(w, 64<<10)
	for {
		if err := stillWanted(ctx); err != nil {
			return r, err
		}
		ids, err := store.Recipients(ctx, c.cfg.Store, c.cfg.Program.Tenant, r.Last, store.BulkLimit)
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			return r, &Error{Rule: "export/unsupported", Err: &fault{reason: ErrStore, shown: errors.New("it cannot list its recipients"), hidden: err}}
		case err != nil:
			return r, storeError("store/recipients", err)
		case len(ids) == 0:
			return r, nil
		}
		all, err := store.FactsOf(ctx, c.cfg.Store, ids)
		if err != nil {
			return r, storeError("store/facts", err)
		}
		for i, id := range ids {
			err = errors.Join(err, writeLine(out, exportOf(id, all[i])))
		}
		if err := errors.Join(err, out.Flush()); err != nil {
			return r, &Error{Rule: "export/write", Err: &fault{reason: ErrFile, hidden: err}}
		}
		r.Recipients, r.Last = r.Recipients+len(ids), ids[len(ids)-1].Phone
		if o.Progress != nil {
			o.Progress(r)
		}
	}
}

func writeLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// exported is one line of an export. The names of its members are part of the contract.
type exported struct {
	Tenant      string               `json:"tenant,omitempty"`
	Phone       string               `json:"phone"`
	Consents    []exportedConsent    `json:"consents,omitempty"`
	OptOuts     []exportedOptOut     `json:"opt_outs,omitempty"`
	Disclosures []exportedDisclosure `json:"disclosures,omitempty"`
}

type exportedConsent struct {
	ID        string            `json:"id"`
	Brand     string            `json:"brand,omitempty"`
	Basis     string            `json:"basis,omitempty"`
	Purposes  []consent.Purpose `json:"purposes,omitempty"`
	Ref       string            `json:"ref,omitempty"`
	Shown     string            `json:"shown,omitempty"`
	Where     string            `json:"where,omitempty"`
	Confirmed string            `json:"confirmed,omitempty"`
	Revoked   bool              `json:"revoked,omitempty"`
	At        time.Time         `json:"at,omitzero"`
	Until     time.Time         `json:"until,omitzero"`
}

type exportedOptOut struct {
	ID    string    `json:"id"`
	Brand string    `json:"brand,omitempty"`
	In    bool      `json:"in,omitempty"`
	At    time.Time `json:"at,omitzero"`
	Sent  time.Time `json:"sent,omitzero"`
	Via   string    `json:"via,omitempty"`
	Text  string    `json:"text,omitempty"`
	Rule  string    `json:"rule,omitempty"`
}

type exportedDisclosure struct {
	ID     string    `json:"id"`
	Brand  string    `json:"brand,omitempty"`
	Kind   string    `json:"kind"`
	Text   string    `json:"text,omitempty"`
	Ref    string    `json:"ref,omitempty"`
	Failed bool      `json:"failed,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

func exportOf(id recipient.ID, f store.Facts) exported {
	out := exported{Tenant: id.Tenant, Phone: id.Phone.E164()}
	for _, r := range f.Consents {
		x := exportedConsent{
			ID: r.ID, Brand: r.Brand, Purposes: r.Purposes, Ref: r.Ref, Shown: r.Shown, Where: r.Where,
			Confirmed: r.Confirmed, Revoked: r.Revoked, At: r.At.UTC(), Until: r.Until.UTC(),
		}
		if r.Basis != 0 {
			x.Basis = r.Basis.String()
		}
		out.Consents = append(out.Consents, x)
	}
	for _, r := range f.OptOuts {
		out.OptOuts = append(out.OptOuts, exportedOptOut{
			ID: r.ID, Brand: r.Brand, In: r.In, At: r.At.UTC(), Sent: r.Sent.UTC(), Via: r.Via, Text: r.Text, Rule: r.Rule,
		})
	}
	for _, r := range f.Disclosures {
		out.Disclosures = append(out.Disclosures, exportedDisclosure{
			ID: r.ID, Brand: r.Brand, Kind: kindOf(r), Text: r.Text, Ref: r.Ref, Failed: r.Failed, At: r.At.UTC(),
		})
	}
	return out
}

// kindOf names what a disclosure is; the news of a failure is not one.
func kindOf(r disclosure.Record) string {
	if r.Failed {
		return "failure"
	}
	return r.Kind.String()
}
