//go:build unix && !solaris && !aix

package seal

import (
	"os"
	"syscall"
)

// lockFile makes sure that no other process has the log open. The lock ends
// with the process.
func lockFile(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) //nolint:gosec // a file descriptor is an int
}
