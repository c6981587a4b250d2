package disclosure

// hasOptOut looks for STOP as the way out, and for sentences that deny that there is one. (S7).
func hasOptOut(words []word) bool {
	found := false
	for s := range sentences(words) {
		for i, w := range s {
			switch {
			case optOutAt(s, i) && noWayOut(s, i):
				return false
			case w.is(stop) && isWayOut(s, i):
				found = true
			}
		}
	}
	return found
}

// isWayOut reports whether the keyword at s[i] is told as the way out of messages.
func isWayOut(s []word, i int) bool {
	verb := verbBefore(s, i)
	if verb >= 0 && anyOf(before(s, verb, 2, 0), negation) {
		return false // do not reply STOP
	}
	rest := s[i+1:]
	for len(rest) > 1 && rest[0].is(toward) && (rest[1].is(filler) || isCode(rest[1].s)) {
		rest = rest[2:] // to this message, to 12345
	}
	switch {
	case len(rest) > 0 && rest[0].is(toward):
		return leadsOut(rest[:min(len(rest), 9)])
	case verb < 0:
		return false
	case len(rest) > 0 && rest[0].breaks == none && leadsOut(rest[:min(len(rest), 9)]):
		return true
	case leadsOut(s[:verb]):
		return true
	case len(rest) > 0 && (rest[0].s == "anytime" || rest[0].s == "at"):
		return true
	}
	return verb <= 1 && (len(rest) == 0 || rest[0].breaks != none) // nothing but "Reply STOP"
}

// verbBefore returns where the "reply" of "reply to this message with STOP" at s[i] stands, or -1.
func verbBefore(s []word, i int) int {
	for j := i - 1; j >= 0 && i-j <= 7; j-- {
		if s[j].is(answer) && (!s[j].is(messages) || j == 0 || !s[j-1].is(filler|answer)) {
			return j
		}
		if !s[j].is(filler) && !isCode(s[j].s) {
			break
		}
	}
	return -1
}

// leadsOut reports whether the words speak of getting no more messages.
func leadsOut(s []word) bool {
	for i, w := range s {
		if w.is(more) && i > 0 && s[i-1].is(negation) {
			return true // no longer, no more
		}
		if w.is(wish) && anyOf(before(s, i, 3, 0), negation) {
			return true // do not wish to receive
		}
		if w.is(out) {
			return !anyOf(before(s, i, 3, 0), negation)
		}
	}
	return false
}

// optOutAt reports whether s[i] speaks of opting out.
func optOutAt(s []word, i int) bool {
	switch {
	case s[i].is(optOut):
		return true
	case s[i].s == "opt" || s[i].s == "opting":
		return i+1 < len(s) && s[i+1].s == "out"
	case s[i].s == "stop" || s[i].s == "cancelar":
		return anyOf(after(s, i, 3), messages) && !anyOf(after(s, i, 3), filler&^messages&toward)
	}
	return false
}

// noWayOut reports whether the opting out at s[i] is said to be impossible.
func noWayOut(s []word, i int) bool {
	front := before(s, i, 5, 0)
	if k := first(front, negation); k >= 0 && !anyOf(before(s, i, 8, 0), conditional|wish) {
		return true
	}
	back := after(s, i, 6)
	k := first(back, negation)
	return k >= 0 && anyOf(after(back, k, 3), possible)
}

func isCode(w string) bool {
	for i := range len(w) {
		if w[i] < '0' || w[i] > '9' {
			return false
		}
	}
	return len(w) > 1
}
