package optout

// Intent is what a person meant by a message.
type Intent uint8

const (
	// None is a message that asks nothing about messaging itself.
	None Intent = iota
	// Stop is any wish to get no more messages.
	Stop
	// WrongNumber says that somebody else is reached; it counts as Stop and also revokes consent.
	WrongNumber
	// Start asks for messages again.
	Start
	// Help asks for help or information in general.
	Help
	// Review is truly unclear: a person has to read it, or it counts as Stop.
	Review
)

// String returns the intent in lower case.
func (i Intent) String() string {
	switch i {
	case Stop:
		return "stop"
	case WrongNumber:
		return "wrong number"
	case Start:
		return "start"
	case Help:
		return "help"
	case Review:
		return "review"
	case None:
	}
	return "none"
}

// Reading is what Read made of a text.
type Reading struct {
	Intent Intent
	// Language is the BCP 47 base language of the rule that matched, such as
	// "en"; "" for None and where the model decided.
	Language   string
	Start, End int // byte range of the words that decided, in the text as given
	// Rule is the id of the rule that matched, such as "stop/keyword/en/stop",
	// "stop/es/quitenme" or "review/model"; "" for None. Ids are stable: they are
	// put on file with an opt-out.
	Rule string
}
