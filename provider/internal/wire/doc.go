// Package wire is the plumbing that every HTTP adapter shares: one request,
// its answer or the reason why there is none, and the reading of webhooks.
//
// It knows no provider. What it decides is decided once, for all: a request is
// sent once, redirects are not followed, answers are read up to a limit, and a
// failure is definite only if it is known that nothing was sent (see [Client.Do]
// and [Refusal]). No error of this package contains a number, text or secret.
package wire
