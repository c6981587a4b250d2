package disclosure

// hasScope looks for the limit to the purposes described, and for sentences that break it. (S7, S12).
func hasScope(words []word) bool {
	found := false
	for s := range sentences(words) {
		for i, w := range s {
			switch {
			case w.is(use) && widens(s, i):
				return false
			case w.is(use) && anyOf(s, number|purpose) && (onlyUse(s, i) || noOtherUse(s, i)):
				found = true
			case w.is(only) && onlyText(s, i):
				found = true
			}
		}
	}
	return found
}

// onlyUse reports whether the use at s[i] is limited by an "only" that belongs to it.
func onlyUse(s []word, i int) bool {
	if i == 0 && s[0].s == "use" && len(s) > 1 && s[1].is(filler) {
		return false // "use this number only for …" tells the reader what to do
	}
	o := -1
	for k := i - 1; k >= 0 && i-k <= 4; k-- {
		if s[k].is(only) {
			o = k
			break
		}
		if !s[k].is(between) {
			break
		}
	}
	if o < 0 {
		k := first(after(s, i, 12), only)
		if k < 0 || anyOf(s[i+1:i+1+k], other) {
			return false
		}
		o = i + 1 + k
	}
	if o > 0 && s[o-1].is(negation) {
		return false // not only
	}
	rest := s[i+1:]
	return anyOf(rest, toward) && !sells(rest)
}

// sells reports whether words name marketing as a purpose without denying it.
func sells(s []word) bool {
	for i, w := range s {
		if w.is(marketing) && !anyOf(before(s, i, 5, blocker), negation) {
			return true
		}
	}
	return false
}

// noOtherUse reports whether the use at s[i] is denied for anything else.
func noOtherUse(s []word, i int) bool {
	back := after(s, i, 12)
	k := first(back, other)
	if k < 0 {
		return false
	}
	return anyOf(before(s, i, 5, blocker), negation) || anyOf(before(back, k, 4, 0), negation)
}

// onlyText reports whether "we will only text you about …" stands at s[i].
func onlyText(s []word, i int) bool {
	if i > 0 && s[i-1].is(negation) {
		return false
	}
	back := after(s, i, 3)
	for k, w := range back {
		if (w.is(answer|messages) || w.s == "contact" || w.s == "call") && k+1 < len(back) && back[k+1].s == "you" {
			rest := s[i+1:]
			return anyOf(rest, toward) && !sells(rest)
		}
	}
	return false
}

// widens reports whether the use at s[i] is allowed for more than was described.
func widens(s []word, i int) bool {
	front := before(s, i, 5, blocker)
	if !anyOf(front, modal|consenting) && (i == 0 || s[i-1].s != "also") || anyOf(front, negation|only) {
		return false
	}
	back := after(s, i, 10)
	return !anyOf(back, only) && (sells(back) || anyOf(back, other) && !anyOf(back, negation))
}
