// Package corpus holds texts that were written for carewire: replies that
// people send to a business, and messages that a business sends. They train
// and measure what reads the one and judges the other.
//
// It is a module of its own, so that nobody who uses the library downloads it.
// README.md has the label definitions and the licence (CC BY 4.0).
package corpus

import (
	"bytes"
	_ "embed" // for the two files
	"encoding/json"
	"fmt"
)

// Reply is a text that a person sends.
type Reply struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Label  string `json:"label"` // optout, wrong-number, optin, help, review or none
	Lang   string `json:"lang"`
	Sector string `json:"sector"`
	Writer string `json:"writer"`
}

// Message is a text that a business sends.
type Message struct {
	ID     string   `json:"id"`
	Text   string   `json:"text"`
	Label  string   `json:"label"` // service, promotional or mixed
	Lang   string   `json:"lang"`
	Sector string   `json:"sector"`
	Writer string   `json:"writer"`
	Hard   bool     `json:"hard,omitempty"`  // an innocent use of a promotional word, or promotion without the usual words
	Marks  [][2]int `json:"marks,omitempty"` // byte ranges of the promotional words, in order
}

//go:embed replies.jsonl
var replies []byte

//go:embed outbound.jsonl
var outbound []byte

// Replies returns all replies.
func Replies() ([]Reply, error) { return rows[Reply](replies) }

// Outbound returns all messages of businesses.
func Outbound() ([]Message, error) { return rows[Message](outbound) }

func rows[T any](file []byte) ([]T, error) {
	var all []T
	for n, line := range bytes.Split(bytes.TrimSuffix(file, []byte("\n")), []byte("\n")) {
		var row T
		if err := json.Unmarshal(line, &row); err != nil {
			return nil, fmt.Errorf("corpus: line %d: %w", n+1, err)
		}
		all = append(all, row)
	}
	return all, nil
}
