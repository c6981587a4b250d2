package disclosure

// hasPrivacy looks for a denial of sharing, and for sentences that allow it. (S7, S13).
func hasPrivacy(words []word) bool {
	found := false
	for s := range sentences(words) {
		for i, w := range s {
			if !w.is(share) || !anyOf(s, outsiders|partners) || !aboutNumber(s) || commands(s, i) {
				continue
			}
			switch {
			case anyOf(before(s, i, 14, blocker), negation):
				if holed(s, i) {
					return false
				}
				found = found || anyOf(s, outsiders) && forMarketing(s, i)
			case anyOf(before(s, i, 4, blocker), modal|consenting) || i > 0 && isWe(s[i-1].s):
				return false // we may share your number
			}
		}
	}
	return found
}

// aboutNumber reports whether the sentence is not about something else than the number.
func aboutNumber(s []word) bool {
	return !anyOf(s, otherThings) || anyOf(s, number)
}

// commands reports whether "do not share" at s[i] tells the reader what not to do.
func commands(s []word, i int) bool {
	front := s[:i]
	if len(front) > 0 && front[0].s == "please" {
		front = front[1:]
	}
	if len(front) == 0 || len(front) > 2 || s[i].s != "share" && s[i].s != "give" && s[i].s != "disclose" {
		return false
	}
	return front[0].s == "do" || front[0].s == "dont" || front[0].s == "never"
}

// holed reports whether the denial at s[i] makes an exception that defeats it.
func holed(s []word, i int) bool {
	back := s[i:]
	k := first(back, except)
	if k < 0 {
		if k = first(back, conditional); k < 0 || !anyOf(back[k:], consenting) {
			return false
		}
		return true // if you agree
	}
	rest := after(back, k, 10)
	for _, w := range rest {
		if w.is(partners|marketing|consenting) || w.s == "consent" || w.s == "permission" || w.s == "approval" ||
			w.s == "consentimiento" || w.s == "permiso" {
			return true
		}
	}
	return false
}

// forMarketing reports whether the denial at s[i] is not limited to some purpose other than marketing.
func forMarketing(s []word, i int) bool {
	back := s[i:]
	k := first(back, purpose)
	if k < 0 || anyOf(back, use) {
		return true
	}
	if anyOf(back, marketing) {
		return true
	}
	for _, w := range before(back, k, 3, 0) {
		if w.s == "any" || w.s == "own" || w.s == "all" || w.s == "ningun" || w.s == "cualquier" {
			return true
		}
	}
	return false
}

func isWe(w string) bool { return w == "we" || w == "nosotros" || w == "also" || w == "tambien" }
