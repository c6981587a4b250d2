package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/carewire/carewire/evidence"
)

// leafVersion is the first line of every entry.
const leafVersion = "carewire/seal/1"

const keyLen = 32 // bytes of a person's key

var b64 = base64.RawURLEncoding

// leaf is an entry of the log, taken apart.
type leaf struct {
	person  string // pseudonym of the person
	record  string // pseudonym of the record
	n       int64  // 1, 2, 3 … of the person's entries
	prev    int64  // index of the person's entry before; -1 for the first
	prevSum string // its hash
	sealed  time.Time
	body    string // kind and fields, as lines
}

// field is one field of a record, as it is sealed.
type field struct {
	name, value string
	personal    bool
}

// String is the text of the entry.
func (l leaf) String() string {
	prev := "-"
	if l.prev >= 0 {
		prev = strconv.FormatInt(l.prev, 10) + " " + l.prevSum
	}
	return leafVersion + "\nperson " + l.person + "\nrecord " + l.record + "\nn " + strconv.FormatInt(l.n, 10) +
		"\nprev " + prev + "\nsealed " + stamp(l.sealed) + "\n" + l.body
}

var errLeaf = errors.New("seal: not an entry of this log")

// parseLeaf takes the text of an entry apart, and refuses what String would not write.
func parseLeaf(text string) (leaf, error) {
	var l leaf
	lines := strings.SplitN(text, "\n", 7)
	if len(lines) != 7 || lines[0] != leafVersion {
		return leaf{}, errLeaf
	}
	var values [5]string
	for i, name := range []string{"person ", "record ", "n ", "prev ", "sealed "} {
		value, ok := strings.CutPrefix(lines[i+1], name)
		if !ok {
			return leaf{}, errLeaf
		}
		values[i] = value
	}
	l.person, l.record, l.body, l.prev = values[0], values[1], lines[6], -1
	var err error
	if l.n, err = strconv.ParseInt(values[2], 10, 64); err != nil {
		return leaf{}, errLeaf
	}
	if values[3] != "-" {
		index, sum, _ := strings.Cut(values[3], " ")
		if l.prev, err = strconv.ParseInt(index, 10, 64); err != nil || l.prev < 0 {
			return leaf{}, errLeaf
		}
		l.prevSum = sum
	}
	if l.sealed, err = time.Parse(time.RFC3339Nano, values[4]); err != nil || l.String() != text {
		return leaf{}, errLeaf
	}
	return l, nil
}

// kind is the first line of the body.
func (l leaf) kind() string {
	line, _, _ := strings.Cut(l.body, "\n")
	return strings.TrimPrefix(line, "kind ")
}

// value is the value of a field as it stands in the body.
func (l leaf) value(name string) string {
	for line := range strings.SplitSeq(l.body, "\n") {
		if v, ok := strings.CutPrefix(line, name+" "); ok {
			return v
		}
	}
	return ""
}

func (l leaf) sum() string { return sumOf(l.String()) }

// sumOf is the hash of an entry in the tree.
func sumOf(text string) string {
	h := tlog.RecordHash([]byte(text))
	return b64.EncodeToString(h[:])
}

