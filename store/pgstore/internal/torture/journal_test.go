package torture

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// line is one line of the journal. Times are those of the machine's one clock.
type line struct {
	Kind   string // below
	Person int
	Key    string    // of a message
	Begun  time.Time // when Send was called
	At     time.Time // when the line was written
	Stated bool      // the text carried the disclosure
	ID     string    // of an attempt
	Sent   time.Time // of a STOP: names it
}

// The kinds of lines.
const (
	handed       = "handed"       // the provider has a message
	confirmation = "confirmation" // the provider has the answer to a STOP
	sent         = "sent"         // Send returned a receipt
	optedOut     = "opted out"    // Send was refused because of a STOP
	failed       = "failed"       // Send or Receive returned another error
	acknowledged = "acknowledged" // Receive returned nil for a STOP
)

// journal is a file that lines are appended to, each with one write and on
// disk before anything else happens.
type journal struct{ f *os.File }

func openJournal(dir, name string) (*journal, error) {
	f, err := os.OpenFile(filepath.Join(dir, name+".jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	return &journal{f}, err
}

func (j *journal) write(l line) error {
	l.At = time.Now()
	b, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = j.f.Write(append(b, '\n'))
	return errors.Join(err, j.f.Sync())
}

// readJournals returns the lines of all processes.
func readJournals(dir string) ([]line, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	var all []line
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		for s := bufio.NewScanner(f); s.Scan(); {
			var l line
			if err := json.Unmarshal(s.Bytes(), &l); err != nil {
				return nil, errors.Join(err, f.Close())
			}
			all = append(all, l)
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	return all, nil
}
