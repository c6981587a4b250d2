package seal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/evidence/seal"
)

// copyOf copies a pack deeply.
func copyOf(t testing.TB, p evidence.Pack) evidence.Pack {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, p.WriteJSON(&b))
	again, err := evidence.Read(&b)
	require.NoError(t, err)
	return again
}

// settle makes a changed pack look as right as one can without the key: the
// order, the numbers and all that follows from the records.
func settle(p *evidence.Pack) {
	slices.SortStableFunc(p.Events, func(a, b evidence.Event) int { return a.At().Compare(b.At()) })
	evidence.Derive(p.Events)
}

// mutation changes a pack and says what Verify must say: one of the faults, in
// a place with one of the words.
type mutation struct {
	name  string
	apply func(r *rand.Rand, p *evidence.Pack) (faults []seal.Fault, places []string)
}

func event(i int) string { return fmt.Sprintf("event %d", i+1) }

func entryOf(p *evidence.Pack, n int) string {
	for _, e := range p.Seal.Entries {
		if e.Event == n {
			return fmt.Sprintf("entry %d ", e.Index)
		}
	}
	return "none"
}

var mutations = []mutation{
	{"flip a text, a name or a time of an event", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		i := r.IntN(len(p.Events))
		flipStrings(r, &p.Events[i])
		return []seal.Fault{seal.Changed, seal.BackDated, seal.Inserted, seal.Reordered, seal.Malformed}, []string{event(i), "line "}
	}},
	{"drop an event", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		i := r.IntN(len(p.Events))
		where := entryOf(p, i+1)
		p.Events = slices.Delete(p.Events, i, i+1)
		settle(p)
		return []seal.Fault{seal.Removed}, []string{where}
	}},
	{"drop an event with its entry", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		i := r.IntN(len(p.Events))
		at := slices.IndexFunc(p.Seal.Entries, func(e evidence.Entry) bool { return e.Event == i+1 })
		p.Seal.Entries = slices.Delete(p.Seal.Entries, at, at+1)
		p.Events = slices.Delete(p.Events, i, i+1)
		settle(p)
		return []seal.Fault{seal.Removed}, []string{fmt.Sprintf("entry number %d of", at+1)}
	}},
	{"swap two events", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		i := r.IntN(len(p.Events) - 1)
		p.Events[i], p.Events[i+1] = p.Events[i+1], p.Events[i]
		evidence.Derive(p.Events)
		return []seal.Fault{seal.Reordered}, []string{event(i + 1)}
	}},
	{"swap two events without new numbers", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		i := r.IntN(len(p.Events) - 3)
		p.Events[i], p.Events[i+3] = p.Events[i+3], p.Events[i]
		return []seal.Fault{seal.Reordered}, []string{event(i + 1), event(i + 3)}
	}},
	{"swap two entries", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		es := p.Seal.Entries
		i := r.IntN(len(es) - 1)
		es[i], es[i+1] = es[i+1], es[i]
		return []seal.Fault{seal.Removed, seal.Reordered}, []string{fmt.Sprintf("entry number %d of", i+1), fmt.Sprintf("(%d in the pack)", i+1)}
	}},
	{"insert an event", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		e := p.Events[r.IntN(len(p.Events))]
		e.ID = fmt.Sprint("new", r.Int())
		at := e.At().Add(time.Duration(r.IntN(1e9)) * time.Microsecond)
		setAt(&e, at)
		p.Events = append(p.Events, e)
		settle(p)
		i := slices.IndexFunc(p.Events, func(x evidence.Event) bool { return x.ID == e.ID })
		return []seal.Fault{seal.Inserted}, []string{event(i)}
	}},
	{"insert an event that is there", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		i := r.IntN(len(p.Events))
		p.Events = slices.Insert(p.Events, i, p.Events[i])
		settle(p)
		return []seal.Fault{seal.Inserted}, []string{event(i + 1)}
	}},
	{"date an event back", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		i := r.IntN(len(p.Events))
		id, at := p.Events[i].ID, p.Events[i].At().Add(-time.Duration(1+r.IntN(1e12))*time.Microsecond)
		setAt(&p.Events[i], at)
		settle(p)
		i = slices.IndexFunc(p.Events, func(x evidence.Event) bool { return x.ID == id })
		return []seal.Fault{seal.BackDated}, []string{event(i)}
	}},
	{"say that the person wrote earlier", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		for {
			if i := r.IntN(len(p.Events)); p.Events[i].OptOut != nil {
				p.Events[i].OptOut.Sent = p.Events[i].OptOut.Sent.Add(-time.Hour)
				settle(p)
				return []seal.Fault{seal.BackDated}, []string{event(i) + " (opt-out): sent"}
			}
		}
	}},
	{"change what follows from the records", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		i := r.IntN(len(p.Events))
		switch r.IntN(4) {
		case 0:
			p.Events[i].PermittedBy += "x"
		case 1:
			p.Events[i].MessagesAfter++
		case 2:
			p.Events[i].Honoured = p.Events[i].Honoured.Add(-time.Second)
		case 3:
			p.Events[i].Received = p.Events[i].Received.Add(-time.Second)
		}
		return []seal.Fault{seal.Changed}, []string{event(i)}
	}},
	{"change an entry", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		i := r.IntN(len(p.Seal.Entries))
		e := &p.Seal.Entries[i]
		where := []string{fmt.Sprintf("(%d in the pack)", i+1), fmt.Sprintf("entry %d of the log", e.Index), "entry number "}
		switch r.IntN(4) {
		case 0:
			e.Leaf = flip(r, e.Leaf)
		case 1:
			j := r.IntN(len(e.Proof))
			e.Proof[j] = flip(r, e.Proof[j])
		case 2:
			e.Event++
		case 3:
			e.Index++
			where = append(where, fmt.Sprintf("(%d in the pack)", i+2))
		}
		return []seal.Fault{seal.Changed, seal.Reordered, seal.Removed}, where
	}},
	{"drop the last entries and their events", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		keep := 1 + r.IntN(len(p.Seal.Entries)-1)
		gone := map[int]bool{}
		for _, e := range p.Seal.Entries[keep:] {
			gone[e.Event] = true
		}
		p.Seal.Entries = p.Seal.Entries[:keep]
		p.Events = slices.DeleteFunc(p.Events, func(e evidence.Event) bool { return gone[e.N] })
		settle(p)
		return []seal.Fault{seal.Removed}, []string{fmt.Sprintf("entry number %d of", keep+1)}
	}},
	{"change the rest of the pack", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		switch r.IntN(7) {
		case 0:
			p.Program.Company = flip(r, p.Program.Company)
			return []seal.Fault{seal.Changed}, []string{"program"}
		case 1:
			p.Library = flip(r, p.Library)
			return []seal.Fault{seal.Changed}, []string{"library"}
		case 2:
			p.Generated = p.Generated.Add(-time.Hour)
			return []seal.Fault{seal.Changed}, []string{"generated"}
		case 3:
			p.Phone = "+14155550124"
			return []seal.Fault{seal.Changed}, []string{"phone"}
		case 4:
			p.Erased = append(p.Erased, evidence.Erasure{At: start, By: "nobody"})
			return []seal.Fault{seal.Changed}, []string{"erased"}
		case 5:
			p.Seal.Statement = flip(r, p.Seal.Statement)
			return []seal.Fault{seal.Unsigned, seal.Changed}, []string{"statement"}
		}
		p.Seal.Checkpoint = flip(r, p.Seal.Checkpoint)
		return []seal.Fault{seal.Unsigned, seal.Changed}, []string{"checkpoint", "statement"}
	}},
	{"change the key", func(r *rand.Rand, p *evidence.Pack) ([]seal.Fault, []string) {
		p.Seal.Key = flip(r, p.Seal.Key)
		return []seal.Fault{seal.Changed}, []string{"key"}
	}},
}

