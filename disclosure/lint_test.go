package disclosure_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/disclosure"
)

const (
	company = "Acme Plumbing"
	about   = "service at your address"
)

func TestMissingKnowsOwnWording(t *testing.T) {
	t.Parallel()
	companies := []string{"Acme Plumbing", "Joe’s Café & Grill, Inc.", "AT&T", "The Home Team LLC", "3 Men Moving Co.", "Company"}
	topics := []string{"service at your address", "your orders and deliveries.", "appointments", "la visita a su casa"}
	for _, tag := range disclosure.Languages() {
		w := disclosure.In(tag)
		for _, c := range companies {
			for _, a := range topics {
				for kind, text := range map[string]string{
					"full": w.Full(c, a), "compact": w.Compact(c, a), "notice": w.Notice(c, a, "help@acme.example"),
					"form": disclosure.Form{Company: c, About: a, Contact: "555-0100", Checkbox: true, Wording: w}.Text(),
				} {
					require.Empty(t, disclosure.Missing(text, c, a), "%v %s: %s", tag, kind, text)
				}
			}
		}
	}
}

// TestMissingElement checks one element at a time. A text counts for its
// element alone: has means that the element is found in it.
func TestMissingElement(t *testing.T) {
	t.Parallel()
	for _, tt := range elementTests {
		for _, text := range tt.has {
			require.NotContains(t, disclosure.Missing(text, company, about), tt.element, "should have it: %q", text)
			shouted := strings.ToUpper(strings.ReplaceAll(text, " ", "\u00a0"))
			require.NotContains(t, disclosure.Missing(shouted, company, about), tt.element, "should have it: %q", shouted)
		}
		for _, text := range tt.lacks {
			require.Contains(t, disclosure.Missing(text, company, about), tt.element, "should lack it: %q", text)
		}
	}
}

