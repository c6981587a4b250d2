package carewire

import (
	"context"
	"errors"
	"io"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// batchRows is after how many rows a batch ends that is not full of facts.
const batchRows = 5000

// importer is one import under way.
type importer struct {
	c        *Client
	o        *ImportOptions
	report   ImportReport
	told     bool // problems of whole rows were reported by the part before
	optOuts  []optout.Record
	consents []waiting
	rows     int // since the last batch
	after    int // the line after the last row that was taken
}

// waiting is a consent that waits to be told what is on file about its person.
type waiting struct {
	consent.Record
	line  int
	dated bool // the file says when it was given
}

// read reads one part of the file, from a line on.
func (im *importer) read(ctx context.Context, part ImportPart, from int) error {
	im.report.Rows, im.report.Next, im.after = 0, ImportPosition{part, from}, from
	in, err := im.o.open()
	if err != nil {
		return err
	}
	for {
		r, err := in.next()
		var bad *rowError
		switch {
		case errors.Is(err, io.EOF):
			return im.flush(ctx, im.after)
		case err != nil && !errors.As(err, &bad):
			return im.stop(ctx, r, err)
		}
		im.report.Rows++
		if r.line < from {
			continue
		}
		if im.full() {
			if err := im.flush(ctx, r.line); err != nil {
				return err
			}
		}
		im.rows, im.after = im.rows+1, r.line+1
		im.take(r, bad)
	}
}

func (im *importer) full() bool {
	return im.rows >= batchRows || len(im.optOuts)+len(im.consents) >= store.BulkLimit
}

// stop files what comes before a place beyond which the file cannot be read.
func (im *importer) stop(ctx context.Context, r row, cause error) error {
	if err := im.flush(ctx, max(im.after, r.line)); err != nil {
		return err
	}
	f := &fault{reason: ErrFile, hidden: cause}
	if errors.Is(cause, errQuote) || errors.Is(cause, errLong) {
		f = &fault{reason: ErrFile, shown: cause}
	}
	return &Error{Rule: "import/read", Err: f}
}

// flush puts the batch on file. next is the first line that is not in it.
func (im *importer) flush(ctx context.Context, next int) error {
	if err := stillWanted(ctx); err != nil {
		return err
	}
	if err := im.putOptOuts(ctx); err != nil {
		return err
	}
	if err := im.putConsents(ctx); err != nil {
		return err
	}
	im.rows, im.optOuts, im.consents = 0, im.optOuts[:0], im.consents[:0]
	im.report.Next.Line = next
	if im.o.Progress != nil {
		im.o.Progress(im.report)
	}
	return nil
}

func (im *importer) putOptOuts(ctx context.Context) error {
	if len(im.optOuts) == 0 {
		return nil
	}
	ids := make([]recipient.ID, len(im.optOuts))
	for i, r := range im.optOuts {
		ids[i] = r.Of
	}
	onFile, err := im.factsOf(ctx, ids)
	if err != nil {
		return err
	}
	known := map[string]bool{} // derived ids are unique over all people
	for _, f := range onFile {
		for _, r := range f.OptOuts {
			known[r.ID] = true
		}
	}
	var rs []optout.Record
	for _, r := range im.optOuts {
		if !known[r.ID] {
			rs, known[r.ID] = append(rs, r), true
		}
	}
	if err := store.PutAll(ctx, im.c.cfg.Store, nil, rs, nil); err != nil {
		return storeError("store/put", err)
	}
	im.report.OptOuts += len(rs)
	im.report.Known += len(im.optOuts) - len(rs)
	return nil
}

func (im *importer) putConsents(ctx context.Context) error {
	if len(im.consents) == 0 {
		return nil
	}
	ids := make([]recipient.ID, len(im.consents))
	for i, r := range im.consents {
		ids[i] = r.Of
	}
	onFile, err := im.factsOf(ctx, ids)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	var rs []consent.Record
	stayOut := 0
	for _, r := range im.consents {
		f := onFile[r.Of]
		if r.takenBack(f.Consents) {
			im.reject(r.line, "import/revoked", because(ErrInvalid, "consent was taken back, and the list does not say that it was given after that"))
			continue
		}
		r.ID = im.c.consentID(r.Record, f.Consents)
		for _, old := range f.Consents {
			known[old.ID] = true
		}
		if known[r.ID] {
			im.report.Known++
			continue
		}
		rs, known[r.ID] = append(rs, r.Record), true
		if _, err := optout.Check(f.OptOuts, r.Brand); err != nil {
			stayOut++
		}
	}
	if err := store.PutAll(ctx, im.c.cfg.Store, rs, nil, nil); err != nil {
		return storeError("store/put", err)
	}
	im.report.Consents += len(rs)
	im.report.StayOut += stayOut
	return nil
}

// takenBack reports whether a revocation is on file that r is not known to be
// younger than. A list tells what was so when it was written.
func (r waiting) takenBack(old []consent.Record) bool {
	for _, o := range old {
		if o.Revoked && (o.Brand == "" || o.Brand == r.Brand) && (!r.dated || !r.At.After(o.At)) {
			return true
		}
	}
	return false
}

// factsOf reads what is on file about the people of a batch, each once.
func (im *importer) factsOf(ctx context.Context, ids []recipient.ID) (map[recipient.ID]store.Facts, error) {
	out := make(map[recipient.ID]store.Facts, len(ids))
	var ask []recipient.ID
	for _, id := range ids {
		if _, twice := out[id]; !twice {
			out[id] = store.Facts{}
			ask = append(ask, id)
		}
	}
	all, err := store.FactsOf(ctx, im.c.cfg.Store, ask)
	if err != nil {
		return nil, storeError("store/facts", err)
	}
	for i, id := range ask {
		out[id] = all[i]
	}
	return out, nil
}
