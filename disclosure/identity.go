package disclosure

import "strings"

// hasIdentity looks for the company's name and for what it texts about.
func hasIdentity(words []word, company, about string) bool {
	c, a := bare(split(company)), split(about)
	return contains(words, c) && hasTopic(words, a)
}

// hasTopic reports whether one sentence has every word of the topic that carries meaning.
func hasTopic(words, topic []word) bool {
	if contains(words, topic) {
		return true
	}
	for s := range sentences(words) {
		carried, all := 0, true
		for _, t := range topic {
			if !carries(t) {
				continue
			}
			carried++
			all = all && hasStem(s, stem(t.s))
		}
		if carried > 0 && all {
			return true
		}
	}
	return false
}

// carries reports whether a word of a topic says something by itself.
func carries(w word) bool {
	switch w.s {
	case "the", "and", "your", "our", "any", "with", "from", "for", "about", "del", "los", "las", "sus", "con", "por",
		"para", "que", "una":
		return false
	}
	return len(w.s) > 2
}

func hasStem(s []word, want string) bool {
	for _, w := range s {
		if stem(w.s) == want {
			return true
		}
	}
	return false
}

// stem cuts the commonest endings, so that "orders" is "order" and "deliveries" is "delivery".
func stem(w string) string {
	for _, e := range [...]struct{ end, by string }{{"ies", "y"}, {"sses", "ss"}, {"es", ""}, {"e", ""}, {"s", ""}} {
		if len(w) > len(e.end)+3 && strings.HasSuffix(w, e.end) && !strings.HasSuffix(w, "ss") {
			return w[:len(w)-len(e.end)] + e.by
		}
	}
	return w
}

// bare drops a leading article and legal endings from a company's name, unless nothing would be left.
func bare(name []word) []word {
	for len(name) > 1 && legalForm(name[len(name)-1].s) {
		name = name[:len(name)-1]
	}
	if len(name) > 1 && name[0].s == "the" {
		name = name[1:]
	}
	return name
}

func legalForm(w string) bool {
	switch w {
	case "inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "corp", "corporation", "co", "company", "plc",
		"gmbh", "ag", "sa", "sas", "srl", "sl", "pllc", "pc", "pa", "na", "and":
		return true
	}
	return false
}

// contains reports whether phrase stands in words, however either is spaced
// and punctuated, beginning and ending with whole words.
func contains(words, phrase []word) bool {
	var b strings.Builder
	for _, w := range phrase {
		b.WriteString(w.s)
	}
	want := b.String()
	if want == "" {
		return false
	}
	for i := range words {
		rest := want
		for _, w := range words[i:] {
			var ok bool
			if rest, ok = strings.CutPrefix(rest, w.s); !ok {
				break
			}
			if rest == "" {
				return true
			}
		}
	}
	return false
}
