package disclosure_test

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/carewire/carewire/disclosure"
)

func form() disclosure.Form {
	return disclosure.Form{
		Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
		Terms: "https://acme.example/terms", Privacy: "/privacy",
	}
}

func TestNoticeHTML(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*disclosure.Form){
		"plain.html":    func(*disclosure.Form) {},
		"checkbox.html": func(f *disclosure.Form) { f.Checkbox = true },
		"spanish.html": func(f *disclosure.Form) {
			f.Checkbox, f.Wording = true, disclosure.In(language.Spanish)
			f.Company, f.About = "Plomería Acme", "la visita a su casa"
		},
	}
	for golden, change := range tests {
		t.Run(golden, func(t *testing.T) {
			t.Parallel()
			f := form()
			change(&f)
			got, err := disclosure.NoticeHTML(f)
			require.NoError(t, err)
			want, err := os.ReadFile(filepath.Join("testdata", golden))
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))

			require.Empty(t, disclosure.Missing(f.Text(), f.Company, f.About))
			for _, line := range strings.Split(f.Text(), "\n") {
				require.Contains(t, html.UnescapeString(string(got)), line)
			}
			require.NotContains(t, string(got), "checked", "a box is never ticked for the person")
			require.NotContains(t, string(got), "required", "consent is never forced")
			requireIDs(t, string(got))
		})
	}
}

// requireIDs checks that ids are unique and every reference has its element.
func requireIDs(t *testing.T, fragment string) {
	t.Helper()
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(fragment, -1) {
		require.False(t, ids[m[1]], "id %s twice", m[1])
		ids[m[1]] = true
	}
	refs := regexp.MustCompile(` (?:for|aria-describedby)="([^"]+)"`).FindAllStringSubmatch(fragment, -1)
	require.NotEmpty(t, refs)
	for _, m := range refs {
		require.True(t, ids[m[1]], "nothing has the id %s", m[1])
	}
}

// TestNoticeSaysAll checks the list of what a call to action must state. (R7.36).
func TestNoticeSaysAll(t *testing.T) {
	t.Parallel()
	got := disclosure.Notice("Acme Plumbing", "service at your address", "help@acme.example")
	for _, part := range []string{
		"Acme Plumbing", "service at your address", "SMS", "frequency", "Message and data rates may apply", "STOP", "HELP",
		"help@acme.example", "transactional or support",
	} {
		require.Contains(t, got, part)
	}
	require.Contains(t, disclosure.Notice("Acme", "x", ""), "Reply 'HELP' for help.")
	require.Contains(t, disclosure.In(language.Spanish).Notice("Acme", "x", ""), "AYUDA")
}

func TestNoticeHTMLEscapes(t *testing.T) {
	t.Parallel()
	f := form()
	f.Checkbox = true
	f.Company = `<script>alert("x")</script>`
	f.About = `"><img src=x onerror=alert(1)>`
	f.Contact = "<b>help</b>"
	f.ID = `a"onclick="x`
	f.Name = `n"><i>`
	f.Terms = `https://acme.example/?a="><script>`
	got, err := disclosure.NoticeHTML(f)
	require.NoError(t, err)
	for _, bad := range []string{"<script", "<img", "<b>", "<i>", `"onclick`} {
		require.NotContains(t, string(got), bad)
	}
}

func TestNoticeHTMLRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*disclosure.Form){
		"Company": func(f *disclosure.Form) { f.Company = " " },
		"About":   func(f *disclosure.Form) { f.About = "" },
		"Contact": func(f *disclosure.Form) { f.Contact = "" },
		"Terms":   func(f *disclosure.Form) { f.Terms = "" },
		"Privacy": func(f *disclosure.Form) { f.Privacy = "javascript:alert(1)" },
		"ID":      func(f *disclosure.Form) { f.ID = "two words" },
	}
	for field, change := range tests {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			f := form()
			change(&f)
			got, err := disclosure.NoticeHTML(f)
			require.ErrorIs(t, err, disclosure.ErrForm)
			require.ErrorContains(t, err, field)
			require.Empty(t, got)
		})
	}
	for _, bad := range []string{"terms", "//evil.example/terms", "mailto:a@b.example", "https://", "ftp://a.example", ":"} {
		f := form()
		f.Terms = bad
		_, err := disclosure.NoticeHTML(f)
		require.ErrorIs(t, err, disclosure.ErrForm, bad)
	}
}
