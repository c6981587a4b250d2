package classify_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/disclosure"
)

func judge(t *testing.T, text string) classify.Verdict {
	t.Helper()
	v, err := classify.Default().Classify(context.Background(), text)
	require.NoError(t, err)
	return v
}

// requireSound checks what every verdict promises.
func requireSound(t *testing.T, text string, v classify.Verdict) {
	t.Helper()
	require.True(t, v.Score >= 0 && v.Score <= 1, "score %v", v.Score)
	require.NotEqual(t, classify.Unknown, v.Label)
	require.Equal(t, v.Label == classify.Service, len(v.Findings) == 0, "a refusal points at words, and only a refusal: %q", text)
	require.Equal(t, v.Label == classify.Service, v.Score < 0.5, "%v of %q", v.Score, text)
	last := 0
	for _, f := range v.Findings {
		require.NotEmpty(t, f.Rule)
		require.True(t, 0 <= f.Start && f.Start < f.End && f.End <= len(text), "%+v in %d bytes", f, len(text))
		require.GreaterOrEqual(t, f.Start, last, "in order of Start")
		last = f.Start
	}
}

func TestService(t *testing.T) {
	t.Parallel()
	for _, text := range serviceTexts {
		v := judge(t, text)
		requireSound(t, text, v)
		require.Equal(t, classify.Service, v.Label, "%q: %+v", text, v)
	}
}

var serviceTexts = []string{ //nolint:misspell // other languages
	// Only a code, a time, a name, or nothing.
	"", " ", "123456", "G-551234", "10:30", "Tuesday", "Maria", "OK", "👍", "https://acme.example/t/118",
	// Codes and resets.
	"Your verification code is 551234. It expires in 10 minutes.",
	"551234 is your Acme login code. Don't share it with anyone.",
	"Use code 551234 to reset your password. If you didn't ask for this, ignore this message.",
	"Tu código de verificación es 551234.", "Votre code est 551234.", "Seu código é 551234.",
	// Deliveries and visits.
	"Acme: Your package was delivered at 2:14 PM. It was left at the front door.",
	"Your order #1182 has shipped and will arrive Thursday. Track: https://acme.example/t/1182",
	"Hi Dana, this is Bright Dental. Your appointment is confirmed for Tuesday, March 4 at 10:30 AM. Reply C to confirm.",
	"Hi! Joe from Acme Plumbing is on his way and will arrive in about 20 minutes.",
	"Your visit is booked for Tuesday, 10 to 12.",
	"Your table is ready! Please check in with the host.",
	"Votre colis a été livré chez le gardien.", "Tu pedido fue entregado en la puerta.", "Seu pedido foi entregue na portaria.",
	// Accounts and support.
	"Reminder: your payment of $84.20 is due on Oct 3. Pay at https://acme.example/pay",
	"Your subscription renews on March 1 for $12.99. Manage it at https://acme.example/account",
	"Your card ending in 2210 was charged $54.10 at ACME STORE. Reply NO if this wasn't you.",
	"Thanks for contacting Acme Support. Your ticket #4411 has been received. We'll get back to you within 24 hours.",
	"How did we do today? Reply with a number from 1 to 5.",
	"Power outage reported in your area. Crews are working to restore service by 6 PM.",
	// Innocent uses of promotional words.
	"Your offer on 12 Elm St was accepted.",
	"The part was replaced free of charge under warranty.",
	"We issued a refund for the Flash Sale order.",
	"Please save this number, it is how we reach you about the repair.",
	"Congratulations, your sale closed! The keys are at the front desk.",
	"Your warranty claim was approved. We'll ship a free replacement.",
	"The discount was removed from your invoice because the policy changed.",
	"Your gift card order #5512 shipped this morning.",
	"System upgrade tonight from 1 to 3 AM. You may see short interruptions.",
}

func TestDisclosureIsService(t *testing.T) {
	t.Parallel()
	for _, tag := range []language.Tag{language.English, language.Spanish} {
		w := disclosure.In(tag)
		for _, text := range []string{
			w.Full("Acme Plumbing", "service at your address"), w.Compact("Acme Plumbing", "service at your address"),
			w.Notice("Acme Plumbing", "service at your address", "help@acme.example"), w.StopText(),
			disclosure.Add("Your visit is booked for Tuesday, 10 to 12.", w.Full("Acme Plumbing", "service at your address")),
		} {
			require.Equal(t, classify.Service, judge(t, text).Label, text)
		}
	}
	require.Equal(t, classify.Service, judge(t, "Msg frequency varies. Msg & data rates may apply. Reply HELP for help, STOP to cancel.").Label)
}

func TestPromotional(t *testing.T) {
	t.Parallel()
	for _, tt := range promotionalTexts {
		v := judge(t, tt.text)
		requireSound(t, tt.text, v)
		require.Equal(t, tt.label, v.Label, "%q: %+v", tt.text, v)
		require.True(t, points(tt.text, v, tt.words), "%q should be among %v of %q", tt.words, v.Findings, tt.text)
	}
}

// points reports whether a finding contains or touches the words.
func points(text string, v classify.Verdict, words string) bool {
	at := strings.Index(text, words)
	for _, f := range v.Findings {
		if at >= 0 && f.Start < at+len(words) && at < f.End {
			return true
		}
	}
	return false
}

