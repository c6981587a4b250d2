package disclosure

import "strings"

// Notice returns the English text for an intake form: [Full], that the messages
// are transactional or support messages, and how to get help. contact is an
// e-mail address or a phone number, and may be empty. The text passes [Missing].
// (S4, S6, S10, R7.6).
func Notice(company, about, contact string) string { return Wording{}.Notice(company, about, contact) }

// Notice returns the text for an intake form in this language.
func (w Wording) Notice(company, about, contact string) string {
	return w.Full(company, about) + " " + w.service() + " " + w.help(contact)
}

func (w Wording) service() string {
	if w.spanish {
		return "Se usa para mensajes de servicio y de soporte."
	}
	return "Your number is used for transactional or support messages."
}

func (w Wording) help(contact string) string {
	contact = name(contact)
	switch {
	case w.spanish && contact == "":
		return "Responda 'AYUDA' para recibir ayuda."
	case w.spanish:
		return "Responda 'AYUDA' para recibir ayuda o contacte " + contact + "."
	case contact == "":
		return "Reply 'HELP' for help."
	}
	return "Reply 'HELP' for help or contact " + contact + "."
}

// ticked returns the notice for a form with a box to tick: the consent is then
// given by the number and the tick together.
func (w Wording) ticked(company, about, contact string) string {
	s := w.Notice(company, about, contact)
	if w.spanish {
		return strings.Replace(s, "Al proporcionar su celular,", "Al proporcionar su celular y marcar la casilla,", 1)
	}
	return strings.Replace(s, "By providing your mobile number,",
		"By providing your mobile number and checking the box,", 1)
}
