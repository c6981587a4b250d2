package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/cmd/carewire/internal/cli"
)

// Every example of README.md gives what it says; a line "…" stands for any lines.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	parts := strings.Split(string(readme), "```console\n$ carewire ")[1:]
	ran := map[string]bool{}
	for _, part := range parts {
		block, _, ok := strings.Cut(part, "```")
		require.True(t, ok)
		line, want, _ := strings.Cut(block, "\n")
		args := split(line)
		ran[args[0]] = true
		var all bytes.Buffer
		status := run(t.Context(), cli.IO{In: strings.NewReader(""), Out: &all, Err: &all}, args)
		require.NotEqual(t, cli.Usage, status, line)
		rest := all.String()
		for i, piece := range strings.Split(want, "…\n") {
			at := strings.Index(rest, piece)
			require.GreaterOrEqual(t, at, 0, "%s\ndoes not print\n%s\nbut\n%s", line, piece, all.String())
			if i == 0 {
				require.Zero(t, at, line)
			}
			rest = rest[at+len(piece):]
		}
		if !strings.HasSuffix(want, "…\n") {
			require.Empty(t, rest, line)
		}
	}
	for _, c := range commands() {
		require.True(t, ran[c.name], "README.md has no example of %s", c.name)
	}
}

// split cuts a command line at spaces outside quotes.
func split(line string) []string {
	var args []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			args = append(args, part)
			continue
		}
		args = append(args, strings.Fields(part)...)
	}
	return args
}
