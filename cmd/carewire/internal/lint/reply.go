package lint

import (
	"slices"
	"strings"

	"github.com/carewire/carewire/optout"
)

// answer is what an invited answer would be read as.
type answer uint8

const (
	noAnswer answer = iota
	stops           // opts the person out
	starts          // opts in, or is taken for it by some providers
	denies          // NO
	informs         // gets the HELP text
)

// replies reports invited answers that carriers and this library read as
// something else than the text says: CANCEL, END, QUIT and STOP for anything
// but opting out, YES, NO and INFO. (R7.11)
func (p *pass) replies() {
	a := asking{ts: tokens(p.filled.text), read: p.readAs}
	a.shout = shouts(a.ts)
	for i := 0; i < len(a.ts); {
		n, kind := a.answerAt(i)
		if kind == noAnswer || !a.invited(i, n) {
			i++
			continue
		}
		p.reply(a.ts, i, n, kind)
		i += n
	}
}

// asking is a text in which answers may be asked for.
type asking struct {
	ts    []token
	shout bool // everything is in capitals, so that they say nothing
	read  func(words string) answer
}

// readAs is what the client would read in an answer. The library itself is
// asked, so that both agree.
func (l *Linter) readAs(words string) answer {
	if kind, ok := l.known[words]; ok {
		return kind
	}
	if l.known == nil {
		l.known = map[string]answer{}
	}
	kind := readAs(words)
	l.known[words] = kind
	return kind
}

// reply judges one invited answer, of n words at i.
func (p *pass) reply(ts []token, i, n int, kind answer) {
	word := ts[i].low
	aim := purpose(ts, i, n)
	var rule, says string
	switch {
	case kind == denies:
		rule, says = ruleNo, "some providers read NO as an opt-out; ask for another word"
	case kind == starts && aim != aimIn && (aim != aimNone || isYes(word)):
		rule, says = ruleStartWord, "some providers read it as an opt-in, which undoes a STOP; ask for another word"
	case kind == informs && isInfo(word) && aim != aimHelp:
		rule, says = ruleHelpWord, "it gets the HELP text; ask for another word"
	case kind == stops && aim != aimOut && (aim != aimBare && aim != aimNone || !stopLike(word)):
		rule, says = ruleStopWord, "it opts the person out; ask for another word"
	default:
		return
	}
	start, end := ts[i].start, ts[i+n-1].end
	p.at(rule, p.filled.from(start), p.filled.to(end), "asks for the answer %q: %s", p.filled.text[start:end], says)
}

// answerAt returns how many words at i make an answer, and what it is read as.
func (a *asking) answerAt(i int) (n int, kind answer) {
	ts := a.ts
	if i+1 < len(ts) && !ts[i].broken && !ts[i].slash {
		switch words := ts[i].low + " " + ts[i+1].low; words {
		case "stop all", "opt out", "opt in":
			if kind = a.read(words); kind != noAnswer {
				return 2, kind
			}
		}
	}
	return 1, a.read(ts[i].low)
}

func readAs(words string) answer {
	switch {
	case isYes(words):
		return starts
	case slices.Contains(noWords, words):
		return denies
	case len(words) > longestAnswer:
		return noAnswer
	}
	switch optout.Read(words).Intent {
	case optout.Stop, optout.WrongNumber:
		return stops
	case optout.Review:
		if len(words) <= 1 {
			return stops // T counts as STOP where nobody reviews
		}
	case optout.Start:
		return starts
	case optout.Help:
		return informs
	case optout.None:
	}
	return noAnswer
}

// longestAnswer is more than any word that one asks for.
const longestAnswer = 24

// invited reports whether the text asks for the answer at i: behind a word such
// as "reply", beside another answer, or in capitals with what it does behind it.
func (a *asking) invited(i, n int) bool {
	ts := a.ts
	plain := !ts[i].quoted && (a.shout || !ts[i].upper)
	verb, asked := verbBefore(ts, i)
	last := i + n - 1
	paired, yesNo := a.paired(i, last)
	switch {
	case yesNo && yesOrNo(ts[i].low):
		return true
	case asked && !plain:
		return true
	case asked && (directly(ts, verb, i) || paired && !slices.Contains(toWords, ts[i-1].low)) && slices.Contains(replyVerbs, ts[verb].low):
		return standsAlone(ts, last)
	}
	return !a.shout && ts[i].upper && len(ts[i].low) > 1 && !informsOnly(ts[i].low) && doesSomething(ts, i, last)
}

// verbBefore finds the word that asks for an answer, in the sentence of i.
func verbBefore(ts []token, i int) (at int, ok bool) {
	for j := i - 1; j >= 0 && ts[j].sentence == ts[i].sentence; j-- {
		if slices.Contains(replyVerbs, ts[j].low) || slices.Contains(writeVerbs, ts[j].low) {
			return j, true
		}
	}
	return 0, false
}

// directly reports whether nothing but small words stands between verb and answer.
func directly(ts []token, verb, i int) bool {
	for _, t := range ts[verb+1 : i] {
		if !slices.Contains(betweenWords, t.low) {
			return false
		}
	}
	return true
}

// paired reports whether another answer stands beside the one from i to last,
// as in YES/NO or "yes or no", and whether it is YES or NO.
func (a *asking) paired(i, last int) (any, yesNo bool) {
	ts := a.ts
	beside := func(j int) {
		if j < 0 || j >= len(ts) || ts[j].sentence != ts[i].sentence {
			return
		}
		_, kind := a.answerAt(j)
		any = any || kind != noAnswer
		yesNo = yesNo || yesOrNo(ts[j].low)
	}
	if ts[last].slash {
		beside(last + 1)
	}
	if i > 0 && ts[i-1].slash {
		beside(i - 1)
	}
	if last+1 < len(ts) && slices.Contains(orWords, ts[last+1].low) {
		beside(last + 2)
	}
	if i > 0 && slices.Contains(orWords, ts[i-1].low) {
		beside(i - 2)
	}
	return any, yesNo
}

// standsAlone reports whether the answer ends at last, so that "reply no later
// than" is no invitation.
func standsAlone(ts []token, last int) bool {
	if last+1 == len(ts) || ts[last].broken || ts[last].slash || ts[last+1].sentence != ts[last].sentence {
		return true
	}
	next := ts[last+1].low
	return slices.Contains(toWords, next) || slices.Contains(orWords, next)
}

// doesSomething reports whether a word in capitals is followed by what it does.
func doesSomething(ts []token, i, last int) bool {
	if i > 0 && ts[i-1].sentence == ts[i].sentence && ts[i-1].upper && !ts[i-1].broken && !slices.Contains(orWords, ts[i-1].low) {
		return false // part of a name in capitals
	}
	return last+2 < len(ts) && !ts[last].broken && ts[last+2].sentence == ts[i].sentence &&
		slices.Contains(toWords, ts[last+1].low) && ts[last+1].low != "for"
}

// shouts reports whether most of a text is in capitals, so that capitals say nothing.
func shouts(ts []token) bool {
	upper, all := 0, 0
	for _, t := range ts {
		if len(t.text) > 1 && t.text != strings.ToLower(t.text) || t.low == t.text && len(t.text) > 1 {
			all++
			if t.upper {
				upper++
			}
		}
	}
	return upper*3 > all*2
}
