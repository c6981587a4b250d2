package storetest_test

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
	"github.com/carewire/carewire/store/storetest"
)

// bulkBends are the ways in which a store is wrong in bulk only.
type bulkBends struct {
	nobody  error                                   // for a question about nobody
	ask     func([]recipient.ID) []recipient.ID     // what FactsOf asks about
	answer  func([]store.Facts) []store.Facts       // what it says
	read    error                                   // for people who are not on file
	put     func(rs []any) []any                    // what PutAll puts, of one role
	known   error                                   // for a record that is on file
	nothing error                                   // for an empty call
	walk    func(all []recipient.ID) []recipient.ID // everybody of the tenant with facts, in order
	page    func(all []recipient.ID, n int, after recipient.Phone) []recipient.ID
	who     func(p *person) bool // who is listed
	tenant  func(string) string  // what tells tenants apart

	cached, cachedWalk, deaf, swallow, buffered, oneID, replaces, racy bool
}

// bulky is a right store, but for its bends in bulk.
type bulky struct {
	*bent
	bulkBends
	mu     *sync.Mutex
	facts  map[recipient.ID]store.Facts
	people []recipient.ID
	later  []any
}

func (b bulkBends) open() (store.Store, store.Store) {
	x, y := bends{}.open()
	handle := func(s store.Store) store.Store {
		return &bulky{bent: s.(*bent), bulkBends: b, mu: &sync.Mutex{}, facts: map[recipient.ID]store.Facts{}}
	}
	return handle(x), handle(y)
}

