package redistest

import (
	"fmt"
	"os"
	"syscall"
	"testing"
)

// SmallDisk mounts a file system in memory that is full after size bytes, and
// returns its directory. ok is false where mounting is not permitted, as it is
// to ordinary users.
func SmallDisk(tb testing.TB, size int) (dir string, ok bool) {
	tb.Helper()
	dir, err := os.MkdirTemp("", "redisdisk")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := syscall.Mount("none", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=755", size)); err != nil {
		tb.Logf("mounting a small disk is not permitted: %v", err)
		return "", false
	}
	tb.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			tb.Logf("unmount the small disk: %v", err)
		}
	})
	return dir, true
}
