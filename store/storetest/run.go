package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store"
)

// limit is how long one case may take.
const limit = 2 * time.Minute

// Option changes what a kit demands. Make it with [Skip] or [StandingOnly].
type Option struct {
	skip, reason string
	standing     bool
}

// Skip leaves out the case of this name and prints the reason. A name that no
// case has fails the test, so that a list of exceptions cannot outlive them.
func Skip(name, reason string) Option { return Option{skip: name, reason: reason} }

// StandingOnly is for opt-out stores that return only the opt-outs that stand,
// for all brands of the tenant, such as a column "opted_out_at" in a table of
// customers. Brand, words, IDs and history are then not asked for. What is
// left is what keeps a STOP: it is seen at once by everybody, lifted only by
// an opt-in that is newer, by the provider's time where both have one (Sent)
// and otherwise by the time of filing (At), and never by one that comes twice.
// The cases have names of their own, starting with "optouts/standing/". What
// such a store cannot give is in docs/storage-contract.md.
func StandingOnly() Option { return Option{standing: true} }

// Run checks a whole store. Open is called once for each case, with the test
// of that case, and returns two handles on the same data; both may come from
// one database that all cases share. Run returns when all cases have ended.
func Run(t *testing.T, open func(t *testing.T) (a, b store.Store), opts ...Option) {
	t.Helper()
	run(t, storeChecks(standing(opts)), open, opts)
}

// Consents checks a store of consents alone; see [Run].
func Consents(t *testing.T, open func(t *testing.T) (a, b consent.Store), opts ...Option) {
	t.Helper()
	run(t, consentChecks[consent.Store](), open, opts)
}

// OptOuts checks a store of opt-outs alone; see [Run] and [StandingOnly].
func OptOuts(t *testing.T, open func(t *testing.T) (a, b optout.Store), opts ...Option) {
	t.Helper()
	run(t, optOutChecks[optout.Store](standing(opts)), open, opts)
}

// Disclosures checks a store of disclosures alone; see [Run].
func Disclosures(t *testing.T, open func(t *testing.T) (a, b disclosure.Store), opts ...Option) {
	t.Helper()
	run(t, disclosureChecks[disclosure.Store](), open, opts)
}

// Ledger checks a ledger alone, without facts: what of Begin, Finish and
// Outcomes does not depend on the other roles; see [Run].
func Ledger(t *testing.T, open func(t *testing.T) (a, b store.Ledger), opts ...Option) {
	t.Helper()
	run(t, ledgerChecks[store.Ledger](), open, opts)
}

// check is one case: a sentence of the contract and the calls that prove it.
type check[S any] struct {
	name   string
	clause string
	run    func(ctx context.Context, l *lab, a, b S) error
}

// storeChecks are the cases of a whole store.
func storeChecks(standing bool) []check[store.Store] {
	return slices.Concat(
		consentChecks[store.Store](),
		optOutChecks[store.Store](standing),
		disclosureChecks[store.Store](),
		ledgerChecks[store.Store](),
		factChecks(standing),
	)
}

// standing reports whether StandingOnly is among the options.
func standing(opts []Option) bool {
	return slices.ContainsFunc(opts, func(o Option) bool { return o.standing })
}

// run runs every case as a parallel subtest and waits for all of them.
func run[S any](t *testing.T, checks []check[S], open func(t *testing.T) (a, b S), opts []Option) {
	t.Helper()
	reasons := map[string]string{}
	for _, o := range opts {
		if o.skip == "" {
			continue
		}
		if !slices.ContainsFunc(checks, func(c check[S]) bool { return c.name == o.skip }) {
			t.Errorf("storetest: no case is called %q", o.skip)
		}
		reasons[o.skip] = o.reason
	}
	t.Run("contract", func(t *testing.T) {
		for _, c := range checks {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				if reason, ok := reasons[c.name]; ok {
					t.Skipf("SKIPPED by the caller: %s\nnot checked: %s", reason, c.clause)
				}
				a, b := open(t)
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				if err := c.run(ctx, newLab(), a, b); err != nil {
					t.Errorf("%v\ncontract: %s", err, c.clause)
				}
			})
		}
	})
}
