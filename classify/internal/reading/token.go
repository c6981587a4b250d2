package reading

// Kind is what a token is.
type Kind uint8

// The kinds of token.
const (
	Word    Kind = iota // letters
	Number              // digits
	Percent             // a number and a percent sign
	Price               // a currency sign and a number
	Clock               // digits with a colon
	Address             // a URL, host name or e-mail address
	Mark                // one character of punctuation or a symbol
)

// Token is a word, number or sign of a folded text.
type Token struct {
	from, to int32  // in the folded text
	Hash     uint32 // of the folded word, see hashWord
	ID       uint16 // in the vocabulary of the rules, 0 if unknown
	clause   uint16 // the clause that it belongs to
	Kind     Kind
	Sign     byte // the first byte of a mark
}

const (
	hashSeed  = 2166136261
	hashPrime = 16777619
)

func hashBytes(h uint32, b []byte) uint32 {
	for _, c := range b {
		h = (h ^ uint32(c)) * hashPrime
	}
	return h
}

// Hash is the hash of a folded word, as in [Token].
func Hash(w string) uint32 { return hashWord([]byte(w)) }

func hashWord(b []byte) uint32 { return hashBytes(hashSeed, b) }

// tokenize cuts f into tokens and clauses, reusing ts.
func tokenize(f *folded, ts []Token) []Token {
	ts = ts[:0]
	for i := 0; i < len(f.b); {
		c := f.b[i]
		switch {
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case letter(c):
			i = scanWord(f, i, &ts)
		case digit(c):
			i = scanNumber(f, i, &ts)
		case currency(f.b[i:]) > 0:
			i = scanPrice(f, i, &ts)
		default:
			n := runeLen(c)
			n = min(n, len(f.b)-i)
			ts = append(ts, Token{from: int32(i), to: int32(i + n), Kind: Mark, Sign: c, Hash: hashWord(f.b[i : i+n])}) //nolint:gosec // short
			i += n
		}
	}
	ts = joinSpaced(f, ts)
	cut(f, ts)
	return ts
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 0xC3 && c <= 0xDF || c >= 0xE0 && c <= 0xE1
}
func digit(c byte) bool { return c >= '0' && c <= '9' }

func runeLen(c byte) int {
	switch {
	case c < 0x80:
		return 1
	case c < 0xE0:
		return 2
	case c < 0xF0:
		return 3
	}
	return 4
}

// wordEnd returns where the letters and digits that begin at i end.
func wordEnd(b []byte, i int) int {
	for i < len(b) && (letter(b[i]) || digit(b[i]) || b[i] >= 0x80 && b[i] < 0xC0) {
		i++
	}
	return i
}

// scanWord reads a word with its apostrophes, or a host name, or an e-mail address.
func scanWord(f *folded, i int, ts *[]Token) int {
	b := f.b
	j := wordEnd(b, i)
	if n := addressEnd(b, i, j); n > 0 {
		*ts = append(*ts, Token{from: int32(i), to: int32(n), Kind: Address, Hash: hashWord(b[i:n])}) //nolint:gosec // short
		return n
	}
	if j+1 < len(b) && b[j] == '\'' && letter(b[j+1]) {
		k := wordEnd(b, j+1)
		switch {
		case k-j == 2 && b[j+1] == 's' && !contraction(b[i:j]): // the owner's
			*ts = append(*ts, newWord(b, i, j, k))
		case j-i <= 2 && !contraction(b[i:j]): // l'offre
			*ts = append(*ts, newWord(b, i, j, j))
			return j + 1
		default: // you're
			h := hashBytes(hashWord(b[i:j]), b[j+1:k])
			*ts = append(*ts, Token{from: int32(i), to: int32(k), Kind: Word, Hash: h}) //nolint:gosec // short
		}
		return k
	}
	*ts = append(*ts, newWord(b, i, j, j))
	return j
}

// newWord is the word b[i:j] of a token that reaches to end.
func newWord(b []byte, i, j, end int) Token {
	return Token{from: int32(i), to: int32(end), Kind: Word, Hash: hashWord(b[i:j])} //nolint:gosec // short
}

