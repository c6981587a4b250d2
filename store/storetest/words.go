package storetest

import "strings"

// similar are strings of which a careless store makes one: by case, by
// trimming, by normalising, by a collation, or by a type of its own.
func similar() []string {
	return []string{
		"a", "A", "a ", " a", "a  ", "a\t", "a\n", "a\r\n", "a\u00a0", "a\u200b", "\ufeffa",
		"\u00e9", "e\u0301", "E\u0301", "e", // composed, decomposed, capital, bare
		"\u00df", "ss", "SS", "\ufb00", "ff", "\u0130", "i\u0307", "i", "I", "\u0131",
		"\u2167", "VIII", "\uff21", "\u0391", "\u0410", // look-alikes of VIII and A
		"7", "07", "007", "+7", "7.0", "7e0", "0x7", "1000", "1e3", "true", "TRUE", "null", "NULL",
		"2026-11-23", "2026-11-23T00:00:00Z", "a:b", "a/b", "a|b", "a,b", "a\x1fb", "1:a", "%", "_", "*", "?",
	}
}

// literal are strings that a careless store changes on the way.
func literal() []string {
	return append(similar(),
		"", "'", "''", `"`, `\`, `\\`, `\n`, "a'; DROP TABLE attempts; --", `{"a":"\u0061"}`, "<b>&amp;</b>", "$1 ?1 :a @a",
		"line one\nline two\r\nline three", "\x01\x02\x7f", "\u2028\u2029", "\u202eabc\u202c", "\ufffd", "\uffff",
		"\U0001f642", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u05e9\u05dc\u05d5\u05dd", "\u505c\u6b62\u914d\u4fe1",
		strings.Repeat("A long text, as a disclosure with an address may be. ", 60),
	)
}
