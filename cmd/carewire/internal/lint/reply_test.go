package lint

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/classify"
)

// found returns "rule word" for each finding of a rule family in one text.
func found(t *testing.T, text string) (out []string) {
	t.Helper()
	l := &Linter{Classifier: classify.Default(), Disabled: []string{"promo/", "sms/", "content/", "link/"}}
	require.NoError(t, l.template(t.Context(), &Template{Text: text, locate: func(i int) int { return i }}))
	for _, f := range l.Report().Findings {
		out = append(out, f.Rule+" "+text[f.Column:f.EndColumn])
	}
	return out
}

func TestReplies(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		// What R7.11 names.
		"Reply CANCEL to cancel your appointment.":                          {"reply/stop-word CANCEL"},
		"Reply C to confirm or CANCEL to cancel.":                           {"reply/stop-word CANCEL"},
		"Reply YES to confirm, NO to reschedule":                            {"reply/start-word YES", "reply/no NO"},
		"Reply Y to confirm or N to cancel":                                 {"reply/start-word Y", "reply/no N"},
		"Please confirm your visit with a yes or no.":                       {"reply/start-word yes", "reply/no no"},
		"Are you coming? YES/NO":                                            {"reply/start-word YES", "reply/no NO"},
		"Are you coming (y/n)?":                                             {"reply/start-word y", "reply/no n"},
		"Text INFO for details on your order.":                              {"reply/help-word INFO"},
		"Reply END to end the chat.":                                        {"reply/stop-word END"},
		"When done, reply 'QUIT'.":                                          {"reply/stop-word QUIT"},
		"Reply with STOP to stop the delivery.":                             {"reply/stop-word STOP"},
		"To cancel your visit, reply STOP.":                                 {"reply/stop-word STOP"},
		"Do you want to cancel your order? Reply STOP":                      {"reply/stop-word STOP"},
		"REPLY YES TO CONFIRM YOUR VISIT":                                   {"reply/start-word YES"},
		"YES to confirm, CANCEL to cancel the visit":                        {"reply/start-word YES", "reply/stop-word CANCEL"},
		"Reply START to begin your check-in":                                {"reply/start-word START"},
		"Reply yes to confirm":                                              {"reply/start-word yes"},
		"Send \"cancel\" to drop the booking":                               {"reply/stop-word cancel"},
		"Reply CANCEL for refunds":                                          {"reply/stop-word CANCEL"},
		"Responda SI para confirmar o NO para cambiar la cita":              {"reply/start-word SI", "reply/no NO"},
		"Responde CANCELAR para cancelar tu cita":                           {"reply/stop-word CANCELAR"},
		"Répondez OUI pour confirmer ou NON pour refuser":                   {"reply/start-word OUI", "reply/no NON"},
		"Répondez ANNULER pour annuler le rendez-vous":                      {"reply/stop-word ANNULER"},
		"Responda SIM para confirmar ou CANCELAR para cancelar a consulta":  {"reply/start-word SIM", "reply/stop-word CANCELAR"},
		"Reply 1 to confirm, 2 to cancel. Reply STOP to opt out.":           nil,
		"Reply C to confirm or R to reschedule":                             nil,
		"Reply STOP to opt out.":                                            nil,
		"Reply STOP to unsubscribe, HELP for help.":                         nil,
		"Reply STOP to unsubscribe or END to end the chat.":                 {"reply/stop-word END"},
		"Reply STOP to cancel or HELP for help.":                            nil,
		"Reply HELP for help, STOP to cancel.":                              nil,
		"Reply STOP to cancel at any time. Msg&data rates may apply.":       nil,
		"You can opt out at any time by replying 'STOP.' We do not share.":  nil,
		"Txt STOP to end msgs":                                              nil,
		"Reply END to stop receiving texts":                                 nil,
		"Reply CANCEL to opt out of all messages":                           nil,
		"To stop these messages, reply QUIT.":                               nil,
		"Reply STOP ALL to stop all messages.":                              nil,
		"Reply INFO or HELP for help.":                                      nil,
		"Reply START to resume messages":                                    nil,
		"Reply YES to subscribe to delivery texts":                          nil,
		"Responda ALTO para dejar de recibir mensajes":                      nil,
		"Responda BAJA para darse de baja, AYUDA para ayuda":                nil,
		"Répondez STOP pour ne plus recevoir de messages.":                  nil,
		"Responda SAIR para cancelar.":                                      nil,
		"If you do not wish to receive texts, reply STOP.":                  nil,
		"Please reply no later than Friday":                                 nil,
		"Reply to this text with any questions.":                            nil,
		"We will send info to your email.":                                  nil,
		"FLIGHT INFO for AA10: gate B4.":                                    nil,
		"Your visit is confirmed. No parking in front of the house.":        nil,
		"The bus will stop by at 5. Meet at the END of the road.":           nil,
		"If you cancel after noon there is a fee. Call us with questions.":  nil,
		"YOUR CODE IS 4821. DO NOT SHARE IT. NO ONE WILL ASK YOU FOR IT.":   nil,
		"Send 3 texts and get 25% off and no fee":                           nil,
		"Personne n'a ouvert, commande annulée et non facturée.":            nil,
		"You can cancel, just write CANCEL.":                                {"reply/stop-word CANCEL"},
		"Conteste SI.":                                                      {"reply/start-word SI"},
		"Did you buy this? Reply YES or tell me.":                           {"reply/start-word YES"},
		"Your order is confirmed, yes or no, whatever":                      {"reply/start-word yes", "reply/no no"},
		"https://example.com/stop/now and example.com/cancel are our pages": nil,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, want, found(t, text))
		})
	}
}