// contraction reports whether 's behind w stands for a verb, or the word is one of ours.
func contraction(w []byte) bool {
	switch string(w) {
	case "it", "that", "what", "here", "there", "let", "who", "how", "where", "she", "he", "i", "we", "he'":
		return true
	}
	return false
}

// addressEnd returns where the address at b[i:] ends, given where its first word ends, or 0.
func addressEnd(b []byte, i, j int) int {
	if j+2 < len(b) && b[j] == ':' && b[j+1] == '/' && b[j+2] == '/' {
		return pathEnd(b, j)
	}
	k, dot := j, false
	for k+1 < len(b) && (b[k] == '.' || b[k] == '@' || b[k] == '-' || b[k] == '_') && (letter(b[k+1]) || digit(b[k+1])) {
		if b[k] == '@' || b[k] == '.' && k+2 < len(b) && letter(b[k+1]) && (letter(b[k+2]) || digit(b[k+2])) {
			dot = true
		}
		k = wordEnd(b, k+1)
	}
	if !dot || !hostLike(b[i:k]) {
		return 0
	}
	if k < len(b) && (b[k] == '/' || b[k] == '?' && k+1 < len(b) && b[k+1] != ' ') {
		return pathEnd(b, k)
	}
	return k
}

// hostLike reports whether w ends like a host name: sentences without a space behind the full stop do not.
func hostLike(w []byte) bool {
	i := len(w) - 1
	for i >= 0 && w[i] != '.' && w[i] != '@' {
		i--
	}
	if i < 0 {
		return false
	}
	for _, c := range w[:i] {
		if c == '@' {
			return true
		}
	}
	switch string(w[i+1:]) {
	case "com", "net", "org", "example", "test", "io", "co", "me", "us", "uk", "ly", "gl", "to", "gov", "edu", "app", "fr",
		"es", "br", "pt", "mx", "ca", "link", "info", "biz", "at", "is", "gd", "cc", "page", "shop", "store", "live", "de",
		"in", "cl", "ar", "pe", "mz", "be", "ch", "eu", "im", "li", "id", "gg", "dev", "ai", "tv", "news", "online", "site":
		return true
	}
	return false
}

func pathEnd(b []byte, i int) int {
	for i < len(b) && b[i] != ' ' && b[i] != '\n' && b[i] != '"' && b[i] != ')' && b[i] != '>' {
		i++
	}
	for i > 0 && (b[i-1] == '.' || b[i-1] == ',' || b[i-1] == '!' || b[i-1] == '?' || b[i-1] == ';' || b[i-1] == ':') {
		i--
	}
	return i
}

// currency returns the length of the currency sign that b begins with, or 0.
func currency(b []byte) int {
	switch {
	case b[0] == '$':
		return 1
	case len(b) > 1 && b[0] == 0xC2 && (b[1] == 0xA3 || b[1] == 0xA5): // pound, yen
		return 2
	case len(b) > 2 && b[0] == 0xE2 && b[1] == 0x82 && (b[2] == 0xAC || b[2] == 0xB9 || b[2] == 0xA6): // euro, rupee, naira
		return 3
	}
	return 0
}

func scanPrice(f *folded, i int, ts *[]Token) int {
	n := currency(f.b[i:])
	j := i + n
	if j < len(f.b) && f.b[j] == ' ' {
		j++
	}
	if j >= len(f.b) || !digit(f.b[j]) {
		*ts = append(*ts, Token{from: int32(i), to: int32(i + n), Kind: Mark, Sign: '$', Hash: hashWord(f.b[i : i+n])}) //nolint:gosec // short
		return i + n
	}
	j, _ = digits(f.b, j)
	*ts = append(*ts, Token{from: int32(i), to: int32(j), Kind: Price}) //nolint:gosec // short
	return j
}

// digits returns where the number at b[i:] ends and whether it is a time of day.
func digits(b []byte, i int) (end int, isClock bool) {
	for i < len(b) {
		if digit(b[i]) {
			i++
			continue
		}
		if (b[i] == '.' || b[i] == ',' || b[i] == ':') && i+1 < len(b) && digit(b[i+1]) {
			isClock = isClock || b[i] == ':'
			i++
			continue
		}
		break
	}
	return i, isClock
}

