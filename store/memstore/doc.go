// Package memstore keeps everything in memory. It is the reference
// implementation of package store, for tests, examples and trying things out.
//
// All is lost with the process, opt-outs too, so it is no store to send real
// messages with: it says Volatile, and a client refuses it unless
// Config.InsecureVolatileStore is set.
//
// It returns no error but that of the context, [store.ErrNotHeld], and one for
// an attempt ID that comes back with another key.
package memstore
