package train

import (
	"fmt"
	"hash/fnv"
	"io"
	"strings"

	"github.com/carewire/carewire/optout/internal/model"
	"github.com/carewire/carewire/optout/internal/reader"
)

// Score counts what a method made of texts: opt-outs that it found, others
// that it took for opt-outs, and opt-outs that it missed.
type Score struct{ Found, False, Missed int }

// Count adds one text.
func (s *Score) Count(optOut, found bool) {
	switch {
	case optOut && found:
		s.Found++
	case found:
		s.False++
	case optOut:
		s.Missed++
	}
}

// Precision returns the share of opt-outs among the texts taken for one.
func (s Score) Precision() float64 { return share(s.Found, s.Found+s.False) }

// Recall returns the share of opt-outs that were found.
func (s Score) Recall() float64 { return share(s.Found, s.Found+s.Missed) }

// F1 returns the harmonic mean of both.
func (s Score) F1() float64 { return share(2*s.Found, 2*s.Found+s.False+s.Missed) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// A Method says whether a text counts as an opt-out.
type Method func(text string) bool

// Carriers is the usual keyword list of carriers and providers, matched as a
// whole word without case.
func Carriers(text string) bool {
	switch strings.ToUpper(strings.TrimSpace(text)) {
	case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT":
		return true
	}
	return false
}

// Contains is the other usual rule: "stop" anywhere in the text.
func Contains(text string) bool { return strings.Contains(strings.ToLower(text), "stop") }

// By returns the method that r is. Stop, WrongNumber and Review count.
func By(r *reader.Reader) Method {
	return func(text string) bool {
		switch r.Read(text).Intent {
		case reader.Stop, reader.WrongNumber, reader.Review:
			return true
		}
		return false
	}
}

// LeftOut measures r with a model that has not seen the writer of a text: the
// writers are dealt into folds, and the texts of each are read with a model
// trained on the others and on extra. The result is by language; "" is all.
func LeftOut(r *reader.Reader, rows, extra []Row, folds int, o Options) (map[string]Score, error) {
	by := make(map[string]Score)
	for k := range folds {
		training := append([]Row(nil), extra...)
		for _, row := range rows {
			if fold(row, folds) != k {
				training = append(training, row)
			}
		}
		w, err := model.Decode(Fit(r, training, o).Encode(Review, Stop))
		if err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
		read := By(r.With(w))
		for _, row := range rows {
			if fold(row, folds) == k {
				count(by, row, read)
			}
		}
	}
	return by, nil
}

func fold(row Row, folds int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(row.Writer))    // a hash does not fail
	return int(h.Sum32() % uint32(folds)) //nolint:gosec // a few folds
}

// Measure counts what a method makes of rows, by language; "" is all.
func Measure(rows []Row, m Method) map[string]Score {
	by := make(map[string]Score)
	for _, row := range rows {
		count(by, row, m)
	}
	return by
}

func count(by map[string]Score, row Row, m Method) {
	if row.Unclear() {
		return
	}
	found := m(row.Text)
	keys := []string{"", row.Lang}
	if row.Lang == "" {
		keys = keys[:1]
	}
	for _, lang := range keys {
		s := by[lang]
		s.Count(row.OptOut(), found)
		by[lang] = s
	}
}

// Report writes one line of a table.
func Report(w io.Writer, name string, by map[string]Score) error {
	for _, lang := range []string{"", "en", "es", "fr", "pt"} {
		s, ok := by[lang]
		if !ok {
			continue
		}
		_, err := fmt.Fprintf(w, "%-34s %-3s precision %.4f  recall %.4f  F1 %.4f\n", name, lang, s.Precision(), s.Recall(), s.F1())
		if err != nil {
			return fmt.Errorf("train: %w", err)
		}
	}
	return nil
}
