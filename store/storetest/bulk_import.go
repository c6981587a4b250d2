package storetest

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

const (
	importRows  = 20_000  // without CAREWIRE_IMPORT_ROWS
	flatFrom    = 100_000 // rows from which memory that is not flat must show
	flatGrowth  = 64 << 20
	importUnder = 30 * time.Minute
)

// RunImport imports a list of people into a store, breaks off half-way through
// one handle, resumes through the other, and imports the whole list again. It
// demands that every row is on file once, that nobody on the list who is out
// may be texted, that the second time adds nothing and, of a long list, that
// memory stays flat: the process grows by less than 64 MiB. It prints rows a
// second.
//
// The list has 20,000 rows; CAREWIRE_IMPORT_ROWS=500000 makes it a long one.
// The test that calls it must not be parallel to others, whose memory it would
// measure.
func RunImport(t *testing.T, open func(t *testing.T) (a, b store.Store)) {
	t.Helper()
	rows := importRows
	if s := os.Getenv("CAREWIRE_IMPORT_ROWS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1000 {
			t.Fatalf("CAREWIRE_IMPORT_ROWS is %q: want a number from 1000 on", s)
		}
		rows = n
	}
	a, b := open(t)
	ctx, cancel := context.WithTimeout(t.Context(), importUnder)
	defer cancel()
	l := &listOf{rows: rows, path: filepath.Join(t.TempDir(), "list.csv"), pair: newPair(a, b)}
	if err := l.check(ctx, t.Logf); err != nil {
		t.Error(err)
	}
}

// listOf is a list of so many people, of whom every tenth is out.
type listOf struct {
	rows int
	path string
	*pair
	before, peak int // bytes of the process
}

func (l *listOf) out() int { return l.rows / 10 }

func (l *listOf) phone(i int) recipient.Phone {
	return recipient.MustParse(fmt.Sprintf("+1415%07d", 2_000_000+i))
}

func (l *listOf) check(ctx context.Context, logf func(string, ...any)) error {
	if err := errors.Join(l.err, l.write()); err != nil {
		return err
	}
	debug.FreeOSMemory()
	l.before = rss()
	start := time.Now()
	first, err := l.half(ctx)
	if err != nil {
		return err
	}
	rest, err := l.run(ctx, l.b, first.Next)
	if err != nil {
		return fmt.Errorf("resumed from %v %d: %w", first.Next.Part, first.Next.Line, err)
	}
	took := time.Since(start)
	if first.Consents+rest.Consents != l.rows || first.OptOuts+rest.OptOuts != l.out() {
		return fmt.Errorf("%d rows with %d opt-outs gave %d consents and %d opt-outs",
			l.rows, l.out(), first.Consents+rest.Consents, first.OptOuts+rest.OptOuts)
	}
	logf("%d rows in two goes: %.0f rows/s", l.rows, float64(l.rows)/took.Seconds())
	sum, err := l.onFile(ctx, 1)
	if err != nil {
		return err
	}
	start = time.Now()
	again, err := l.run(ctx, l.a, carewire.ImportPosition{})
	if err != nil {
		return err
	}
	logf("the same again: %.0f rows/s", float64(l.rows)/time.Since(start).Seconds())
	if again.Consents+again.OptOuts != 0 || again.Known != l.rows+l.out() {
		return fmt.Errorf("the same list again put %d consents and %d opt-outs, and knew %d", again.Consents, again.OptOuts, again.Known)
	}
	switch now, err := l.onFile(ctx, 0); {
	case err != nil:
		return err
	case now != sum:
		return errors.New("the same list again changed what is on file")
	}
	return l.flat(logf)
}

// half imports until half of the consents are on file.
func (l *listOf) half(ctx context.Context) (carewire.ImportReport, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o, done, err := l.options()
	if err != nil {
		return carewire.ImportReport{}, err
	}
	defer done()
	watch := o.Progress
	o.Progress = func(r carewire.ImportReport) {
		if watch(r); r.Consents >= l.rows/2 {
			cancel()
		}
	}
	r, err := l.a.Import(ctx, o)
	if !errors.Is(err, context.Canceled) {
		return r, fmt.Errorf("an import whose context had ended said %w", err)
	}
	return r, nil
}

