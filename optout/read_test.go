package optout

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadKeyword(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want Intent
		rule string
	}{
		// the seven federal words and what R7.7 adds (R7.9)
		{"stop", Stop, "stop/keyword/en/stop"},
		{"STOP.", Stop, "stop/keyword/en/stop"},
		{"Quit", Stop, "stop/keyword/en/quit"},
		{"END", Stop, "stop/keyword/en/end"},
		{"revoke", Stop, "stop/keyword/en/revoke"},
		{"Opt Out", Stop, "stop/keyword/en/opt-out"},
		{"OPT-OUT", Stop, "stop/keyword/en/opt-out"},
		{"OPTOUT", Stop, "stop/keyword/en/opt-out"},
		{"cancel", Stop, "stop/keyword/en/cancel"},
		{"UNSUBSCRIBE", Stop, "stop/keyword/en/unsubscribe"},
		{"STOPALL", Stop, "stop/keyword/en/stop-all"},
		{"Stop all", Stop, "stop/keyword/en/stop-all"},
		{"unsub", Stop, "stop/keyword/en/unsub"},
		{"Remove", Stop, "stop/keyword/en/remove"},
		// spacing, punctuation, decoration
		{"  s t o p  ", Stop, "stop/keyword/en/stop"},
		{"S.T.O.P", Stop, "stop/keyword/en/stop"},
		{"s-t-o-p!!!", Stop, "stop/keyword/en/stop"},
		{"\"STOP\"", Stop, "stop/keyword/en/stop"},
		{"‘stop’", Stop, "stop/keyword/en/stop"},
		{"*STOP*", Stop, "stop/keyword/en/stop"},
		{"stop\n", Stop, "stop/keyword/en/stop"},
		{"ＳＴＯＰ", Stop, "stop/keyword/en/stop"},
		{"𝐒𝐓𝐎𝐏", Stop, "stop/keyword/en/stop"},
		{"Ⓢⓣⓞⓟ", Stop, "stop/keyword/en/stop"},
		{"🆂🆃🅾🅿", Stop, "stop/keyword/en/stop"},
		{"ꜱᴛᴏᴘ", Stop, "stop/keyword/en/stop"},
		{"s\u0336t\u0336o\u0336p\u0336", Stop, "stop/keyword/en/stop"},
		{"st\u200bop", Stop, "stop/keyword/en/stop"},
		{"\u202eSTOP\u202c", Stop, "stop/keyword/en/stop"},
		{"STOP\ufe0f", Stop, "stop/keyword/en/stop"},
		{"ЅТОР", Stop, "stop/keyword/en/stop"}, // Cyrillic throughout
		{"SТOP", Stop, "stop/keyword/en/stop"}, // one Cyrillic letter
		{"ѕtοp", Stop, "stop/keyword/en/stop"}, // Cyrillic and Greek
		{"STOP 🙏", Stop, "stop/keyword/en/stop"},
		// other languages (R7.12)
		{"ARRÊT", Stop, "stop/keyword/fr/arret"},
		{"arrete", Stop, "stop/keyword/fr/arrete"},
		{"ARRETT", Stop, "stop/keyword/fr/arrett"},
		{"Detener", Stop, "stop/keyword/es/detener"},
		{"ALTO", Stop, "stop/keyword/es/alto"},
		{"baja", Stop, "stop/keyword/es/baja"},
		{"Parar", Stop, "stop/keyword/pt/parar"},
		{"SAIR", Stop, "stop/keyword/pt/sair"},
		{"Halt", Stop, "stop/keyword/de/halt"},
		{"Stopp!", Stop, "stop/keyword/de/stopp"},
		{"ferma", Stop, "stop/keyword/it/ferma"},
		{"Afmelden", Stop, "stop/keyword/nl/afmelden"},
		{"Zatrzymaj", Stop, "stop/keyword/pl/zatrzymaj"},
		{"Остановить", Stop, "stop/keyword/ru/остановить"},
		{"СТОП", Stop, "stop/keyword/ru/стоп"},
		{"TD", Stop, "stop/keyword/zh/td"},
		{"退订", Stop, "stop/keyword/zh/退订"},
		{"T", Review, "review/keyword/zh/t"},
		{"수신거부", Stop, "stop/keyword/ko/수신거부"},
		{"Dừng", Stop, "stop/keyword/vi/dừng"},
		{"配信停止", Stop, "stop/keyword/ja/配信停止"},
		{"Tigil", Stop, "stop/keyword/tl/tigil"},
		{"sispann", Stop, "stop/keyword/ht/sispann"},
		{"توقّف", Stop, "stop/keyword/ar/توقف"},
		// the others
		{"START", Start, "start/keyword/en/start"},
		{"unstop", Start, "start/keyword/en/unstop"},
		{"Alta", Start, "start/keyword/es/alta"},
		{"HELP", Help, "help/keyword/en/help"},
		{"Info?", Help, "help/keyword/en/info"},
		{"Aide", Help, "help/keyword/fr/aide"},
		{"AYUDA!", Help, "help/keyword/es/ayuda"},
		{"Помощь", Help, "help/keyword/ru/помощь"},
		{"?", Help, "help/question-mark"},
		{" ?? ", Help, "help/question-mark"},
		// never
		{"YES", None, ""},
		{"y", None, ""},
		{"Sí", None, ""},
		{"no", None, ""},
		{"N", None, ""},
		{"GO", None, ""},
		{"Đúng", None, ""}, // "right" in Vietnamese, which differs from "stop" in its accents alone
		{"", None, ""},
		{"   ", None, ""},
		{"!!!", None, ""},
		{"\xff\xfe", None, ""},
	} {
		got := Read(c.text)
		require.Equal(t, c.want, got.Intent, "%q", c.text)
		require.Equal(t, c.rule, got.Rule, "%q", c.text)
	}
}

