package jsonl

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Readable says what is wrong with a line without naming types of this
// program: err is what json.Unmarshal said.
func Readable(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		if kind.Field == "" {
			return fmt.Errorf("not a JSON object but %s", article(kind.Value))
		}
		return fmt.Errorf("%q is not a string but %s", kind.Field, article(kind.Value))
	}
	return fmt.Errorf("not a JSON object: %w", err)
}

func article(kind string) string {
	switch kind {
	case "array", "object":
		return "an " + kind
	}
	return "a " + kind
}
