package storetest_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// bends are the ways in which a bent store is wrong. The zero bends are right.
type bends struct {
	person    func(recipient.ID) any                          // what tells recipients apart
	key       func(store.Attempt) string                      // what tells keys apart
	recordID  func(string) string                             // what tells records apart
	attemptID func(string) string                             // what tells attempts apart
	bend      func(stage string, record any)                  // what happens to a record on the way: put, finish, look, begin; attempt, outcome
	list      func(stage string, rs []any) []any              // what happens to a list on the way: look, begin, outcomes
	holds     func(store.State) bool                          // which states keep the key
	rises     func(from, to store.State) bool                 // which states follow which
	prior     func(prior, holder store.Outcome) store.Outcome // what a loser sees
	settle    func(on *store.Outcome, o store.Outcome)        // how Finish writes
	facts     func(from store.State, o *store.Outcome)        // what Finish does with facts
	known     func(again int) error                           // a record whose ID is on file
	noRows    error                                           // what nothing on file is
	race      string                                          // which call lets go of the lock half-way: put, put twice, begin, reclaim, finish, state first, facts first
	cache     string                                          // which call remembers: look, begin

	deaf, swallow, lastWins, doubles, sharesMemory, globalIDs          bool
	everybody, againLoses, againErrs, settledHolds, loserOnFile        bool
	notHeldNil, notHeldFacts, notHeldBegins, byKey, earlyMark, emptyIf bool
}

// shared is what all handles see.
type shared struct {
	mu      sync.Mutex
	people  map[any]*person
	entered int // how many calls have had the lock
}

type person struct {
	consents    []consent.Record
	optOuts     []optout.Record
	disclosures []disclosure.Record
	attempts    []*store.Outcome
}

// bent is a small whole store that can be wrong in many ways.
type bent struct {
	*shared
	bends
	seen  map[any]any // what this handle remembers
	again int
}

// open returns two handles of one bent store.
func (b bends) open() (store.Store, store.Store) {
	s := &shared{people: map[any]*person{}}
	return &bent{shared: s, bends: b, seen: map[any]any{}}, &bent{shared: s, bends: b, seen: map[any]any{}}
}

func (s *bent) enter(ctx context.Context, id recipient.ID) (*person, error) {
	if err := ctx.Err(); err != nil && !s.deaf {
		return nil, err
	}
	s.mu.Lock()
	s.entered++
	var k any = id
	if s.person != nil {
		k = s.person(id)
	}
	if s.people[k] == nil {
		s.people[k] = &person{}
	}
	return s.people[k], nil
}

// pause lets go of the lock if the store is racy here.
func (s *bent) pause(where string) {
	if s.race == where {
		s.letIn()
	}
}

// letIn lets go of the lock until others have been in: a few of them, or
// nobody comes.
func (s *bent) letIn() {
	before := s.entered
	for start := time.Now(); s.entered < before+3 && time.Since(start) < 20*time.Millisecond; {
		s.mu.Unlock()
		time.Sleep(50 * time.Microsecond)
		s.mu.Lock()
	}
}

func (s *bent) on(stage string, record any) {
	if s.bend != nil {
		s.bend(stage, record)
	}
}

func mapped(f func(string) string, s string) string {
	if f == nil {
		return s
	}
	return f(s)
}

func idOf(r any) string {
	switch r := r.(type) {
	case consent.Record:
		return r.ID
	case optout.Record:
		return r.ID
	case disclosure.Record:
		return r.ID
	case store.Outcome:
		return r.ID
	}
	return ""
}

// file adds a record to a list.
func file[R any](s *bent, list *[]R, r R) error {
	i := slices.IndexFunc(*list, func(x R) bool { return mapped(s.recordID, idOf(x)) == mapped(s.recordID, idOf(r)) })
	before := slices.Clone(*list)
	s.pause("put")
	s.pause("put twice")
	switch {
	case i < 0 && s.race == "put":
		*list = append(before, r) // others put meanwhile
	case i < 0 || s.doubles:
		*list = append(*list, r)
	case s.lastWins:
		(*list)[i] = r
	case s.known != nil:
		s.again++
		return s.known(s.again)
	}
	return nil
}

func put[R any](ctx context.Context, s *bent, of recipient.ID, r R, at func(*person) *[]R) error {
	p, err := s.enter(ctx, of)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	if s.globalIDs {
		for _, q := range s.people {
			if q != p && slices.ContainsFunc(*at(q), func(x R) bool { return idOf(x) == idOf(r) }) {
				return nil
			}
		}
	}
	r = own(s, r)
	s.on("put", &r)
	return file(s, at(p), r)
}

