package wire

import (
	"slices"
	"strings"
	"unicode"

	"github.com/carewire/carewire/provider"
)

// Keywords are the words that a provider answers by itself, in lower case. It
// compares the whole body, without regard to case and to blanks around it.
type Keywords struct {
	Sure  []string // answered for certain
	Maybe []string // answered in some configurations
}

// UnverifiedKeywords stands for a provider that can answer keywords, but whose list
// of them could not be verified: nothing is sure.
func UnverifiedKeywords() Keywords {
	return Keywords{Maybe: []string{
		"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out",
		"start", "unstop", "help", "info",
	}}
}

// Replied says whether the sender of text has got an answer already: from the
// provider, if on says that it handles keywords, or from the toll-free network,
// which always does. A text that is a keyword but for punctuation gives
// RepliedMaybe, since providers differ about it (R7.19).
func (k Keywords) Replied(text string, sender provider.Sender, on bool) provider.Replied {
	whole := strings.ToLower(strings.TrimSpace(text))
	bare := letters(whole)
	reply := provider.RepliedNo
	look := func(sure, maybe []string) {
		switch {
		case slices.Contains(sure, whole):
			reply = provider.RepliedYes
		case reply == provider.RepliedYes:
		case slices.Contains(maybe, whole), has(sure, bare), has(maybe, bare):
			reply = provider.RepliedMaybe
		}
	}
	if on {
		look(k.Sure, k.Maybe)
	}
	if sender == provider.TollFree {
		look([]string{"stop", "unstop"}, []string{"start"})
	}
	return reply
}

// has reports whether one of words has the letters of bare.
func has(words []string, bare string) bool {
	return bare != "" && slices.ContainsFunc(words, func(w string) bool { return letters(w) == bare })
}

// letters drops everything but letters and digits.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
