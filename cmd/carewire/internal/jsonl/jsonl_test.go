package jsonl_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/cmd/carewire/internal/jsonl"
)

// all reads every line as "number:text".
func all(t *testing.T, r io.Reader) (lines []string) {
	t.Helper()
	for in := jsonl.NewReader(r); ; {
		l, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return lines
		case errors.Is(err, jsonl.ErrTooLong):
			lines = append(lines, itoa(l.Number)+":too long")
		default:
			require.NoError(t, err)
			lines = append(lines, itoa(l.Number)+":"+string(l.Text))
		}
	}
}

func itoa(n int) string { return string(rune('0' + n)) }

func TestNext(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", jsonl.MaxLine)
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"empty":       {"", nil},
		"blank":       {"\n \n\t\r\n", nil},
		"no end":      {"a\nb", []string{"1:a", "2:b"}},
		"ends":        {"a\r\n\r\nb\n", []string{"1:a", "3:b"}},
		"order mark":  {"\ufeffa\n\ufeffb\n", []string{"1:a", "2:\ufeffb"}},
		"inner space": {" a \n", []string{"1: a "}},
		"too long":    {"a\nx" + long + "\nb\n", []string{"1:a", "2:too long", "3:b"}},
		"last long":   {"a\nx" + long, []string{"1:a", "2:too long"}},
		"just right":  {long[1:] + "\nb", []string{"1:" + long[1:], "2:b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, all(t, strings.NewReader(c.in)))
			require.Equal(t, c.want, all(t, iotest.HalfReader(strings.NewReader(c.in))))
		})
	}
}

func TestNextFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken pipe")
	in := jsonl.NewReader(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)))
	_, err := in.Next()
	require.NoError(t, err)
	_, err = in.Next()
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "line")
}
