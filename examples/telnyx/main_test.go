package main

import (
	"strings"
	"testing"
)

func TestTheStory(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	rest := out.String()
	for _, part := range []string{
		"Consent on file", "Your visit is booked", "rates may apply", "✓ delivered", "please stop texting me", "You are unsubscribed", "✗ Your visit is tomorrow.", "has opted out",
		"START", "Your visit has moved", "STOP", "successfully been unsubscribed", "✗ Your invoice is ready.", "START",
		"Provider ✗", "✗ We have received your payment.", "has opted out", "✗ How was the visit?", "On file:", "provider/opted-out", "delivered",
	} {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			t.Fatalf("%q is missing, or not in its place:\n%s", part, out.String())
		}
		rest = after
	}
	if n := strings.Count(out.String(), "You are unsubscribed and will receive no more"); n != 1 {
		t.Errorf("we confirmed %d times, want once: the other STOP was answered by the provider", n)
	}
}
