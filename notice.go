package carewire

import "github.com/carewire/carewire/disclosure"

// Notice returns the text to show where the number is given, with all five
// elements. Pass it to [Client.Consent] as Record.Shown, literally as it was
// shown: the first message then need not carry the disclosure. (S4, S5, S10)
func (c *Client) Notice() string {
	if c.cfg.Program.Statement != "" {
		return c.cfg.Program.Statement
	}
	p := &c.cfg.Program
	return c.words.Notice(p.Company, p.About, p.Contact)
}

// NoticeForm returns the same notice as a part of an HTML form, filled in for
// this program: [disclosure.NoticeHTML] writes it, and Form.Text is what to
// keep as Record.Shown. terms and privacy are links; checkbox adds an optional
// box that is not ticked.
func (c *Client) NoticeForm(terms, privacy string, checkbox bool) disclosure.Form {
	p := &c.cfg.Program
	return disclosure.Form{
		Company: p.Company, About: p.About, Contact: p.Contact,
		Terms: terms, Privacy: privacy, Checkbox: checkbox, Wording: c.words.Wording,
	}
}
