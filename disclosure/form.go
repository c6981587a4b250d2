package disclosure

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strings"
)

// ErrForm reports a [Form] that cannot be written.
var ErrForm = errors.New("disclosure: invalid form")

// Form describes the part of an intake form that asks for a mobile number.
type Form struct {
	Company  string  // who texts; required
	About    string  // what about, such as "service at your address"; required
	Contact  string  // an e-mail address or phone number for help; required
	Terms    string  // where the terms are: an http or https URL, or an absolute path; required
	Privacy  string  // where the privacy policy is, likewise; required
	Name     string  // the name of the phone input; default "phone"
	ID       string  // prefix of the element ids, unique on the page; default "sms"
	Checkbox bool    // adds a box to tick: not ticked, not required, for SMS alone; default false
	Wording  Wording // the language; default English
}

// Text returns the words of the form that speak of consent, exactly as
// [NoticeHTML] shows them: what the record of a consent keeps as shown. (R7.2).
func (f Form) Text() string {
	if f.Checkbox {
		return f.boxLabel() + "\n" + f.Wording.ticked(f.Company, f.About, f.Contact)
	}
	return f.Wording.Notice(f.Company, f.About, f.Contact)
}

// NoticeHTML returns an HTML fragment for an intake form: the phone input with
// its label, the notice, which the input refers to by aria-describedby, and the
// links to terms and privacy policy. With Checkbox it also has an optional box,
// not ticked, that concerns text messages alone and is named in its label; the
// application reads it as "sms_consent" with the value "yes". It has no styles
// and no scripts, and every value is escaped. (S4, S10, R7.6, R7.36).
//
// The error wraps [ErrForm] and names the field that is missing or not a link.
func NoticeHTML(f Form) (template.HTML, error) {
	if err := f.validate(); err != nil {
		return "", err
	}
	v := fragment{Form: f, Words: f.labels(), Notice: f.Wording.Notice(f.Company, f.About, f.Contact)}
	if f.Checkbox {
		v.Notice = f.Wording.ticked(f.Company, f.About, f.Contact)
	}
	if v.ID == "" {
		v.ID = "sms"
	}
	if v.Name == "" {
		v.Name = "phone"
	}
	t, err := template.New("notice").Parse(fragmentHTML)
	if err != nil {
		return "", fmt.Errorf("disclosure: form: %w", err)
	}
	var b strings.Builder
	if err := t.Execute(&b, v); err != nil {
		return "", fmt.Errorf("disclosure: form: %w", err)
	}
	return template.HTML(b.String()), nil //nolint:gosec // written by html/template, which has escaped it
}

type fragment struct {
	Form
	Words  labels
	Notice string
}

type labels struct{ Number, Box, Terms, Privacy string }

func (f Form) labels() labels {
	if f.Wording.spanish {
		return labels{Number: "Celular", Box: f.boxLabel(), Terms: "Términos", Privacy: "Política de privacidad"}
	}
	return labels{Number: "Mobile number", Box: f.boxLabel(), Terms: "Terms", Privacy: "Privacy policy"}
}

// boxLabel is the label of the box: one channel, no condition. (R7.36).
func (f Form) boxLabel() string {
	if f.Wording.spanish {
		return "Acepto recibir mensajes SMS de " + name(f.Company) + " sobre " + topic(f.About) + " (opcional)."
	}
	return "I agree to receive SMS messages from " + name(f.Company) + " regarding " + topic(f.About) + " (optional)."
}

func (f Form) validate() error {
	for _, field := range [...]struct{ name, value string }{
		{"Company", f.Company}, {"About", f.About}, {"Contact", f.Contact},
	} {
		if strings.TrimSpace(field.value) == "" {
			return fmt.Errorf("%w: %s is empty", ErrForm, field.name)
		}
	}
	if !link(f.Terms) {
		return fmt.Errorf("%w: Terms is not a link", ErrForm)
	}
	if !link(f.Privacy) {
		return fmt.Errorf("%w: Privacy is not a link", ErrForm)
	}
	if strings.ContainsFunc(f.ID, func(r rune) bool { return r <= ' ' }) {
		return fmt.Errorf("%w: ID contains a space", ErrForm)
	}
	return nil
}

// link reports whether s is an http or https URL, or an absolute path.
func link(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "":
		return u.Host == "" && strings.HasPrefix(u.Path, "/")
	}
	return false
}

const fragmentHTML = `<div class="sms-consent">
  <label for="{{.ID}}-phone">{{.Words.Number}}</label>
  <input type="tel" id="{{.ID}}-phone" name="{{.Name}}" autocomplete="tel" aria-describedby="{{.ID}}-notice">
{{- if .Checkbox}}
  <input type="checkbox" id="{{.ID}}-consent" name="sms_consent" value="yes" aria-describedby="{{.ID}}-notice">
  <label for="{{.ID}}-consent">{{.Words.Box}}</label>
{{- end}}
  <p id="{{.ID}}-notice">{{.Notice}}</p>
  <p><a href="{{.Terms}}">{{.Words.Terms}}</a> <a href="{{.Privacy}}">{{.Words.Privacy}}</a></p>
</div>
`
