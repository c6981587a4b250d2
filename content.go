package carewire

import (
	"context"
	"errors"
	"fmt"

	"github.com/carewire/carewire/classify"
)

// content is what the text checks found.
type content struct {
	approval string // who signed the template that let the text through
	err      *Error
}

// checkContent asks the built-in classifier and the configured one about the
// caller's text. It fails closed. (S1, S8, R7.26)
func (c *Client) checkContent(ctx context.Context, text string) content {
	out := c.judge(ctx, c.builtin, text)
	if out.err != nil || c.cfg.Classifier == nil {
		return out
	}
	if own := c.judge(ctx, c.cfg.Classifier, text); own.err != nil || own.approval != "" {
		return own
	}
	return out
}

// judge asks one classifier.
func (c *Client) judge(ctx context.Context, cl classify.Classifier, text string) content {
	v, err := classifySafely(ctx, cl, text)
	if err != nil {
		return content{err: &Error{Temporary: true, Rule: "classifier/error", Err: &fault{reason: ErrRefused, hidden: err}}}
	}
	if v.Label == classify.Service {
		return content{}
	}
	left, by := c.approved(text, v)
	if by != "" {
		return content{approval: by}
	}
	return content{err: &Error{Rule: firstRule(left, v.Label), Findings: left, Err: because(ErrPromotional, "the findings point at the words")}}
}

// classifySafely turns a panic of a classifier into an error.
func classifySafely(ctx context.Context, cl classify.Classifier, text string) (v classify.Verdict, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the classifier panicked")
		}
	}()
	return cl.Classify(ctx, text)
}

// approved takes away the findings that a signed template covers. It returns
// who signed if nothing is left. Findings inside the template's values still count.
func (c *Client) approved(text string, v classify.Verdict) (left []classify.Finding, by string) {
	left = v.Findings
	for _, a := range c.cfg.Approved {
		rest, ok := a.Left(text, v.Findings)
		if ok && len(rest) == 0 {
			return nil, fmt.Sprintf("%s: %s", a.By, a.Reason)
		}
		if ok {
			left = rest
		}
	}
	return left, ""
}

func firstRule(fs []classify.Finding, l classify.Label) string {
	if len(fs) > 0 {
		return fs[0].Rule
	}
	return "promo/" + l.String()
}

// checkRules asks the application's own rules. Their words are not printed.
func (c *Client) checkRules(ctx context.Context, m Message) (err *Error) {
	for i, rule := range c.cfg.Rules {
		if err := runRule(ctx, rule, m); err != nil {
			e := &Error{Rule: fmt.Sprintf("rule/%d", i), Err: &fault{reason: ErrRefused, hidden: err}}
			var own *Error
			if errors.As(err, &own) {
				e.Rule, e.Findings, e.Temporary, e.After = own.Rule, own.Findings, own.Temporary, own.After
			}
			return e
		}
	}
	return nil
}

func runRule(ctx context.Context, rule Rule, m Message) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the rule panicked")
		}
	}()
	return rule(ctx, m)
}
