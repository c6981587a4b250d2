// Package providertest checks that an SMS provider keeps the contract of
// package provider, and gives a provider for other tests.
//
// [Run] plays every answer that a provider's server can give, from acceptance
// to a cut connection, against an adapter on a local server and demands that
// the adapter says what is known and nothing more. [RunWebhook] does the same
// for what comes back. [Recorder] is a provider without any server: it records
// messages and answers by a script.
//
// The package uses the standard library and this module only, so that adapters
// outside this module can run it as well.
package providertest
