package train

import (
	"errors"
	"fmt"
	"io"

	"github.com/carewire/carewire/classify/internal/train"
)

// Row is one labelled text. Label is "service", "promotional" or "mixed"; Marks
// are the byte ranges of the promotional words, which teach the model to point.
type Row = train.Row

// ErrTooFew reports rows that a model cannot be made of.
var ErrTooFew = errors.New("train: at least 20 service rows and 20 others are needed")

// Read reads rows, a JSON object per line with id, text and label. The error
// names the line.
func Read(r io.Reader) ([]Row, error) { return train.Read(r) }

// Model trains on rows and returns the model's file. It takes some seconds for
// ten thousand rows.
func Model(rows []Row) ([]byte, error) {
	service := 0
	for _, r := range rows {
		if !r.Refused() {
			service++
		}
	}
	if service < 20 || len(rows)-service < 20 {
		return nil, ErrTooFew
	}
	b, err := train.Train(rows, train.Default())
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return b, nil
}
