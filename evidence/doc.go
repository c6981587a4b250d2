// Package evidence makes one file of everything that is on file about one
// phone number: what the person was shown and wrote, when it was received and
// when it was honoured, and every attempt to send a message with the decision,
// the rule and the consent that permitted it.
//
// [Build] reads a store and makes a [Pack]. [Pack.WriteJSON] writes it in a
// documented form (docs/evidence.md) that [Read] accepts, [Pack.WriteHTML] as
// one page that needs nothing else, and [Export] writes the packs of everybody
// of a tenant as JSON Lines. (R7.37)
//
// A pack has the whole number and the literal texts: it is as secret as the
// store itself. No fmt verb, log or error shows any of it.
//
// The package evidence/seal, a module of its own, makes packs that the other
// side can verify offline.
package evidence
