package disclosure

// Missing returns which of the five elements text lacks as a disclosure of
// company about what it texts, in the order of the constants; nil if it has
// them all. (S7).
//
// It reads English and Spanish and many ways of saying each element. Case, line
// breaks, curly quotes, full-width forms and kinds of space do not matter. In
// doubt an element is missing, so that it is disclosed again:
//
//   - [Identity] needs the company's name (without regard to spacing,
//     punctuation, a leading "the" and endings such as "Inc.") and, in one
//     sentence, the words of about.
//   - [Cost] needs both that rates may apply and how often messages come, or
//     that it varies.
//   - [OptOut] needs the reply STOP as the way out, and no sentence that says
//     that there is none.
//   - [Privacy] needs a denial of sharing the number with third parties or
//     affiliates, without exceptions for partners or marketing, and no sentence
//     that allows it.
//   - [ScopeOnly] needs that the number is used only for what was described,
//     and no sentence that allows more.
func Missing(text, company, about string) []Element {
	words := split(text)
	found := [...]struct {
		element Element
		ok      bool
	}{
		{Identity, hasIdentity(words, company, about)},
		{Cost, hasRates(words) && hasFrequency(words)},
		{OptOut, hasOptOut(words)},
		{Privacy, hasPrivacy(words)},
		{ScopeOnly, hasScope(words)},
	}
	var missing []Element
	for _, f := range found {
		if !f.ok {
			missing = append(missing, f.element)
		}
	}
	return missing
}

// longest is how many words a sentence may have before it is cut, which keeps
// the time linear in the length of the text.
const longest = 200

// sentences yields the sentences of words.
func sentences(words []word) func(yield func([]word) bool) {
	return func(yield func([]word) bool) {
		start := 0
		for i := range words {
			if i > start && (words[i].breaks == sentence || i-start == longest) {
				if !yield(words[start:i]) {
					return
				}
				start = i
			}
		}
		if start < len(words) {
			yield(words[start:])
		}
	}
}

// anyOf reports whether a word of s has one of the classes c.
func anyOf(s []word, c class) bool { return first(s, c) >= 0 }

// first returns the index of the first word of s with one of the classes c, or -1.
func first(s []word, c class) int {
	for i, w := range s {
		if w.is(c) {
			return i
		}
	}
	return -1
}

// before returns up to n words of s in front of index i, not reaching back over a word of the classes stop.
func before(s []word, i, n int, stop class) []word {
	j := i
	for j > 0 && i-j < n && !s[j-1].is(stop) {
		j--
	}
	return s[j:i]
}

// after returns up to n words of s behind index i.
func after(s []word, i, n int) []word { return s[i+1 : min(len(s), i+1+n)] }
