package carewire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
)

// ErrFile is the reason when a file could not be read, or not written.
var ErrFile = errors.New("the file could not be read or written")

// ImportFormat is the form of an imported file.
type ImportFormat uint8

const (
	// CSV is comma-separated text in UTF-8 (RFC 4180) with the names of the
	// columns in its first record.
	CSV ImportFormat = iota
	// JSONLines is one JSON object a line, with the columns as its members:
	// strings, numbers, booleans, null, and a list of strings for purposes.
	JSONLines
)

// Columns are the names of a file's columns, in the file's own words. A column
// without a name is not in the file; columns of the file that are not named
// here are passed over. Spaces around a cell are cut off.
type Columns struct {
	Phone string // the number. Required.

	OptedOut   string // whether the person is out; see [ImportOptions.IsOptedOut]
	OptedOutAt string // since when
	Reason     string // the person's words, or the reason given
	By         string // who filed the opt-out

	Basis     string // "transaction", "support request", "form" or "written"; an empty cell is no consent
	Ref       string // the order, booking or ticket
	Purposes  string // separated by comma, semicolon or bar
	Shown     string // the text that the person was shown, literally
	Where     string // where it was shown
	Confirmed string // the second step of a written consent, literally
	At        string // when the consent was given
	Until     string // when it ends
}

// ImportOptions say what [Client.Import] reads and how.
type ImportOptions struct {
	// From is the file. It is read once from where it stands; a file with both
	// opt-outs and consents is read twice, and must be an [io.Seeker] such as an
	// [os.File]. Required.
	From io.Reader
	// Source names this list, such as "crm export 2026-11-23". It is kept with
	// every opt-out. The same list under the same name again changes nothing,
	// even for somebody who has sent START since; under another name its
	// opt-outs count anew. Required.
	Source  string
	Columns Columns
	Format  ImportFormat // Default: CSV.
	Comma   rune         // between the cells of CSV. Default: ','.
	Header  []string     // the columns of CSV without a first line that names them. Default: the first line does.

	// AllOptedOut says that every row is an opt-out: a suppression list. Default: false.
	AllOptedOut bool
	// AllBrands makes opt-outs count for all brands of the tenant. Default: the client's brand.
	AllBrands bool
	// Consent has the values of all rows for the columns that the file lacks,
	// such as Basis, Purposes and Shown. Default: none.
	Consent consent.Record

	// IsOptedOut reads a cell of Columns.OptedOut. Default, in any case of
	// letters: true, t, yes, y, 1, x, on, out, opted out, stop, unsubscribed and
	// anything that ParseTime reads are true; an empty cell, false, f, no, n, 0
	// and off are false; everything else rejects the row.
	IsOptedOut func(cell string) (bool, error)
	// ParsePhone reads a number, in a national format for example. Default:
	// [recipient.Parse].
	ParsePhone func(cell string) (recipient.Phone, error)
	// ParseTime reads a date. Default: RFC 3339, or a date or date and time in
	// its order, such as "2026-11-23" and "2026-11-23 12:34:56", in UTC if no
	// zone is given.
	ParseTime func(cell string) (time.Time, error)

	Resume   ImportPosition      // where to go on, from [ImportReport.Next]. Default: the beginning.
	Progress func(ImportReport)  // called after every few thousand rows. Default: not called.
	Problem  func(ImportProblem) // called for every row that was rejected. Default: they are only counted.
}

// ImportPart is one of the two readings of a file.
type ImportPart uint8

const (
	// ImportOptOuts is the first: every opt-out of the file.
	ImportOptOuts ImportPart = iota
	// ImportConsents is the second, after all opt-outs are on file.
	ImportConsents
)

// String returns "opt-outs" or "consents".
func (p ImportPart) String() string {
	if p == ImportConsents {
		return "consents"
	}
	return "opt-outs"
}

// ImportPosition is a place in an import. The zero position is the beginning.
type ImportPosition struct {
	Part ImportPart
	Line int // the first line, counted from 1, that is still to be read
}

// ImportReport is how far an import has come. All counts are of this call.
type ImportReport struct {
	Rows     int // rows read in the part that Next is in
	OptOuts  int // opt-outs put on file
	Consents int // consents put on file
	StayOut  int // of these, consents of people who are opted out and stay so
	Known    int // opt-outs and consents that were on file already
	Rejected int // rows, or consents of rows, that were not taken
	// Next is where to resume after an error; everything before it is on file.
	// Resuming among the consents reads all opt-outs again, so that none is
	// missed; rows after Next that were rejected are reported again.
	Next ImportPosition
}

// ImportProblem is a row that was rejected, or taken in part.
type ImportProblem struct {
	Line  int // in the file, counted from 1
	Part  ImportPart
	Filed bool // the opt-out is on file although something about it could not be read
	// Err is an *Error whose Rule says why. Its text has nothing of the row;
	// what ParsePhone and the others said is found by errors.Is and errors.As only.
	Err error
}

