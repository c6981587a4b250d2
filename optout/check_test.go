package optout

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func at(minute int) time.Time {
	if minute == 0 {
		return time.Time{}
	}
	return time.Date(2026, 3, 1, 12, minute, 0, 0, time.UTC)
}

func stop(id, brand string, sent int) Record { return Record{ID: id, Brand: brand, Sent: at(sent)} }

func start(id, brand string, sent int) Record {
	return Record{ID: id, Brand: brand, In: true, Sent: at(sent)}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		rs    []Record
		brand string
		want  string // ID of the opt-out that stands, "" for none
	}{
		{"nothing on file", nil, "acme", ""},
		{"opted out", []Record{stop("1", "acme", 1)}, "acme", "1"},
		{"another brand", []Record{stop("1", "other", 1)}, "acme", ""},
		{"all brands", []Record{stop("1", "", 1)}, "acme", "1"},
		{"folded case is another brand", []Record{stop("1", "ACME", 1)}, "acme", ""},
		{"the newest of two", []Record{stop("1", "acme", 1), stop("2", "", 2)}, "acme", "2"},
		{"lifted", []Record{stop("1", "acme", 1), start("2", "acme", 2)}, "acme", ""},
		{"all brands lifted for this one", []Record{stop("1", "", 1), start("2", "acme", 2)}, "acme", ""},
		{"all brands not lifted for another", []Record{stop("1", "", 1), start("2", "acme", 2)}, "other", "1"},
		{"lifted by another brand", []Record{stop("1", "acme", 1), start("2", "other", 2)}, "acme", "1"},
		{"lifted by no brand", []Record{stop("1", "acme", 1), start("2", "", 2)}, "acme", "1"},
		{"put before", []Record{start("1", "acme", 2), stop("2", "acme", 1)}, "acme", "2"},
		{"sent before, put after", []Record{stop("1", "acme", 2), start("2", "acme", 1)}, "acme", "1"},
		{"sent in the same instant", []Record{stop("1", "acme", 1), start("2", "acme", 1)}, "acme", "1"},
		{"opt-in without a time", []Record{stop("1", "acme", 1), start("2", "acme", 0)}, "acme", ""},
		{"opt-out without a time", []Record{stop("1", "acme", 0), start("2", "acme", 1)}, "acme", ""},
		{"opt-out without a time after", []Record{start("2", "acme", 1), stop("1", "acme", 0)}, "acme", "1"},
		{"one of two lifted", []Record{stop("1", "acme", 1), stop("2", "", 3), start("3", "acme", 2)}, "acme", "2"},
		{
			"a second copy of the opt-in",
			[]Record{start("1", "acme", 0), stop("2", "acme", 0), start("1", "acme", 0)},
			"acme", "2",
		},
		{
			"a second copy of the opt-out",
			[]Record{stop("1", "acme", 0), start("2", "acme", 0), stop("1", "acme", 0)},
			"acme", "",
		},
		{
			"another opt-out under the same ID",
			[]Record{stop("1", "acme", 1), start("2", "acme", 2), stop("1", "acme", 3)},
			"acme", "1",
		},
		{"a second opt-in", []Record{start("1", "acme", 0), stop("2", "acme", 0), start("3", "acme", 0)}, "acme", ""},
		{"opt-ins without IDs", []Record{start("", "acme", 0), stop("", "acme", 0), start("", "acme", 0)}, "acme", ""},
		{"no brand asked, one out", []Record{stop("1", "acme", 1), start("2", "other", 2)}, "", "1"},
		{"no brand asked, lifted", []Record{stop("1", "acme", 1), start("2", "acme", 2)}, "", ""},
		{"no brand asked, lifted for one only", []Record{stop("1", "", 1), start("2", "acme", 2)}, "", "1"},
		{"no brand anywhere", []Record{stop("1", "", 1), start("2", "", 2)}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := Check(c.rs, c.brand)
			require.Equal(t, c.want, got.ID)
			if c.want == "" && (len(c.rs) == 0 || err == nil) {
				require.NoError(t, err)
				require.Equal(t, Record{}, got)
				return
			}
			require.ErrorIs(t, err, ErrOptedOut)
		})
	}
}

// TestCheckIgnoresFilingTime: At is our clock, which proves nothing about what the person wrote last.
func TestCheckIgnoresFilingTime(t *testing.T) {
	t.Parallel()
	out, in := stop("1", "acme", 1), start("2", "acme", 2)
	out.At, in.At = at(9), at(3)
	_, err := Check([]Record{out, in}, "acme")
	require.NoError(t, err)
}