var promotionalTexts = []struct {
	text  string
	label classify.Label
	words string // the promotional words
}{
	{"Your order shipped. While you wait, check out our new arrivals", classify.Mixed, "check out our new arrivals"},
	{"Your furnace repair is done. Ask us about our maintenance plan.", classify.Mixed, "maintenance plan"},
	{"Your appointment is confirmed for Friday at 3. Bring a friend and you both get $20 off!", classify.Mixed, "Bring a friend"},
	{"Tu pedido fue entregado. Aprovecha 20% de descuento en tu próxima compra.", classify.Mixed, "20% de descuento"},
	{"Votre colis a été livré. Profitez de -20% sur toute la boutique.", classify.Mixed, "Profitez"},
	{"Seu pedido foi entregue. Aproveite 20% de desconto na próxima compra.", classify.Mixed, "desconto"},
	{"Flash sale! 20% off everything today only. Shop now at acme.example", classify.Promotional, "20% off"},
	{"Refer a friend and you both get $20.", classify.Promotional, "Refer a friend"},
	{"We miss you! Come back and enjoy 15% off your next visit.", classify.Promotional, "We miss you"},
	{"Your points expire soon. Use them before Sunday!", classify.Promotional, "points expire"},
	{"Enter to win a $500 gift card", classify.Promotional, "Enter to win"},
	{"Leave us a review and get $10 off your next order.", classify.Promotional, "review and get"},
	{"Upgrade to Premium today and unlock unlimited streaming.", classify.Promotional, "Upgrade to Premium"},
	{"New arrivals just landed. See the fall collection.", classify.Promotional, "New arrivals"},
	{"Hurry, only 3 spots left for our summer camp!", classify.Promotional, "only 3 spots left"},
	{"¡Solo hoy! 2x1 en todas las pizzas.", classify.Promotional, "2x1"},
	{"Soldes: jusqu'à -50% sur toute la collection, profitez-en vite!", classify.Promotional, "-50%"},
	{"Últimas vagas! Matrículas abertas com 30% de desconto.", classify.Promotional, "30% de desconto"},
	// Disguised.
	{"Ｆｌａｓｈ ｓａｌｅ: 50% off everything", classify.Promotional, "50% off"},
	{"F\u200bl\u200ba\u200bs\u200bh s\u00ada\u00adle, 50% o\u200bff everything", classify.Promotional, "50%"},
	{"Frее ѕhірріng оn аll оrdеrs tоdау", classify.Promotional, "Frее"},
	// Links and contents that carriers do not carry.
	{"Your order has shipped. Track it: https://bit.ly/3xyz", classify.Mixed, "https://bit.ly/3xyz"},
	{"Your invoice is ready at tinyurl.com/ab12cd", classify.Mixed, "tinyurl.com/ab12cd"},
	{"Play at our online casino tonight, 50 free spins on us", classify.Promotional, "casino"},
	{"CBD gummies are back, shop the new flavors", classify.Promotional, "CBD gummies"},
}

func TestRulesAreNamed(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"link/shortener":      "Your invoice is ready: https://www.bit.ly/ab?x=1.",
		"promo/discount":      "Take 25% off your order this weekend",
		"promo/referral":      "Invite a friend and you both save $10",
		"promo/win-back":      "We miss you, come back soon for a treat",
		"promo/reward-expiry": "Don't let your points expire, redeem them by Sunday",
		"promo/win":           "Enter our giveaway for a chance to win a grill",
		"promo/review":        "Leave a review and get a free coffee",
		"promo/upsell":        "Upgrade to Gold for faster speeds at only $5 more",
		"content/gambling":    "Free spins and a casino bonus for you tonight",
		"content/finance":     "Payday loans approved in minutes, no credit check",
	}
	for rule, text := range tests {
		var got []string
		for _, f := range judge(t, text).Findings {
			got = append(got, f.Rule)
		}
		require.Contains(t, got, rule, text)
	}
}

// TestShorteners: the link alone refuses, whatever stands around it; other links do not.
func TestShorteners(t *testing.T) {
	t.Parallel()
	for _, link := range []string{"bit.ly/a", "https://bit.ly/a", "HTTP://TINYURL.COM/x", "goo.gl/x", "short.io/x", "twil.io/x", "www.bit.ly/q"} {
		v := judge(t, "Your receipt: "+link)
		require.Equal(t, classify.Mixed, v.Label, link)
		require.Equal(t, "link/shortener", v.Findings[0].Rule, link)
	}
	for _, link := range []string{"acme.example/bit.ly", "notbit.ly.acme.example/x", "https://acme.example/?u=tinyurl.com", "orbit.lyon.example"} {
		require.Equal(t, classify.Service, judge(t, "Your receipt: "+link).Label, link)
	}
}

func TestConcurrentAndSame(t *testing.T) {
	t.Parallel()
	c := classify.Default()
	texts := append([]string(nil), serviceTexts...)
	for _, p := range promotionalTexts {
		texts = append(texts, p.text)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range texts {
				got, err := c.Classify(context.Background(), texts[i])
				want, err2 := classify.Default().Classify(context.Background(), texts[i])
				if err != nil || err2 != nil || got.Label != want.Label || got.Score != want.Score {
					t.Errorf("%q: %v and %v", texts[i], got, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestAllocations(t *testing.T) {
	if race {
		t.Skip("SKIPPED: under the race detector sync.Pool forgets on purpose")
	}
	c, ctx := classify.Default(), context.Background()
	for _, text := range []string{serviceTexts[13], promotionalTexts[0].text, strings.Repeat("Flash sale, 20% off everything. ", 40)} {
		_, _ = c.Classify(ctx, text)
		n := testing.AllocsPerRun(100, func() { _, _ = c.Classify(ctx, text) })
		require.LessOrEqual(t, n, 2.0, text)
	}
}
