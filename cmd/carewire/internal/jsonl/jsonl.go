// Package jsonl reads files of one record per line, a line at a time, and
// keeps count, so that every complaint can name its line.
package jsonl

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxLine is how many bytes a line may have.
const MaxLine = 1 << 20

// ErrTooLong reports a line of more than [MaxLine] bytes. It is skipped: the
// next call of [Reader.Next] reads the line after it.
var ErrTooLong = errors.New("the line is longer than 1 MiB")

// Line is one line without its end.
type Line struct {
	Number int // from 1
	Text   []byte
}

// Reader reads lines. Make it with [NewReader].
type Reader struct {
	r      *bufio.Reader
	number int
	buf    []byte
}

// NewReader makes a Reader of r.
func NewReader(r io.Reader) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, 64<<10)}
}

// Next returns the next line that is not blank, without LF or CR LF and
// without a byte order mark. Its Text is valid until the next call. The error
// is [io.EOF] at the end, [ErrTooLong] for a line that was skipped, whose
// number is returned with it, or what reading failed with.
func (r *Reader) Next() (Line, error) {
	for {
		text, err := r.line()
		if r.number == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		if err != nil || len(bytes.TrimSpace(text)) > 0 {
			return Line{Number: r.number, Text: text}, err
		}
	}
}

// line reads one line, blank or not.
func (r *Reader) line() ([]byte, error) {
	r.buf = r.buf[:0]
	long := false
	for {
		part, err := r.r.ReadSlice('\n')
		if len(part) > 0 && len(r.buf) == 0 && !long {
			r.number++
		}
		if long = long || len(r.buf)+len(part) > MaxLine; !long {
			r.buf = append(r.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("reading line %d: %w", r.number+1, err)
		case long:
			return nil, ErrTooLong
		case err != nil && len(r.buf) == 0:
			return nil, io.EOF
		}
		return bytes.TrimSuffix(bytes.TrimSuffix(r.buf, []byte("\n")), []byte("\r")), nil
	}
}
