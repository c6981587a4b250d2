package lint

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// columnInJSON returns the column, in characters from 1, at which the byte
// offset of the decoded "text" stands in its line.
func columnInJSON(line []byte, offset int) int {
	i := textLiteral(line) + 1
	for i < len(line) && line[i] != '"' {
		raw, decoded := unit(line[i:])
		if offset < decoded {
			break
		}
		offset -= decoded
		i += raw
	}
	return utf8.RuneCount(line[:min(i, len(line))]) + 1
}

// unit returns how many bytes the first character of a string's content takes
// in the file and when decoded.
func unit(b []byte) (raw, decoded int) {
	if b[0] != '\\' {
		_, n := utf8.DecodeRune(b)
		return n, n
	}
	raw = 2
	if len(b) > 1 && b[1] == 'u' {
		raw = 6
	}
	if len(b) >= 12 && raw == 6 && b[6] == '\\' && b[7] == 'u' {
		if s := decode(b[:12]); utf8.RuneCountInString(s) == 1 { // a surrogate pair
			return 12, len(s)
		}
	}
	return raw, len(decode(b[:min(raw, len(b))]))
}

func decode(escaped []byte) (s string) {
	if json.Unmarshal(append(append([]byte{'"'}, escaped...), '"'), &s) != nil {
		return ""
	}
	return s
}

// textLiteral returns where the string of the last "text" of an object begins.
func textLiteral(line []byte) (at int) {
	d := json.NewDecoder(bytes.NewReader(line))
	if _, err := d.Token(); err != nil { // the brace
		return 0
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return at
		}
		behind := int(d.InputOffset())
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return at
		}
		if name, ok := key.(string); ok && strings.EqualFold(name, "text") {
			at = behind + bytes.IndexByte(line[behind:], '"')
		}
	}
	return at
}
