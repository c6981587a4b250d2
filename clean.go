package carewire

import (
	"strings"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
)

// clean returns a provider's id or code if it is one: at most 128 letters,
// digits and ._:- that do not contain the number. Anything else could be a
// sentence about the person, and becomes "".
func clean(s string, p recipient.Phone) string {
	if len(s) > 128 {
		return ""
	}
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("._:-", r) {
			return ""
		}
	}
	if n := p.E164(); n != "" && strings.Contains(s, n[len(n)-7:]) {
		return ""
	}
	return s
}

// slug is a kind as part of a rule id.
func slug(k provider.Kind) string { return strings.ReplaceAll(k.String(), " ", "-") }
