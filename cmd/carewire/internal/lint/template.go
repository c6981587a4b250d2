package lint

import "github.com/carewire/carewire/consent"

// Kind says what a template has to carry.
type Kind string

// The kinds. Files are marked by their names: a.first.txt, a.statement.jsonl.
const (
	Ordinary  Kind = ""          // any message
	First     Kind = "first"     // the first message to a person, with the five elements in its own text
	Statement Kind = "statement" // the disclosure itself, as it goes into Program.Statement or on a form
)

// Template is one message template.
type Template struct {
	File    string // as it was given
	Line    int    // from 1
	ID      string // of a JSON row; may be empty
	Text    string
	Kind    Kind
	Purpose consent.Purpose   // of a JSON row; may be empty
	Values  map[string]string // of a JSON row: sample values by placeholder

	locate func(offset int) int // column, in characters from 1, of a byte offset in Text
}

// discloses reports whether t must carry the five elements.
func (t *Template) discloses() bool { return t.Kind == First || t.Kind == Statement }

// Finding is one thing to mend.
type Finding struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndColumn int    `json:"endColumn"` // behind the last character
	ID        string `json:"id,omitempty"`
	Rule      string `json:"rule"`
	Level     Level  `json:"level"`
	Message   string `json:"message"`
}

// Size is what one template takes on the wire, with sample values.
type Size struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	ID       string `json:"id,omitempty"`
	Encoding string `json:"encoding"`
	Units    int    `json:"units"`
	Segments int    `json:"segments"`
}

// Report is what became of all templates.
type Report struct {
	Findings []Finding `json:"findings"`
	Sizes    []Size    `json:"templates"`
}
