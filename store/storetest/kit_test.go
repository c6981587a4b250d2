package storetest_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
	"github.com/carewire/carewire/store/storetest"
)

func TestMemstore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) (a, b store.Store) {
		s := memstore.New()
		return s, s
	})
}

// apart is a Store of four memstores.
func apart() store.Store {
	return store.Compose(memstore.New(), memstore.New(), memstore.New(), memstore.New())
}

// notOneTransaction are the cases that a composed store cannot keep: its
// Finish is not one transaction.
func notOneTransaction(roles ...string) []storetest.Option {
	var opts []storetest.Option
	for _, r := range roles {
		opts = append(opts, storetest.Skip("finish/"+r+"/atomic", "facts of a composed store are on file before the attempt is settled"))
	}
	return opts
}

func TestComposed(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) (a, b store.Store) {
		s := apart()
		return s, s
	}, notOneTransaction("consents", "optouts", "disclosures")...)
}

func TestComposedWithColumn(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) (a, b store.Store) {
		own, ledger := newColumns(columnBends{}), memstore.New()
		return store.Compose(ledger, own[0], ledger, ledger), store.Compose(ledger, own[1], ledger, ledger)
	}, storetest.StandingOnly())
}

// What a program promises holds over composed stores too.
func TestPipelineOverComposed(t *testing.T) {
	t.Parallel()
	storetest.RunPipeline(t, func(*testing.T) (a, b store.Store) {
		s := apart()
		return s, s
	})
}

func TestRoles(t *testing.T) {
	t.Parallel()
	t.Run("consents", func(t *testing.T) {
		t.Parallel()
		storetest.Consents(t, func(*testing.T) (a, b consent.Store) { s := memstore.New(); return s, s })
	})
	t.Run("optouts", func(t *testing.T) {
		t.Parallel()
		storetest.OptOuts(t, func(*testing.T) (a, b optout.Store) { s := memstore.New(); return s, s })
	})
	t.Run("disclosures", func(t *testing.T) {
		t.Parallel()
		storetest.Disclosures(t, func(*testing.T) (a, b disclosure.Store) { s := memstore.New(); return s, s })
	})
	t.Run("ledger", func(t *testing.T) {
		t.Parallel()
		storetest.Ledger(t, func(*testing.T) (a, b store.Ledger) { s := memstore.New(); return s, s })
	})
	t.Run("column", func(t *testing.T) {
		t.Parallel()
		storetest.OptOuts(t, func(*testing.T) (a, b optout.Store) {
			own := newColumns(columnBends{})
			return own[0], own[1]
		}, storetest.StandingOnly())
	})
}

func TestCaseNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range storetest.Cases() {
		require.False(t, seen[c.Name], c.Name)
		seen[c.Name] = true
	}
	for _, c := range storetest.StandingCases() {
		require.False(t, seen[c.Name], c.Name)
		seen[c.Name] = true
	}
}

// asBroken says to the process started by TestReport which run it is.
const asBroken = "STORETEST_AS_BROKEN"

// TestAsBroken fails in the process that TestReport starts, and only there.
func TestAsBroken(t *testing.T) {
	t.Parallel()
	name, run := os.LookupEnv(asBroken)
	if !run {
		return
	}
	var opts []storetest.Option
	if name != "" {
		opts = append(opts, storetest.Skip(name, "we have no such thing"))
	}
	storetest.Run(t, bendsOpen(bends{cache: "look"}), opts...)
}

func bendsOpen(b bends) func(*testing.T) (store.Store, store.Store) {
	return func(*testing.T) (store.Store, store.Store) { return b.open() }
}

// What a person sees whose store is wrong: the case, the difference, the sentence.
func TestReport(t *testing.T) {
	t.Parallel()
	report := func(skip string) string {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAsBroken$", "-test.v")
		cmd.Env = append(os.Environ(), asBroken+"="+skip)
		out, err := cmd.CombinedOutput()
		require.Error(t, err, "the run over a wrong store passed")
		return string(out)
	}
	out := report("")
	require.Contains(t, out, "--- FAIL: TestAsBroken/contract/optouts/fresh")
	require.Contains(t, out, "want 1 records (\"id-0\"), got 0")
	require.Contains(t, out, "contract: When Put returns nil, every look-up that starts afterwards, in any process, sees the record.")
	require.Contains(t, out, "--- PASS: TestAsBroken/contract/begin/one-holder")
	require.NotContains(t, out, "+999", "a number is printed")

	out = report("optouts/fresh")
	require.Contains(t, out, "--- SKIP: TestAsBroken/contract/optouts/fresh")
	require.Contains(t, out, "SKIPPED by the caller: we have no such thing")
	require.Contains(t, out, "--- FAIL: TestAsBroken/contract/consents/fresh")

	require.Contains(t, report("optouts/no-such-case"), `no case is called "optouts/no-such-case"`)
}

// The long form of the contract names every case, and no other.
func TestContractNamesEveryCase(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/storage-contract.md")
	require.NoError(t, err)
	known := map[string]bool{}
	for _, c := range storetest.Cases() {
		known[c.Name] = true
	}
	for _, c := range storetest.StandingCases() {
		known[c.Name] = true
	}
	for _, c := range storetest.StandingStoreCases() {
		known[c.Name] = true
	}
	for _, c := range storetest.BulkCases() {
		known[c.Name] = true
	}
	named := map[string]bool{}
	for i, word := range strings.Split(string(page), "`") {
		if i%2 == 0 || !strings.Contains(word, "/") && word != "roles-apart" || strings.ContainsAny(word, " .") {
			continue
		}
		for _, name := range spread(word) {
			require.True(t, known[name], "docs/storage-contract.md names %q, which is no case", name)
			named[name] = true
		}
	}
	for name := range known {
		require.True(t, named[name], "docs/storage-contract.md does not name the case %q", name)
	}
}

// spread writes out "ROLE" in the name of a case.
func spread(name string) []string {
	if !strings.Contains(name, "ROLE") {
		return []string{name}
	}
	return slices.Collect(func(yield func(string) bool) {
		for _, r := range []string{"consents", "optouts", "disclosures"} {
			if !yield(strings.ReplaceAll(name, "ROLE", r)) {
				return
			}
		}
	})
}
