package store_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/store"
)

func TestKeyKeepsPartsApart(t *testing.T) {
	t.Parallel()
	triples := [][3]string{
		{"message", "acme", "1"},
		{"message", "acme1", ""},
		{"message", "", "acme1"},
		{"messagea", "cme", "1"},
		{"message", "acme", "1:2"},
		{"message", "acme:1", "2"},
		{"message", "4:acme", "1"},
		{"", "", ""},
		{"confirmation", "acme", "1"},
		{"message", "Acme", "1"},
		{"message", "acme ", "1"},
		{"message", "acme", "\x00"},
	}
	seen := map[string][3]string{}
	for _, want := range triples {
		key := store.Key(store.KeyKind(want[0]), want[1], want[2])
		require.NotContains(t, seen, key, "%q and %q have one key", seen[key], want)
		seen[key] = want
		kind, brand, own, ok := store.SplitKey(key)
		require.True(t, ok, "%q", key)
		require.Equal(t, want, [3]string{string(kind), brand, own})
	}
}

func TestSplitKeyRefusesOthers(t *testing.T) {
	t.Parallel()
	good := store.Key(store.KeyMessage, "acme", "booking-1")
	for _, key := range []string{
		"", ":", "0:", "0:0:", "booking-1", good + " ", good + "0:", " " + good, good[1:], good[:len(good)-1],
		"+7:message4:acme9:booking-1", "07:message4:acme9:booking-1", "-1:0:0:", "99999999999999999999:0:0:",
		"7:message4:acme10:booking-1", strings.ToUpper("0x7:message0:0:"),
	} {
		kind, brand, own, ok := store.SplitKey(key)
		require.False(t, ok, "%q", key)
		require.Empty(t, string(kind)+brand+own, "%q", key)
	}
}

func FuzzKey(f *testing.F) {
	f.Add("message", "acme", "booking-1")
	f.Add("", "", "")
	f.Add("1:", "0:0:", "+7:x")
	f.Add("inbound", "Ärzte", "\xff\x00")
	f.Fuzz(func(t *testing.T, kind, brand, own string) {
		key := store.Key(store.KeyKind(kind), brand, own)
		k, b, o, ok := store.SplitKey(key)
		if !ok || string(k) != kind || b != brand || o != own {
			t.Fatalf("Key(%q, %q, %q) = %q splits into %q, %q, %q, %v", kind, brand, own, key, k, b, o, ok)
		}
	})
}

func FuzzSplitKey(f *testing.F) {
	f.Add(store.Key(store.KeyMessage, "acme", "booking-1"))
	f.Add("0:0:0:")
	f.Add("+7:message0:0:")
	f.Add("00:0:0:")
	f.Add("1::1::1::")
	f.Add("9223372036854775808:0:0:")
	f.Fuzz(func(t *testing.T, key string) {
		kind, brand, own, ok := store.SplitKey(key)
		switch {
		case ok && store.Key(kind, brand, own) != key:
			t.Fatalf("SplitKey took %q, which Key does not make", key)
		case !ok && string(kind)+brand+own != "":
			t.Fatalf("SplitKey refused %q and returned parts", key)
		}
	})
}

func BenchmarkKey(b *testing.B) {
	for b.Loop() {
		store.Key(store.KeyMessage, "acme", "booking-881/confirmed")
	}
}
