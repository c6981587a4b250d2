// Package storetest checks that an implementation keeps the contract of
// package store. One line in a test of the implementation is enough:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) (a, b store.Store) { … })
//	}
//
// The two handles are on the same data, as two processes have them: two
// connection pools, two clients, two opens of one file. Handles that share
// memory prove less, since a cache in a handle is then seen by both.
//
// Every sentence of the contract has a case of its own with a fixed order of
// calls; the sentence is printed when its case fails. Each case takes its
// recipients from a random tenant (and from random numbers under +999, which
// is nobody's), so that one shared database will do and cases run in parallel.
//
// A team that brings one table only runs the kit of its role: [Consents],
// [OptOuts], [Disclosures] or [Ledger]. An opt-out table with less to tell,
// such as a column, runs [OptOuts] with [StandingOnly].
//
// The kit imports the standard library and this module, no test library.
package storetest
