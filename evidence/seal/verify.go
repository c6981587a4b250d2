package seal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/carewire/carewire/evidence"
)

// Fault is what was done to a pack.
type Fault string

// The faults.
const (
	Changed   Fault = "changed"
	Removed   Fault = "removed"
	Inserted  Fault = "inserted"
	Reordered Fault = "reordered"
	BackDated Fault = "back-dated"
	Unsigned  Fault = "not signed by this key"
	Unsealed  Fault = "not sealed"
	Malformed Fault = "not in the form of a pack"
)

// ErrBroken reports a pack that does not verify. Every [Problem] wraps it.
var ErrBroken = errors.New("seal: the evidence does not verify")

// Problem is the first thing that is wrong with a pack.
type Problem struct {
	Fault Fault
	Where string // such as "event 12 (opt-out): text", "entry 7 of the log", "program"
	Why   string
}

// Error returns fault, place and reason. It contains no number and no text.
func (p *Problem) Error() string {
	return fmt.Sprintf("%v: %s: %s: %s", ErrBroken, p.Where, p.Fault, p.Why)
}

// Unwrap returns [ErrBroken].
func (p *Problem) Unwrap() error { return ErrBroken }

// Report is what a pack that verifies shows.
type Report struct {
	Origin  string    // of the log
	Size    int64     // entries in the log
	Entries int       // about this person
	Events  int       // each of them is in the log as it is in the pack
	Erased  int       // entries whose contents were erased
	Sealed  time.Time // when the last of them was sealed
	Late    []int     // events (N) that were sealed more than a day after they are dated
}

// lateAfter is how long after its date an event is sealed late. An import of
// older consents is; so is what somebody put there afterwards.
const lateAfter = 24 * time.Hour

// Verify checks a pack offline against the public key of a log. It returns a
// [*Problem] about the first thing that was changed, removed, put in between,
// reordered or dated back. What it promises is in the package comment.
func Verify(p evidence.Pack, v note.Verifier) (Report, error) {
	if p.Seal == nil {
		return Report{}, &Problem{Unsealed, "the pack", "it has no seal"}
	}
	c := &check{pack: &p, v: v, chains: map[string]chain{}, first: map[string]int{}, last: map[string]int{}}
	for _, step := range []func() *Problem{c.form, c.notes, c.entries, c.ends, c.versions, c.openings, c.order, c.numbers, c.erasures, c.parts} {
		if problem := step(); problem != nil {
			return Report{}, problem
		}
	}
	return c.report(), nil
}

// VerifyFile reads a pack as [evidence.Pack.WriteJSON] wrote it and verifies it.
func VerifyFile(r io.Reader, v note.Verifier) (evidence.Pack, Report, error) {
	p, err := evidence.Read(r)
	var form *evidence.FormError
	switch {
	case errors.As(err, &form):
		return evidence.Pack{}, Report{}, &Problem{Malformed, fmt.Sprintf("line %d of the file", form.Line), form.Reason}
	case err != nil:
		return evidence.Pack{}, Report{}, err
	}
	report, err := Verify(p, v)
	return p, report, err
}

// check is one verification under way.
type check struct {
	pack      *evidence.Pack
	v         note.Verifier
	cp        checkpoint
	statement map[string]string // lines of the statement by their first words
	persons   []string          // lines of the statement about persons
	key       []byte
	self      string // the pseudonym that the key opens
	leaves    []leaf
	chains    map[string]chain // by person, as far as entries have been read
	first     map[string]int   // record: its first entry
	last      map[string]int   // record: its last entry
}

// form checks that every event has one record, before anything looks at it.
func (c *check) form() *Problem {
	for i := range c.pack.Events {
		e := &c.pack.Events[i]
		n := 0
		for _, set := range []bool{e.Consent != nil, e.OptOut != nil, e.Disclosure != nil, e.Attempt != nil} {
			if set {
				n++
			}
		}
		if n != 1 {
			return &Problem{Changed, fmt.Sprintf("event %d", i+1), "an event has exactly one record"}
		}
	}
	return nil
}

// notes checks both signatures.
func (c *check) notes() *Problem {
	text, err := opened(c.pack.Seal.Checkpoint, c.v)
	if err == nil {
		c.cp, err = parseCheckpoint(text)
	}
	if err != nil {
		return &Problem{Unsigned, "checkpoint", "the signed checkpoint was changed, or is by another key"}
	}
	said, err := opened(c.pack.Seal.Statement, c.v)
	if err != nil {
		return &Problem{Unsigned, "statement", "the signed statement was changed, or is by another key"}
	}
	rest, ok := strings.CutPrefix(said, "carewire/statement/1\n"+text)
	if !ok {
		return &Problem{Changed, "statement", "it is not about this checkpoint"}
	}
	c.statement = map[string]string{}
	for line := range strings.Lines(rest) {
		line = strings.TrimSuffix(line, "\n")
		if person, ok := strings.CutPrefix(line, "person "); ok {
			c.persons = append(c.persons, person)
			continue
		}
		name, sum, _ := strings.Cut(strings.TrimPrefix(line, "part "), " ")
		c.statement[name] = sum
	}
	return nil
}

