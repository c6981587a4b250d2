package carewire

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/carewire/carewire/consent"
)

var errValue = errors.New("not one of the values that are understood")

// isOptedOut reads a cell of Columns.OptedOut as its comment says.
func isOptedOut(cell string, parse func(string) (time.Time, error)) (bool, error) {
	switch strings.ToLower(cell) {
	case "true", "t", "yes", "y", "1", "x", "on", "out", "opted out", "stop", "unsubscribed":
		return true, nil
	case "", "false", "f", "no", "n", "0", "off":
		return false, nil
	}
	if _, err := parse(cell); err == nil { // "unsubscribed at"
		return true, nil
	}
	return false, errValue
}

// parseTime reads a date in one of the forms that cannot be misread.
func parseTime(cell string) (time.Time, error) {
	for _, layout := range []string{
		time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05-07", "2006-01-02 15:04:05 -0700",
		"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly,
	} {
		if t, err := time.Parse(layout, cell); err == nil && !t.IsZero() {
			return t, nil
		}
	}
	return time.Time{}, errValue
}

// parseBasis reads the name of a basis, by [consent.Basis.String], with spaces,
// dashes or underscores. An empty cell is no basis.
func parseBasis(cell string) (b consent.Basis, known bool) {
	name := strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(cell))
	for b := consent.Transaction; b <= consent.Written; b++ {
		if name == b.String() {
			return b, true
		}
	}
	return 0, cell == ""
}

// splitPurposes reads the purposes in a cell of CSV.
func splitPurposes(cell string) []string {
	parts := strings.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == ';' || r == '|' })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}
