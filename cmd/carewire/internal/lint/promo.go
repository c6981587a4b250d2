package lint

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/carewire/carewire/classify"
)

// words asks the classifier about the filled text. A template that a person
// has signed passes, as it does in the client.
func (p *pass) words(ctx context.Context) error {
	v, err := p.Classifier.Classify(ctx, p.filled.text)
	switch {
	case err != nil:
		return err
	case v.Label == classify.Service, p.approved():
		return nil
	case len(v.Findings) == 0:
		p.whole("promo/"+v.Label.String(), "the text reads as %s", v.Label)
		return nil
	}
	for _, f := range v.Findings {
		start, end := p.filled.from(f.Start), p.filled.to(f.End)
		p.at(f.Rule, start, end, "%q %s", shorten(p.Text[start:end]), verdict(f.Rule))
	}
	return nil
}

// verdict says what is wrong with the words that a rule has found.
func verdict(rule string) string {
	switch family, _, _ := strings.Cut(rule, "/"); family {
	case "link":
		return "is a public link shortener, which carriers filter"
	case "content":
		return "is about something that carriers do not carry"
	}
	return "is promotional"
}

// approved reports whether the template is one that a person has signed.
func (p *pass) approved() bool {
	return p.Program != nil && slices.ContainsFunc(p.Program.Approved, func(a classify.Approval) bool {
		return anonymous(a.Template) == anonymous(p.Text)
	})
}

// shorten keeps a quotation to one line of a terminal.
func shorten(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
