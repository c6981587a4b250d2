package lint

import (
	"slices"
	"strings"
)

// Level is how bad a finding is. Both end the command with status 1.
type Level string

// The levels, with the words of SARIF.
const (
	Error   Level = "error"   // the message would be refused, or would do something else than it says
	Warning Level = "warning" // it costs more, or depends on the provider
)

// Rule is one check.
type Rule struct {
	ID    string
	Level Level
	Short string // what it finds, one sentence
}

// The rules of this package, by id. Those of the classifier come with their
// findings.
const (
	ruleJSON         = "template/json"
	ruleBrace        = "template/brace"
	ruleUTF8         = "text/utf8"
	ruleControl      = "text/control"
	ruleBidi         = "text/bidi"
	ruleBlank        = "text/blank"
	ruleLength       = "text/length"
	ruleStopWord     = "reply/stop-word"
	ruleStartWord    = "reply/start-word"
	ruleNo           = "reply/no"
	ruleHelpWord     = "reply/help-word"
	ruleBrand        = "brand/missing"
	ruleUCS2         = "sms/ucs-2"
	ruleSegments     = "sms/segments"
	prefixDisclosure = "disclosure/"
)

// Rules returns every rule of this package, sorted by id.
func Rules() []Rule {
	rs := []Rule{
		{ruleJSON, Error, "The line is not a JSON object with a text."},
		{ruleBrace, Warning, "A brace belongs to no placeholder."},
		{ruleUTF8, Error, "The text is not valid UTF-8 and would be refused."},
		{ruleControl, Error, "The text has a control character and would be refused."},
		{ruleBidi, Error, "The text has a character that turns the direction of writing and would be refused."},
		{ruleBlank, Error, "The text is blank and would be refused."},
		{ruleLength, Error, "The text is longer than 1,600 characters and would be refused."},
		{ruleStopWord, Error, "The text invites an answer that opts the person out. (R7.11)"},
		{ruleStartWord, Warning, "The text invites an answer that some providers read as an opt-in. (R7.11, R7.20)"},
		{ruleNo, Warning, "The text invites the answer NO, which some providers read as an opt-out. (R7.11)"},
		{ruleHelpWord, Warning, "The text invites an answer that gets the HELP text instead. (R7.11)"},
		{ruleBrand, Warning, "The text does not name the company, so that the client puts the name in front. (R7.25)"},
		{ruleUCS2, Warning, "A character forces UCS-2, which holds 70 characters a segment instead of 160. (R7.30)"},
		{ruleSegments, Warning, "The text takes more segments than allowed. (R7.30)"},
		{prefixDisclosure + "identity", Error, "The first message does not say who texts and why. (S7)"},
		{prefixDisclosure + "cost", Error, "The first message does not say that rates may apply and frequency varies. (S7)"},
		{prefixDisclosure + "opt-out", Error, "The first message does not say how to stop: reply STOP. (S7)"},
		{prefixDisclosure + "privacy", Error, "The first message does not say that the number is not shared. (S7)"},
		{prefixDisclosure + "scope-only", Error, "The first message does not say that the number is used for nothing else. (S7)"},
	}
	slices.SortFunc(rs, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return rs
}

// ruleOf returns the rule with an id; one of the classifier's has no sentence
// of its own here.
func ruleOf(id string) Rule {
	for _, r := range Rules() {
		if r.ID == id {
			return r
		}
	}
	r := Rule{ID: id, Level: Error, Short: "The text has words that a care message may not have."}
	switch family, _, _ := strings.Cut(id, "/"); family {
	case "promo":
		r.Short = "The text sells, which a care message may not. (S8, R7.26)"
	case "link":
		r.Short = "The text has a public link shortener, which carriers filter. (R7.28)"
	case "content":
		r.Short = "The text is about something that carriers do not carry. (R7.29)"
	}
	return r
}
