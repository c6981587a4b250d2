package evidence

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// ErrInconsistent reports a pack whose parts contradict each other.
var ErrInconsistent = errors.New("evidence: the pack contradicts itself")

// EventError says which event of a pack is wrong, and in what. It contains
// nothing of the event but its place.
type EventError struct {
	N      int    // Event.N, or its place where that is what is wrong
	Field  string // the field, in the words of the JSON form; "" for the whole event
	Reason string
}

// Error returns place, field and reason.
func (e *EventError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("%v: event %d: %s", ErrInconsistent, e.N, e.Reason)
	}
	return fmt.Sprintf("%v: event %d: %s: %s", ErrInconsistent, e.N, e.Field, e.Reason)
}

// Unwrap returns [ErrInconsistent].
func (e *EventError) Unwrap() error { return ErrInconsistent }

// Check reports the first event that is out of order, has no record or more
// than one, or whose derived fields do not follow from the records.
func (p Pack) Check() error {
	again := make([]Event, len(p.Events))
	copy(again, p.Events)
	Derive(again)
	for i := range p.Events {
		e := &p.Events[i]
		switch {
		case e.N != i+1:
			return &EventError{i + 1, "n", "the events are not numbered 1, 2, 3"}
		case e.records() != 1:
			return &EventError{i + 1, "", "an event has exactly one record"}
		case i > 0 && order(&p.Events[i-1], e) > 0:
			return &EventError{i + 1, "", "it happened before the one in front of it: reordered or back-dated"}
		case e.Attempt != nil && !known(e.Attempt):
			return &EventError{i + 1, "attempt", "its state is not one that there is"}
		}
		if name := differs(e, &again[i]); name != "" {
			return &EventError{i + 1, name, "does not follow from the records"}
		}
	}
	return nil
}

func (e *Event) records() (n int) {
	for _, set := range []bool{e.Consent != nil, e.OptOut != nil, e.Disclosure != nil, e.Attempt != nil} {
		if set {
			n++
		}
	}
	return n
}

func known(a *Attempt) bool {
	switch a.State {
	case "open", "refused", "rejected", "unknown", "accepted", "delivered", "failed":
		return true
	}
	return false
}

// differs returns the JSON name of the first field in which two events differ.
func differs(a, b *Event) string {
	x, y := reflect.ValueOf(*a), reflect.ValueOf(*b)
	for i := range x.NumField() {
		if !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			name, _, _ := strings.Cut(x.Type().Field(i).Tag.Get("json"), ",")
			return name
		}
	}
	return ""
}
