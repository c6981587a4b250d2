package carewire

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxRow is how long one row of a file may be. Without a limit a stray quote
// would read the rest of a file into memory as one cell.
const maxRow = 1 << 20

// row is one record of a file.
type row struct {
	line  int // where it begins, counted from 1
	cells map[string]string
	lists map[string][]string // cells that were lists
}

// cell returns what is in a column, without spaces around it; "" if the column is not named.
func (r *row) cell(column string) string { return strings.TrimSpace(r.cells[column]) }

// rowError is a record that cannot be read, with others after it that can.
type rowError struct{ shown error }

func (e *rowError) Error() string { return e.shown.Error() }

// rows reads a file record by record.
type rows interface {
	// next returns the next record, io.EOF after the last, an *rowError for a record
	// that cannot be read, and any other error if nothing after it can be.
	next() (row, error)
}

// open starts to read a file.
func (o *ImportOptions) open() (rows, error) {
	in := bufio.NewReaderSize(o.From, 64<<10)
	switch head, _ := in.Peek(3); { // an error comes again with the first read
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return nil, &Error{Rule: "import/read", Err: because(ErrFile, "the file is in UTF-16: save it in UTF-8")}
	case bytes.HasPrefix(head, []byte("\ufeff")):
		_, _ = in.Discard(3)
	}
	if o.Format == JSONLines {
		return &jsonRows{in: in, columns: o.columns()}, nil
	}
	return openCSV(in, o)
}

// columns are the names of all columns that are read.
func (o *ImportOptions) columns() []string {
	c := &o.Columns
	all := []string{
		c.Phone, c.OptedOut, c.OptedOutAt, c.Reason, c.By,
		c.Basis, c.Ref, c.Purposes, c.Shown, c.Where, c.Confirmed, c.At, c.Until,
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(s string) bool { return s == "" })
}

// csvRows reads CSV.
type csvRows struct {
	r     *csv.Reader
	limit *limited
	index map[string]int
	width int
	row   row
}

func openCSV(in io.Reader, o *ImportOptions) (rows, error) {
	limit := &limited{in: in, left: maxRow}
	r := csv.NewReader(limit)
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = o.Comma, -1, true
	header := o.Header
	if header == nil {
		var err error
		if header, err = r.Read(); err != nil {
			return nil, &Error{Rule: "import/read", Err: &fault{reason: ErrFile, shown: errors.New("the line with the names of the columns cannot be read"), hidden: err}}
		}
	}
	c := &csvRows{r: r, limit: limit, index: map[string]int{}, width: len(header), row: row{cells: map[string]string{}}}
	for _, want := range o.columns() {
		c.index[want] = -1
		for i, name := range header {
			if strings.TrimSpace(name) != want {
				continue
			}
			if c.index[want] >= 0 {
				return nil, refusal("import/columns", because(ErrInvalid, fmt.Sprintf("the file has two columns %q", want)))
			}
			c.index[want] = i
		}
		if c.index[want] < 0 {
			return nil, refusal("import/columns", because(ErrInvalid, fmt.Sprintf("the file has no column %q", want)))
		}
	}
	return c, nil
}

func (c *csvRows) next() (row, error) {
	c.limit.left = maxRow
	rec, err := c.r.Read()
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad) && bad.StartLine == bad.Line && !errors.Is(err, errLong):
		return row{line: bad.StartLine}, &rowError{errors.New("not CSV: a quote is out of place")}
	case errors.As(err, &bad):
		return row{line: bad.StartLine}, fmt.Errorf("from line %d on: a quote is out of place or not closed, and may hide other rows: %w", bad.StartLine, errQuote)
	case errors.Is(err, errLong):
		return row{}, errLong
	case err != nil:
		return row{}, err
	}
	line, _ := c.r.FieldPos(0)
	if len(rec) != c.width {
		if slices.ContainsFunc(rec, func(s string) bool { return strings.Contains(s, "\n") }) {
			return row{line: line}, fmt.Errorf("from line %d on: a row over several lines has %d cells instead of %d and may hide other rows: %w", line, len(rec), c.width, errQuote)
		}
		return row{line: line}, &rowError{fmt.Errorf("%d cells instead of %d", len(rec), c.width)}
	}
	c.row.line = line
	for name, i := range c.index {
		c.row.cells[name] = rec[i]
	}
	return c.row, nil
}

var (
	errLong  = errors.New("a row is longer than 1 MiB")
	errQuote = errors.New("mend the file and resume")
)

// limited gives out so many bytes until left is set again.
type limited struct {
	in   io.Reader
	left int
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errLong
	}
	n, err := l.in.Read(p)
	l.left -= n
	return n, err
}

// jsonRows reads JSON Lines.
type jsonRows struct {
	in      *bufio.Reader
	columns []string
	line    int
	buf     []byte
}

func (j *jsonRows) next() (row, error) {
	for {
		text, err := j.readLine()
		switch {
		case err != nil:
			return row{line: j.line}, err
		case len(bytes.TrimSpace(text)) == 0:
			continue
		}
		r := row{line: j.line, cells: map[string]string{}}
		if err := j.object(&r, text); err != nil {
			return r, &rowError{err}
		}
		return r, nil
	}
}

// readLine returns the next line without its end, in a buffer that is used again.
func (j *jsonRows) readLine() ([]byte, error) {
	j.buf = j.buf[:0]
	j.line++
	for long := false; ; {
		part, err := j.in.ReadSlice('\n')
		if !long {
			j.buf = append(j.buf, part...)
		}
		long = long || len(j.buf) > maxRow
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(j.buf) == 0:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case long:
			return nil, &rowError{errLong}
		}
		return j.buf, nil
	}
}

// object reads the members that are columns. A member that comes twice would
// let the last one win, and is refused.
func (j *jsonRows) object(r *row, text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("not a JSON object")
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return errors.New("not JSON")
		}
		name, _ := t.(string) // a key is always a string
		var v any
		if err := d.Decode(&v); err != nil {
			return errors.New("not JSON")
		}
		if !slices.Contains(j.columns, name) {
			continue
		}
		if _, twice := r.cells[name]; twice {
			return fmt.Errorf("the member %q comes twice", name)
		}
		if err := r.set(name, v); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return errors.New("not JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value on a line")
	}
	return nil
}

func (r *row) set(name string, v any) error {
	switch v := v.(type) {
	case nil:
		r.cells[name] = ""
	case string:
		r.cells[name] = v
	case bool, json.Number:
		r.cells[name] = fmt.Sprint(v)
	case []any:
		list := make([]string, 0, len(v))
		for _, x := range v {
			s, ok := x.(string)
			if !ok {
				return fmt.Errorf("the list %q has something other than strings", name)
			}
			list = append(list, strings.TrimSpace(s))
		}
		if r.lists == nil {
			r.lists = map[string][]string{}
		}
		r.cells[name], r.lists[name] = strings.Join(list, ","), list
	default:
		return fmt.Errorf("the member %q is neither a value nor a list", name)
	}
	return nil
}
