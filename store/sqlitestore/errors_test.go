package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// coded is an error as modernc.org/sqlite has them.
type coded int

func (c coded) Error() string { return "words that do not matter" }
func (c coded) Code() int     { return int(c) }

func TestLocked(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		coded(5), coded(5 | 1<<8), coded(5 | 2<<8), coded(6), coded(6 | 1<<8),
		fmt.Errorf("claim: %w", coded(5)),
		errors.New("database is locked"), errors.New("sqlite3: database table is locked: x"),
	} {
		require.True(t, locked(err), "%#v", err)
	}
	for _, err := range []error{
		nil, coded(1), coded(19), coded(10 | 5<<8), errors.New("disk I/O error"), context.Canceled,
		errors.Join(context.DeadlineExceeded, coded(5)),
	} {
		require.False(t, locked(err), "%#v", err)
	}
}

func TestZeroTime(t *testing.T) {
	t.Parallel()
	require.Equal(t, zeroTime, micros(time.Time{}))
	require.True(t, timeOf(zeroTime).IsZero())
	require.False(t, timeOf(0).IsZero())
}
