package carewire

import (
	"golang.org/x/text/language"

	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/provider"
)

// words are the client's own sentences in one language. Every company's words
// come from its Program, so that nothing promotional can get in.
type words struct {
	disclosure.Wording
	stopped, help, helpShort string // with the company, about, contact to be put in
}

func english() words {
	return words{
		Wording: disclosure.In(language.English),
		stopped: "{company}: You are unsubscribed and will receive no more messages.",
		help: "{company}: Help at {contact}. Texts are about {about}. Msg frequency may vary. " +
			"Msg & data rates may apply. Reply STOP to opt out.",
		helpShort: "{company}: Help at {contact}. Msg frequency may vary. Msg & data rates may apply. Reply STOP to opt out.",
	}
}

func spanish() words {
	return words{
		Wording: disclosure.In(language.Spanish),
		stopped: "{company}: Su baja esta hecha. No recibira mas mensajes.",
		help: "{company}: Ayuda en {contact}. Mensajes sobre {about}. La frecuencia puede variar. " +
			"Pueden aplicarse tarifas de mensajes y datos. Responda STOP para cancelar.",
		helpShort: "{company}: Ayuda en {contact}. La frecuencia puede variar. " +
			"Pueden aplicarse tarifas de mensajes y datos. Responda STOP para cancelar.",
	}
}

// wordsFor returns the sentences for a language; the zero tag is English.
func wordsFor(tag language.Tag) (w words, known bool) {
	switch base, _ := tag.Base(); {
	case tag == language.Und, base.String() == "en":
		return english(), true
	case base.String() == "es":
		return spanish(), true
	}
	return words{}, false
}

// stopAnswer confirms an opt-out and says nothing else. (R7.18)
func (c *Client) stopAnswer() string { return c.fillIn(c.words.stopped) }

// helpAnswer says who texts, where help is, what it costs and how to stop, in
// one segment where that fits. (R7.24)
func (c *Client) helpAnswer() string {
	if s := c.fillIn(c.words.help); provider.Segments(s).Segments <= 1 {
		return s
	}
	return c.fillIn(c.words.helpShort)
}

// statement is the disclosure that the program makes.
func (c *Client) statement() string {
	if c.cfg.Program.Statement != "" {
		return c.cfg.Program.Statement
	}
	return c.words.Full(c.cfg.Program.Company, c.cfg.Program.About)
}
