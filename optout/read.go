package optout

import (
	"embed"
	"sync"

	"github.com/carewire/carewire/optout/internal/model"
	"github.com/carewire/carewire/optout/internal/reader"
)

//go:generate go run ./internal/cmd/optouttrain -rules . -o model.bin ../corpus/replies.jsonl internal/train/more.jsonl

// files are the rule tables, dated data with the source of every row (R7.41),
// and the weights of the model.
//
//go:embed rules model.bin
var files embed.FS

// loaded compiles the embedded rules and weights at first use.
var loaded = sync.OnceValues(load)

func load() (*reader.Reader, error) {
	b, err := files.ReadFile("model.bin")
	if err != nil {
		return nil, err
	}
	weights, err := model.Decode(b)
	if err != nil {
		return nil, err
	}
	return reader.New(files, weights)
}

// Read reads what a person meant by text. (R7.7 to R7.12, R7.20, R7.24)
//
// It sees through case, spacing, punctuation, accents, full-width and
// decorated letters, invisible characters and letters of other scripts that
// look like Latin ones. It leaves out what the text only repeats: the quotation
// of a reaction (Liked “…”) and quoted copies of earlier messages.
//
// The same text always gives the same Reading, in any process. Read does no
// I/O, takes time linear in the length of text, and may be called concurrently.
func Read(text string) Reading {
	r, err := loaded()
	if err != nil {
		return Reading{Intent: Review, Rule: "review/tables"} // what cannot be read is not ignored
	}
	res := r.Read(text)
	return Reading{
		Intent: intentOf(res.Intent), Language: res.Language,
		Start: res.From, End: res.To, Rule: res.Rule,
	}
}

// intentOf returns the intent that a rule file calls name.
func intentOf(name string) Intent {
	switch name {
	case reader.None:
		return None
	case reader.Stop:
		return Stop
	case reader.WrongNumber:
		return WrongNumber
	case reader.Start:
		return Start
	case reader.Help:
		return Help
	}
	return Review
}