func (s *bulky) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	switch {
	case len(ids) == 0 && s.nobody != nil:
		return nil, s.nobody
	case ctx.Err() != nil && s.swallow:
		return make([]store.Facts, len(ids)), nil
	case ctx.Err() != nil && s.deaf:
		ctx = context.WithoutCancel(ctx)
	}
	if s.ask != nil {
		ids = s.ask(slices.Clone(ids))
	}
	var out []store.Facts
	for _, id := range ids {
		f, err := s.one(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	if s.answer != nil {
		return s.answer(out), nil
	}
	return out, nil
}

func (s *bulky) one(ctx context.Context, id recipient.ID) (f store.Facts, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.facts[id]; ok && s.cached {
		return f, nil
	}
	if f.Consents, err = s.Consents(ctx, id); err != nil {
		return f, err
	}
	f.OptOuts, _ = s.OptOuts(ctx, id)
	f.Disclosures, _ = s.Disclosures(ctx, id)
	if s.read != nil && len(f.Consents)+len(f.OptOuts)+len(f.Disclosures) == 0 {
		return f, s.read
	}
	s.facts[id] = f
	return f, nil
}

func (s *bulky) PutAll(ctx context.Context, consents []consent.Record, optOuts []optout.Record, disclosures []disclosure.Record) error {
	if ctx.Err() != nil && s.deaf {
		ctx = context.WithoutCancel(ctx)
	}
	if len(consents)+len(optOuts)+len(disclosures) == 0 {
		return s.nothing
	}
	var all []any
	for _, rs := range [][]any{boxed(optOuts), boxed(consents), boxed(disclosures)} {
		if s.put != nil {
			rs = s.put(rs)
		}
		all = append(all, rs...)
	}
	if s.buffered { // the last record comes with the next call
		s.mu.Lock()
		all = append(s.later, all...)
		all, s.later = all[:len(all)-1], all[len(all)-1:]
		s.mu.Unlock()
	}
	seen := map[any]bool{}
	for _, r := range all {
		if k := [2]any{reflect.ValueOf(r).FieldByName("Of").Interface(), idOf(r)}; s.oneID && seen[k] {
			continue
		} else {
			seen[k] = true
		}
		if err := s.putOne(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func boxed[R any](rs []R) (out []any) {
	for _, r := range rs {
		out = append(out, r)
	}
	return out
}

func (s *bulky) putOne(ctx context.Context, r any) error {
	of := reflect.ValueOf(r).FieldByName("Of").Interface().(recipient.ID)
	p, err := s.enter(ctx, of)
	if err != nil {
		return err
	}
	defer s.shared.mu.Unlock()
	b := &bent{shared: s.shared, bends: bends{lastWins: s.replaces}}
	if s.racy {
		b.race = "put twice"
	}
	if s.known != nil {
		b.known = func(int) error { return s.known }
	}
	switch r := r.(type) {
	case consent.Record:
		return file(b, &p.consents, own(b, r))
	case optout.Record:
		return file(b, &p.optOuts, r)
	}
	return file(b, &p.disclosures, r.(disclosure.Record))
}

func (s *bulky) Recipients(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	switch {
	case ctx.Err() != nil && s.swallow:
		return nil, nil
	case ctx.Err() != nil && !s.deaf:
		return nil, ctx.Err()
	}
	s.shared.mu.Lock()
	defer s.shared.mu.Unlock()
	all := s.people
	if all == nil || !s.cachedWalk {
		all = s.list(tenant)
		s.people = all
	}
	if s.page != nil {
		return s.page(all, limit, after), nil
	}
	return page(all, limit, after), nil
}

// page is the right one: after a number, up to n.
func page(all []recipient.ID, n int, after recipient.Phone) []recipient.ID {
	all = slices.DeleteFunc(slices.Clone(all), func(id recipient.ID) bool { return id.Phone.E164() <= after.E164() })
	return all[:min(len(all), n)]
}

func (s *bulky) list(tenant string) (all []recipient.ID) {
	for k, p := range s.shared.people {
		id := k.(recipient.ID)
		listed := len(p.consents)+len(p.optOuts)+len(p.disclosures) > 0
		if s.who != nil {
			listed = s.who(p)
		}
		if listed && mapped(s.tenant, id.Tenant) == mapped(s.tenant, tenant) {
			all = append(all, recipient.ID{Tenant: tenant, Phone: id.Phone})
		}
	}
	slices.SortFunc(all, byE164)
	if s.walk != nil {
		all = s.walk(all)
	}
	return all
}

func byE164(a, b recipient.ID) int { return strings.Compare(a.Phone.E164(), b.Phone.E164()) }

type bulkMutant struct {
	name string
	bulkBends
	caught []string
}

func bulkMutants() []bulkMutant {
	return slices.Concat(mutantsOfBulk(), mutantsOfWalk())
}

func mutantsOfBulk() []bulkMutant {
	return []bulkMutant{
		{"answers are in the order of numbers", bulkBends{ask: func(ids []recipient.ID) []recipient.ID { slices.SortFunc(ids, byE164); return ids }}, []string{"bulk/read/ids", "bulk/read/many"}},
		{"who comes twice is answered once", bulkBends{ask: func(ids []recipient.ID) []recipient.ID {
			var out []recipient.ID
			for _, id := range ids {
				if !slices.Contains(out, id) {
					out = append(out, id)
				}
			}
			return out
		}}, []string{"bulk/read/ids"}},
		{"tenants are left out", bulkBends{ask: func(ids []recipient.ID) []recipient.ID {
			for i := range ids {
				ids[i].Tenant = ids[0].Tenant
			}
			return ids
		}}, []string{"bulk/read/ids"}},
		{"strangers are left out", bulkBends{answer: func(fs []store.Facts) []store.Facts {
			return slices.DeleteFunc(fs, func(f store.Facts) bool { return len(f.OptOuts) == 0 })
		}}, []string{"bulk/read/ids", "bulk/read/many", "bulk/read/fresh", "bulk/write/nothing"}},
		{"strangers are an error", bulkBends{read: errNoRows}, []string{"bulk/read/ids", "bulk/read/fresh"}},
		{"nobody is somebody", bulkBends{ask: func(ids []recipient.ID) []recipient.ID { return append(ids, recipient.ID{}) }}, []string{"bulk/read/ids"}},
		{"a question about nobody is an error", bulkBends{nobody: errNoRows}, []string{"bulk/read/nobody"}},
		{"answers end at 999", bulkBends{ask: func(ids []recipient.ID) []recipient.ID { return ids[:min(len(ids), 999)] }}, []string{"bulk/read/many"}},
		{"reads are cached", bulkBends{cached: true}, []string{"bulk/read/fresh", "bulk/consents/fresh"}},
		{"one role is not read", bulkBends{answer: func(fs []store.Facts) []store.Facts {
			for i := range fs {
				fs[i].Disclosures = nil
			}
			return fs
		}}, []string{"bulk/read/ids", "bulk/disclosures/fields"}},
		{"failed reads are empty", bulkBends{swallow: true}, append(roles("bulk/%s/ended-look-up"), "bulk/walk/ended")},
		{"contexts are ignored", bulkBends{deaf: true}, append(append(roles("bulk/%s/ended-look-up"), roles("bulk/%s/ended-put")...), "bulk/walk/ended")},

		{"the last record comes later", bulkBends{buffered: true}, []string{"bulk/write/seen", "bulk/write/lists", "bulk/consents/fresh"}},
		{"records are sorted by ID", bulkBends{put: func(rs []any) []any {
			slices.SortStableFunc(rs, func(x, y any) int { return cmp.Compare(idOf(x), idOf(y)) })
			return rs
		}}, []string{"bulk/write/lists", "bulk/write/large"}},
		{"records are put from the back", bulkBends{put: reversed}, []string{"bulk/write/lists"}},
		{"calls end at a thousand records", bulkBends{put: func(rs []any) []any { return rs[:min(len(rs), 1000)] }}, []string{"bulk/write/large"}},
		{"an ID is taken by another role", bulkBends{oneID: true}, []string{"bulk/write/lists", "bulk/write/seen"}},
		{"the last record of an ID wins", bulkBends{replaces: true}, append(roles("bulk/%s/first-wins"), "bulk/write/known")},
		{"a known record is an error", bulkBends{known: errors.New("duplicate key")}, append(roles("bulk/%s/first-wins"), "bulk/write/known", "bulk/write/concurrent")},
		{"nothing is an error", bulkBends{nothing: errors.New("empty statement")}, []string{"bulk/write/nothing"}},
		{"look, then put twice", bulkBends{racy: true}, []string{"bulk/write/concurrent"}},
	}
}

func mutantsOfWalk() []bulkMutant {
	reverse := func(all []recipient.ID) []recipient.ID { slices.Reverse(all); return all }
	return []bulkMutant{
		{"lists are in the order of length", bulkBends{walk: func(all []recipient.ID) []recipient.ID {
			slices.SortStableFunc(all, func(a, b recipient.ID) int { return len(a.Phone.E164()) - len(b.Phone.E164()) })
			return all
		}}, []string{"bulk/walk/order", "bulk/walk/after"}},
		{"lists are from the back", bulkBends{walk: reverse}, []string{"bulk/walk/order"}},
		{"lists have doubles", bulkBends{walk: func(all []recipient.ID) []recipient.ID {
			return slices.Concat(all, all[:min(len(all), 1)])
		}, page: func(all []recipient.ID, n int, after recipient.Phone) []recipient.ID {
			all = slices.SortedFunc(slices.Values(all), byE164)
			return page(all, n, after)
		}}, []string{"bulk/walk/order"}},
		{"the first is listed again", bulkBends{page: func(all []recipient.ID, n int, after recipient.Phone) []recipient.ID {
			all = slices.DeleteFunc(slices.Clone(all), func(id recipient.ID) bool { return id.Phone.E164() < after.E164() })
			if len(all) == 1 && all[0].Phone == after {
				return nil
			}
			return all[:min(len(all), n)]
		}}, []string{"bulk/walk/order"}},
		{"only numbers on file can be resumed from", bulkBends{page: func(all []recipient.ID, n int, after recipient.Phone) []recipient.ID {
			if i := slices.IndexFunc(all, func(id recipient.ID) bool { return id.Phone == after }); i >= 0 || after.IsZero() {
				return all[i+1 : min(len(all), i+1+n)]
			}
			return nil
		}}, []string{"bulk/walk/after"}},
		{"the limit is ignored", bulkBends{page: func(all []recipient.ID, _ int, after recipient.Phone) []recipient.ID {
			return page(all, len(all), after)
		}}, []string{"bulk/walk/order"}},
		{"one is always left over", bulkBends{page: func(all []recipient.ID, n int, after recipient.Phone) []recipient.ID {
			return page(all[:max(0, len(all)-1)], n, after)
		}}, []string{"bulk/walk/order", "bulk/walk/roles"}},
		{"everybody is listed who was looked up", bulkBends{who: func(*person) bool { return true }}, []string{"bulk/walk/absent", "bulk/walk/attempts"}},
		{"attempts are listed", bulkBends{who: func(p *person) bool {
			return len(p.consents)+len(p.optOuts)+len(p.disclosures)+len(p.attempts) > 0
		}}, []string{"bulk/walk/attempts"}},
		{"consents only are listed", bulkBends{who: func(p *person) bool { return len(p.consents) > 0 }}, []string{"bulk/walk/roles", "bulk/walk/order"}},
		{"disclosures are not listed", bulkBends{who: func(p *person) bool { return len(p.consents)+len(p.optOuts) > 0 }}, []string{"bulk/walk/roles", "bulk/walk/attempts"}},
		{"lists are cached", bulkBends{cachedWalk: true}, []string{"bulk/walk/fresh"}},
		{"tenants are folded", bulkBends{tenant: strings.ToLower}, []string{"bulk/walk/apart"}},
		{"tenants are trimmed", bulkBends{tenant: strings.TrimSpace}, []string{"bulk/walk/apart"}},
		{"all tenants are listed", bulkBends{tenant: func(string) string { return "" }}, []string{"bulk/walk/apart"}},
	}
}

// Every mutant must be found out by the cases that are about its mistake, and
// every case must find out somebody. The cases that each role has are put to
// the mutants of facts.
func TestBulkMutants(t *testing.T) { //nolint:tparallel // the group ends before its findings are counted
	t.Parallel()
	caughtBy := map[string]chan string{}
	for _, c := range storetest.BulkCases() {
		caughtBy[c.Name] = make(chan string, len(bulkMutants())+len(mutantsOfFacts()))
	}
	check := func(t *testing.T, name string, few bool, caught []string, open func() (a, b store.Store)) {
		t.Helper()
		failed := failing(t.Context(), bulkCases(few, caught), open)
		for c := range failed {
			caughtBy[c] <- name
		}
		for _, c := range caught {
			require.Contains(t, caughtBy, c, "no such case")
			require.Contains(t, failed, c, "the case is about a store in which %s", name)
		}
		t.Logf("found out by %d cases, for example %s", len(failed), example(failed, caught[0]))
	}
	t.Run("mutants", func(t *testing.T) {
		for _, m := range bulkMutants() {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				check(t, m.name, m.racy, m.caught, m.open)
			})
		}
		for _, m := range mutantsOfFacts() {
			var caught []string
			for _, c := range m.caught {
				if _, ok := caughtBy["bulk/"+c]; ok {
					caught = append(caught, "bulk/"+c)
				}
			}
			if len(caught) == 0 {
				continue
			}
			t.Run("one by one, "+m.name, func(t *testing.T) {
				t.Parallel()
				check(t, m.name, true, caught, m.open)
			})
		}
	})
	for name, by := range caughtBy {
		if len(by) == 0 {
			t.Errorf("no mutant fails the case %q", name)
		}
	}
}

// bulkCases are all cases, without slow ones that are not about the mistake, or
// only those that are.
func bulkCases(few bool, caught []string) []storetest.Case[store.Store] {
	return slices.DeleteFunc(storetest.BulkCases(), func(c storetest.Case[store.Store]) bool {
		slow := strings.HasSuffix(c.Name, "/many") || strings.HasSuffix(c.Name, "/large")
		return (few || slow) && !slices.Contains(caught, c.Name)
	})
}

// The bulky store is right when it is not bent, and so is what stands in for
// missing abilities, the reference implementation, and a composition.
func TestBulkUnbent(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func() (a, b store.Store){
		"bulky":      bulkBends{}.open,
		"one by one": bends{}.open,
		"memstore":   func() (a, b store.Store) { s := memstore.New(); return s, s },
		"composed, all roles can": func() (a, b store.Store) {
			c, o, d, l := memstore.New(), memstore.New(), memstore.New(), memstore.New()
			return store.Compose(c, o, d, l), store.Compose(c, o, d, l)
		},
		"composed, one role cannot": func() (a, b store.Store) {
			o, l := memstore.New(), memstore.New()
			return store.Compose(l, plainOptOuts{o}, l, l), store.Compose(l, plainOptOuts{o}, l, l)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Bulk(t, func(*testing.T) (a, b store.Store) { return open() })
		})
	}
}

// plainOptOuts is a role without any other ability.
type plainOptOuts struct{ optout.Store }
