package carewire

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

// take adds what a row says to the batch, or rejects the row.
func (im *importer) take(r row, bad *rowError) {
	part := im.report.Next.Part
	p, out, err := im.person(&r, bad)
	switch {
	case err != nil && im.told: // among the opt-outs
	case err != nil:
		im.report.Rejected++
		im.tell(ImportProblem{Line: r.line, Err: err})
	case part == ImportConsents:
		im.takeConsent(&r, p)
	case out:
		im.takeOptOut(&r, p)
	}
}

// person reads who the row is about, and whether the row says that they are out.
func (im *importer) person(r *row, bad *rowError) (recipient.Phone, bool, error) {
	if bad != nil {
		return recipient.Phone{}, false, refusal("import/row", &fault{reason: ErrInvalid, shown: bad})
	}
	p, err := im.phone(r.cell(im.o.Columns.Phone))
	if err != nil {
		return recipient.Phone{}, false, err
	}
	column := im.o.Columns.OptedOut
	if column == "" {
		return p, im.o.AllOptedOut, nil
	}
	if _, ok := r.cells[column]; !ok { // a wrong name must not read as nobody being out
		return p, false, refusal("import/opted-out", because(ErrInvalid, "the row does not say whether the person has opted out"))
	}
	out, err := im.o.IsOptedOut(r.cell(column))
	if err != nil {
		return p, false, refusal("import/opted-out", &fault{
			reason: ErrInvalid, shown: errors.New("it cannot be read whether the person has opted out"), hidden: err,
		})
	}
	return p, out, nil
}

func (im *importer) phone(cell string) (recipient.Phone, error) {
	if im.o.ParsePhone == nil {
		p, err := recipient.Parse(cell)
		if err != nil {
			return recipient.Phone{}, refusal("import/phone", &fault{reason: ErrInvalid, shown: err})
		}
		return p, nil
	}
	p, err := im.o.ParsePhone(cell)
	if err != nil || p.IsZero() { // its words may have the number
		return recipient.Phone{}, refusal("import/phone", &fault{reason: ErrInvalid, shown: errors.New("the number cannot be read"), hidden: err})
	}
	return p, nil
}

// takeOptOut adds an opt-out. Whatever else the row says wrongly, the person is out.
func (im *importer) takeOptOut(r *row, p recipient.Phone) {
	c, o := im.c, im.o
	at, by, reason := r.cell(o.Columns.OptedOutAt), plainText(r.cell(o.Columns.By)), plainText(r.cell(o.Columns.Reason))
	rec := optout.Record{
		Of: c.id(p), Brand: c.cfg.Program.Brand, At: c.now(), Via: "import: " + o.Source, Text: reason, Rule: "import",
	}
	if o.AllBrands {
		rec.Brand = ""
	}
	rec.ID = "o-" + c.sum("import", rec.Of.Tenant, rec.Brand, p.E164(), o.Source, at, by, reason)
	if by != "" {
		rec.Via += ", person: " + by
	}
	if reason == "" {
		rec.Text = "on the list of people who opted out"
		if cell := plainText(r.cell(o.Columns.OptedOut)); cell != "" {
			rec.Text = o.Columns.OptedOut + ": " + cell
		}
	}
	if at != "" {
		sent, err := im.time(at)
		if err == nil && sent.After(rec.At.Add(consent.Skew)) {
			err = refusal("import/date", because(ErrInvalid, "the opt-out is dated in the future"))
		}
		if err == nil {
			rec.Sent = sent
		} else {
			im.tell(ImportProblem{Line: r.line, Filed: true, Err: err})
		}
	}
	im.optOuts = append(im.optOuts, rec)
}

// takeConsent adds a consent, if the row has one and it may be filed.
func (im *importer) takeConsent(r *row, p recipient.Phone) {
	n, err := im.consent(r)
	switch {
	case err == nil && n.Basis == 0:
		return // no consent, and none claimed
	case err == nil && !im.c.inCountries(Message{To: p}):
		err = refusal("import/country", because(ErrInvalid, "the number's country is not one of Program.Countries"))
	case err == nil:
		n.Record, err = im.c.newConsent(p, n.Record)
	}
	if err != nil {
		im.report.Rejected++
		im.tell(ImportProblem{Line: r.line, Err: err})
		return
	}
	im.consents = append(im.consents, n)
}

// consent reads a consent. Without a basis the row has none.
func (im *importer) consent(r *row) (waiting, error) {
	cols := &im.o.Columns
	n := waiting{Record: im.o.Consent, line: r.line}
	n.Purposes = slices.Clone(n.Purposes)
	if cell := r.cell(cols.Basis); cols.Basis != "" {
		var known bool
		if n.Basis, known = parseBasis(cell); !known {
			return n, refusal("import/basis", because(ErrInvalid, "the basis of the consent is not known"))
		}
	}
	if n.Basis == 0 {
		return n, nil
	}
	r.into(&n.Ref, cols.Ref)
	r.into(&n.Shown, cols.Shown)
	r.into(&n.Where, cols.Where)
	r.into(&n.Confirmed, cols.Confirmed)
	if cols.Purposes != "" {
		names, isList := r.lists[cols.Purposes]
		if !isList {
			names = splitPurposes(r.cell(cols.Purposes))
		}
		n.Purposes = nil
		for _, name := range names {
			n.Purposes = append(n.Purposes, consent.Purpose(name))
		}
	}
	if err := im.timeInto(&n.At, r, cols.At); err != nil {
		return n, err
	}
	n.dated = !n.At.IsZero()
	return n, im.timeInto(&n.Until, r, cols.Until)
}

// into sets a field from a column, if the file has it.
func (r *row) into(field *string, column string) {
	if column != "" {
		*field = r.cell(column)
	}
}

// timeInto sets a date from a column, if the file has it. An empty cell is no date.
func (im *importer) timeInto(field *time.Time, r *row, column string) (err error) {
	if column == "" {
		return nil
	}
	*field = time.Time{}
	if cell := r.cell(column); cell != "" {
		*field, err = im.time(cell)
	}
	return err
}

// time reads a date in the form in which every store keeps it.
func (im *importer) time(cell string) (time.Time, error) {
	t, err := im.o.ParseTime(cell)
	if err != nil || t.IsZero() || t.Year() > 9999 {
		return time.Time{}, refusal("import/date", &fault{reason: ErrInvalid, shown: errors.New("the date cannot be read"), hidden: err})
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// plainText makes a text one that every store can keep.
func plainText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
}

// reject counts a row that was not taken, and reports it.
func (im *importer) reject(line int, rule string, reason error) {
	im.report.Rejected++
	im.tell(ImportProblem{Line: line, Err: refusal(rule, reason)})
}

func (im *importer) tell(p ImportProblem) {
	if im.o.Problem != nil {
		p.Part = im.report.Next.Part
		im.o.Problem(p)
	}
}
