package lex

import (
	"strings"
	"unicode/utf8"
)

const latin = "abcdefghijklmnopqrstuvwxyz"

// Latin letters that Unicode does not reduce to plain ones, and what they stand for.
const (
	variants       = "øØłŁđĐðÐıħĦŧŦəɑɡɩɪʟɴʀʏꜱᴀʙᴄᴅᴇꜰɢʜᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢ"
	variantLetters = "oolldddd" + "ihhtteagiilnrysabcdefghjkmoptuvwz"
)

// Letters of other scripts that look like Latin ones, and what they look like.
// A word is read this way if it mixes scripts, or if it is no word of its own script.
const (
	lookalikes = "АВЕКМНОРСТУХІЈЅԚԜҮавеикмнопрстухгіјѕԁԛԝһүьᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᏃ" +
		"ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχγωϲϳ"
	lookLetters = "abekmhopctyxijsqwy" + "abeukmhonpctyxrijsdqwhyb" + "abcdegh" + "ijklmprstvwz" +
		"abezhikmnoptyx" + "abeikvoptuxywcj"
)

// look returns the letter of to that stands where r stands in from, or "".
func look(r rune, from, to string) string {
	i := strings.IndexRune(from, r)
	if i < 0 {
		return ""
	}
	n := utf8.RuneCountInString(from[:i])
	return to[n : n+1]
}

// skeleton appends word as a reader of Latin letters would see it.
func skeleton(dst []byte, word string) []byte {
	for _, r := range word {
		if classOf(r) == classSkip {
			continue
		}
		if l := look(r, lookalikes, lookLetters); l != "" {
			dst = append(dst, l...)
			continue
		}
		dst = fold(dst, r)
	}
	return dst
}