func scanNumber(f *folded, i int, ts *[]Token) int {
	b := f.b
	j, isClock := digits(b, i)
	t := Token{from: int32(i), Kind: Number} //nolint:gosec // short
	switch {
	case isClock:
		t.Kind = Clock
	case j < len(b) && b[j] == '%':
		t.Kind = Percent
		j++
	case j+1 < len(b) && b[j] == ' ' && b[j+1] == '%':
		t.Kind = Percent
		j += 2
	case j < len(b) && currency(b[j:]) > 0:
		t.Kind = Price
		j += currency(b[j:])
	case j+1 < len(b) && b[j] == ' ' && currency(b[j+1:]) > 1: // 20 €
		t.Kind = Price
		j += 1 + currency(b[j+1:])
	case j < len(b) && letter(b[j]): // 20gb, 2nd, 4th, or a code
		j = wordEnd(b, j)
		if n := addressEnd(b, i, j); n > 0 {
			t.Kind, j = Address, n
		}
	}
	t.to = int32(j) //nolint:gosec // short
	t.Hash = hashWord(b[i:j])
	*ts = append(*ts, t)
	return j
}

// joinSpaced makes one word of letters that are spelled out: "f r e e", "s.a.l.e".
func joinSpaced(f *folded, ts []Token) []Token {
	out := ts[:0]
	for i := 0; i < len(ts); {
		n := spelled(ts[i:])
		if n == 0 {
			out = append(out, ts[i])
			i++
			continue
		}
		t := Token{from: ts[i].from, to: ts[i+n-1].to, Kind: Word, Hash: hashSeed}
		for _, s := range ts[i : i+n] {
			if s.Kind == Word {
				t.Hash = hashBytes(t.Hash, f.b[s.from:s.to])
			}
		}
		out = append(out, t)
		i += n
	}
	return out
}

// spelled returns how many tokens at the front of ts spell a word of at least four letters, or 0.
func spelled(ts []Token) int {
	n, letters := 0, 0
	for i, t := range ts {
		single := t.Kind == Word && t.to-t.from == 1
		switch {
		case single:
			if i > 0 && t.from-ts[i-1].to > 1 {
				return count(n, letters)
			}
			letters++
			n = i + 1
		case t.Kind == Mark && i > 0 && (t.Sign == '.' || t.Sign == '-' || t.Sign == '*' || t.Sign == '_') && ts[i-1].Kind == Word:
		default:
			return count(n, letters)
		}
	}
	return count(n, letters)
}

func count(n, letters int) int {
	if letters < 4 {
		return 0
	}
	return n
}

// cut numbers the clauses. One ends at a sentence's end, a semicolon, a bullet,
// a bar, a line break or a dash between spaces.
func cut(f *folded, ts []Token) {
	n, open := uint16(0), false
	for i := range ts {
		t := &ts[i]
		t.clause = n
		if t.Kind != Mark {
			open = true
			continue
		}
		if open && endsClause(f.b, ts, i) {
			n++
			open = false
		}
	}
}

// endsClause reports whether the mark ts[i] ends a clause.
func endsClause(b []byte, ts []Token, i int) bool {
	t := ts[i]
	spaced := int(t.to) >= len(b) || b[t.to] == ' ' || b[t.to] == '\n'
	switch t.Sign {
	case '!', '?', ';', '|', '\n':
		return true
	case '.':
		ends := spaced || i+1 < len(ts) && ts[i+1].Kind != Word
		return ends && (i == 0 || !abbreviated(b[ts[i-1].from:ts[i-1].to]))
	case '-':
		return spaced && t.from > 0 && b[t.from-1] == ' '
	case 0xE2: // dashes, bullets, the ellipsis
		return true
	case 0xF0: // emoji
		return spaced
	}
	return false
}

// abbreviated reports whether a full stop behind w need not end a sentence.
func abbreviated(w []byte) bool {
	switch string(w) {
	case "dr", "m", "mr", "mrs", "ms", "st", "no", "inc", "ave", "apt", "vs", "approx", "jr", "sr", "p", "a", "rs", "ste", "sra",
		"dra", "mme", "incl", "reg", "co", "corp", "dept", "ext", "min", "max", "msg", "av", "tel", "ref", "acct":
		return true
	}
	return false
}
