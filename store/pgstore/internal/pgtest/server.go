package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Server is a private PostgreSQL server on loopback, with fsync on unless a
// setting says otherwise. It is stopped and removed when the test ends.
type Server struct {
	tb   testing.TB
	bin  string
	dir  string // the server's own directory, below which is the data directory
	port int
	cred *syscall.Credential // of the unprivileged user, if the test runs as root
}

// Start makes and starts a server with settings such as "synchronous_commit=on".
func Start(tb testing.TB, settings ...string) *Server {
	tb.Helper()
	return StartWithLog(tb, "", settings...)
}

// StartWithLog is [Start] with the write-ahead log in a directory of its own,
// in small files.
func StartWithLog(tb testing.TB, wal string, settings ...string) *Server {
	tb.Helper()
	s := prepare(tb)
	args := []string{"-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"}
	if wal != "" {
		args = append(args, "-X", wal, "--wal-segsize=1")
	}
	s.must("initdb", args...)
	s.Configure(append([]string{"max_connections=100", "listen_addresses='127.0.0.1'", "unix_socket_directories=''"}, settings...)...)
	s.Run()
	return s
}

// prepare finds the programs, a directory and a port.
func prepare(tb testing.TB) *Server {
	tb.Helper()
	bin := programs()
	if bin == "" {
		Missing(tb, "initdb and pg_ctl are not installed (scripts/services.sh install)")
	}
	dir, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{tb: tb, bin: bin, dir: dir}
	tb.Cleanup(func() {
		s.Stop("immediate")
		if err := os.RemoveAll(dir); err != nil {
			tb.Logf("remove the server's directory: %v", err)
		}
	})
	if os.Getuid() == 0 {
		s.cred = postgres(tb)
		if err := os.Chown(dir, int(s.cred.Uid), int(s.cred.Gid)); err != nil {
			tb.Fatal(err)
		}
	}
	s.port = freePort(tb)
	return s
}

// freePort returns a port on loopback that nothing listens on.
func freePort(tb testing.TB) int {
	tb.Helper()
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() {
		if err := l.Close(); err != nil {
			tb.Fatal(err)
		}
	}()
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		tb.Fatalf("an address of type %T", l.Addr())
	}
	return addr.Port
}

// programs returns the directory of initdb and pg_ctl, or "".
func programs() string {
	if ctl := os.Getenv("CAREWIRE_TEST_PG_CTL"); ctl != "" {
		return filepath.Dir(ctl)
	}
	if found, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(found)
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // Debian keeps them out of PATH
	if err != nil || len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[len(found)-1])
}

// postgres is the user to run as: PostgreSQL refuses to run as root.
func postgres(tb testing.TB) *syscall.Credential {
	tb.Helper()
	u, err := user.Lookup("postgres")
	if err != nil {
		Missing(tb, "there is no user postgres to run the server as")
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(err1, err2); err != nil {
		tb.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// must runs a program of PostgreSQL and fails the test if it fails.
func (s *Server) must(program string, args ...string) {
	s.tb.Helper()
	if out, err := s.run(program, args...); err != nil {
		s.tb.Fatalf("%s: %v\n%s", program, err, out)
	}
}

// run runs a program of PostgreSQL as the server's user and returns what it printed.
func (s *Server) run(program string, args ...string) (string, error) {
	var out bytes.Buffer
	cmd := exec.CommandContext(context.Background(), filepath.Join(s.bin, program), args...) //nolint:gosec // ours, in a test
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, &out, &out
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.cred}
	cmd.WaitDelay = time.Second // a server that was started inherits the pipe
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil
	}
	return out.String(), err
}

// control runs pg_ctl and waits until it has done what it should.
func (s *Server) control(verb string, args ...string) (string, error) {
	return s.run("pg_ctl", append([]string{verb, "-D", s.data(), "-w", "-t", "60"}, args...)...)
}

// Configure adds settings to the configuration; they take effect with the next
// [Server.Run] or [Server.Reload].
func (s *Server) Configure(settings ...string) {
	s.tb.Helper()
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.auto.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString(strings.Join(settings, "\n") + "\n")
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		s.tb.Fatalf("configure the server: %v", err)
	}
}

// Run starts the server and waits until it answers.
func (s *Server) Run() {
	s.tb.Helper()
	if err := s.TryRun(); err != nil {
		s.tb.Fatal(err)
	}
}

// TryRun is [Server.Run] with an error, for helpers outside the test's goroutine.
func (s *Server) TryRun() error {
	out, err := s.control("start", "-l", filepath.Join(s.dir, "log"), "-o", fmt.Sprintf("-p %d", s.port))
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(s.dir, "log")) //nolint:errcheck // only to say more
		return fmt.Errorf("start the server: %w\n%s\n%s", err, out, log)
	}
	return nil
}

// Stop stops the server in a mode of pg_ctl. "immediate" is a crash: nothing
// is written that is not on disk, and the next start recovers.
func (s *Server) Stop(mode string) {
	out, err := s.control("stop", "-m", mode)
	if err != nil && !strings.Contains(out, "server running?") && !strings.Contains(out, "No such file") {
		s.tb.Logf("stop the server: %v\n%s", err, out)
	}
}

// Reload makes the server read its configuration again.
func (s *Server) Reload() {
	s.tb.Helper()
	s.must("pg_ctl", "reload", "-D", s.data())
}

// DSN returns the connection string.
func (s *Server) DSN() string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", s.port)
}

// Addr returns host and port, for a connection string with several servers.
func (s *Server) Addr() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// Replica starts a streaming replica of s that calls itself name, and waits
// until it has everything.
func (s *Server) Replica(name string) *Server {
	s.tb.Helper()
	r := prepare(s.tb)
	conn := fmt.Sprintf("host=127.0.0.1 port=%d user=postgres application_name=%s", s.port, name)
	r.must("pg_basebackup", "-D", r.data(), "-d", conn, "-R", "-X", "stream", "-c", "fast", "--no-sync")
	// The line that -R wrote goes through a service that knows no application_name.
	r.Configure("primary_conninfo='"+conn+"'", "synchronous_standby_names=''", "hot_standby=on")
	r.Run()
	return r
}

// Promote makes a replica a primary.
func (s *Server) Promote() {
	s.tb.Helper()
	s.must("pg_ctl", "promote", "-D", s.data(), "-w", "-t", "60")
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