// own copies what a record refers to.
func own[R any](s *bent, r R) R {
	if c, ok := any(&r).(*consent.Record); ok && !s.sharesMemory {
		c.Purposes = slices.Clone(c.Purposes)
	}
	return r
}

// out copies a list on its way to the caller.
func out[R any](s *bent, stage string, of recipient.ID, list []R) []R {
	k := [3]any{stage, of, reflect.TypeFor[R]()}
	if s.cache == stage {
		if got, ok := s.seen[k].([]R); ok {
			return slices.Clone(got)
		}
	}
	var all []any
	for _, r := range list {
		r = own(s, r)
		s.on(stage, &r)
		if s.person != nil {
			reflect.ValueOf(&r).Elem().FieldByName("Of").Set(reflect.ValueOf(of)) // no mutant is caught by its Of
		}
		all = append(all, r)
	}
	if s.list != nil {
		all = s.list(stage, all)
	}
	var rs []R
	for _, r := range all {
		rs = append(rs, r.(R))
	}
	if s.cache == stage {
		s.seen[k] = rs
	}
	return slices.Clone(rs)
}

func look[R any](ctx context.Context, s *bent, of recipient.ID, at func(*person) *[]R) ([]R, error) {
	p, err := s.enter(ctx, of)
	if err != nil {
		if s.swallow {
			return nil, nil
		}
		return nil, err
	}
	defer s.mu.Unlock()
	if s.noRows != nil && len(*at(p)) == 0 {
		return nil, s.noRows
	}
	return out(s, "look", of, *at(p)), nil
}

func consentsAt(p *person) *[]consent.Record       { return &p.consents }
func optOutsAt(p *person) *[]optout.Record         { return &p.optOuts }
func disclosuresAt(p *person) *[]disclosure.Record { return &p.disclosures }

func (s *bent) PutConsent(ctx context.Context, r consent.Record) error {
	return put(ctx, s, r.Of, r, consentsAt)
}

func (s *bent) PutOptOut(ctx context.Context, r optout.Record) error {
	return put(ctx, s, r.Of, r, optOutsAt)
}

func (s *bent) PutDisclosure(ctx context.Context, r disclosure.Record) error {
	return put(ctx, s, r.Of, r, disclosuresAt)
}

func (s *bent) Consents(ctx context.Context, id recipient.ID) ([]consent.Record, error) {
	return look(ctx, s, id, consentsAt)
}

func (s *bent) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	return look(ctx, s, id, optOutsAt)
}

func (s *bent) Disclosures(ctx context.Context, id recipient.ID) ([]disclosure.Record, error) {
	return look(ctx, s, id, disclosuresAt)
}

func (s *bent) Begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	p, err := s.enter(ctx, a.Of)
	if err != nil {
		return store.Snapshot{}, err
	}
	defer s.mu.Unlock()
	var snap store.Snapshot
	if snap.Held, snap.Prior, err = s.claim(p, a); err != nil {
		return store.Snapshot{}, err
	}
	if s.emptyIf && !snap.Held {
		return snap, nil
	}
	if s.noRows != nil && len(p.consents)+len(p.optOuts)+len(p.disclosures) == 0 {
		return store.Snapshot{}, s.noRows
	}
	snap.Consents = out(s, "begin", a.Of, p.consents)
	snap.OptOuts = out(s, "begin", a.Of, p.optOuts)
	snap.Disclosures = out(s, "begin", a.Of, p.disclosures)
	if s.earlyMark && snap.Held {
		return snap, errors.Join(
			file(s, &p.consents, consent.Record{ID: "early " + a.ID, Of: a.Of}),
			file(s, &p.optOuts, optout.Record{ID: "early " + a.ID, Of: a.Of}),
			file(s, &p.disclosures, disclosure.Record{ID: "early " + a.ID, Of: a.Of}))
	}
	return snap, nil
}

