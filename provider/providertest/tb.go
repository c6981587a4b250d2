package providertest

import (
	"context"
	"testing"
)

// tb is the part of [testing.TB] that a case needs, so that the kit's own tests
// can watch a case fail.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(f func())
	Context() context.Context
}

var _ tb = testing.TB(nil)