// flip changes one character of a text into another of its kind.
func flip(r *rand.Rand, s string) string {
	b := []byte(s)
	for {
		i := r.IntN(len(b))
		if c := b[i]; c >= 'a' && c < 'z' || c >= 'A' && c < 'Z' || c >= '0' && c < '9' {
			b[i]++
			return string(b)
		}
	}
}

// flipStrings changes one string or time of the event's JSON form.
func flipStrings(r *rand.Rand, e *evidence.Event) {
	for {
		text, _ := json.Marshal(struct {
			*evidence.Event
			Format int `json:"-"`
		}{Event: e})
		quoted := strings.Split(string(text), `"`)
		i := 1 + 2*r.IntN(len(quoted)/2)
		if i+1 < len(quoted) && strings.HasPrefix(quoted[i+1], ":") || !strings.ContainsAny(quoted[i], "abcdefghijklmnopqrstuvwxy012345678") {
			continue // a name of the form, or nothing to flip
		}
		quoted[i] = flip(r, quoted[i])
		var again evidence.Event
		if json.Unmarshal([]byte(strings.Join(quoted, `"`)), &again) == nil {
			*e = again
			return
		}
	}
}

func setAt(e *evidence.Event, at time.Time) {
	switch {
	case e.Consent != nil:
		c := *e.Consent
		c.At = at
		e.Consent = &c
	case e.OptOut != nil:
		o := *e.OptOut
		o.At = at
		e.OptOut = &o
	case e.Disclosure != nil:
		d := *e.Disclosure
		d.At = at
		e.Disclosure = &d
	case e.Attempt != nil:
		a := *e.Attempt
		a.At = at
		e.Attempt = &a
	}
}

