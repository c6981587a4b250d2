package seal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// Config is all that a [Sealer] needs.
type Config struct {
	Every     time.Duration    // how often Run seals. Default: 2 s.
	Now       func() time.Time // Default: time.Now.
	OpenAfter time.Duration    // an attempt that is open for longer is sealed as open. Default: 1 min.
	Origin    string           // name of the log, such as "acme.example/carewire"; one line. Required.
	Secret    []byte           // at least 16 random bytes, the same in every process and release: finds people in the log without their numbers. Required.
	Signer    note.Signer      // signs checkpoints and statements. Required.
	Storage   Storage          // Required.
	Store     store.Store      // what is sealed. Required.
	SweepEach time.Duration    // how often Run looks at everybody, for what other processes have put. Default: 1 h.
	Tenant    string           // whose log it is. Default: the empty tenant.
	Watched   *Watched         // notes who has something new. Default: none, so that only sweeps find anything.
}

// String returns a form without secrets.
func (c Config) String() string { return fmt.Sprintf("seal config of log %q", c.Origin) }

// Format implements [fmt.Formatter]: every verb prints [Config.String].
func (c Config) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// LogValue implements [slog.LogValuer] with [Config.String].
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Sealer appends to the log of one tenant. It is safe for concurrent use;
// there must be one for each log. It starts no goroutine: the application calls
// [Sealer.Run], or [Sealer.SealOnce] when it likes. Make it with [New].
type Sealer struct {
	cfg     Config
	mu      sync.Mutex // everything below, and the log
	size    int64
	records map[string]int64   // record pseudonym: index of its last entry
	chains  map[string]chain   // person's pseudonym: the person's last entry
	people  map[string][]entry // who: the person's pseudonyms, the one with a key last
}

// chain is the end of a person's entries.
type chain struct {
	n    int64
	last int64
	sum  string
}

// entry is a person as the sealer knows it.
type entry struct {
	pseudonym string
	key       []byte // nil once erased
}

// batch is how many people are read at once.
const batch = 500

// New checks c, reads the log and makes a Sealer.
func New(ctx context.Context, c Config) (*Sealer, error) {
	switch {
	case c.Store == nil, c.Storage == nil, c.Signer == nil:
		return nil, errors.New("seal: Config needs Store, Storage and Signer")
	case len(c.Secret) < 16:
		return nil, errors.New("seal: Config.Secret needs at least 16 bytes")
	case c.Origin == "" || strings.ContainsAny(c.Origin, "\n\r") || strings.TrimSpace(c.Origin) != c.Origin:
		return nil, errors.New("seal: Config.Origin must be one line")
	case c.Every < 0, c.OpenAfter < 0, c.SweepEach < 0:
		return nil, errors.New("seal: a duration in Config is negative")
	}
	c.fill()
	c.Secret = slices.Clone(c.Secret)
	s := &Sealer{cfg: c, records: map[string]int64{}, chains: map[string]chain{}, people: map[string][]entry{}}
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	if w := c.Watched; w != nil {
		w.mu.Lock()
		w.erase = s.eraseFor
		w.mu.Unlock()
	}
	return s, nil
}

func (c *Config) fill() {
	if c.Every == 0 {
		c.Every = 2 * time.Second
	}
	if c.OpenAfter == 0 {
		c.OpenAfter = time.Minute
	}
	if c.SweepEach == 0 {
		c.SweepEach = time.Hour
	}
	if c.Now == nil {
		c.Now = time.Now //nolint:forbidigo // the one place where the clock comes from
	}
}

// load reads who and what is in the log, and signs a checkpoint if a crash
// came between the entries and theirs.
func (s *Sealer) load(ctx context.Context) error {
	size, signed, err := s.cfg.Storage.State(ctx)
	if err != nil {
		return fmt.Errorf("seal: open log: %w", err)
	}
	err = s.cfg.Storage.People(ctx, func(p Person) error {
		s.people[p.Who] = append(s.people[p.Who], entry{p.Pseudonym, p.Key})
		return nil
	})
	if err != nil {
		return fmt.Errorf("seal: read people: %w", err)
	}
	for from := int64(0); from < size; from += batch {
		texts, err := s.cfg.Storage.Leaves(ctx, from, min(from+batch, size))
		if err != nil {
			return fmt.Errorf("seal: read log: %w", err)
		}
		for i, text := range texts {
			l, err := parseLeaf(text)
			if err != nil {
				return fmt.Errorf("%w: entry %d", ErrDamaged, from+int64(i))
			}
			s.add(from+int64(i), l)
		}
	}
	s.size = size
	cp, ok := bodyOfCheckpoint(signed)
	switch {
	case ok && (cp.origin != s.cfg.Origin || cp.size > size):
		return fmt.Errorf("%w: the checkpoint is of another log, or of more entries", ErrDamaged)
	case ok && cp.size == size, !ok && size == 0:
		return nil
	}
	return s.checkpoint(ctx)
}

