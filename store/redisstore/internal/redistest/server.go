package redistest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Server is a private Redis server on loopback. It is killed and its directory
// removed when the test ends.
type Server struct {
	tb   testing.TB
	dir  string
	port int
	args []string
	cmd  *exec.Cmd // nil while it is stopped
}

// Durable are the arguments of a server that loses nothing: an append-only
// file, flushed to disk with every write.
func Durable() []string { return []string{"--appendonly", "yes", "--appendfsync", "always"} }

// Start starts a server in a directory of its own.
func Start(tb testing.TB, args ...string) *Server {
	tb.Helper()
	return StartIn(tb, tb.TempDir(), args...)
}

// StartIn starts a server in a directory.
func StartIn(tb testing.TB, dir string, args ...string) *Server {
	tb.Helper()
	s := &Server{tb: tb, dir: dir, port: freePort(tb), args: args}
	tb.Cleanup(s.Kill)
	s.Run()
	return s
}

// freePort returns a port on loopback that nothing listens on, nor on the one
// 10000 above, which a cluster uses.
func freePort(tb testing.TB) int {
	tb.Helper()
	for {
		port, err := listen(0)
		if err != nil {
			tb.Fatal(err)
		}
		if port > 50000 {
			continue
		}
		if _, err := listen(port + 10000); err == nil {
			return port
		}
	}
}

// listen tries a port and returns it.
func listen(port int) (int, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return 0, err
	}
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, errors.New("an address that has no port")
	}
	return addr.Port, l.Close()
}

// Run starts the server, again after a [Server.Kill], and waits until it answers.
func (s *Server) Run() {
	s.tb.Helper()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		Missing(s.tb, "redis-server is not installed (scripts/services.sh install)")
	}
	args := append([]string{
		"--port", fmt.Sprint(s.port), "--bind", "127.0.0.1", "--save", "", "--dir", s.dir,
		"--logfile", filepath.Join(s.dir, "log"), "--repl-diskless-sync-delay", "0",
	}, s.args...)
	cmd := exec.CommandContext(context.Background(), bin, args...) //nolint:gosec // ours, in a test
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		s.tb.Fatalf("start the server: %v", err)
	}
	s.cmd = cmd
	c := redis.NewClient(&redis.Options{Addr: s.Addr(), MaxRetries: -1})
	defer func() { _ = c.Close() }()
	if err := Wait(context.Background(), "the server answers", func(ctx context.Context) bool { return c.Ping(ctx).Err() == nil }); err != nil {
		log, _ := os.ReadFile(filepath.Join(s.dir, "log")) //nolint:errcheck // only to say more
		s.tb.Fatalf("%v\n%s", err, log)
	}
}

// Kill ends the server as a crash does.
func (s *Server) Kill() {
	if s.cmd == nil {
		return
	}
	if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.tb.Logf("kill the server: %v", err)
	}
	_ = s.cmd.Wait() // it was killed
	s.cmd = nil
}

// Freeze stops the server's process without ending it; [Server.Thaw] lets it go on.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw undoes [Server.Freeze].
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig syscall.Signal) {
	s.tb.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.tb.Fatalf("signal the server: %v", err)
	}
}

// Addr returns host and port.
func (s *Server) Addr() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// Client returns a client of the server. change may adjust its options.
func (s *Server) Client(change func(*redis.Options)) *redis.Client {
	s.tb.Helper()
	o := &redis.Options{Addr: s.Addr(), ContextTimeoutEnabled: true}
	if change != nil {
		change(o)
	}
	return closing(s.tb, redis.NewClient(o))
}

// Wait calls ready until it is true, for at most half a minute.
func Wait(ctx context.Context, what string, ready func(context.Context) bool) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for !ready(ctx) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}