// Every single change is detected and located.
func TestMutations(t *testing.T) {
	t.Parallel()
	b, good := sealed(t)
	require.Len(t, good.Events, 30)
	report, err := seal.Verify(good, b.key)
	require.NoError(t, err)
	require.Equal(t, 30, report.Events)
	require.Greater(t, report.Entries, 30, "earlier states are in the log as well")
	r := rand.New(rand.NewPCG(7, 7))
	const each = 20
	missed := 0
	for _, m := range mutations {
		for range each {
			p := copyOf(t, good)
			faults, places := m.apply(r, &p)
			var file bytes.Buffer
			require.NoError(t, p.WriteJSON(&file))
			_, _, err := seal.VerifyFile(&file, b.key)
			var problem *seal.Problem
			if err == nil {
				missed++
				t.Errorf("%s: not detected", m.name)
				continue
			}
			require.ErrorAs(t, err, &problem, m.name)
			require.ErrorIs(t, err, seal.ErrBroken)
			require.Contains(t, faults, problem.Fault, "%s: %v", m.name, err)
			require.True(t, slices.ContainsFunc(places, func(p string) bool { return strings.Contains(problem.Where, p) }), "%s: %v, want %v", m.name, err, places)
			require.NotContains(t, err.Error(), "4155550123")
		}
	}
	t.Logf("%d mutations, %d missed", each*len(mutations), missed)
}

// Every byte of the file counts.
func TestBytes(t *testing.T) {
	t.Parallel()
	b, good := sealed(t)
	var file bytes.Buffer
	require.NoError(t, good.WriteJSON(&file))
	text := file.Bytes()
	_, _, err := seal.VerifyFile(bytes.NewReader(text), b.key)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(8, 8))
	for range 400 {
		at := r.IntN(len(text))
		bad := slices.Clone(text)
		switch r.IntN(3) {
		case 0:
			bad[at] ^= 1 << r.IntN(7)
		case 1:
			bad = slices.Delete(bad, at, at+1)
		case 2:
			bad = slices.Insert(bad, at, byte(' '+r.IntN(90)))
		}
		_, _, err := seal.VerifyFile(bytes.NewReader(bad), b.key)
		require.Error(t, err, "offset %d of %d: %q", at, len(text), bad[max(0, at-20):min(len(bad), at+20)])
	}
}
