// Package store is the contract between the pipeline and whatever keeps its
// facts: consents, opt-outs, disclosures, and a ledger of attempts that makes
// sure that one key is handed to the provider once.
//
// The contract is about meaning, with one small interface per role, so that a
// team's existing tables can serve ([Compose]). Every sentence of it has a
// case in package storetest, which an implementation runs in one line.
// docs/storage-contract.md is the long form.
package store
