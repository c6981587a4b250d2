package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func tell(t *testing.T, file, until string) string {
	t.Helper()
	var out strings.Builder
	if err := run(t.Context(), &out, file, until); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func wantInOrder(t *testing.T, story string, parts ...string) {
	t.Helper()
	rest := story
	for _, p := range parts {
		_, after, ok := strings.Cut(rest, p)
		if !ok {
			t.Fatalf("%q is missing, or not in its place:\n%s", p, story)
		}
		rest = after
	}
}

func TestTheStory(t *testing.T) {
	t.Parallel()
	wantInOrder(t, tell(t, "", ""),
		"Your visit is booked", "By providing your mobile number", "segments]", "it carried the disclosure",
		"Joe is on his way", "[accepted]",
		"20% off", "^^^", "promotional content",
		"HELP", "help@acme.example",
		"Stop. Thank you", "You are unsubscribed",
		"Your invoice is ready", "has opted out",
		"START", "We have received your payment", "it carried the disclosure",
		"Evidence", "opt-out", "opt-in", "disclosure", "refused")
}

func TestTheStateSurvives(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "story.db")
	tell(t, file, "stop")
	second := tell(t, file, "")
	wantInOrder(t, second, "On file from before: ", "1 opt-outs", "✗ Your visit is booked", "has opted out", "START", "We have received your payment")
	if strings.Count(second, "You are unsubscribed") != 0 {
		t.Errorf("the opt-out of the first run was confirmed again:\n%s", second)
	}
	wantInOrder(t, tell(t, file, ""), "On file from before: ", "Your visit is booked", "[accepted]")
}
