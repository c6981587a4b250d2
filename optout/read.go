package optout

// Read reads what a person meant by text. (R7.7 to R7.12, R7.20, R7.24)
//
// It sees through case, spacing, punctuation, accents, full-width and
// decorated letters, invisible characters and letters of other scripts that
// look like Latin ones. It leaves out what the text only repeats: the quotation
// of a reaction (Liked “…”) and quoted copies of earlier messages.
//
// The same text always gives the same Reading, in any process. Read does no
// I/O, takes time linear in the length of text, and may be called concurrently.
func Read(text string) Reading {
	t, err := loaded()
	if err != nil {
		return Reading{Intent: Review, Rule: "review/tables"} // what cannot be read is not ignored
	}
	var (
		tokens [64]token
		folded [384]byte
		spans  [8]span
	)
	s := scan{text: text, tokens: tokens[:0], folded: folded[:0]}
	for _, p := range t.own(text, spans[:0]) {
		s.cut(p.from, p.to)
	}
	return t.read(&s)
}

func (t *tables) read(s *scan) Reading {
	if len(s.tokens) == 0 {
		return s.mark()
	}
	k, ok := t.keyword(s)
	if !ok || k.intent == None {
		return Reading{}
	}
	r := Reading{Intent: k.intent, Language: k.language, Rule: k.rule}
	r.Start, r.End = s.words()
	return r
}

// words returns the byte range from the first word of s to the last.
func (s *scan) words() (start, end int) {
	start = -1
	for _, t := range s.tokens {
		if t.kind == picture {
			continue
		}
		if start < 0 {
			start = t.start
		}
		end = t.end
	}
	return max(start, 0), end
}

// mark reads a text without words: a question mark asks for help.
func (s *scan) mark() Reading {
	if !s.asked {
		return Reading{}
	}
	return Reading{Intent: Help, Language: "en", Rule: "help/question-mark", End: len(s.text)}
}