// claim looks for the attempt, then for one with its key.
func (s *bent) claim(p *person, a store.Attempt) (bool, store.Outcome, error) {
	mine := s.byID(p, a.ID)
	var holder *store.Outcome
	for _, q := range s.people {
		for _, o := range q.attempts {
			if (s.key != nil || q == p) && s.keyOf(o.Attempt) == s.keyOf(a) && s.keeps(o.State) {
				holder = o
			}
		}
	}
	switch {
	case mine != nil && s.againErrs:
		return false, store.Outcome{}, errors.New("UNIQUE constraint failed")
	case mine != nil && (mine.State == store.Open && !s.againLoses || s.settledHolds):
		return true, store.Outcome{}, nil
	case mine != nil && holder != nil && s.prior != nil:
		return false, s.prior(*mine, *holder), nil
	case mine != nil:
		return false, *mine, nil
	case holder != nil && !s.everybody:
		if s.loserOnFile {
			p.attempts = append(p.attempts, &store.Outcome{Attempt: a, State: store.Refused})
		}
		if s.prior != nil {
			return false, s.prior(*holder, *holder), nil
		}
		return false, *holder, nil
	}
	s.pause("begin")
	if slices.ContainsFunc(p.attempts, func(o *store.Outcome) bool { return o.Key == a.Key }) {
		s.pause("reclaim")
	}
	s.on("attempt", &a)
	p.attempts = append(p.attempts, &store.Outcome{Attempt: a, State: store.Open})
	return true, store.Outcome{}, nil
}

func (s *bent) keyOf(a store.Attempt) string {
	if s.key == nil {
		return a.Key
	}
	return s.key(a)
}

func (s *bent) keeps(state store.State) bool {
	if s.holds == nil {
		return state.Holds()
	}
	return s.holds(state)
}

func (s *bent) byID(p *person, id string) *store.Outcome {
	for _, o := range p.attempts {
		if mapped(s.attemptID, o.ID) == mapped(s.attemptID, id) {
			return o
		}
	}
	return nil
}

func (s *bent) Finish(ctx context.Context, o store.Outcome) error {
	p, err := s.enter(ctx, o.Of)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	on := s.byID(p, o.ID)
	if s.globalIDs && on == nil {
		for _, q := range s.people {
			if x := s.byID(q, o.ID); x != nil {
				on = x
			}
		}
	}
	if s.byKey && on != nil {
		for _, x := range p.attempts {
			if x.Key == on.Key {
				on = x // the newest attempt with this key
			}
		}
	}
	if on == nil {
		switch {
		case s.notHeldBegins:
			p.attempts = append(p.attempts, &o)
		case s.notHeldFacts:
			return errors.Join(store.ErrNotHeld, s.fileAll(p, o))
		}
		if s.notHeldNil || s.notHeldBegins {
			return nil
		}
		return store.ErrNotHeld
	}
	from := on.State
	rises := store.Rises
	if s.rises != nil {
		rises = s.rises
	}
	may := rises(from, o.State)
	s.pause("finish")
	if s.facts != nil {
		s.facts(from, &o)
	}
	if s.race == "state first" {
		s.write(on, o, may)
		s.letIn()
	}
	if err := s.fileAll(p, o); err != nil {
		return err
	}
	if s.race == "facts first" {
		s.letIn()
	}
	s.write(on, o, may)
	return nil
}

func (s *bent) write(on *store.Outcome, o store.Outcome, may bool) {
	if s.settle != nil {
		s.settle(on, o)
		return
	}
	s.on("outcome", &o)
	if may {
		on.State, on.Rule, on.Code, on.Settled = o.State, o.Rule, o.Code, o.Settled
	}
	for _, f := range [][2]*string{
		{&on.ProviderID, &o.ProviderID},
		{&on.From, &o.From},
		{&on.Approval, &o.Approval},
		{&on.Text, &o.Text},
	} {
		if *f[0] == "" {
			*f[0] = *f[1]
		}
	}
}

func (s *bent) fileAll(p *person, o store.Outcome) error {
	var errs []error
	for _, r := range o.Consents {
		r = own(s, r)
		s.on("finish", &r)
		errs = append(errs, file(s, &p.consents, r))
	}
	for _, r := range o.OptOuts {
		s.on("finish", &r)
		errs = append(errs, file(s, &p.optOuts, r))
	}
	for _, r := range o.Disclosures {
		s.on("finish", &r)
		errs = append(errs, file(s, &p.disclosures, r))
	}
	return errors.Join(errs...)
}

func (s *bent) Outcomes(ctx context.Context, id recipient.ID) ([]store.Outcome, error) {
	p, err := s.enter(ctx, id)
	if err != nil {
		if s.swallow {
			return nil, nil
		}
		return nil, err
	}
	defer s.mu.Unlock()
	if s.noRows != nil && len(p.attempts) == 0 {
		return nil, s.noRows
	}
	var all []store.Outcome
	for _, o := range p.attempts {
		all = append(all, *o)
	}
	return out(s, "outcomes", id, all), nil
}
