package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/storetest"
)

// bend returns a function that changes the strings and times of records at
// some stages. IDs and keys stay.
func bend(text func(string) string, at func(time.Time) time.Time, stages ...string) func(string, any) {
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		for i := range v.NumField() {
			f, name := v.Field(i), v.Type().Field(i).Name
			switch t, isTime := f.Interface().(time.Time); {
			case isTime && at != nil:
				f.Set(reflect.ValueOf(at(t)))
			case v.Type().Field(i).Anonymous:
				walk(f)
			case f.Kind() == reflect.String && text != nil && name != "ID" && name != "Key":
				f.SetString(text(f.String()))
			}
		}
	}
	return func(stage string, record any) {
		if slices.Contains(stages, stage) {
			walk(reflect.ValueOf(record).Elem())
		}
	}
}

// arrange returns a function that changes lists at some stages.
func arrange(f func([]any) []any, stages ...string) func(string, []any) []any {
	return func(stage string, rs []any) []any {
		if slices.Contains(stages, stage) {
			return f(rs)
		}
		return rs
	}
}

func reversed(rs []any) []any { slices.Reverse(rs); return rs }

func byID(rs []any) []any {
	slices.SortStableFunc(rs, func(x, y any) int { return strings.Compare(idOf(x), idOf(y)) })
	return rs
}

func byTime(rs []any) []any {
	at := func(x any) time.Time { return reflect.ValueOf(x).FieldByName("At").Interface().(time.Time) }
	slices.SortStableFunc(rs, func(x, y any) int { return at(x).Compare(at(y)) })
	return rs
}

func hundred(rs []any) []any { return rs[:min(len(rs), 100)] }

func last(rs []any) []any { return rs[max(0, len(rs)-1):] }

func epoch(t time.Time) time.Time {
	if t.IsZero() {
		return time.Unix(0, 0)
	}
	return t
}

func unfinished(rs []any) []any {
	return slices.DeleteFunc(rs, func(x any) bool { return !x.(store.Outcome).State.Holds() })
}

func foldTenant(id recipient.ID) any { return strings.ToLower(id.Tenant) + " " + id.Phone.E164() }

// facts returns a hook that drops all facts of a Finish if drop says so.
func facts(drop func(from, to store.State) bool) func(store.State, *store.Outcome) {
	return func(from store.State, o *store.Outcome) {
		if drop(from, o.State) {
			o.Consents, o.OptOuts, o.Disclosures = nil, nil, nil
		}
	}
}

func without(field string) func(prior, holder store.Outcome) store.Outcome {
	return func(prior, _ store.Outcome) store.Outcome {
		f := reflect.ValueOf(&prior).Elem().FieldByName(field)
		f.SetZero()
		return prior
	}
}

// Cases of all three roles.
func roles(format string) []string {
	return []string{fmt.Sprintf(format, "consents"), fmt.Sprintf(format, "optouts"), fmt.Sprintf(format, "disclosures")}
}

// mutant is a wrong store and the cases that must find it out.
type mutant struct {
	name string
	bends
	caught []string
}

func mutants() []mutant {
	return slices.Concat(mutantsOfFacts(), mutantsOfBegin(), mutantsOfFinish(), mutantsOfOutcomes())
}

var errNoRows = errors.New("no rows in result set")

