package consent_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func given(change func(*consent.Record)) consent.Record {
	r := consent.Record{
		Brand: "acme", Basis: consent.Transaction, Ref: "booking-1",
		Purposes: []consent.Purpose{consent.Service, consent.Billing}, At: noon,
	}
	if change != nil {
		change(&r)
	}
	return r
}

func revoked(change func(*consent.Record)) consent.Record {
	r := consent.Record{Brand: "acme", Revoked: true, At: noon.Add(time.Hour)}
	if change != nil {
		change(&r)
	}
	return r
}

func at(d time.Duration) func(*consent.Record) {
	return func(r *consent.Record) { r.At = noon.Add(d) }
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		rs    []consent.Record
		brand string
		p     consent.Purpose
		now   time.Duration
		want  bool
	}{
		"nothing on file":              {nil, "acme", consent.Service, 0, false},
		"given":                        {[]consent.Record{given(nil)}, "acme", consent.Service, 0, true},
		"second purpose":               {[]consent.Record{given(nil)}, "acme", consent.Billing, 0, true},
		"another purpose":              {[]consent.Record{given(nil)}, "acme", consent.Orders, 0, false},
		"no purpose asked":             {[]consent.Record{given(nil)}, "acme", "", 0, false},
		"another brand":                {[]consent.Record{given(nil)}, "Acme", consent.Service, 0, false},
		"a brand is exact":             {[]consent.Record{given(func(r *consent.Record) { r.Brand = "" })}, "acme", consent.Service, 0, false},
		"no purposes permit nothing":   {[]consent.Record{given(func(r *consent.Record) { r.Purposes = nil })}, "acme", consent.Service, 0, false},
		"no reference":                 {[]consent.Record{given(func(r *consent.Record) { r.Ref = "" })}, "acme", consent.Service, 0, false},
		"expired":                      {[]consent.Record{given(func(r *consent.Record) { r.Until = noon.Add(time.Hour) })}, "acme", consent.Service, time.Hour, false},
		"not expired":                  {[]consent.Record{given(func(r *consent.Record) { r.Until = noon.Add(time.Hour) })}, "acme", consent.Service, time.Hour - 1, true},
		"clock 5 minutes ahead":        {[]consent.Record{given(at(5 * time.Minute))}, "acme", consent.Service, 0, true},
		"in the future":                {[]consent.Record{given(at(5*time.Minute + 1))}, "acme", consent.Service, 0, false},
		"revoked":                      {[]consent.Record{given(nil), revoked(nil)}, "acme", consent.Service, 2 * time.Hour, false},
		"revoked for all brands":       {[]consent.Record{given(nil), revoked(func(r *consent.Record) { r.Brand = "" })}, "acme", consent.Service, 2 * time.Hour, false},
		"another brand revoked":        {[]consent.Record{given(nil), revoked(func(r *consent.Record) { r.Brand = "b" })}, "acme", consent.Service, 2 * time.Hour, true},
		"one purpose revoked":          {[]consent.Record{given(nil), revoked(func(r *consent.Record) { r.Purposes = []consent.Purpose{consent.Billing} })}, "acme", consent.Service, 2 * time.Hour, true},
		"that purpose revoked":         {[]consent.Record{given(nil), revoked(func(r *consent.Record) { r.Purposes = []consent.Purpose{consent.Billing} })}, "acme", consent.Billing, 2 * time.Hour, false},
		"put before, dated after":      {[]consent.Record{revoked(nil), given(nil)}, "acme", consent.Service, 2 * time.Hour, false},
		"given again":                  {[]consent.Record{given(nil), revoked(nil), given(at(2 * time.Hour))}, "acme", consent.Service, 2 * time.Hour, true},
		"given again at the same time": {[]consent.Record{revoked(nil), given(at(time.Hour))}, "acme", consent.Service, 2 * time.Hour, true},
		"an old import":                {[]consent.Record{revoked(nil), given(at(-time.Hour))}, "acme", consent.Service, 2 * time.Hour, false},
		"a slow clock of revocation":   {[]consent.Record{given(nil), revoked(at(-time.Hour))}, "acme", consent.Service, 2 * time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := consent.Check(tc.rs, tc.brand, tc.p, noon.Add(tc.now))
			if tc.want {
				require.NoError(t, err)
				require.Equal(t, tc.brand, r.Brand)
				return
			}
			require.ErrorIs(t, err, consent.ErrNone)
			require.Empty(t, r.Basis)
		})
	}
}

