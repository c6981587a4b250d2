package disclosure

// hasRates looks for "message and data rates may apply" in its many forms. (S7).
func hasRates(words []word) bool {
	for s := range sentences(words) {
		for i, w := range s {
			if w.is(rates) && ratesApply(s, i) {
				return true
			}
		}
	}
	return false
}

// ratesApply reports whether the rates at s[i] are of messages or data, and apply.
func ratesApply(s []word, i int) bool {
	of := anyOf(before(s, i, 4, blocker), messages|network)
	if !of {
		next := after(s, i, 6)
		if k := first(next, messages|network); k > 0 {
			of = !anyOf(next[:k], applies)
		}
	}
	if !of {
		return false
	}
	if front := before(s, i, 3, blocker); s[i].s == "charge" && anyOf(front, modal) && !anyOf(front, negation) &&
		anyOf(before(s, i, 5, blocker), network) {
		return true // your carrier may charge
	}
	lo, hi := max(0, i-6), min(len(s), i+7)
	for k := lo; k < hi; k++ {
		if s[k].is(applies) && !denied(s, k) {
			return true
		}
	}
	return false
}

// denied reports whether a negation stands in the three words before s[i], unless it is "may or may not".
func denied(s []word, i int) bool {
	front := before(s, i, 3, blocker)
	k := first(front, negation)
	return k >= 0 && (k < 2 || front[k-2].s != "or")
}

// hasFrequency looks for how often messages come, or that it varies. (S7).
func hasFrequency(words []word) bool {
	for s := range sentences(words) {
		for i, w := range s {
			switch {
			case w.is(varies) && frequencyNear(s, i) && !denied(s, i):
				return true
			case w.is(count) && isCount(s, i):
				return true
			}
		}
	}
	return false
}

// frequencyNear reports whether what varies at s[i] is the frequency or number of messages.
func frequencyNear(s []word, i int) bool {
	near := s[max(0, i-7):min(len(s), i+6)]
	f := first(near, frequency)
	if f < 0 {
		return false
	}
	return near[f].s != "number" && near[f].s != "volume" && near[f].s != "cantidad" || anyOf(near, messages)
}

// isCount reports whether "4 messages per month" begins at s[i].
func isCount(s []word, i int) bool {
	m := first(after(s, i, 3), messages)
	if m < 0 {
		return false
	}
	m += i + 1
	e := first(after(s, m, 3), each)
	if e < 0 {
		return false
	}
	return anyOf(after(s, m+1+e, 2), period)
}