// String returns the line, the reason and the rule, and nothing of the row.
func (p ImportProblem) String() string {
	var e *Error
	if !errors.As(p.Err, &e) {
		return fmt.Sprintf("line %d: %v", p.Line, p.Err)
	}
	return fmt.Sprintf("line %d: %v [%s]", p.Line, e.Err, e.Rule)
}

// Import files the opt-outs and consents of a list: first every opt-out, then
// every consent, in batches, with as much memory for a long file as for a
// short one.
//
// An import lifts no opt-out: a consent of somebody who is opted out, in this
// file or before, is filed and the person stays out (S11). Consents obey the rules
// of [Client.Consent]; one of somebody whose consent was taken back counts only
// if it is dated after that. A row that cannot be taken is reported and passed
// over; opt-outs are taken from any country, and without a date that cannot be
// read. The same file again changes nothing.
//
// After an error, the report says from where to resume. Two people may not
// have the file read at the same time through one [io.Reader].
func (c *Client) Import(ctx context.Context, o ImportOptions) (ImportReport, error) {
	r := ImportReport{Next: o.Resume}
	if err := o.check(); err != nil {
		return r, err
	}
	o.fill()
	again, err := o.rewind()
	if err != nil {
		return r, err
	}
	if err := c.fileHeld(ctx, recipient.Phone{}); err != nil {
		return r, storeError("store/put", err)
	}
	im := &importer{c: c, o: &o, report: r}
	if o.hasOptOuts() {
		if err := im.read(ctx, ImportOptOuts, o.resume(ImportOptOuts)); err != nil {
			return im.report, err
		}
	}
	if o.hasConsents() {
		if err := again(); err != nil {
			return im.report, err
		}
		im.told = o.hasOptOuts()
		if err := im.read(ctx, ImportConsents, o.resume(ImportConsents)); err != nil {
			return im.report, err
		}
	}
	return im.report, nil
}

// resume returns the line from which a part is read: all of it, unless that is where to go on.
func (o *ImportOptions) resume(part ImportPart) int {
	if o.Resume.Part != part {
		return 0
	}
	return o.Resume.Line
}

func (o *ImportOptions) hasOptOuts() bool { return o.AllOptedOut || o.Columns.OptedOut != "" }

func (o *ImportOptions) hasConsents() bool { return o.Columns.Basis != "" || o.Consent.Basis != 0 }

// check refuses what cannot be meant.
func (o *ImportOptions) check() error {
	bad := func(why string) error { return refusal("import/options", because(ErrInvalid, why)) }
	switch {
	case o.From == nil:
		return bad("ImportOptions.From is missing")
	case strings.TrimSpace(o.Source) == "" || !storable(o.Source):
		return bad("ImportOptions.Source is missing: name the list and its date")
	case o.Columns.Phone == "":
		return bad("Columns.Phone is missing")
	case o.Format > JSONLines:
		return bad("ImportOptions.Format is not known")
	case !o.hasOptOuts() && !o.hasConsents():
		return bad("nothing to import: name Columns.OptedOut or Columns.Basis, or set AllOptedOut or Consent.Basis")
	case o.AllOptedOut && (o.hasConsents() || o.Columns.OptedOut != ""):
		return bad("with AllOptedOut, a file has no column for it and no consents")
	case o.Consent.Revoked || o.Consent.ID != "" || o.Consent.Brand != "" || o.Consent.Of != recipient.ID{}:
		return bad("ImportOptions.Consent has what the client fills in, or a revocation")
	}
	return nil
}

func (o *ImportOptions) fill() {
	if o.Comma == 0 {
		o.Comma = ','
	}
	if o.ParseTime == nil {
		o.ParseTime = parseTime
	}
	if o.IsOptedOut == nil {
		o.IsOptedOut = func(cell string) (bool, error) { return isOptedOut(cell, o.ParseTime) }
	}
}

// rewind returns a function that puts the file back to where it stands now,
// which must be possible if it is read twice.
func (o *ImportOptions) rewind() (func() error, error) {
	if !o.hasOptOuts() || !o.hasConsents() {
		return func() error { return nil }, nil
	}
	const twice = "a file with opt-outs and consents is read twice, and this one cannot be: save it first, or import it in two calls, the opt-outs first"
	s, ok := o.From.(io.Seeker)
	if !ok {
		return nil, refusal("import/options", because(ErrInvalid, twice))
	}
	start, err := s.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, refusal("import/options", &fault{reason: ErrInvalid, shown: errors.New(twice), hidden: err})
	}
	return func() error {
		if _, err := s.Seek(start, io.SeekStart); err != nil {
			return &Error{Rule: "import/read", Err: &fault{reason: ErrFile, hidden: err}}
		}
		return nil
	}, nil
}
