package sqlitestore_test

import (
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
)

// peak is a writer that notes how large the heap gets.
type peak struct {
	n    int
	heap uint64
}

func (p *peak) Write(b []byte) (int, error) {
	if p.n++; p.n%5 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		p.heap = max(p.heap, m.HeapInuse)
	}
	return io.Discard.Write(b)
}

// BenchmarkEvidenceExport writes the packs of everybody, with three facts each,
// of 10,000 people and of 100,000: speed and memory should be the same.
func BenchmarkEvidenceExport(b *testing.B) {
	for _, people := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			db := openDB(b, sqlitestore.DSN(b.TempDir()+"/export.db"))
			require.NoError(b, sqlitestore.Migrate(b.Context(), db, nil))
			s, err := sqlitestore.Open(b.Context(), db, &sqlitestore.Options{Timeout: time.Minute})
			require.NoError(b, err)
			at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
			for from := 0; from < people; from += 1000 {
				var cs []consent.Record
				var os []optout.Record
				var ds []disclosure.Record
				for i := from; i < from+1000; i++ {
					id := recipient.ID{Phone: recipient.MustParse(fmt.Sprintf("+1628%07d", 2000000+i))}
					cs = append(cs, consent.Record{ID: "c", Of: id, Brand: "acme", Basis: consent.Form, Shown: "You consent to receive messages.", Purposes: []consent.Purpose{consent.Service}, At: at})
					os = append(os, optout.Record{ID: "o", Of: id, Brand: "acme", At: at, Via: "inbound", Text: "stop"})
					ds = append(ds, disclosure.Record{ID: "d", Of: id, Brand: "acme", Kind: disclosure.Statement, Text: "You can opt out at any time.", At: at})
				}
				require.NoError(b, store.PutAll(b.Context(), s, cs, os, ds))
			}
			runtime.GC()
			w := &peak{}
			events := 0
			for b.Loop() {
				r, err := evidence.Export(b.Context(), w, s, "", recipient.Phone{}, evidence.Program{Brand: "acme", Company: "Acme"}, evidence.Options{Now: at})
				require.NoError(b, err)
				require.Equal(b, people, r.Recipients)
				events += r.Events
			}
			b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "facts/s")
			b.ReportMetric(float64(w.heap)/(1<<20), "MiB-heap")
		})
	}
}
