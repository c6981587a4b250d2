package eval

import (
	"context"
	"errors"

	"github.com/carewire/carewire/classify"
)

// The labels of outgoing texts.
const (
	Service     = "service"
	Promotional = "promotional"
	Mixed       = "mixed"
)

// errUnknown reports a classifier that gave no label.
var errUnknown = errors.New("the classifier gave no label")

// Outbound is the task of telling service from promotion.
type Outbound struct {
	classifier classify.Classifier
}

// NewOutbound makes the task of telling service from promotion with c.
func NewOutbound(c classify.Classifier) *Outbound { return &Outbound{classifier: c} }

// Name implements [Task].
func (*Outbound) Name() string { return "outbound" }

// Labels implements [Task].
func (*Outbound) Labels() []string { return []string{Service, Promotional, Mixed} }

// Details implements [Task]: the label is all there is.
func (o *Outbound) Details() []string { return o.Labels() }

// Gold implements [Task]. A person-to-person text sells nothing and counts as
// service. Frauds are controls: they are neither service nor promotion.
func (*Outbound) Gold(label string) (string, Gold) {
	return goldOf(map[string]string{
		"service": Service, "transactional": Service, "personal": Service,
		"promotional": Promotional, "promotion": Promotional, "promo": Promotional, "marketing": Promotional,
		"mixed": Mixed,
	}, map[string]bool{"scam": true}, label)
}

// Predict implements [Task]. A text that could not be judged reads as
// promotional beside the error, since a program refuses it.
func (o *Outbound) Predict(ctx context.Context, text string) (Prediction, error) {
	v, err := o.classifier.Classify(ctx, text)
	if err == nil && v.Label == classify.Unknown {
		err = errUnknown
	}
	p := Prediction{Label: v.Label.String()}
	if err != nil {
		p.Label = Promotional
	}
	p.Detail = p.Label
	if p.Label == Service {
		return p, nil
	}
	for _, f := range v.Findings {
		p.Rules = append(p.Rules, f.Rule)
		p.Spans = append(p.Spans, [2]int{f.Start, f.End})
	}
	return p, err
}