var elementTests = []struct {
	element    disclosure.Element
	has, lacks []string
}{
	{
		element: disclosure.Identity,
		has: []string{
			"ACME PLUMBING texts you about service at your address",
			"AcmePlumbing: updates about your service. You get texts about services at your home address.",
			"acme-plumbing, Inc. will text regarding the service at the address you gave",
			"By giving your number you agree to texts from Acme\nPlumbing about\nservice at your address.",
			"Acme Plumbing (\"we\") uses your mobile for service visits to your address.",
		},
		lacks: []string{
			"",
			"Acme texts about service at your address",
			"Acme Plumbings about service at your address",
			"Acme Plumbing texts you about our newsletter.",
			"Acme Plumbing gives good service. Change of address? Call us.",
			"A plumbing company called Acme, about service at your address",
		},
	},
	{
		element: disclosure.Cost,
		has: []string{
			"Message frequency may vary. Message and data rates may apply.",
			"Msg&Data rates may apply. Msg freq varies.",
			"Msg & data rates may apply, message frequency varies",
			"Message/data rates apply. Frequency varies.",
			"Standard messaging rates may apply; frequency of messages depends on your bookings.",
			"Std. msg & data rates may apply. Up to 4 msgs/month.",
			"Your carrier may charge you for texts. 2 messages per visit.",
			"Carrier fees may apply. The number of texts varies.",
			"You may incur message and data charges. Expect one text per order.",
			"• Message frequency varies\n• Message and data rates may apply",
			"Message and data rates may or may not apply. Message frequency will vary.",
			"Charges for messages may apply and the frequency can vary.",
			"La frecuencia de los mensajes varía. Pueden aplicarse tarifas de mensajes y datos.",
			"Pueden aplicar cargos por mensajes y datos. Frecuencia variable.",
			"Hasta 4 mensajes por mes. Se aplican tarifas de mensajes y datos.",
		},
		lacks: []string{
			"Message and data rates may apply.",
			"Message frequency varies.",
			"Delivery charges may apply. Message frequency varies.",
			"Exchange rates may apply. Message frequency varies.",
			"Message and data rates do not apply. Message frequency varies.",
			"Message and data rates may apply. The number of visits varies.",
			"Message and data rates may apply. Message frequency does not vary.",
			"Message and data rates may apply. We visit 2 times per month.",
			"Messages are free of charge. Message frequency varies.",
			"Prices vary. Message and data rates may apply.",
		},
	},
	{
		element: disclosure.OptOut,
		has: []string{
			"You can opt out at any time by replying 'STOP.'",
			"You can opt out at any time by replying ‘STOP.’",
			"Text STOP to cancel.",
			"Reply STOP to unsubscribe",
			"reply stop to end",
			"Reply STOP to opt-out.",
			"To opt out, reply STOP",
			"Reply STOP to any message to unsubscribe.",
			"Text \"STOP\" to 12345 to quit.",
			"Unsubscribe at any time by replying STOP or clicking the link.",
			"If you no longer want texts, reply STOP.",
			"If you do not wish to receive messages, reply with the word STOP.",
			"HELP for help, STOP to quit",
			"HELP 4 help, STOP 2 end",
			"STOP=cancel",
			"Reply STOP at any time.",
			"Send STOP and you will not receive any more messages.",
			"Reply\nSTOP",
			"To be removed, respond STOP.",
			"Txt STOP to stop msgs",
			"Responda STOP para cancelar.",
			"Puede darse de baja en cualquier momento respondiendo STOP.", //nolint:misspell // Spanish
			"Envíe ALTO para dejar de recibir mensajes.",
			"Responde BAJA para salir",
		},
		lacks: []string{
			"You can opt out at any time.",
			"You cannot opt out by replying STOP.",
			"You can't opt out. Reply STOP to cancel.",
			"It is not possible to opt out by replying STOP",
			"Opting out is not possible. Reply STOP to end.",
			"Do not reply STOP to cancel.",
			"Please don't text STOP to opt out",
			"Reply STOP to confirm your appointment.",
			"To confirm your appointment, reply STOP",
			"Replying STOP will not cancel your messages.",
			"The bus will stop at your address.",
			"Reply HELP for help.",
			"We stop by to cancel the leak.",
			"No puede darse de baja respondiendo STOP.",
			"Reply YES to opt in.",
		},
	},
	{
		element: disclosure.Privacy,
		has: []string{
			"We do not share your mobile number with third parties or affiliates for marketing purposes.",
			"we never share or sell your number with third parties or affiliates for marketing",
			"Mobile information will not be shared with third parties/affiliates for marketing/promotional purposes.",
			"No mobile information will be shared with third parties.",
			"We don’t sell, rent, or share your phone number with any third party.",
			"Your number is never given to third parties.",
			"Neither your number nor your opt-in consent will be shared with third parties.",
			"We will never pass your details to anyone else.",
			"Your phone number won't be sold to others for marketing",
			"At no time do we share your number with third parties, except as required by law.",
			"Opt-in data is not shared with third parties, excluding aggregators and providers of the text service.",
			"Your number is not\nshared with third parties or affiliates",
			"We never share with third parties.",
			"We do not share your data with third parties or affiliates for their own purposes.",
			"No compartimos su número con terceros ni afiliados con fines de marketing.",
			"Su celular no se comparte con terceros.", //nolint:misspell // Spanish
			"Nunca vendemos ni cedemos su teléfono a terceros.",
		},
		lacks: []string{
			"We may share your number with third parties.",
			"We share your number with third parties and affiliates for marketing.",
			"Your privacy matters to us.",
			"We do not share your email address with third parties.",
			"We do not share your number.",
			"We never share your number with third parties. We may share it with our affiliates.",
			"Your number will be shared with partners. We do not share it with third parties.",
			"We do not share your number with third parties except our marketing partners.",
			"We do not share your number with third parties without your consent.",
			"We will not share your number with third parties unless you agree.",
			"We do not share your number with third parties for research purposes.",
			"If you object, we still share your number with third parties.",
			"You agree that we share your number with third parties for marketing.",
			"Third parties never answer the phone.",
			"Please do not share this code with anyone.",
			"Compartimos su número con terceros.",
			"Podemos compartir su número con terceros. No compartimos su correo con terceros.",
		},
	},
	{
		element: disclosure.ScopeOnly,
		has: []string{
			"Mobile numbers will only be used for the purposes outlined in this form.",
			"used only for the purposes described above",
			"Your number is used only for the purposes on this form",
			"We use your mobile number solely for service updates.",
			"We will only use your phone number to text you about your appointment.",
			"Your information will be used exclusively for this purpose.",
			"It will not be used for any other purpose.",
			"Your number is used for nothing else.",
			"Your phone number is used for delivery messages only.",
			"We will only text you about your service.",
			"We use it only for service and never for marketing.",
			"Su celular solo se usa para los fines indicados.",
			"Usaremos su número únicamente para este servicio.",
			"Su número no se usará para ningún otro fin.",
		},
		lacks: []string{
			"We use your number for service updates.",
			"Only customers may use this number to call us.",
			"Use this number only for emergencies.",
			"Your number is used not only for service updates.",
			"We use your number only for marketing.",
			"Your number is used only for this purpose. We may also use your number for marketing.",
			"Your number may be used for other purposes, but only for those outlined.",
			"Reply only to this number.",
			"Mobile numbers are collected for the purposes outlined in this form.",
			"Usamos su número para este servicio.",
			"Open only on weekdays.",
		},
	},
}

