package cli_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/cmd/carewire/internal/cli"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ args, task, rest string }{
		{"", "", ""},
		{"--task inbound FILE", "inbound", "FILE"},
		{"FILE --task inbound", "inbound", "FILE"},
		{"FILE -task=inbound OTHER", "inbound", "FILE OTHER"},
		{"-v FILE --task inbound -", "inbound", "FILE -"},
		{"--task inbound -- --task FILE", "inbound", "--task FILE"},
		{"FILE -- -v", "", "FILE -v"},
		{"-- --", "", "--"},
	} {
		fs := cli.IO{Out: io.Discard}.Flags("eval", "usage")
		task := fs.String("task", "", "")
		fs.Bool("v", false, "")
		rest, err := fs.Split(strings.Fields(c.args))
		require.NoError(t, err, c.args)
		require.Equal(t, c.task, *task, c.args)
		require.Equal(t, c.rest, strings.Join(rest, " "), c.args)
	}
}

func TestSplitRefuses(t *testing.T) {
	t.Parallel()
	fs := cli.IO{Out: io.Discard}.Flags("eval", "usage")
	_, err := fs.Split([]string{"FILE", "--nonsense"})
	require.ErrorIs(t, err, cli.ErrUsage)
	require.ErrorContains(t, err, "nonsense")
}

func TestHelp(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	fs := cli.IO{Out: &out}.Flags("eval", "Usage: carewire eval FILE")
	fs.String("task", "", "what to `read`")
	_, err := fs.Split([]string{"-h"})
	require.ErrorIs(t, err, flag.ErrHelp)
	require.Contains(t, out.String(), "Usage: carewire eval FILE\nFlags:\n  -task read")
}

func TestStatus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
		said   string
	}{
		{nil, cli.OK, ""},
		{flag.ErrHelp, cli.OK, ""},
		{cli.ErrFindings, cli.Failed, ""},
		{errors.New("disk full"), cli.Failed, "carewire lint: disk full\n"},
		{cli.Usagef("no %s", "files"), cli.Usage, "carewire lint: usage: no files\nFor help: carewire lint -h\n"},
	} {
		var said bytes.Buffer
		require.Equal(t, c.status, cli.IO{Err: &said}.Status("lint", c.err))
		require.Equal(t, c.said, said.String())
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.txt")
	require.NoError(t, os.WriteFile(name, []byte("from a file"), 0o600))
	s := cli.IO{In: strings.NewReader("from standard input")}
	for _, c := range []struct{ name, shown, want string }{
		{"-", "standard input", "from standard input"},
		{name, name, "from a file"},
	} {
		r, shown, err := s.Open(c.name)
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		require.Equal(t, c.want, string(got))
		require.Equal(t, c.shown, shown)
	}
	_, _, err := s.Open(name + ".missing")
	require.ErrorIs(t, err, os.ErrNotExist)
}
