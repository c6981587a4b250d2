package storetest_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/storetest"
)

// forgetful loses records on their way, or reads nothing.
type forgetful struct {
	*bulky
	consents func([]consent.Record) []consent.Record
	optOuts  func([]optout.Record) []optout.Record
	blind    bool
	twice    bool
}

func (s *forgetful) PutAll(ctx context.Context, cs []consent.Record, os []optout.Record, ds []disclosure.Record) error {
	if s.consents != nil && len(cs) > 0 {
		cs = s.consents(cs)
	}
	if s.optOuts != nil && len(os) > 0 {
		os = s.optOuts(os)
	}
	return s.bulky.PutAll(ctx, cs, os, ds)
}

func (s *forgetful) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	facts, err := s.bulky.FactsOf(ctx, ids)
	for i := range facts {
		if s.blind {
			facts[i] = store.Facts{}
		}
		if s.twice {
			facts[i].Consents = append(facts[i].Consents, facts[i].Consents...)
		}
	}
	return facts, err
}

func TestImportFindsOut(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		bend func(s *forgetful)
		want string
	}{
		"right":              {func(*forgetful) {}, ""},
		"a consent is lost":  {func(s *forgetful) { s.consents = func(rs []consent.Record) []consent.Record { return rs[1:] } }, "has 0 consents"},
		"an opt-out is lost": {func(s *forgetful) { s.optOuts = func(rs []optout.Record) []optout.Record { return rs[1:] } }, "and 301 opt-outs"},
		"opt-outs become opt-ins": {func(s *forgetful) {
			s.optOuts = func(rs []optout.Record) []optout.Record { rs[0].In = true; return rs }
		}, "may be texted: true"},
		"consents come twice": {func(s *forgetful) { s.twice = true }, "has 2 consents"},
		"nothing is found":    {func(s *forgetful) { s.blind = true }, "and 600 opt-outs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := bulkBends{}.open()
			x, y := &forgetful{bulky: a.(*bulky)}, &forgetful{bulky: b.(*bulky)}
			tc.bend(x)
			tc.bend(y)
			err := storetest.ImportCheck(t.Context(), x, y, filepath.Join(t.TempDir(), "list.csv"), 3000, t.Logf)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
		})
	}
}
