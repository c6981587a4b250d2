package reader

import (
	"strings"
	"unicode/utf8"

	"github.com/carewire/carewire/optout/internal/lex"
)

// span is a range of bytes.
type span struct{ from, to int }

// own appends the parts of text that are the person's own words. (R7.8)
//
// Left out are a reaction with the message that it quotes, lines that start
// with ">", and what follows a line such as "On Tuesday, Acme wrote:".
func (r *Reader) own(text string, dst []span) []span {
	at := r.reaction(text)
	if strings.IndexByte(text[at:], '\n') < 0 && !strings.HasPrefix(strings.TrimSpace(text[at:]), ">") {
		return append(dst, span{at, len(text)})
	}
	start := at // where the own words in hand begin
	for at < len(text) {
		end := at + lineEnd(text[at:])
		line := text[at:end]
		switch {
		case strings.HasPrefix(strings.TrimLeft(line, " \t\r"), ">"):
			if at > start {
				dst = append(dst, span{start, at})
			}
			start = end
		case isAttribution(line):
			if at > start {
				dst = append(dst, span{start, at})
			}
			if !strings.HasPrefix(strings.TrimLeft(text[end:], " \t\r\n"), ">") {
				return dst // everything below is the quotation
			}
			start = end
		}
		at = end
	}
	if at > start {
		dst = append(dst, span{start, at})
	}
	return dst
}

// lineEnd returns the length of the first line with its newline.
func lineEnd(text string) int {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return i + 1
	}
	return len(text)
}

// maxAttribution bounds the length of a line that introduces a quotation.
const maxAttribution = 200

// isAttribution reports whether line introduces the copy of an earlier message.
func isAttribution(line string) bool {
	line = strings.TrimSpace(line)
	if len(line) > maxAttribution || len(line) < 8 {
		return false
	}
	if strings.HasPrefix(line, "---") {
		return strings.Contains(line, "Original") || strings.Contains(line, "Forwarded")
	}
	before, ok := strings.CutSuffix(line, ":")
	if !ok {
		return false
	}
	first, _, _ := strings.Cut(line, " ")
	verb := before[strings.LastIndexByte(strings.TrimSpace(before), ' ')+1:]
	switch strings.TrimSpace(verb) {
	case "wrote":
		return first == "On"
	case "écrit":
		return first == "Le"
	case "escribió":
		return first == "El"
	case "escreveu":
		return first == "Em" || first == "No" || first == "Na"
	}
	return first == "Am" && strings.Contains(line, " schrieb ")
}

// maxLead bounds what stands before the quotation of a reaction.
const maxLead = 64

// reaction returns the length of a reaction at the start of text, with the
// message that it quotes, or 0.
func (r *Reader) reaction(text string) int {
	i, closing := openQuote(text[:min(len(text), maxLead)])
	if closing == "" || !r.reactions[lead(text[:i])] {
		return 0
	}
	end := strings.LastIndexAny(text, closing)
	if end <= i {
		return len(text) // the phone cut the quotation off
	}
	_, size := utf8.DecodeRuneInString(text[end:])
	return end + size
}

// openQuote returns where the first opening quotation mark of text is, and what may close it.
func openQuote(text string) (at int, closing string) {
	for i, c := range text {
		switch c {
		case '“', '”', '„':
			return i, "“”"
		case '"':
			if i > 0 {
				return i, "\""
			}
		case '«':
			return i, "»"
		case '「':
			return i, "」"
		}
	}
	return 0, ""
}

// lead writes what stands before a quotation as rules/reactions.txt has it.
func lead(text string) string {
	t := lex.Text{Source: text}
	t.Cut(0, len(text))
	var b strings.Builder
	pictures := false
	for i, tok := range t.Tokens {
		again := tok.Kind == lex.Picture && pictures // an emoji may have several parts
		pictures = tok.Kind == lex.Picture
		if again {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		if pictures {
			b.WriteByte('*')
		} else {
			b.Write(t.Fold(i))
		}
	}
	return b.String()
}

// reactionRow reads: language | source | date | leads.
func (r *Reader) reactionRow(columns []string) error {
	for _, l := range items(columns[3]) {
		r.reactions[l] = true
	}
	return nil
}