func (l *listOf) run(ctx context.Context, c *carewire.Client, from carewire.ImportPosition) (carewire.ImportReport, error) {
	o, done, err := l.options()
	if err != nil {
		return carewire.ImportReport{}, err
	}
	defer done()
	o.Resume = from
	r, err := c.Import(ctx, o)
	if err == nil && r.Rejected != 0 {
		err = fmt.Errorf("%d good rows were rejected", r.Rejected)
	}
	return r, err
}

func (l *listOf) options() (carewire.ImportOptions, func(), error) {
	f, err := os.Open(l.path)
	if err != nil {
		return carewire.ImportOptions{}, nil, err
	}
	return carewire.ImportOptions{
		From: f, Source: "list", Columns: carewire.Columns{Phone: "mobile", OptedOut: "out", Ref: "order", Shown: "shown"},
		Consent:  consent.Record{Basis: consent.Transaction, Purposes: []consent.Purpose{consent.Service}},
		Progress: func(carewire.ImportReport) { l.peak = max(l.peak, rss()) },
	}, func() { _ = f.Close() }, nil
}

// write makes the file.
func (l *listOf) write() (err error) {
	f, err := os.Create(l.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	_, err = w.WriteString("mobile,out,order,shown\n")
	for i := 0; i < l.rows && err == nil; i++ {
		_, err = fmt.Fprintf(w, "%s,%t,order-%d,%q\n", l.phone(i).E164(), i%10 == 9, i, l.a.Notice())
	}
	return errors.Join(err, w.Flush())
}

// onFile reads back what the list put on file and asks who may be texted; it
// returns a sum of it.
func (l *listOf) onFile(ctx context.Context, handle int) (sum [32]byte, err error) {
	h := sha256.New()
	for from := 0; from < l.rows; from += store.BulkLimit {
		var ids []recipient.ID
		var phones []recipient.Phone
		for i := from; i < min(l.rows, from+store.BulkLimit); i++ {
			phones = append(phones, l.phone(i))
			ids = append(ids, recipient.ID{Tenant: l.cfg.Program.Tenant, Phone: l.phone(i)})
		}
		all, err := store.FactsOf(ctx, l.stores[handle], ids)
		if err != nil {
			return sum, err
		}
		may, err := l.b.CheckMany(ctx, phones, consent.Service)
		if err != nil {
			return sum, err
		}
		for i, f := range all {
			out := (from+i)%10 == 9
			if len(f.Consents) != 1 || len(f.OptOuts) != map[bool]int{true: 1}[out] || len(f.Disclosures) != 0 {
				return sum, fmt.Errorf("row %d has %d consents and %d opt-outs on file", from+i+1, len(f.Consents), len(f.OptOuts))
			}
			if errors.Is(may[i].Err, carewire.ErrOptedOut) != out || (may[i].Err == nil) == out {
				return sum, fmt.Errorf("row %d is out: %t, may be texted: %t", from+i+1, out, may[i].Err == nil)
			}
			for _, r := range f.Consents {
				fmt.Fprintln(h, r.ID, r.Ref, r.At.UnixMicro())
			}
			for _, r := range f.OptOuts {
				fmt.Fprintln(h, r.ID, r.Via, r.At.UnixMicro())
			}
		}
	}
	h.Sum(sum[:0])
	return sum, nil
}

// flat demands that memory stayed flat.
func (l *listOf) flat(logf func(string, ...any)) error {
	if l.before == 0 {
		logf("memory was not measured: this system has no /proc/self/status")
		return nil
	}
	growth := l.peak - l.before
	logf("the process grew by %.1f MiB, from %.1f MiB", float64(growth)/(1<<20), float64(l.before)/(1<<20))
	if l.rows >= flatFrom && growth >= flatGrowth {
		return fmt.Errorf("importing %d rows took %d MiB more memory", l.rows, growth>>20)
	}
	return nil
}

// rss returns the resident memory of this process in bytes, or 0 where it cannot be read.
func rss() int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kb, err := strconv.Atoi(strings.TrimSpace(strings.SplitN(rest, "kB", 2)[0]))
	if err != nil {
		return 0
	}
	return kb << 10
}