func TestMissingWholeTexts(t *testing.T) {
	t.Parallel()
	full := disclosure.Full(company, about)
	type elements = []disclosure.Element
	tests := []struct {
		name, text, company, about string
		want                       elements
	}{
		{"empty", "", company, about, elements{
			disclosure.Identity, disclosure.Cost, disclosure.OptOut, disclosure.Privacy, disclosure.ScopeOnly,
		}},
		{"other company", full, "Beta Plumbing", about, elements{disclosure.Identity}},
		{"no company", full, "", about, elements{disclosure.Identity}},
		{"other topic", full, company, "your bank account", elements{disclosure.Identity}},
		{"cut off", full[:len(full)-90], company, about, elements{disclosure.ScopeOnly}},
		{"legal ending", disclosure.Full("Acme Plumbing", about), "ACME Plumbing, Inc.", about, nil},
		{"full width", strings.Replace(full, "Acme", "ＡＣＭＥ", 1), company, about, nil},
		{"wrapped", wrap(full, 40), company, about, nil},
		{
			"bullets", "Acme Plumbing texts about service at your address\n\n" +
				"- Msg & data rates may apply\n- Msg frequency varies\n- Text STOP to opt out\n" +
				"- Numbers are not shared with third parties\n- Numbers are used only for this service",
			company, about, nil,
		},
		{"all small", strings.ToLower(full), company, about, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, disclosure.Missing(tt.text, tt.company, tt.about))
		})
	}
}

// TestMissingOneSentenceLess takes one sentence at a time out of the mandatory language.
func TestMissingOneSentenceLess(t *testing.T) {
	t.Parallel()
	for _, tag := range disclosure.Languages() {
		full := disclosure.In(tag).Full(company, about)
		parts := strings.SplitAfter(strings.Replace(full, "STOP.' ", "STOP'. ", 1), ". ")
		require.Len(t, parts, 6)
		want := []disclosure.Element{
			disclosure.Identity, disclosure.Cost, disclosure.Cost, disclosure.OptOut, disclosure.Privacy, disclosure.ScopeOnly,
		}
		for i, e := range want {
			rest := strings.Join(parts[:i], "") + strings.Join(parts[i+1:], "")
			require.Equal(t, []disclosure.Element{e}, disclosure.Missing(rest, company, about), "%v: %s", tag, rest)
		}
	}
}

func wrap(s string, width int) string {
	var b strings.Builder
	n := 0
	for _, w := range strings.Fields(s) {
		if n > 0 && n+len(w) > width {
			b.WriteByte('\n')
			n = 0
		} else if n > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		n += len(w) + 1
	}
	return b.String()
}
