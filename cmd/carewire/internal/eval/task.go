package eval

import (
	"context"
	"strings"
)

// Gold is what a label says about a row.
type Gold uint8

const (
	// Scored labels count in precision and recall.
	Scored Gold = iota
	// Control labels have no right answer among the labels of the task: their
	// rows show in the confusions alone.
	Control
	// Unlabelled rows are predicted and not scored.
	Unlabelled
	// Unknown labels are mistakes of the file.
	Unknown
)

// Prediction is what was read in one text.
type Prediction struct {
	Label  string   // one of the task's labels
	Detail string   // one of the task's details: the finer answer that the label comes from
	Rules  []string // ids of the rules that decided, one for each finding
	Spans  [][2]int // byte ranges of the findings, if the task has them
}

// Task is one kind of text to read.
type Task interface {
	// Name is the word for the command line.
	Name() string
	// Labels are the labels that can be predicted, in the order of reports.
	Labels() []string
	// Details are the finer answers, in the order of reports.
	Details() []string
	// Gold returns the task's own word for a label, and what it says.
	Gold(label string) (string, Gold)
	// Predict reads a text.
	Predict(ctx context.Context, text string) (Prediction, error)
	// Baselines are the simple rules to compare with.
	Baselines() []Baseline
}

// Baseline is a simple rule that needs no library.
type Baseline struct {
	Name    string
	Predict func(text string) string
}

// plain returns a label in lower case with single hyphens between its words,
// so that "Wrong Number", "wrong_number" and "wrong-number" are one label.
func plain(label string) string {
	words := strings.FieldsFunc(strings.ToLower(label), func(r rune) bool {
		return r == ' ' || r == '_' || r == '-' || r == '\t'
	})
	return strings.Join(words, "-")
}

// goldOf looks a label up in the words of a task.
func goldOf(words map[string]string, controls map[string]bool, label string) (string, Gold) {
	l := plain(label)
	switch {
	case l == "":
		return "", Unlabelled
	case controls[l]:
		return l, Control
	}
	if own, ok := words[l]; ok {
		return own, Scored
	}
	return l, Unknown
}