func TestConversation(t *testing.T) {
	t.Parallel()
	talk := consent.Record{Brand: "acme", Basis: consent.Inbound, Purposes: []consent.Purpose{consent.Conversation}, At: noon, Until: noon.Add(24 * time.Hour)}
	_, err := consent.Check([]consent.Record{talk}, "acme", consent.Conversation, noon)
	require.NoError(t, err)
	_, err = consent.Check([]consent.Record{talk}, "acme", consent.Service, noon)
	require.ErrorIs(t, err, consent.ErrNone, "it authorises no later notices")
	_, err = consent.Check([]consent.Record{talk}, "acme", consent.Conversation, noon.Add(24*time.Hour))
	require.ErrorIs(t, err, consent.ErrNone)
	talk.Until = time.Time{}
	require.ErrorIs(t, talk.Validate(), consent.ErrInvalid)
}

func TestMarketingTakesTwoSteps(t *testing.T) {
	t.Parallel()
	of := recipient.ID{Phone: recipient.MustParse("+14155550142")}
	first := consent.Step{Shown: "Get deals by text", Answer: "ticked the box", Where: "https://acme.example/deals v4", At: noon}
	second := consent.Step{Shown: "Reply YES to confirm", Answer: "YES", Where: "+14155550199", At: noon.Add(time.Minute)}
	r, err := consent.NewMarketing(of, "acme", first, second)
	require.NoError(t, err)
	require.NoError(t, r.Validate())
	_, err = consent.Check([]consent.Record{r}, "acme", consent.Marketing, noon.Add(time.Hour))
	require.NoError(t, err)
	for name, change := range map[string]func(){
		"one step":  func() { r.Confirmed = "" },
		"no form":   func() { r.Shown = "" },
		"the basis": func() { r.Basis = consent.Form },
	} {
		whole := r
		change()
		_, err = consent.Check([]consent.Record{r}, "acme", consent.Marketing, noon.Add(time.Hour))
		require.ErrorIs(t, err, consent.ErrNone, name)
		r = whole
	}
	for name, bad := range map[string][2]consent.Step{
		"no second step":    {first, {}},
		"at the same time":  {first, {Shown: "x", Answer: "y", Where: "z", At: noon}},
		"nothing was shown": {{Answer: "y", Where: "z", At: noon}, second},
	} {
		_, err := consent.NewMarketing(of, "acme", bad[0], bad[1])
		require.ErrorIs(t, err, consent.ErrInvalid, name)
	}
	_, err = consent.NewMarketing(of, "", first, second)
	require.ErrorIs(t, err, consent.ErrInvalid)
	_, err = consent.NewMarketing(recipient.ID{}, "acme", first, second)
	require.ErrorIs(t, err, consent.ErrInvalid)
}

func TestBasisNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for b := consent.Transaction; b <= consent.Written; b++ {
		seen[b.String()] = true
	}
	require.Len(t, seen, 5)
	require.Equal(t, "basis 9", consent.Basis(9).String())
}

func Example() {
	rs := []consent.Record{
		{Brand: "acme", Basis: consent.Transaction, Ref: "booking-881", Purposes: []consent.Purpose{consent.Service}, At: noon},
	}
	r, err := consent.Check(rs, "acme", consent.Service, noon.Add(time.Hour))
	fmt.Println(r.Ref, err)
	_, err = consent.Check(rs, "acme", consent.Billing, noon.Add(time.Hour))
	fmt.Println(err)
	// Output:
	// booking-881 <nil>
	// consent: none on file for this brand and purpose
}