// entries checks that each entry is in the log, and that each person's are
// without a gap and in order.
func (c *check) entries() *Problem {
	for i := range c.pack.Seal.Entries {
		e := &c.pack.Seal.Entries[i]
		where := fmt.Sprintf("entry %d of the log (%d in the pack)", e.Index, i+1)
		l, err := parseLeaf(e.Leaf)
		if err != nil {
			return &Problem{Changed, where, "it is not in the form of an entry"}
		}
		if problem := c.follows(i, e, l, where); problem != nil {
			return problem
		}
		if !c.proved(e) {
			return &Problem{Changed, where, "it is not what the log has there"}
		}
		c.chains[l.person] = chain{l.n, e.Index, l.sum()}
		if _, known := c.first[l.record]; !known {
			c.first[l.record] = i
		}
		c.last[l.record] = i
		c.leaves = append(c.leaves, l)
	}
	return nil
}

// follows checks that an entry comes after the one in front of it.
func (c *check) follows(i int, e *evidence.Entry, l leaf, where string) *Problem {
	before, known := c.chains[l.person]
	switch {
	case l.n == before.n+1 && (known && (l.prev != before.last || l.prevSum != before.sum) || !known && l.prev != -1):
		return &Problem{Changed, where, "it does not name the entry before it"}
	case l.n > before.n+1:
		return &Problem{Removed, fmt.Sprintf("entry number %d of this person", before.n+1), fmt.Sprintf("the next one in the pack is number %d", l.n)}
	case l.n <= before.n:
		return &Problem{Reordered, where, "an entry comes twice or too late"}
	}
	if i > 0 && (e.Index <= c.pack.Seal.Entries[i-1].Index || l.sealed.Before(c.leaves[i-1].sealed)) {
		return &Problem{Reordered, where, "it comes before the one in front of it"}
	}
	return nil
}

// proved checks that an entry is in the log.
func (c *check) proved(e *evidence.Entry) bool {
	var proof tlog.RecordProof
	for _, text := range e.Proof {
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(raw) != tlog.HashSize || base64.StdEncoding.EncodeToString(raw) != text {
			return false
		}
		proof = append(proof, tlog.Hash(raw))
	}
	if e.Index < 0 || e.Index >= c.cp.size {
		return false
	}
	return tlog.CheckRecord(proof, c.cp.size, c.cp.root, e.Index, tlog.RecordHash([]byte(e.Leaf))) == nil
}

// ends checks that no entries are missing at the end.
func (c *check) ends() *Problem {
	for _, line := range c.persons {
		words := strings.Split(line, " ")
		if len(words) != 4 {
			return &Problem{Changed, "statement", "a person's line is not in its form"}
		}
		have := c.chains[words[0]]
		if strconv.FormatInt(have.n, 10) != words[1] || strconv.FormatInt(have.last, 10) != words[2] || have.sum != words[3] {
			return &Problem{Removed, fmt.Sprintf("entry number %d of this person", have.n+1), "the log has " + words[1] + " entries about this person"}
		}
		delete(c.chains, words[0])
	}
	if len(c.chains) > 0 {
		return &Problem{Inserted, "entries", "some are about somebody else"}
	}
	if c.pack.Seal.Key == "" {
		return nil
	}
	key, err := b64.Strict().DecodeString(c.pack.Seal.Key)
	if err != nil || len(key) != keyLen {
		return &Problem{Changed, "key", "it is not in the form of a key"}
	}
	c.key, c.self = key, pseudonym(key, c.pack.Tenant, c.pack.Phone)
	if n := len(c.persons); n == 0 || !strings.HasPrefix(c.persons[n-1], c.self+" ") {
		return &Problem{Changed, "phone, tenant or key", "the entries are not about this number"}
	}
	return nil
}

// openings checks that every event is what its last entry says, and that every
// record in the log has its event.
func (c *check) openings() *Problem {
	seen := map[string]int{}
	for i := range c.pack.Events {
		e := &c.pack.Events[i]
		record := recordName(c.key, e)
		at, ok := c.last[record]
		where := fmt.Sprintf("event %d (%s)", i+1, family(e))
		switch {
		case c.key == nil:
			return &Problem{Inserted, where, "the person was erased, and the event is not in the log"}
		case !ok:
			return c.unknown(i, where)
		case seen[record] != 0:
			return &Problem{Inserted, where, fmt.Sprintf("it is event %d again", seen[record])}
		}
		seen[record] = i + 1
		if text := body(c.key, record, e); text != c.leaves[at].body {
			return different(where, c.leaves[at].body, text)
		}
	}
	for i, l := range c.leaves {
		if l.person == c.self && seen[l.record] == 0 && l.kind() != "erasure" && c.last[l.record] == i {
			return c.missing(i, l)
		}
	}
	return nil
}

