package torture

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

// roundTime is how long the processes of a round work.
const roundTime = 1500 * time.Millisecond

// arena is the server, the processes and what became of them.
type arena struct {
	t      *testing.T
	server *pgtest.Server
	client *carewire.Client // of the test itself, with its own pool
	pool   *pgxpool.Pool
	dir    string

	mu              sync.Mutex
	running         map[string]*exec.Cmd
	kills, restarts int
}

func TestTorture(t *testing.T) {
	rounds := 5
	if text := os.Getenv("CAREWIRE_TORTURE_ROUNDS"); text != "" {
		n, err := strconv.Atoi(text)
		require.NoError(t, err)
		rounds = n
	}
	a := &arena{t: t, server: pgtest.Start(t), dir: t.TempDir(), running: map[string]*exec.Cmd{}}
	a.pool = pgtest.Pool(t, a.server.DSN(), 2, nil)
	require.NoError(t, pgstore.Migrate(t.Context(), a.pool, nil))
	var err error
	a.client, err = newClient(a.pool, func(context.Context, provider.Message) error { return nil })
	require.NoError(t, err)
	for r := range rounds {
		a.round(r * people)
	}
	a.verify(rounds)
}

// round lets the processes work on people of their own, and breaks things.
func (a *arena) round(first int) {
	for p := first; p < first+people; p++ {
		require.NoError(a.t, a.client.Consent(context.Background(), phone(p), consent.Record{
			Basis: consent.Transaction, Ref: fmt.Sprint("booking-", p), Purposes: []consent.Purpose{consent.Service},
		}))
	}
	until := time.Now().Add(roundTime)
	roles := []string{"sender 1", "sender 2", "sender 3", "receiver"}
	for _, role := range roles {
		a.start(job{role, a.server.DSN(), a.dir, first, until})
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		time.Sleep(time.Duration(100+rand.IntN(700)) * time.Millisecond)
		a.server.Stop("immediate")
		if err := a.server.TryRun(); err != nil {
			a.t.Error(err)
		}
		a.restarts++
	})
	for range 2 {
		wg.Go(func() {
			time.Sleep(time.Duration(200+rand.IntN(1100)) * time.Millisecond)
			a.kill(job{roles[rand.IntN(len(roles))], a.server.DSN(), a.dir, first, until})
		})
	}
	wg.Wait()
	a.wait()
	if a.t.Failed() {
		a.t.FailNow()
	}
}

// start starts a process.
func (a *arena) start(j job) {
	text, err := json.Marshal(j)
	if err != nil {
		a.t.Error(err)
		return
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), jobVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		a.t.Error(err)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running[j.Role] = cmd
}

// kill kills a process with SIGKILL and starts it again.
func (a *arena) kill(j job) {
	a.mu.Lock()
	cmd := a.running[j.Role]
	delete(a.running, j.Role)
	a.mu.Unlock()
	if cmd == nil {
		return
	}
	if cmd.Process.Kill() == nil {
		a.mu.Lock()
		a.kills++
		a.mu.Unlock()
	}
	_ = cmd.Wait() // it was killed
	a.start(j)
}

// wait waits until every process has ended, and requires that they did so well.
func (a *arena) wait() {
	for role, cmd := range a.running {
		stuck := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			a.t.Errorf("%s: %v", role, err)
		}
		stuck.Stop()
		delete(a.running, role)
	}
}

// verify counts, and requires that nothing happened that must not.
func (a *arena) verify(rounds int) {
	lines, err := readJournals(a.dir)
	require.NoError(a.t, err)
	n := map[string]int{}
	stopped := map[int]time.Time{}
	for _, l := range lines {
		n[l.Kind]++
		if at, ok := stopped[l.Person]; l.Kind == acknowledged && (!ok || l.At.Before(at)) {
			stopped[l.Person] = l.At
		}
	}
	after, twice, undisclosed := a.count(lines, stopped)
	missing, unrecorded := a.onFile(lines)
	a.t.Logf("%d rounds, %d people; PostgreSQL restarted %d times, processes killed %d times", rounds, rounds*people, a.restarts, a.kills)
	a.t.Logf("messages handed over %d (receipts %d), refused after a STOP %d, calls that failed %d; STOPs acknowledged %d, of %d people, confirmations %d",
		n[handed], n[sent], n[optedOut], n[failed], n[acknowledged], len(stopped), n[confirmation])
	a.t.Logf("sends begun after an acknowledged STOP: %d; acknowledged STOPs missing: %d; keys handed over twice: %d; first messages without the disclosure: %d; receipts without a record: %d",
		after, missing, twice, undisclosed, unrecorded)
	require.Zero(a.t, after+missing+twice+undisclosed+unrecorded)

	// The test has tested something.
	require.Equal(a.t, rounds, a.restarts)
	require.GreaterOrEqual(a.t, a.kills, rounds)
	for _, kind := range []string{handed, sent, optedOut, acknowledged, failed, confirmation} {
		require.Positive(a.t, n[kind], kind)
	}
}

// count looks for what the providers of the processes should not have seen.
func (a *arena) count(lines []line, stopped map[int]time.Time) (after, twice, undisclosed int) {
	type message struct {
		kind   string
		person int
		key    string
	}
	seen := map[message]int{}
	first := map[int]line{}
	for _, l := range lines {
		if l.Kind != handed && l.Kind != confirmation {
			continue
		}
		m := message{l.Kind, l.Person, l.Key}
		if seen[m]++; seen[m] == 2 {
			twice++
		}
		if l.Kind == confirmation {
			continue
		}
		if at, ok := stopped[l.Person]; ok && l.Begun.After(at) {
			after++
		}
		if f, ok := first[l.Person]; !ok || l.At.Before(f.At) {
			first[l.Person] = l
		}
	}
	for _, l := range first {
		if !l.Stated {
			undisclosed++
		}
	}
	return after, twice, undisclosed
}

// onFile looks for acknowledged STOPs and receipts that are not on file.
func (a *arena) onFile(lines []line) (missing, unrecorded int) {
	files := map[int]carewire.Evidence{}
	for _, l := range lines {
		if l.Kind != acknowledged && l.Kind != sent {
			continue
		}
		e, ok := files[l.Person]
		if !ok {
			var err error
			e, err = a.client.Evidence(context.Background(), phone(l.Person))
			require.NoError(a.t, err)
			files[l.Person] = e
		}
		found := false
		for _, r := range e.OptOuts {
			found = found || l.Kind == acknowledged && r.Sent.Equal(l.Sent)
		}
		for _, o := range e.Outcomes {
			found = found || l.Kind == sent && o.ID == l.ID && o.State == store.Accepted
		}
		switch {
		case !found && l.Kind == acknowledged:
			missing++
		case !found:
			unrecorded++
		}
	}
	return missing, unrecorded
}