// add notes an entry that is in the log.
func (s *Sealer) add(index int64, l leaf) {
	s.records[l.record] = index
	s.chains[l.person] = chain{n: l.n, last: index, sum: l.sum()}
}

// Run seals until the context ends, and returns its error. It looks at
// everybody first. An error of the store or of the storage is passed to
// failed, which may be nil, and what was to be sealed is tried again.
func (s *Sealer) Run(ctx context.Context, failed func(error)) error {
	report := func(err error) {
		if err != nil && ctx.Err() == nil && failed != nil {
			failed(err)
		}
	}
	tick := time.NewTicker(s.cfg.Every)
	defer tick.Stop()
	var swept time.Time
	for {
		if now := s.cfg.Now(); swept.IsZero() || now.Sub(swept) >= s.cfg.SweepEach {
			_, err := s.Sweep(ctx)
			if err == nil || errors.Is(err, errors.ErrUnsupported) { // it will not be able to in two seconds either
				swept = now
			}
			report(err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		_, err := s.SealOnce(ctx)
		report(err)
	}
}

// SealOnce seals what was noted by [Config.Watched] and signs a checkpoint. It
// returns how many entries were added. After an error what was noted is kept.
func (s *Sealer) SealOnce(ctx context.Context) (int, error) {
	if s.cfg.Watched == nil {
		return s.Sweep(ctx)
	}
	notes, lost := s.cfg.Watched.take(s.cfg.Tenant)
	if lost {
		n, err := s.Sweep(ctx)
		if err != nil {
			s.cfg.Watched.giveBack(notes, true)
		}
		return n, err
	}
	ids := make([]recipient.ID, 0, len(notes))
	for id := range notes {
		ids = append(ids, id)
	}
	added := 0
	for part := range slices.Chunk(ids, batch) {
		n, err := s.sealPeople(ctx, part, notes, false)
		added += n
		if err != nil {
			s.cfg.Watched.giveBack(notes, false)
			return added, err
		}
		for _, id := range part {
			delete(notes, id)
		}
	}
	return added, nil
}

// Sweep looks at everybody of the tenant, seals what is not in the log and
// signs a checkpoint. It finds what was put before this process started, and
// what other processes put. It needs a store that lists its people
// ([store.Everybody]).
func (s *Sealer) Sweep(ctx context.Context) (int, error) {
	added := 0
	var after recipient.Phone
	for {
		ids, err := store.Everybody(ctx, s.cfg.Store, s.cfg.Tenant, after, batch)
		if err != nil {
			return added, fmt.Errorf("seal: list people: %w", err)
		}
		if len(ids) == 0 {
			return added, nil
		}
		n, err := s.sealPeople(ctx, ids, nil, false)
		added += n
		if err != nil {
			return added, err
		}
		after = ids[len(ids)-1].Phone
	}
}

// sealPeople reads people and seals what is new about them. With notes, only
// what is noted is read; with open, attempts that are under way are sealed too.
func (s *Sealer) sealPeople(ctx context.Context, ids []recipient.ID, notes map[recipient.ID]news, open bool) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	facts, outcomes, err := s.read(ctx, ids, notes)
	if err != nil {
		return 0, err
	}
	w := s.newWriting()
	for i, id := range ids {
		var noted map[string]seen
		if notes != nil {
			noted = notes[id].attempts
		}
		for _, e := range eventsOf(facts[i], s.settled(id, outcomes[i], notes != nil, open, noted)) {
			if err := w.event(ctx, id, &e); err != nil {
				return 0, err
			}
		}
	}
	return w.commit(ctx)
}

// read reads facts of those who have new facts, and attempts of those who have
// new ones that are not known.
func (s *Sealer) read(ctx context.Context, ids []recipient.ID, notes map[recipient.ID]news) ([]store.Facts, [][]store.Outcome, error) {
	facts, outcomes := make([]store.Facts, len(ids)), make([][]store.Outcome, len(ids))
	var withFacts, withAttempts []recipient.ID
	var factsAt, attemptsAt []int
	for i, id := range ids {
		n, noted := notes[id]
		if !noted || n.facts {
			withFacts, factsAt = append(withFacts, id), append(factsAt, i)
		}
		if !noted || s.mustRead(n) {
			withAttempts, attemptsAt = append(withAttempts, id), append(attemptsAt, i)
		}
	}
	fs, err := store.FactsOf(ctx, s.cfg.Store, withFacts)
	if err != nil {
		return nil, nil, fmt.Errorf("seal: read facts: %w", err)
	}
	os, err := store.OutcomesOf(ctx, s.cfg.Store, withAttempts)
	if err != nil {
		return nil, nil, fmt.Errorf("seal: read attempts: %w", err)
	}
	for j, i := range factsAt {
		facts[i] = fs[j]
	}
	for j, i := range attemptsAt {
		outcomes[i] = os[j]
	}
	return facts, outcomes, nil
}

// mustRead reports whether an attempt is neither known nor under way.
func (s *Sealer) mustRead(n news) bool {
	for _, a := range n.attempts {
		if !a.known() && !s.underWay(a) {
			return true
		}
	}
	return false
}

// underWay reports whether an attempt began here a short time ago and has not
// been finished since.
func (s *Sealer) underWay(a seen) bool {
	return a.began && a.finished == 0 && !a.unsure && s.young(a.outcome.At)
}

func (s *Sealer) young(at time.Time) bool { return at.After(s.cfg.Now().Add(-s.cfg.OpenAfter)) }

// settled returns the attempts that are to be sealed: those on file, with notes
// only those that are noted, and those that are known. Attempts that are open
// and young are noted again, and sealed when they are settled.
func (s *Sealer) settled(id recipient.ID, onFile []store.Outcome, only, open bool, noted map[string]seen) []store.Outcome {
	var out []store.Outcome
	for name, a := range noted {
		switch {
		case a.known():
			out = append(out, a.outcome)
		case s.underWay(a):
			s.cfg.Watched.note(id, false, name, a)
		}
	}
	for _, o := range onFile {
		a, mine := noted[o.ID]
		switch {
		case only && (!mine || a.known() || s.underWay(a)):
		case o.State == store.Open && !open && s.young(o.At):
			if s.cfg.Watched != nil {
				s.cfg.Watched.note(id, false, o.ID, seen{unsure: true})
			}
		default:
			out = append(out, o)
		}
	}
	return out
}

// eventsOf makes events in the order in which they happened, without what
// follows from others, which is not sealed.
func eventsOf(f store.Facts, os []store.Outcome) []evidence.Event {
	es := make([]evidence.Event, 0, len(f.Consents)+len(f.OptOuts)+len(f.Disclosures)+len(os))
	for _, r := range f.Consents {
		es = append(es, evidence.OfConsent(r))
	}
	for _, r := range f.OptOuts {
		es = append(es, evidence.OfOptOut(r))
	}
	for _, o := range os {
		es = append(es, evidence.OfOutcome(o))
	}
	for _, r := range f.Disclosures {
		es = append(es, evidence.OfDisclosure(r))
	}
	slices.SortStableFunc(es, func(a, b evidence.Event) int { return a.At().Compare(b.At()) })
	return es
}

// who finds a person in the log without the number.
func (s *Sealer) who(id recipient.ID) string {
	return b64.EncodeToString(keyed(s.cfg.Secret, "seal", id.Tenant, id.Phone.E164()))
}

// checkpoint signs the state of the log.
func (s *Sealer) checkpoint(ctx context.Context) error {
	root, err := tlog.TreeHash(s.size, &reader{ctx: ctx, storage: s.cfg.Storage, stored: tlog.StoredHashCount(s.size)})
	if err != nil {
		return fmt.Errorf("seal: hash: %w", err)
	}
	signed, err := sign(checkpoint{s.cfg.Origin, s.size, root}.String(), s.cfg.Signer)
	if err != nil {
		return err
	}
	if err := s.cfg.Storage.PutCheckpoint(ctx, []byte(signed)); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	return nil
}

// newKey makes a person's key.
func newKey() []byte {
	key := make([]byte, keyLen)
	_, _ = rand.Read(key) // does not fail
	return key
}
