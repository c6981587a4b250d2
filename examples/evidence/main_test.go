package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheStory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out strings.Builder
	if err := run(t.Context(), &out, dir); err != nil {
		t.Fatal(err)
	}
	rest := out.String()
	for _, part := range []string{
		"refused: a handler of evidence needs an authorizer", "403 Forbidden", "403 Forbidden",
		"200 application/json and text/html", "verified offline:", "(opt-out): text: changed",
	} {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			t.Fatalf("%q is missing, or not in its place:\n%s", part, out.String())
		}
		rest = after
	}
	for _, name := range []string{"evidence.html", "evidence.json"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), "Please stop texting me, thank you") {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func TestOnlyWhoMay(t *testing.T) {
	t.Parallel()
	c, err := newCompany(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	h, err := newHandler(c, onlyLegal)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][2]int{
		"/evidence?phone=%2B14155550142": {http.StatusForbidden, http.StatusOK},
		"/evidence?phone=nobody":         {http.StatusForbidden, http.StatusBadRequest},
		"/evidence":                      {http.StatusForbidden, http.StatusBadRequest},
	} {
		if got := ask(h, path, "").Code; got != want[0] {
			t.Errorf("a stranger gets %d for %s", got, path)
		}
		if got := ask(h, path, legalToken).Code; got != want[1] {
			t.Errorf("the legal department gets %d for %s", got, path)
		}
	}
}
