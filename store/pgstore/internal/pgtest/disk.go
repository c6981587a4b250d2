package pgtest

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// SmallDisk mounts a file system in memory that is full after size bytes, and
// returns a directory on it that the server's user may use. ok is false where
// mounting is not permitted, as it is to ordinary users.
func SmallDisk(tb testing.TB, size int) (dir string, ok bool) {
	tb.Helper()
	if os.Getuid() != 0 {
		return "", false
	}
	root, err := os.MkdirTemp("", "pgdisk")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(root) })
	if err := syscall.Mount("none", root, "tmpfs", 0, fmt.Sprintf("size=%d,mode=755", size)); err != nil {
		tb.Logf("mounting a small disk is not permitted: %v", err)
		return "", false
	}
	tb.Cleanup(func() {
		if err := syscall.Unmount(root, syscall.MNT_DETACH); err != nil {
			tb.Logf("unmount the small disk: %v", err)
		}
	})
	dir = filepath.Join(root, "dir")
	if err := os.Mkdir(dir, 0o700); err != nil {
		tb.Fatal(err)
	}
	cred := postgres(tb)
	if err := os.Chown(dir, int(cred.Uid), int(cred.Gid)); err != nil {
		tb.Fatal(err)
	}
	return dir, true
}
