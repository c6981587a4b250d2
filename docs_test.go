package carewire_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// duty finds ids of duties in code and tests: S1 to S13 and R7.1 to R7.41.
var duty = regexp.MustCompile(`\b(S(?:1[0-3]|[1-9])|R7\.(?:4[01]|[123]?[0-9]))\b`)

// cited returns, for each duty that a Go file cites in a comment, the files that do.
func cited(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != "." {
			return cmpErr(err, filepath.SkipDir)
		}
		if d.IsDir() || filepath.Ext(path) != ".go" || filepath.Base(path) == "docs_test.go" {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, line := range strings.Split(string(src), "\n") {
			if _, comment, ok := strings.Cut(line, "//"); ok {
				for _, id := range expand(comment) {
					if !slices.Contains(found[id], path) {
						found[id] = append(found[id], path)
					}
				}
			}
		}
		return nil
	}))
	return found
}

// expand finds ids, and those in ranges such as "S4 to S7".
func expand(s string) []string {
	ids := duty.FindAllString(s, -1)
	for _, m := range regexp.MustCompile(`\b(S|R7\.)(\d+) to (?:S|R7\.)(\d+)\b`).FindAllStringSubmatch(s, -1) {
		from, to := atoi(m[2]), atoi(m[3])
		for n := from + 1; n < to; n++ {
			ids = append(ids, m[1]+itoa(n))
		}
	}
	return ids
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func atoi(s string) (n int) {
	for _, r := range s {
		n = 10*n + int(r-'0')
	}
	return n
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// rules.md has one row per duty: id, what it asks, served, deferred or out of scope, code, test.
func TestEveryDutyLeadsToCodeAndTest(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("docs/rules.md")
	require.NoError(t, err)
	rows := map[string][]string{}
	for _, line := range strings.Split(string(page), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) >= 7 && duty.MatchString(cells[1]) {
			id := strings.TrimSpace(cells[1])
			require.NotContains(t, rows, id, "two rows")
			rows[id] = cells[2:]
		}
	}
	for n := 1; n <= 13; n++ {
		require.Contains(t, rows, "S"+itoa(n))
	}
	for n := 1; n <= 41; n++ {
		require.Contains(t, rows, "R7."+itoa(n))
	}
	code := cited(t)
	path := regexp.MustCompile("`([^`]+)`")
	for id, cells := range rows {
		state := strings.TrimSpace(cells[1])
		for _, m := range path.FindAllStringSubmatch(cells[2]+cells[3], -1) {
			file, symbol, _ := strings.Cut(m[1], ":")
			src, err := os.ReadFile(file)
			require.NoError(t, err, "%s leads nowhere", id)
			require.Contains(t, string(src), symbol, "%s: %s has no %s", id, file, symbol)
		}
		switch state {
		case "served":
			require.NotEmpty(t, path.FindString(cells[2]), "%s has no code", id)
			require.Contains(t, cells[3], "_test.go", "%s has no test", id)
			require.NotEmpty(t, code[id], "%s is cited by no code", id)
		case "deferred", "out of scope":
			require.NotEmpty(t, strings.TrimSpace(cells[4]), "%s: say why", id)
		default:
			t.Errorf("%s is %q: want served, deferred or out of scope", id, state)
		}
	}
	for id, files := range code {
		if _, ok := rows[id]; !ok {
			t.Errorf("%v cite %s, which docs/rules.md does not have", files, id)
		}
	}
}

// The program on the README's first page is compiled and run by this test, as
// it stands there.
func TestTheProgramOfTheReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	program, err := os.ReadFile("examples/firstmessage/main.go")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(readme), "```go\n")
	require.True(t, ok)
	shown, _, ok := strings.Cut(rest, "```")
	require.True(t, ok)
	_, main, ok := strings.Cut(string(program), "// README.\n")
	require.True(t, ok)
	require.Equal(t, main, shown, "README.md and examples/firstmessage/main.go must show the same program")
	require.LessOrEqual(t, strings.Count(shown, "\n"), 30)
}
