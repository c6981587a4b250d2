package disclosure_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/disclosure"
)

func TestDue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	rec := func(k disclosure.Kind, ago time.Duration) disclosure.Record {
		return disclosure.Record{Brand: "acme", Kind: k, Text: "as shown", Ref: ago.String(), At: now.Add(-ago)}
	}
	statement := func(ago time.Duration) disclosure.Record { return rec(disclosure.Statement, ago) }
	line := func(ago time.Duration) disclosure.Record { return rec(disclosure.StopLine, ago) }
	failure := func(r disclosure.Record) disclosure.Record {
		return disclosure.Record{Brand: r.Brand, Ref: r.Ref, Failed: true, At: now}
	}
	other := statement(day)
	other.Brand = "Acme"
	reworded := statement(day)
	reworded.Text = "in other words"
	foreign := failure(statement(day))
	foreign.Brand = "beta"

	tests := []struct {
		name  string
		rs    []disclosure.Record
		since time.Time
		want  disclosure.Kind
	}{
		{"nothing on file", nil, time.Time{}, disclosure.Statement},
		{"stated", []disclosure.Record{statement(day)}, time.Time{}, disclosure.Nothing},
		{"stated in other words", []disclosure.Record{reworded}, time.Time{}, disclosure.Nothing},
		{"only a line", []disclosure.Record{line(day)}, time.Time{}, disclosure.Statement},
		{"other brand, other case", []disclosure.Record{other}, time.Time{}, disclosure.Statement},
		{"kind nothing", []disclosure.Record{rec(disclosure.Nothing, day)}, time.Time{}, disclosure.Statement},
		{"unknown kind", []disclosure.Record{rec(9, day)}, time.Time{}, disclosure.Statement},

		{"a moment before 30 days", []disclosure.Record{statement(30*day - 1)}, time.Time{}, disclosure.Nothing},
		{"30 days", []disclosure.Record{statement(30 * day)}, time.Time{}, disclosure.StopLine},
		{"a line since", []disclosure.Record{statement(90 * day), line(20 * day)}, time.Time{}, disclosure.Nothing},
		{"an old line", []disclosure.Record{statement(90 * day), line(40 * day)}, time.Time{}, disclosure.StopLine},
		{"newest in front", []disclosure.Record{line(5 * day), statement(90 * day)}, time.Time{}, disclosure.Nothing},
		{"stated again", []disclosure.Record{statement(90 * day), statement(day)}, time.Time{}, disclosure.Nothing},

		{"before the break", []disclosure.Record{statement(2 * day)}, now.Add(-day), disclosure.Statement},
		{"at the break", []disclosure.Record{statement(day)}, now.Add(-day), disclosure.Statement},
		{"after the break", []disclosure.Record{statement(day - 1)}, now.Add(-day), disclosure.Nothing},
		{"a line after the break", []disclosure.Record{statement(2 * day), line(time.Hour)}, now.Add(-day), disclosure.Statement},

		{"failed", []disclosure.Record{statement(day), failure(statement(day))}, time.Time{}, disclosure.Statement},
		{"failure put first", []disclosure.Record{failure(statement(day)), statement(day)}, time.Time{}, disclosure.Statement},
		{"another message failed", []disclosure.Record{statement(day), failure(statement(2 * day))}, time.Time{}, disclosure.Nothing},
		{"another brand's message failed", []disclosure.Record{statement(day), foreign}, time.Time{}, disclosure.Nothing},
		{"the line failed", []disclosure.Record{statement(40 * day), line(day), failure(line(day))}, time.Time{}, disclosure.StopLine},
		{"failed, then stated", []disclosure.Record{statement(2 * day), failure(statement(2 * day)), statement(day)}, time.Time{}, disclosure.Nothing},

		{"clocks differ", []disclosure.Record{statement(-disclosure.Skew)}, time.Time{}, disclosure.Nothing},
		{"dated in the future", []disclosure.Record{statement(-disclosure.Skew - 1)}, time.Time{}, disclosure.Statement},
		{"future does not renew", []disclosure.Record{statement(40 * day), line(-day)}, time.Time{}, disclosure.StopLine},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before := slices.Clone(tt.rs)
			require.Equal(t, tt.want, disclosure.Due(tt.rs, "acme", tt.since, now))
			require.Equal(t, before, tt.rs)
		})
	}
}

// TestDueNeverOwesLess puts one more failure on file: what is due never shrinks.
func TestDueNeverOwesLess(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	kinds := []disclosure.Kind{disclosure.StopLine, disclosure.Statement}
	for mask := range 1 << 6 {
		var rs []disclosure.Record
		for i := range 3 {
			ago := time.Duration(10+20*(mask>>(2*i)&1)) * 24 * time.Hour
			kind := kinds[mask>>(2*i+1)&1]
			rs = append(rs, disclosure.Record{Kind: kind, Ref: string(rune('a' + i)), At: now.Add(-ago - time.Duration(i))})
		}
		owed := disclosure.Due(rs, "", time.Time{}, now)
		for i := range 3 {
			with := append(slices.Clone(rs), disclosure.Record{Ref: rs[i].Ref, Failed: true, At: now})
			require.GreaterOrEqual(t, disclosure.Due(with, "", time.Time{}, now), owed)
		}
	}
}

func TestKindString(t *testing.T) {
	t.Parallel()
	require.Equal(t, "nothing", disclosure.Nothing.String())
	require.Equal(t, "stop line", disclosure.StopLine.String())
	require.Equal(t, "statement", disclosure.Statement.String())
}
