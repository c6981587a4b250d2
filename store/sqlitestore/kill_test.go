package sqlitestore_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
)

// Set in the environment of a child process: the database file, and the round.
const (
	asChild    = "SQLITESTORE_CHILD"
	childRound = "SQLITESTORE_ROUND"
)

// people are the recipients of the children.
func people() []recipient.ID {
	return []recipient.ID{
		{Tenant: "tenant", Phone: recipient.MustParse("+14155550101")},
		{Tenant: "tenant", Phone: recipient.MustParse("+14155550102")},
		{Tenant: "other", Phone: recipient.MustParse("+14155550101")},
	}
}

// child sends and files opt-outs until it is killed, and writes a line for
// everything that is acknowledged. It returns only on an error.
func child(path string) int {
	db, err := sql.Open("sqlite", sqlitestore.DSN(path))
	if err == nil {
		var s *sqlitestore.Store
		if s, err = sqlitestore.Open(context.Background(), db, nil); err == nil {
			err = work(s, os.Getenv(childRound))
		}
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func work(s *sqlitestore.Store, round string) error {
	ctx, first := context.Background(), 0
	if n, err := strconv.Atoi(round); err == nil {
		first = n * 20
	}
	for {
		// Keys of this round and the last ones, so that children meet each
		// other and what the dead have left behind.
		n := first - 20 + mathrand.N(60)
		a := attempt(rand.Text(), strconv.Itoa(n))
		a.Of = people()[(n+60)%3]
		snap, err := s.Begin(ctx, a)
		if err != nil {
			return err
		}
		if snap.Held && mathrand.N(4) == 0 {
			if err := s.Finish(ctx, store.Outcome{Attempt: a, State: store.Rejected, Settled: noon}); err != nil {
				return err
			}
		} else if snap.Held {
			fmt.Println("handed", n, a.ID)
			shown := disclosure.Record{ID: "of " + a.ID, Of: a.Of, Brand: "acme", Kind: disclosure.Statement, Ref: a.ID, At: noon}
			o := store.Outcome{Attempt: a, State: store.Accepted, Settled: noon, Disclosures: []disclosure.Record{shown}}
			if err := s.Finish(ctx, o); err != nil {
				return err
			}
			fmt.Println("finished", n, a.ID)
		}
		out := optout.Record{ID: rand.Text(), Of: a.Of, Brand: "acme", At: noon, Text: "STOP"}
		if err := s.PutOptOut(ctx, out); err != nil {
			return err
		}
		fmt.Println("out", n, out.ID)
	}
}

// said is what children have acknowledged, over all rounds.
type said struct {
	mu       sync.Mutex
	outs     map[string]bool     // IDs of opt-outs
	handed   map[string][]string // IDs of attempts that handed over, by key
	finished map[string]bool     // IDs of attempts
}

func (s *said) hear(line string) {
	words := strings.Fields(line)
	if len(words) != 3 {
		return // cut off by the kill
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch words[0] {
	case "out":
		s.outs[words[2]] = true
	case "handed":
		s.handed[words[1]] = append(s.handed[words[1]], words[2])
	case "finished":
		s.finished[words[2]] = true
	}
}

// TestKill kills processes at any moment and looks at what they leave behind:
// every acknowledged opt-out is on file, no key was handed over twice, and no
// attempt is settled without its facts.
func TestKill(t *testing.T) {
	t.Parallel()
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	path := migrated(t)
	s := openStore(t, openDB(t, sqlitestore.DSN(path)))
	all := &said{outs: map[string]bool{}, handed: map[string][]string{}, finished: map[string]bool{}}
	for round := range rounds {
		killTwo(t, path, round, all)
		verify(t, s, all)
	}
	var result string
	require.NoError(t, openDB(t, path).QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&result))
	require.Equal(t, "ok", result)
	require.Greater(t, len(all.outs), rounds, "the children did next to nothing")
	require.Greater(t, len(all.handed), rounds/2, "the children did next to nothing")
	t.Logf("%d rounds: %d opt-outs and %d hand-overs acknowledged, %d finished", rounds, len(all.outs), len(all.handed), len(all.finished))
}

// killTwo runs two children on one file and kills both at a random moment.
func killTwo(t *testing.T, path string, round int, all *said) {
	t.Helper()
	var (
		wg      sync.WaitGroup
		started = make(chan struct{}, 2)
		cmds    []*exec.Cmd
		errs    [2]strings.Builder
	)
	for i := range 2 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), asChild+"="+path, childRound+"="+strconv.Itoa(round))
		cmd.Stderr = &errs[i]
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		cmds = append(cmds, cmd)
		wg.Go(func() {
			lines := bufio.NewScanner(out)
			for n := 0; lines.Scan(); n++ {
				if n == 0 {
					started <- struct{}{}
				}
				all.hear(lines.Text())
			}
		})
	}
	for range 2 {
		select {
		case <-started:
		case <-time.After(time.Minute):
			t.Error("a child does nothing")
		}
	}
	time.Sleep(mathrand.N(40 * time.Millisecond))
	for _, cmd := range cmds {
		require.NoError(t, cmd.Process.Kill())
	}
	wg.Wait()
	for i, cmd := range cmds {
		require.Error(t, cmd.Wait(), "it was killed")
		require.Empty(t, errs[i].String(), "a child ended by itself")
	}
}

// verify compares what is on file with what was acknowledged.
func verify(t *testing.T, s *sqlitestore.Store, all *said) {
	t.Helper()
	outs, states, shown := map[string]bool{}, map[string]store.State{}, map[string]bool{}
	for _, of := range people() {
		rs, err := s.OptOuts(t.Context(), of)
		require.NoError(t, err)
		for _, r := range rs {
			outs[r.ID] = true
		}
		ds, err := s.Disclosures(t.Context(), of)
		require.NoError(t, err)
		for _, d := range ds {
			shown[d.Ref] = true
		}
		os, err := s.Outcomes(t.Context(), of)
		require.NoError(t, err)
		for _, o := range os {
			states[o.ID] = o.State
		}
	}
	for id := range all.outs {
		require.True(t, outs[id], "an acknowledged opt-out is not on file")
	}
	for key, attempts := range all.handed {
		require.Len(t, slices.Compact(attempts), 1, "key %s was handed over more than once", key)
		require.Contains(t, []store.State{store.Open, store.Accepted}, states[attempts[0]], "an attempt was handed over")
	}
	for id := range all.finished {
		require.Equal(t, store.Accepted, states[id], "an acknowledged outcome is not on file")
	}
	for id, state := range states {
		require.Equal(t, state == store.Accepted, shown[id], "an attempt that is %v: its disclosure on file", state)
	}
}
