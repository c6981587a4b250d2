package seal

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// A person's line: who and pseudonym, their checksum, and the key. The key is
// not under the checksum, so that it can be overwritten.

// addPeople writes the lines of people who are new, durably.
func (f *File) addPeople(people []Person) error {
	if len(people) == 0 {
		return nil
	}
	var text []byte
	for _, p := range people {
		line, err := personLine(p)
		if err != nil {
			return err
		}
		text = append(text, line...)
	}
	if err := writeAt(f.people, text, int64(len(f.known))*personLen); err != nil {
		return err
	}
	for _, p := range people {
		f.known = append(f.known, fileWho{p.Who})
	}
	return nil
}

func personLine(p Person) ([]byte, error) {
	who, err := b64.DecodeString(p.Who)
	if err != nil || len(who) != whoLen {
		return nil, fmt.Errorf("%w: a person without a hash", ErrDamaged)
	}
	name, err := b64.DecodeString(p.Pseudonym)
	if err != nil || len(name) != nameLen || len(p.Key) != keyLen {
		return nil, fmt.Errorf("%w: a person without a key", ErrDamaged)
	}
	line := append(bytes.Clone(who), name...)
	line = binary.BigEndian.AppendUint64(line, uint64(crc32.Checksum(line, castagnoli)))
	return append(line, p.Key...), nil
}

// readPeople reads who there is, and cuts off what a crash has left half written.
func (f *File) readPeople() error {
	in := io.NewSectionReader(f.people, 0, 1<<62)
	line := make([]byte, personLen)
	for {
		if _, err := io.ReadFull(in, line); err != nil {
			break
		}
		if uint64(crc32.Checksum(line[:whoLen+nameLen], castagnoli)) != binary.BigEndian.Uint64(line[whoLen+nameLen:]) {
			break
		}
		f.known = append(f.known, fileWho{b64.EncodeToString(line[:whoLen])})
	}
	return f.people.Truncate(int64(len(f.known)) * personLen)
}

// People implements [Storage].
func (f *File) People(ctx context.Context, each func(Person) error) error {
	f.mu.Lock()
	n := len(f.known)
	f.mu.Unlock()
	in := io.NewSectionReader(f.people, 0, int64(n)*personLen)
	line := make([]byte, personLen)
	for range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := io.ReadFull(in, line); err != nil {
			return fmt.Errorf("seal: read people: %w", err)
		}
		p := Person{Who: b64.EncodeToString(line[:whoLen]), Pseudonym: b64.EncodeToString(line[whoLen : whoLen+nameLen])}
		if key := line[personLen-keyLen:]; !bytes.Equal(key, make([]byte, keyLen)) {
			p.Key = bytes.Clone(key)
		}
		if err := each(p); err != nil {
			return err
		}
	}
	return nil
}

// Erase implements [Storage]: it overwrites keys in place.
func (f *File) Erase(ctx context.Context, who string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, p := range f.known {
		if p.who != who {
			continue
		}
		if _, err := f.people.WriteAt(make([]byte, keyLen), int64(i+1)*personLen-keyLen); err != nil {
			return fmt.Errorf("seal: erase: %w", err)
		}
	}
	if err := f.people.Sync(); err != nil {
		return fmt.Errorf("seal: erase: %w", err)
	}
	return nil
}

// syncDir makes a rename durable.
func syncDir(name string) error {
	d, err := os.Open(name) //nolint:gosec // the caller's directory
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // it was read only
	if err := d.Sync(); err != nil {
		return fmt.Errorf("seal: sync: %w", err)
	}
	return nil
}