// numbers checks that each entry names the event that it seals, and no other.
func (c *check) numbers() *Problem {
	want := make([]int, len(c.leaves))
	for i := range c.pack.Events {
		want[c.last[recordName(c.key, &c.pack.Events[i])]] = i + 1
	}
	for i, e := range c.pack.Seal.Entries {
		if e.Event != want[i] {
			return &Problem{Changed, fmt.Sprintf("entry %d of the log", e.Index), "it names another event than it seals"}
		}
	}
	return nil
}

// missing says that an event of the log is not in the pack, and between which it was.
func (c *check) missing(i int, l leaf) *Problem {
	when, err := strconv.Unquote(l.value("at"))
	if err != nil {
		when = "?"
	}
	return &Problem{Removed, fmt.Sprintf("the event of entry %d of the log (%s of %s)", c.pack.Seal.Entries[i].Index, l.kind(), when), "it is not in the pack"}
}

// unknown says that the log does not know an event. If exactly one event of
// its kind and time is missing, it is that one with another ID.
func (c *check) unknown(i int, where string) *Problem {
	e := &c.pack.Events[i]
	known := map[string]bool{}
	for j := range c.pack.Events {
		known[recordName(c.key, &c.pack.Events[j])] = true
	}
	for _, l := range c.leaves {
		if l.person == c.self && !known[l.record] && l.kind() == family(e) && l.value("at") == strconv.Quote(stamp(e.At())) {
			return &Problem{Changed, where + ": id", "the log has a record of this kind and time under another id"}
		}
	}
	return &Problem{Inserted, where, "it is not in the log"}
}

// different says in which field an event is not what was sealed.
func different(where, log, pack string) *Problem {
	name, inLog, inPack := firstDiffering(log, pack)
	if timeField(name) && name != "until" && inPack < inLog {
		return &Problem{BackDated, where + ": " + name, "the log has a later time"}
	}
	return &Problem{Changed, where + ": " + name, "the log has another value"}
}

// order checks that events come as they happened, and what follows from them.
func (c *check) order() *Problem {
	es := c.pack.Events
	for i := 1; i < len(es); i++ {
		before, after := c.first[recordName(c.key, &es[i-1])], c.first[recordName(c.key, &es[i])]
		if d := es[i-1].At().Compare(es[i].At()); d > 0 || d == 0 && before > after {
			return &Problem{Reordered, fmt.Sprintf("event %d (%s)", i+1, family(&es[i])), "it happened before the one in front of it"}
		}
	}
	var e *evidence.EventError
	if errors.As(c.pack.Check(), &e) {
		where := fmt.Sprintf("event %d", e.N)
		if e.Field != "" {
			where += ": " + e.Field
		}
		return &Problem{Changed, where, e.Reason}
	}
	return nil
}

// erasures checks that every erasure in the log is in the pack. (R7.21)
func (c *check) erasures() *Problem {
	for i, l := range c.leaves {
		if l.kind() != "erasure" {
			continue
		}
		found := false
		for _, e := range c.pack.Erased {
			found = found || erasureBody(e) == l.body
		}
		if !found {
			return &Problem{Removed, fmt.Sprintf("erased: the erasure of entry %d of the log", c.pack.Seal.Entries[i].Index), "it is not in the pack as it is in the log"}
		}
	}
	return nil
}

// parts checks the sums of the statement.
func (c *check) parts() *Problem {
	for _, part := range parts(c.pack) {
		if c.statement[part.name] != part.sum() {
			return &Problem{Changed, part.name, "it is not what the statement was signed about"}
		}
	}
	return nil
}

func (c *check) report() Report {
	r := Report{Origin: c.cp.origin, Size: c.cp.size, Entries: len(c.leaves), Events: len(c.pack.Events)}
	for i := range c.pack.Events {
		e := &c.pack.Events[i]
		if l := c.leaves[c.first[recordName(c.key, e)]]; l.sealed.Sub(e.At()) > lateAfter {
			r.Late = append(r.Late, e.N)
		}
	}
	for _, l := range c.leaves {
		if l.person != c.self {
			r.Erased++
		}
		if l.sealed.After(r.Sealed) {
			r.Sealed = l.sealed
		}
	}
	return r
}
