package lint

import (
	"slices"
	"strings"
)

// aim is what a text says that an answer does.
type aim uint8

const (
	aimNone  aim = iota // nothing
	aimOut              // ends the messages
	aimBare             // "to cancel", without saying what
	aimIn               // subscribes
	aimHelp             // gets help
	aimOther            // something else
)

// reach is how many words behind "to" count.
const reach = 8

// purpose returns what the answer of n words at i does: what stands behind it
// ("CANCEL to cancel your visit"), or else in front ("to cancel your visit,
// reply CANCEL").
func purpose(ts []token, i, n int) aim {
	if a := behind(ts, i+n-1); a != aimNone {
		return a
	}
	verb, ok := verbBefore(ts, i)
	if !ok {
		return aimNone
	}
	from := verb
	for from > 0 && (ts[from-1].sentence == ts[verb].sentence ||
		ts[from-1].sentence == ts[verb].sentence-1 && ts[from-1].asks && isFirst(ts, verb)) {
		from--
	}
	a := judge(lows(ts[from:verb]), false)
	if a == aimOther || a == aimOut || a == aimIn {
		return a
	}
	return aimNone
}

// isFirst reports whether nothing stands in front of i in its sentence.
func isFirst(ts []token, i int) bool { return i == 0 || ts[i-1].sentence != ts[i].sentence }

// behind judges the words from "to" on, up to the next answer or "or".
func behind(ts []token, last int) aim {
	for last+2 < len(ts) && !ts[last].broken && slices.Contains(orWords, ts[last+1].low) && ts[last+2].upper {
		last += 2 // END or QUIT to opt out: what it does stands behind the last one
	}
	from := last + 1
	if from >= len(ts) || ts[last].broken || ts[from].sentence != ts[last].sentence || !slices.Contains(toWords, ts[from].low) {
		return aimNone
	}
	to := from + 1
	for to < len(ts) && to-from <= reach && ts[to].sentence == ts[last].sentence {
		if to > from+1 && (ts[to-1].broken && ts[to].upper || slices.Contains(orWords, ts[to].low) && to+1 < len(ts) && ts[to+1].upper) {
			break
		}
		to++
	}
	return judge(lows(ts[from+1:to]), true)
}

func lows(ts []token) []string {
	out := make([]string, 0, len(ts))
	for _, t := range ts {
		out = append(out, t.low)
	}
	return out
}

// judge decides what words mean. Behind an answer every word means something;
// in front of it only what speaks of doing something.
func judge(ws []string, after bool) aim {
	has := func(list []string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return slices.Contains(list, w) })
	}
	weak := slices.IndexFunc(ws, func(w string) bool { return slices.Contains(endVerbs, w) })
	switch {
	case has(outWords), weak >= 0 && has(messageWords):
		return aimOut
	case weak >= 0 && len(meaning(ws[weak+1:])) == 0:
		return aimBare
	case weak >= 0:
		return aimOther
	case has(inWords):
		return aimIn
	case has(helpWords):
		return aimHelp
	case has(careVerbs), after && len(ws) > 0:
		return aimOther
	}
	return aimNone
}

// meaning leaves out words that say nothing: "to cancel at any time".
func meaning(ws []string) []string {
	var out []string
	for _, w := range ws {
		if !slices.Contains(fillerWords, w) {
			out = append(out, w)
		}
	}
	return out
}

func isYes(word string) bool { return slices.Contains(yesWords, word) }

func isInfo(word string) bool { return informsOnly(word) }

// informsOnly reports whether a word asks for information rather than help.
func informsOnly(word string) bool { return strings.HasPrefix(word, "info") }

func yesOrNo(word string) bool { return isYes(word) || slices.Contains(noWords, word) }

// stopLike reports whether a word can mean nothing else than the end of messages.
func stopLike(word string) bool { return slices.Contains(plainStops, word) }