func mutantsOfFacts() []mutant {
	return []mutant{
		{"look-ups are cached", bends{cache: "look"}, roles("%s/fresh")},
		{"facts of Begin are cached", bends{cache: "begin"}, roles("begin/%s/fresh")},
		{"absence is an error", bends{noRows: errNoRows}, slices.Concat(roles("%s/absent"), roles("begin/%s/absent"), []string{"outcomes/absent"})},
		{"failed look-ups are empty", bends{swallow: true}, append(roles("%s/ended-look-up"), "outcomes/ended")},
		{"contexts are ignored", bends{deaf: true}, slices.Concat(roles("%s/ended-put"), roles("%s/ended-look-up"), roles("finish/%s/ended"), []string{"begin/ended", "finish/ended"})},
		{"tenants are folded", bends{person: foldTenant}, slices.Concat(roles("%s/apart"), roles("begin/%s/apart"), []string{"outcomes/apart", "begin/recipients-apart", "finish/other-recipient"})},
		{"tenants are trimmed", bends{person: func(id recipient.ID) any { return strings.TrimSpace(id.Tenant) + " " + id.Phone.E164() }}, roles("%s/apart")},
		{"tenants are normalised", bends{person: func(id recipient.ID) any { return norm.NFC.String(id.Tenant) + " " + id.Phone.E164() }}, roles("begin/%s/apart")},
		{"tenants are left out", bends{person: func(id recipient.ID) any { return id.Phone }}, roles("%s/apart")},
		{"numbers are left out", bends{person: func(id recipient.ID) any { return id.Tenant }}, roles("begin/%s/apart")},
		{"numbers are cut", bends{person: func(id recipient.ID) any { return id.Tenant + " " + id.Phone.E164()[:15] }}, roles("%s/apart")},
		{"record IDs are folded", bends{recordID: strings.ToLower}, roles("%s/ids-apart")},
		{"record IDs are trimmed", bends{recordID: strings.TrimSpace}, roles("%s/ids-apart")},
		{"record IDs are normalised", bends{recordID: norm.NFKC.String}, roles("%s/ids-apart")},
		{"record IDs are unique over all recipients", bends{globalIDs: true}, append(roles("%s/id-per-recipient"), "finish/other-recipient")},
		{"record IDs are shared with attempts", bends{facts: func(_ store.State, o *store.Outcome) {
			o.OptOuts = slices.DeleteFunc(slices.Clone(o.OptOuts), func(r optout.Record) bool { return r.ID == o.ID })
		}}, []string{"roles-apart"}},
		{"strings are trimmed", bends{bend: bend(strings.TrimSpace, nil, "put")}, append(roles("%s/literal"), roles("begin/%s/literal")...)},
		{"strings are normalised", bends{bend: bend(norm.NFC.String, nil, "put")}, roles("%s/literal")},
		{"strings are cut at 255", bends{bend: bend(func(s string) string { return s[:min(len(s), 255)] }, nil, "put", "finish")}, slices.Concat(roles("%s/literal"), roles("finish/%s/literal"))},
		{"strings of a Finish are escaped", bends{bend: bend(func(s string) string { return strings.ReplaceAll(s, "\\", "\\\\") }, nil, "finish")}, roles("finish/%s/literal")},
		{"strings of a Begin are trimmed", bends{bend: bend(strings.TrimSpace, nil, "begin")}, roles("begin/%s/literal")},
		{"times are cut to seconds", bends{bend: bend(nil, func(t time.Time) time.Time { return t.Truncate(time.Second) }, "put", "finish")}, slices.Concat(roles("%s/times"), roles("finish/%s/times"), roles("%s/fields"))},
		{"times are cut to milliseconds", bends{bend: bend(nil, func(t time.Time) time.Time { return t.Truncate(time.Millisecond) }, "look")}, roles("%s/times")},
		{"no time becomes the epoch", bends{bend: bend(nil, epoch, "put")}, append(roles("%s/times"), roles("%s/fields")...)},
		{"times are nanoseconds since the epoch", bends{bend: bend(nil, func(t time.Time) time.Time { return time.Unix(0, t.UnixNano()) }, "look", "begin")}, slices.Concat(roles("%s/times"), roles("begin/%s/times"))},
		{"times lose their zone", bends{bend: bend(nil, func(t time.Time) time.Time { //nolint:gosmopolitan // the mistake
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
		}, "put")}, roles("%s/times")},
		{"the last record of an ID wins", bends{lastWins: true}, slices.Concat(roles("%s/first-wins"), roles("finish/%s/repeated"), roles("finish/%s/known"))},
		{"the same ID twice is two records", bends{doubles: true}, slices.Concat(roles("%s/first-wins"), roles("finish/%s/repeated"), roles("%s/concurrent-same"))},
		{"the same ID twice is an error", bends{known: func(int) error { return errors.New("duplicate key") }}, slices.Concat(roles("%s/first-wins"), roles("finish/%s/known"))},
		{"put order is reversed", bends{list: arrange(reversed, "look")}, append(roles("%s/order"), roles("%s/fresh")...)},
		{"put order is that of IDs", bends{list: arrange(byID, "look", "begin")}, append(roles("%s/order"), roles("begin/%s/found")...)},
		{"put order is that of times", bends{list: arrange(byTime, "look", "begin")}, append(roles("%s/order"), roles("begin/%s/found")...)},
		{"look-ups end at a hundred", bends{list: arrange(hundred, "look")}, append(roles("%s/many"), roles("finish/%s/many")...)},
		{"Begin ends at a hundred", bends{list: arrange(hundred, "begin")}, roles("begin/%s/many")},
		{"only the last record counts", bends{list: arrange(last, "look", "begin")}, append(roles("%s/order"), roles("begin/%s/found")...)},
		{"look, then put", bends{race: "put"}, roles("%s/concurrent")},
		{"look, then put twice", bends{race: "put twice"}, roles("%s/concurrent-same")},
		{"purposes are sorted", bends{bend: func(_ string, r any) {
			if c, ok := r.(*consent.Record); ok {
				slices.Sort(c.Purposes)
			}
		}}, []string{"consents/purposes"}},
		{"purposes are joined", bends{bend: func(stage string, r any) {
			if c, ok := r.(*consent.Record); ok && stage == "put" && slices.Contains(c.Purposes, "a,b") {
				c.Purposes = []consent.Purpose{"a", "b"}
			}
		}}, []string{"consents/purposes"}},
		{"memory is shared with callers", bends{sharesMemory: true}, []string{"consents/copied"}},
		{"everything is marked at Begin", bends{earlyMark: true}, slices.Concat(roles("begin/%s/fresh"), roles("finish/%s/put"), roles("begin/%s/absent"))},
	}
}