func TestReadRange(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"  Stop.  ":              "Stop",
		"«ARRÊT»":                "ARRÊT",
		"s\u0301top":             "s\u0301top",
		"> Acme: hello\nQuit!\n": "Quit",
		"Opt-Out 👍":              "Opt-Out",
	} {
		r := Read(text)
		require.Equal(t, Stop, r.Intent, "%q", text)
		require.Equal(t, want, text[r.Start:r.End], "%q", text)
	}
}

// TestReadRepeated: what a phone or a mail program repeats is not what the person says.
func TestReadRepeated(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Liked “STOP”",
		"Loved “Acme: your visit is tomorrow. Reply STOP to opt out”",
		"Laughed at “stop”",
		"Emphasized \"STOP\"",
		"Disliked “STOP”",
		"Questioned “Reply STOP to end",
		"Removed a like from “STOP”",
		"Reacted 👍 to “STOP”",
		"Reacted 👍🏽 to “STOP”",
		"👍 to “STOP”",
		"\u200a👍\u200b to “\u200aSTOP\u200a”",
		"Le gustó “STOP”",
		"Reaccionó con ❤️ a “STOP”",
		"A aimé « STOP »",
		"N’a pas aimé « STOP »",
		"Curtiu “STOP”",
		"Reagiu com 👍 a “STOP”",
		"> STOP",
		"ok\n> STOP\n",
		"ok thanks\nOn Tue, Mar 3, 2026 at 9:00 AM Acme <sms@acme.example> wrote:\nSTOP",
		"On Tue, Mar 3, 2026, Acme wrote:\n> STOP\n> and more\n",
		"d'accord\nLe mar. 3 mars 2026, Acme a écrit :\nSTOP",
		"-----Original Message-----\nSTOP",
	} {
		require.Equal(t, None, Read(text).Intent, "%q", text)
	}
	for _, text := range []string{
		"STOP\nOn Tue, Mar 3, 2026, Acme wrote:\n> Your visit\n",
		"On Tue, Mar 3, 2026, Acme wrote:\n> Your visit\nSTOP",
		"> Your visit is tomorrow\nSTOP",
		"Liked “Your visit is tomorrow”\nSTOP",
		"Liked “Your visit is tomorrow” STOP",
		"\"STOP\"",
	} {
		require.Equal(t, Stop, Read(text).Intent, "%q", text)
	}
}
