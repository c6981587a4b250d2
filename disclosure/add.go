package disclosure

import (
	"regexp"
	"strings"
)

// Add puts statement on a line of its own under body. A last line that software
// on the phone reads ("@host #code", or the hash of an SMS retriever) stays
// last, because it is only read there. An empty body or statement adds no
// empty line.
func Add(body, statement string) string {
	body = strings.TrimRight(body, " \n")
	if statement == "" || body == "" {
		return body + statement
	}
	head, last := lastLine(body)
	if !originBound.MatchString(last) && !retrieverHash(last) {
		return body + "\n" + statement
	}
	head = strings.TrimRight(head, " \n")
	if head == "" {
		return statement + "\n" + last
	}
	return head + "\n" + statement + "\n" + last
}

// MachineReadable reports whether body is written for an SMS retriever: it
// starts with "<#>" or its last line is the 11-character hash of an app. Such a
// text must stay short and as it is, so that nothing can be added; the
// disclosure has to be made on the form instead. A last line that [Add] can
// keep last ("@host #code") is not meant.
func MachineReadable(body string) bool {
	if strings.HasPrefix(strings.TrimSpace(body), "<#>") {
		return true
	}
	_, last := lastLine(strings.TrimRight(body, " \n"))
	return retrieverHash(last)
}

// originBound is the last line of an origin-bound one-time code.
var originBound = regexp.MustCompile(`^@[A-Za-z0-9.-]+ #\S+( [@%][A-Za-z0-9.-]+)?$`)

func lastLine(s string) (head, last string) {
	i := strings.LastIndexByte(s, '\n')
	return s[:i+1], strings.TrimSpace(s[i+1:])
}

// retrieverHash reports whether line is 11 characters of base64 that are
// neither a word nor a phone number.
func retrieverHash(line string) bool {
	if len(line) != 11 {
		return false
	}
	var upper, lower, digit, sign int
	for i := range len(line) {
		switch c := line[i]; {
		case c >= 'A' && c <= 'Z':
			upper++
		case c >= 'a' && c <= 'z':
			lower++
		case c >= '0' && c <= '9':
			digit++
		case c == '+' || c == '/':
			sign++
		default:
			return false
		}
	}
	if upper+lower == 0 {
		return false // a number
	}
	title := upper == 1 && line[0] >= 'A' && line[0] <= 'Z'
	return digit+sign > 0 || upper > 0 && lower > 0 && !title
}
