package lint

import (
	"regexp"
	"strings"
)

// filled is a template with sample values in its placeholders.
type filled struct {
	text string
	// parts are the placeholders, in order.
	parts []part
}

// part is one placeholder: where it stands in the template, and where its
// value stands in the filled text.
type part struct {
	from, to           int
	valueFrom, valueTo int
}

// placeholder is {}, {name}, {{name}} or {order.id}.
var placeholder = regexp.MustCompile(`\{\{\s*[\p{L}\p{N}_.\-]*\s*\}\}|\{\s*[\p{L}\p{N}_.\-]*\s*\}`)

// fill puts values into a template: those given by name or, for {}, under the
// empty name, and samples otherwise.
func fill(text string, values map[string]string) filled {
	var f filled
	var b strings.Builder
	last := 0
	for _, at := range placeholder.FindAllStringIndex(text, -1) {
		b.WriteString(text[last:at[0]])
		last = at[1]
		name := strings.Trim(text[at[0]:at[1]], "{} \t\u00a0")
		value, ok := values[name]
		if !ok {
			value = sample(name)
		}
		p := part{from: at[0], to: at[1], valueFrom: b.Len()}
		b.WriteString(value)
		p.valueTo = b.Len()
		f.parts = append(f.parts, p)
	}
	b.WriteString(text[last:])
	f.text = b.String()
	return f
}

// sample is a short value that says nothing by itself.
func sample(name string) string {
	name = strings.ToLower(name)
	for _, s := range samples {
		for _, hint := range s.hints {
			if strings.Contains(name, hint) {
				return s.value
			}
		}
	}
	return "10482"
}

var samples = []struct {
	value string
	hints []string
}{
	{"https://example.com/a1", []string{"url", "link", "enlace", "lien"}},
	{"482913", []string{"code", "otp", "pin", "codigo"}},
	{"$45.20", []string{"amount", "price", "total", "balance", "monto", "montant", "valor"}},
	{"10:30", []string{"time", "hora", "heure", "window"}},
	{"Tuesday", []string{"date", "day", "fecha", "jour", "data", "dia"}},
	{"12 Elm St", []string{"address", "street", "place", "location", "direccion"}},
	{"Alex", []string{"name", "first", "customer", "agent", "technician", "driver", "nombre", "prenom", "nome"}},
}

// from maps the start of a range of the filled text to the template: inside a
// value it is the start of the placeholder.
func (f *filled) from(offset int) int { return f.back(offset, false) }

// to maps the end of a range of the filled text to the template.
func (f *filled) to(offset int) int { return f.back(offset, true) }

func (f *filled) back(offset int, end bool) int {
	shift := 0
	for _, p := range f.parts {
		switch {
		case offset < p.valueFrom, end && offset == p.valueFrom:
			return offset - shift
		case offset < p.valueTo, end && offset == p.valueTo:
			if end {
				return p.to
			}
			return p.from
		}
		shift = p.valueTo - p.to
	}
	return offset - shift
}

// anonymous returns a template with {} for each placeholder, as approvals have it.
func anonymous(text string) string { return placeholder.ReplaceAllString(text, "{}") }
