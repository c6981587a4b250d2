package store

import (
	"strconv"
	"strings"
)

// KeyKind keeps the keys of different things apart.
type KeyKind string

// The kinds of keys.
const (
	KeyMessage      KeyKind = "message"      // a message of the application
	KeyConfirmation KeyKind = "confirmation" // the one answer to an opt-out
	KeyHelp         KeyKind = "help"         // an answer to HELP
	KeyInbound      KeyKind = "inbound"      // an inbound event of a provider
	KeyRefusal      KeyKind = "refusal"      // a message that the text checks refused before Begin
)

// Key makes the ledger's key of a kind, a brand and the caller's own key. The
// parts are length-prefixed, so that no two different triples give one key.
func Key(kind KeyKind, brand, own string) string {
	var b strings.Builder
	for _, s := range []string{string(kind), brand, own} {
		b.WriteString(strconv.Itoa(len(s)))
		b.WriteByte(':')
		b.WriteString(s)
	}
	return b.String()
}

// SplitKey returns what Key was made of; ok is false if key was not made by Key.
func SplitKey(key string) (kind KeyKind, brand, own string, ok bool) {
	var parts [3]string
	rest := key
	for i := range parts {
		n, tail, found := strings.Cut(rest, ":")
		size, err := strconv.Atoi(n)
		if !found || err != nil || size < 0 || size > len(tail) {
			return "", "", "", false
		}
		parts[i], rest = tail[:size], tail[size:]
	}
	kind, brand, own = KeyKind(parts[0]), parts[1], parts[2]
	if Key(kind, brand, own) != key { // a rest, or a length as Key never writes it: "+7", "007"
		return "", "", "", false
	}
	return kind, brand, own, true
}