// keyed is a hash of parts under a key, length-prefixed so that no two lists are alike.
func keyed(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// pseudonym is the person's name in the log.
func pseudonym(key []byte, tenant, phone string) string {
	return b64.EncodeToString(keyed(key, "person", tenant, phone))
}

// recordName is a record's name in the log.
func recordName(key []byte, e *evidence.Event) string {
	return b64.EncodeToString(keyed(key, "record", family(e), e.ID)[:16])
}

// family keeps the IDs of different kinds of records apart.
func family(e *evidence.Event) string {
	switch {
	case e.Consent != nil:
		return "consent"
	case e.OptOut != nil:
		return "opt-out"
	case e.Disclosure != nil:
		return "disclosure"
	}
	return "attempt"
}

// body is what of an event is sealed.
func body(key []byte, record string, e *evidence.Event) string {
	var b strings.Builder
	b.Grow(512)
	b.WriteString("kind " + family(e))
	salt := keyed(key, "salt", record)
	for _, f := range fields(e) {
		b.WriteString("\n" + f.name + " ")
		switch {
		case f.value == "":
			b.WriteString("-")
		case f.personal:
			b.WriteString("#" + commit(salt, f))
		default:
			b.WriteString(strconv.Quote(f.value))
		}
	}
	b.WriteString("\n")
	return b.String()
}

// commit is a hash of a field that says nothing about it to whoever does not
// have the salt, which is that of this record alone.
func commit(salt []byte, f field) string {
	b := make([]byte, 0, 512)
	b = append(b, salt...)
	b = binary.BigEndian.AppendUint64(b, uint64(len(f.name)))
	b = append(b, f.name...)
	b = append(b, f.value...)
	h := sha256.Sum256(b)
	return b64.EncodeToString(h[:])
}

// fields are the fields of an event's record in a fixed order.
func fields(e *evidence.Event) []field {
	fs := []field{{"id", e.ID, true}, {"brand", e.Brand, false}}
	add := func(name, value string, personal bool) { fs = append(fs, field{name, value, personal}) }
	switch {
	case e.Consent != nil:
		c := e.Consent
		add("basis", c.Basis, false)
		purposes := make([]string, len(c.Purposes))
		for i, p := range c.Purposes {
			purposes[i] = strconv.Quote(string(p))
		}
		add("purposes", strings.Join(purposes, ","), false)
		add("ref", c.Ref, true)
		add("shown", c.Shown, true)
		add("where", c.Where, true)
		add("confirmed", c.Confirmed, true)
		add("revoked", yes(c.Revoked), false)
		add("at", stamp(c.At), false)
		add("until", stamp(c.Until), false)
	case e.OptOut != nil:
		o := e.OptOut
		add("in", yes(o.In), false)
		add("at", stamp(o.At), false)
		add("sent", stamp(o.Sent), false)
		add("via", o.Via, true)
		add("text", o.Text, true)
		add("rule", o.Rule, false)
	case e.Disclosure != nil:
		d := e.Disclosure
		add("what", d.Kind, false)
		add("text", d.Text, true)
		add("ref", d.Ref, true)
		add("failed", yes(d.Failed), false)
		add("at", stamp(d.At), false)
	case e.Attempt != nil:
		fs = append(fs, attemptFields(e.Attempt)...)
	}
	return fs
}

func attemptFields(a *evidence.Attempt) []field {
	return []field{
		{"what", a.What, false},
		{"key", a.Key, true},
		{"purpose", string(a.Purpose), false},
		{"state", a.State, false},
		{"rule", a.Rule, false},
		{"approval", a.Approval, true},
		{"provider_id", a.ProviderID, true},
		{"from", a.From, true},
		{"code", a.Code, true},
		{"text", a.Text, true},
		{"at", stamp(a.At), false},
		{"settled", stamp(a.Settled), false},
	}
}

// timeFields are the fields that say when.
func timeField(name string) bool {
	return slices.Contains([]string{"at", "sent", "until", "settled"}, name)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// stamp is a time as it is sealed.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

// firstDiffering names the first field in which two bodies differ, and its
// values in the log and in the pack as they are written.
func firstDiffering(log, pack string) (name, inLog, inPack string) {
	x, y := strings.Split(log, "\n"), strings.Split(pack, "\n")
	for i := range max(len(x), len(y)) {
		var a, b string
		if i < len(x) {
			a = x[i]
		}
		if i < len(y) {
			b = y[i]
		}
		if a != b {
			name, inLog, _ = strings.Cut(a, " ")
			_, inPack, _ = strings.Cut(b, " ")
			return name, inLog, inPack
		}
	}
	return "", "", ""
}

// erasureBody is what is sealed when a person is erased.
func erasureBody(e evidence.Erasure) string {
	return fmt.Sprintf("kind erasure\nat %q\nby %q\nreason %q\n", stamp(e.At), e.By, e.Reason)
}
