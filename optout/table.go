package optout

import (
	"embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed rules/*.txt
var ruleFiles embed.FS

// tables are the rule files in the form in which Read uses them.
type tables struct {
	keywords  map[string][]keyword // by what keyOf makes of the words
	reactions map[string]bool      // what stands before the quotation
}

// loaded compiles the embedded rule files at first use.
var loaded = sync.OnceValues(func() (*tables, error) {
	t := new(tables)
	return t, t.load(func(name string) (string, error) {
		b, err := ruleFiles.ReadFile("rules/" + name)
		return string(b), err
	})
})

// load fills t with the files that read returns.
func (t *tables) load(read func(name string) (string, error)) error {
	for _, f := range []struct {
		name    string
		columns int
		row     func(columns []string) error
	}{
		{"keywords.txt", 5, t.keywordRow},
		{"reactions.txt", 4, t.reactionRow},
	} {
		text, err := read(f.name)
		if err != nil {
			return fmt.Errorf("optout: rule file: %w", err)
		}
		for i, line := range strings.Split(text, "\n") {
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			columns := strings.Split(line, "|")
			if len(columns) != f.columns {
				return fmt.Errorf("optout: rules/%s:%d: %d columns, not %d", f.name, i+1, len(columns), f.columns)
			}
			for j := range columns {
				columns[j] = strings.TrimSpace(columns[j])
			}
			if err := f.row(columns); err != nil {
				return fmt.Errorf("optout: rules/%s:%d: %w", f.name, i+1, err)
			}
		}
	}
	return nil
}

// items splits the last column of a row.
func items(column string) []string {
	var list []string
	for s := range strings.SplitSeq(column, ";") {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// intentNamed returns the intent that a rule file calls name.
func intentNamed(name string) (Intent, error) {
	for _, i := range []Intent{None, Stop, WrongNumber, Start, Help, Review} {
		if i.String() == name {
			return i, nil
		}
	}
	return None, fmt.Errorf("no intent is called %q", name)
}