func mutantsOfBegin() []mutant {
	return []mutant{
		{"everybody holds", bends{everybody: true}, []string{"begin/taken", "begin/taken-settled", "begin/one-holder", "begin/loser-off-file"}},
		{"look, then claim", bends{race: "begin"}, []string{"begin/one-holder", "begin/same-id-concurrent"}},
		{"look, then claim a key again", bends{race: "reclaim"}, []string{"begin/one-holder-again"}},
		{"one attempt at a time", bends{key: func(a store.Attempt) string { return a.Of.Tenant + a.Of.Phone.E164() }}, []string{"begin/holds"}},
		{"keys are shared between recipients", bends{key: func(a store.Attempt) string { return a.Of.Tenant + a.Key }}, []string{"begin/recipients-apart"}},
		{"keys are shared between tenants", bends{key: func(a store.Attempt) string { return a.Of.Phone.E164() + a.Key }}, []string{"begin/recipients-apart", "outcomes/apart"}},
		{"keys are folded", bends{key: func(a store.Attempt) string { return a.Of.Tenant + a.Of.Phone.E164() + strings.ToLower(a.Key) }}, []string{"begin/keys-apart"}},
		{"keys are trimmed", bends{key: func(a store.Attempt) string { return a.Of.Tenant + a.Of.Phone.E164() + strings.TrimSpace(a.Key) }}, []string{"begin/keys-apart"}},
		{"keys are only the caller's part", bends{key: func(a store.Attempt) string {
			_, _, own, _ := store.SplitKey(a.Key)
			return a.Of.Tenant + a.Of.Phone.E164() + own
		}}, []string{"begin/kinds-apart"}},
		{"keys are cut at 255", bends{key: func(a store.Attempt) string { return a.Of.Tenant + a.Of.Phone.E164() + a.Key[:min(len(a.Key), 255)] }}, []string{"begin/long-key"}},
		{"refused attempts keep the key", bends{holds: func(s store.State) bool { return s != store.Rejected }}, []string{"begin/freed", "begin/one-holder-again", "finish/key-passed-on"}},
		{"rejected attempts keep the key", bends{holds: func(s store.State) bool { return s != store.Refused }}, []string{"begin/freed", "begin/freed-late"}},
		{"unknown attempts free the key", bends{holds: func(s store.State) bool { return s.Holds() && s != store.Unknown }}, []string{"begin/taken-settled", "begin/freed-late"}},
		{"failed attempts free the key", bends{holds: func(s store.State) bool { return s.Holds() && s != store.Failed }}, []string{"begin/taken-settled"}},
		{"open attempts free the key", bends{holds: func(s store.State) bool { return s.Holds() && s != store.Open }}, []string{"begin/taken", "begin/one-holder"}},
		{"the loser sees an empty prior", bends{prior: func(_, _ store.Outcome) store.Outcome { return store.Outcome{} }}, []string{"begin/taken", "begin/taken-settled", "begin/one-holder"}},
		{"prior has no sum", bends{prior: without("Sum")}, []string{"begin/taken"}},
		{"prior has no time", bends{prior: without("At")}, []string{"begin/taken"}},
		{"prior has no state", bends{prior: without("State")}, []string{"begin/taken"}},
		{"prior has no provider ID", bends{prior: without("ProviderID")}, []string{"begin/taken-settled"}},
		{"prior is the attempt that has the key now", bends{prior: func(_, holder store.Outcome) store.Outcome { return holder }}, []string{"begin/settled-id-key-passed-on"}},
		{"the loser gets no facts", bends{emptyIf: true}, roles("begin/%s/not-held")},
		{"the loser is put on file", bends{loserOnFile: true}, append(roles("finish/%s/not-held"), "begin/loser-off-file")},
		{"the same ID again loses", bends{againLoses: true}, []string{"begin/same-id", "begin/same-id-concurrent"}},
		{"the same ID again is an error", bends{againErrs: true}, []string{"begin/same-id", "begin/settled-id"}},
		{"a settled attempt holds again", bends{settledHolds: true}, []string{"begin/settled-id", "begin/settled-id-key-passed-on"}},
	}
}

