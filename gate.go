package carewire

import (
	"strings"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
)

// facts are what is on file about one person when a message is decided.
type facts struct {
	consents    []consent.Record
	optOuts     []optout.Record
	disclosures []disclosure.Record
}

// verdict is what the gate made of a message.
type verdict struct {
	text  string          // what may go out
	added disclosure.Kind // what was put under the caller's text
	shown string          // the statement or stop line, literally; "" if nothing was added
}

// decide is the gate: opt-out, then consent, then disclosure. It is a pure
// function of the message, the facts on file and the time. (S3 to S7, S11, S12)
func (c *Client) decide(m Message, f facts, now time.Time) (verdict, *Error) {
	due, refused := c.permit(m.Purpose, f, now, c.complete)
	if refused != nil {
		return verdict{}, refused
	}
	return c.disclose(m, due)
}

// permit is what of the gate is about the person and not about the text.
// complete is [Client.complete], or the same remembered for many people.
func (c *Client) permit(p consent.Purpose, f facts, now time.Time, complete func(shown string) bool) (disclosure.Kind, *Error) {
	brand := c.cfg.Program.Brand
	if _, err := optout.Check(f.optOuts, brand); err != nil {
		return disclosure.Nothing, refusal("opt-out/standing", ErrOptedOut)
	}
	if _, err := consent.Check(f.consents, brand, p, now); err != nil {
		return disclosure.Nothing, refusal("consent/none", ErrNoConsent)
	}
	return c.due(f, now, complete), nil
}

// due says what the next message owes. What the person was shown at intake
// counts if it carries all five elements for this program. (S5)
func (c *Client) due(f facts, now time.Time, complete func(shown string) bool) disclosure.Kind {
	p := &c.cfg.Program
	since := lastBreak(f, p.Brand)
	due := disclosure.Due(f.disclosures, p.Brand, since, now)
	if due == disclosure.Nothing {
		return due
	}
	rs := f.disclosures[:len(f.disclosures):len(f.disclosures)]
	for _, r := range f.consents {
		if !r.Revoked && r.Brand == p.Brand && r.Shown != "" && r.At.After(since) && complete(r.Shown) {
			rs = append(rs, disclosure.Record{Brand: r.Brand, Kind: disclosure.Statement, Ref: "intake " + r.ID, At: r.At})
		}
	}
	return disclosure.Due(rs, p.Brand, since, now)
}

// complete reports whether a text discloses everything for this program, by
// the lint or because it is the program's own statement.
func (c *Client) complete(shown string) bool {
	p := &c.cfg.Program
	return p.Statement != "" && shown == p.Statement || len(disclosure.Missing(shown, p.Company, p.About)) == 0
}

// lastBreak is the last event after which a person must be told again: an
// opt-out, which only a START can have lifted since, or a revocation.
func lastBreak(f facts, brand string) time.Time {
	var last time.Time
	for _, r := range f.optOuts {
		if !r.In && (r.Brand == "" || r.Brand == brand) && r.At.After(last) {
			last = r.At
		}
	}
	for _, r := range f.consents {
		if r.Revoked && (r.Brand == "" || r.Brand == brand) && r.At.After(last) {
			last = r.At
		}
	}
	return last
}

// disclose puts the company's name in front of a text that lacks it, and what
// is due under it. (R7.25)
func (c *Client) disclose(m Message, due disclosure.Kind) (verdict, *Error) {
	p := &c.cfg.Program
	body := m.Text
	if m.Purpose != consent.Conversation && !names(body, p.Company) {
		body = c.introduce(body)
	}
	v := verdict{text: body}
	switch due {
	case disclosure.Nothing:
		return v, checkText(v.text)
	case disclosure.StopLine:
		if disclosure.MachineReadable(body) {
			return v, checkText(v.text) // owed still, by the next text that can carry it
		}
		v.added, v.shown = due, c.words.StopText()
	case disclosure.Statement:
		if disclosure.MachineReadable(body) {
			return v, refusal("disclosure/machine-readable", because(ErrInvalid,
				"a text that software on the phone reads cannot carry the disclosure: record what the form showed"))
		}
		v.added, v.shown = due, c.statement()
		if checkText(disclosure.Add(body, v.shown)) != nil {
			v.shown = c.words.Compact(p.Company, p.About)
		}
	}
	v.text = disclosure.Add(body, v.shown)
	return v, checkText(v.text)
}

// introduce puts the company's name in front. A text that starts with "<#>"
// for an app to read keeps its start.
func (c *Client) introduce(body string) string {
	const mark = "<#>"
	if rest, ok := strings.CutPrefix(body, mark); ok {
		return mark + " " + c.cfg.Program.Company + ": " + strings.TrimLeft(rest, " ")
	}
	return c.cfg.Program.Company + ": " + body
}

// fillIn puts the program's own words into one of the client's sentences.
func (c *Client) fillIn(sentence string) string {
	p := &c.cfg.Program
	return strings.NewReplacer("{company}", p.Company, "{about}", p.About, "{contact}", p.Contact).Replace(sentence)
}
