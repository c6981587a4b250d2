package carewire_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/carewire/carewire"

// imports lists, for every package of the root module, which of our own
// packages and which others it may import. Imports run one way: the words
// first, then the rules, then the storage contract, then the pipeline.
var imports = map[string][]string{
	"recipient":             {},
	"consent":               {"recipient"},
	"optout":                {"recipient", "x/text", "optout/*"},
	"optout/*":              {"x/text", "optout/*"},
	"disclosure":            {"recipient", "x/text"},
	"classify":              {"x/text", "classify/*"},
	"classify/train":        {"classify/internal/*"},
	"provider":              {"recipient"},
	"provider/*":            {"recipient", "provider", "provider/internal/*"},
	"provider/internal/*":   {"recipient", "provider"},
	"provider/providertest": {"recipient", "provider"},
	"store":                 {"recipient", "consent", "optout", "disclosure"},
	"evidence":              {"recipient", "consent", "optout", "disclosure", "provider", "store"},
	"store/memstore":        {"recipient", "consent", "optout", "disclosure", "store"},
	"store/storetest":       {"", "recipient", "consent", "optout", "disclosure", "provider", "store", "uuid"},
	"":                      {"recipient", "consent", "optout", "disclosure", "classify", "provider", "store", "uuid", "x/text"},
}

// short names an import path the way the table does; "std" is not in the table.
func short(path string) string {
	switch own, ok := strings.CutPrefix(path, module); {
	case ok:
		return strings.TrimPrefix(own, "/")
	case strings.HasPrefix(path, "golang.org/x/text/"):
		return "x/text"
	case path == "github.com/google/uuid":
		return "uuid"
	case !strings.Contains(strings.Split(path, "/")[0], "."):
		return "std"
	}
	return path
}

// allowed returns the row for a package: its own, or that of its folder with a star.
func allowed(pkg string) ([]string, bool) {
	if row, ok := imports[pkg]; ok {
		return row, true
	}
	for dir := pkg; ; {
		i := strings.LastIndexByte(dir, '/')
		if i < 0 {
			return nil, false
		}
		dir = dir[:i]
		if row, ok := imports[dir+"/*"]; ok {
			return row, true
		}
	}
}

func matches(row []string, imported string) bool {
	return slices.ContainsFunc(row, func(a string) bool {
		prefix, star := strings.CutSuffix(a, "*")
		return a == imported || star && strings.HasPrefix(imported, prefix)
	})
}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...").Output()
	require.NoError(t, err)
	seen := 0
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); seen++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		require.NoError(t, dec.Decode(&p))
		pkg := short(p.ImportPath)
		row, ok := allowed(pkg)
		if !ok {
			if strings.Contains(pkg, "internal/") { // tools of one package, reached by it alone
				continue
			}
			t.Errorf("package %q is not in the table", pkg)
			continue
		}
		for _, i := range p.Imports {
			if s := short(i); s != "std" && !matches(row, s) {
				t.Errorf("package %q must not import %q", pkg, s)
			}
		}
	}
	require.Greater(t, seen, 10)
}

func TestTheRootModuleStaysLean(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-test", "-f", "{{with .Module}}{{.Path}}{{end}}", "./...")
	cmd.Env = append(cmd.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	require.NoError(t, err)
	brought := []string{"github.com/davecgh/go-spew", "github.com/pmezard/go-difflib", "go.yaml.in/yaml/v3"} // by testify, in tests
	for _, m := range strings.Fields(string(out)) {
		switch {
		case m == module, m == "github.com/google/uuid", m == "github.com/stretchr/testify", m == "golang.org/x/text":
		case slices.Contains(brought, m):
		default:
			t.Errorf("the root module must not require %s", m)
		}
	}
}