func mutantsOfFinish() []mutant {
	never := func(store.State, store.State) bool { return false }
	return []mutant{
		{"nothing is settled", bends{rises: never}, []string{"finish/settles", "begin/freed", "outcomes/fields"}},
		{"states move back", bends{rises: func(_, to store.State) bool { return to != store.Open }}, []string{"finish/states", "finish/repeated", "finish/filled", "finish/key-passed-on", "finish/concurrent"}},
		{"refused attempts are sent after all", bends{rises: func(from, to store.State) bool { return to > from }}, []string{"finish/states", "finish/key-passed-on"}},
		{"unknown is final", bends{rises: func(from, to store.State) bool { return from != store.Unknown && store.Rises(from, to) }}, []string{"finish/states", "begin/freed-late"}},
		{"read the state, then write it", bends{race: "finish"}, []string{"finish/concurrent"}},
		{"a late Finish writes its codes", bends{settle: func(on *store.Outcome, o store.Outcome) {
			if store.Rises(on.State, o.State) {
				on.State = o.State
			}
			on.Rule, on.Code, on.Settled = o.Rule, o.Code, o.Settled
			on.ProviderID, on.From, on.Approval, on.Text = o.ProviderID, o.From, o.Approval, o.Text
		}}, []string{"finish/states", "finish/repeated"}},
		{"a report wipes what the send recorded", bends{settle: func(on *store.Outcome, o store.Outcome) {
			if store.Rises(on.State, o.State) {
				o.Attempt = on.Attempt
				*on = o
			}
		}}, []string{"finish/filled", "finish/filled-once"}},
		{"what is empty is filled in by every Finish anew", bends{settle: func(on *store.Outcome, o store.Outcome) {
			if store.Rises(on.State, o.State) {
				on.State, on.Rule, on.Code, on.Settled = o.State, o.Rule, o.Code, o.Settled
			}
			on.ProviderID, on.From, on.Approval, on.Text = o.ProviderID, o.From, o.Approval, o.Text
		}}, []string{"finish/filled-once"}},
		{"Finish writes the whole attempt", bends{settle: func(on *store.Outcome, o store.Outcome) { *on = o }}, []string{"finish/attempt-kept", "finish/filled"}},
		{"Finish goes by the key", bends{byKey: true}, []string{"finish/key-passed-on"}},
		{"attempt IDs are folded", bends{attemptID: strings.ToLower}, []string{"finish/ids-apart"}},
		{"attempt IDs are trimmed", bends{attemptID: strings.TrimSpace}, []string{"finish/ids-apart"}},
		{"a Finish of nobody is no error", bends{notHeldNil: true}, append(roles("finish/%s/not-held"), "finish/not-held", "begin/loser-off-file")},
		{"a Finish of nobody begins", bends{notHeldBegins: true}, []string{"finish/not-held"}},
		{"a Finish of nobody stores its facts", bends{notHeldFacts: true}, roles("finish/%s/not-held")},
		{"facts are dropped by Finish", bends{facts: facts(func(_, _ store.State) bool { return true })}, slices.Concat(roles("finish/%s/put"), roles("finish/%s/many"), roles("finish/%s/late"), roles("finish/%s/with-state"))},
		{"facts of a late Finish are dropped", bends{facts: facts(func(from, to store.State) bool { return !store.Rises(from, to) })}, append(roles("finish/%s/late"), roles("finish/%s/repeated")...)},
		{"facts of refused attempts are dropped", bends{facts: facts(func(_, to store.State) bool { return !to.Holds() })}, roles("finish/%s/late")},
		{"the state first, its facts later", bends{race: "state first"}, roles("finish/%s/with-state")},
		{"facts first, their state later", bends{race: "facts first"}, roles("finish/%s/atomic")},
	}
}

