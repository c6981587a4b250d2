// Package recipient names the person on the other side of a message: a phone
// number that cannot be forged, compared wrongly or printed by accident, and
// the storage partition that all facts about that number live in.
//
// A [Phone] comes only from [Parse]. It is comparable, its zero value is
// invalid, and every way of printing it (all fmt verbs, log/slog, JSON) shows
// two digits at most; [Phone.E164] is the only way to the whole number.
//
// Errors are [ErrInvalid] wrapped with the reason, and never contain the input.
package recipient