func mutantsOfOutcomes() []mutant {
	return []mutant{
		{"refused attempts are forgotten", bends{list: arrange(unfinished, "outcomes")}, []string{"begin/freed", "finish/settles", "outcomes/order"}},
		{"outcomes are newest first", bends{list: arrange(reversed, "outcomes")}, []string{"outcomes/order", "begin/freed"}},
		{"outcomes are in the order of IDs", bends{list: arrange(byID, "outcomes")}, []string{"outcomes/order"}},
		{"outcomes are in the order of times", bends{list: arrange(byTime, "outcomes")}, []string{"outcomes/order"}},
		{"outcomes end at a hundred", bends{list: arrange(hundred, "outcomes")}, []string{"outcomes/many"}},
		{"strings of an attempt are trimmed", bends{bend: bend(strings.TrimSpace, nil, "attempt")}, []string{"outcomes/literal"}},
		{"strings of an outcome are trimmed", bends{bend: bend(strings.TrimSpace, nil, "outcome")}, []string{"outcomes/literal"}},
		{"times of an attempt are cut to seconds", bends{bend: bend(nil, func(t time.Time) time.Time { return t.Truncate(time.Second) }, "attempt")}, []string{"outcomes/times", "begin/taken"}},
		{"times of an outcome are nanoseconds since the epoch", bends{bend: bend(nil, func(t time.Time) time.Time { return time.Unix(0, t.UnixNano()) }, "outcome")}, []string{"outcomes/times", "outcomes/fields"}},
	}
}

// Every mutant must be found out by the cases that are about its mistake, and
// every case must find out somebody: a case that cannot fail proves nothing.
func TestMutants(t *testing.T) { //nolint:tparallel // the group ends before its result is looked at
	t.Parallel()
	caughtBy := map[string]chan string{}
	for _, c := range storetest.Cases() {
		caughtBy[c.Name] = make(chan string, len(mutants()))
	}
	t.Run("mutants", func(t *testing.T) {
		for _, m := range mutants() {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				failed := failing(t.Context(), m.cases(), m.open)
				for name := range failed {
					caughtBy[name] <- m.name
				}
				require.NotEmpty(t, failed, "no case finds out a store in which %s", m.name)
				for _, name := range m.caught {
					require.Contains(t, caughtBy, name, "no such case")
					require.Contains(t, failed, name, "the case is about a store in which %s", m.name)
				}
				t.Logf("found out by %d cases, for example %s", len(failed), example(failed, m.caught[0]))
			})
		}
	})
	for name, by := range caughtBy {
		if len(by) == 0 {
			t.Errorf("no mutant fails the case %q", name)
		}
	}
}

// cases are all cases, without slow ones that are not about the mistake.
func (m mutant) cases() []storetest.Case[store.Store] {
	return slices.DeleteFunc(storetest.Cases(), func(c storetest.Case[store.Store]) bool {
		slow := m.race != "" || strings.HasSuffix(c.Name, "/many")
		return slow && !slices.Contains(m.caught, c.Name)
	})
}

// The bent store is right when it is not bent: what the cases find is the mistake.
func TestUnbent(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) (a, b store.Store) { return bends{}.open() })
}

// failing runs the cases, each over a store of its own, and returns the errors of those that fail.
func failing[S any](ctx context.Context, cases []storetest.Case[S], open func() (a, b S)) map[string]error {
	failed := map[string]error{}
	for _, c := range cases {
		a, b := open()
		if err := c.Run(ctx, a, b); err != nil {
			failed[c.Name] = err
		}
	}
	return failed
}

func example(failed map[string]error, name string) string {
	return fmt.Sprintf("%s: %v", name, failed[name])
}
