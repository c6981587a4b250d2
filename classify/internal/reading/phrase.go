package reading

import (
	"fmt"
	"strconv"
	"strings"
)

// phrase is one line of a rule file: what a rule objects to, or what is innocent.
type phrase struct {
	elems  []elem
	rule   uint8
	weight uint8
	langs  langs
}

// elem is one element of a phrase.
type elem struct {
	set   []uint64 // the words that fit, a bit per vocabulary id
	kinds uint8    // the other kinds of token that fit, a bit per kind
	role  role
	maybe bool // the element may be missing
}

// role is what an element does.
type role uint8

const (
	one      role = iota // fits one token
	anyOne               // fits any one token
	gap                  // skips up to three tokens
	question             // asks that the clause is a question
)

// gapLength is how many tokens a gap may skip.
const gapLength = 3

// langs is a set of languages.
type langs uint8

// The languages of the rules.
const (
	english langs = 1 << iota
	spanish
	french
	portuguese
)

// ruleset is the rule files, compiled.
type ruleset struct {
	ids     []string          // of the rules; 0 is innocent
	vocab   map[uint32]uint16 // hash of a word to its id, from 1
	speaks  []langs           // by vocabulary id: the languages in which it is a common small word
	phrases []phrase
	byWord  [][]uint16 // phrases by the vocabulary ids that they can begin with
	byKind  [Address + 1][]uint16
}

// compiler turns rule files into a ruleset.
type compiler struct {
	rs    *ruleset
	words [][]string // by phrase element, resolved to sets when the vocabulary is complete
	lists map[string][]string
}

// compile reads the rule files of each language. An error is a mistake in a file.
func compile(files map[langs]string, small map[langs]string) (*ruleset, error) {
	rs := &ruleset{ids: []string{"innocent", "link/shortener", "formula"}, vocab: map[uint32]uint16{}, speaks: make([]langs, 1)}
	c := compiler{rs: rs}
	for _, l := range []langs{english, spanish, french, portuguese} {
		for _, w := range strings.Fields(small[l]) {
			id := c.word(w)
			rs.speaks[id] |= l
		}
		if err := c.file(files[l], l); err != nil {
			return nil, err
		}
	}
	c.resolve()
	return rs, nil
}

// word returns the id of w, giving it one if it is new.
func (c *compiler) word(w string) uint16 {
	h := hashWord([]byte(w))
	id, ok := c.rs.vocab[h]
	if !ok {
		id = uint16(len(c.rs.vocab) + 1) //nolint:gosec // some thousand words
		c.rs.vocab[h] = id
		c.rs.speaks = append(c.rs.speaks, 0)
	}
	return id
}

func (c *compiler) file(text string, l langs) error {
	c.lists = map[string][]string{}
	rule, weight := uint8(0), uint8(0)
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '@' && strings.Contains(line, "="):
			name, list, _ := strings.Cut(line[1:], "=")
			c.lists[strings.TrimSpace(name)] = strings.Fields(list)
		case line[0] == '[':
			var err error
			if rule, weight, err = c.heading(strings.Trim(line, "[]")); err != nil {
				return fmt.Errorf("line %d: %w", n+1, err)
			}
		default:
			if err := c.phrase(line, phrase{rule: rule, weight: weight, langs: l}); err != nil {
				return fmt.Errorf("line %d: %w", n+1, err)
			}
		}
	}
	return nil
}

func (c *compiler) heading(s string) (rule, weight uint8, err error) {
	id, num, ok := strings.Cut(s, " ")
	if ok {
		w, err := strconv.ParseUint(num, 10, 7)
		if err != nil {
			return 0, 0, fmt.Errorf("weight of %q: %w", id, err)
		}
		weight = uint8(w)
	}
	for i, known := range c.rs.ids {
		if known == id {
			return uint8(i), weight, nil //nolint:gosec // some dozen rules
		}
	}
	c.rs.ids = append(c.rs.ids, id)
	return uint8(len(c.rs.ids) - 1), weight, nil //nolint:gosec // some dozen rules
}

func (c *compiler) phrase(line string, p phrase) error {
	for _, f := range strings.Fields(line) {
		e, words, err := c.elem(f)
		if err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
		p.elems = append(p.elems, e)
		c.words = append(c.words, words)
	}
	if first := p.elems[0]; first.role != one || first.maybe {
		return fmt.Errorf("%q: must begin with a word", line)
	}
	c.rs.phrases = append(c.rs.phrases, p)
	return nil
}

func (c *compiler) elem(f string) (e elem, words []string, err error) {
	switch f {
	case "..":
		return elem{role: gap}, nil, nil
	case "*":
		return elem{role: anyOne}, nil, nil
	case "<?>":
		return elem{role: question}, nil, nil
	}
	if f[0] != '<' {
		f, e.maybe = strings.CutSuffix(f, "?")
	}
	kindOf := map[string]Kind{"num": Number, "pct": Percent, "price": Price, "time": Clock, "url": Address}
	for _, alt := range strings.Split(strings.NewReplacer("<", "|<", ">", ">|").Replace(kinds(f)), "|") {
		switch {
		case alt == "":
		case alt[0] == '<':
			k, ok := kindOf[strings.Trim(alt, "<>")]
			if !ok {
				return e, nil, fmt.Errorf("no kind %s", alt)
			}
			e.kinds |= 1 << k
		case alt[0] == '@':
			list, ok := c.lists[alt[1:]]
			if !ok {
				return e, nil, fmt.Errorf("no list %s", alt)
			}
			words = append(words, list...)
		default:
			words = append(words, strings.ReplaceAll(alt, "'", ""))
		}
	}
	for _, w := range words {
		c.word(w)
	}
	return e, words, nil
}

// kinds writes "<a|b>" as "<a>|<b>".
func kinds(f string) string {
	i := strings.IndexByte(f, '<')
	j := strings.IndexByte(f, '>')
	if i < 0 || j < i {
		return f
	}
	return f[:i] + strings.ReplaceAll(f[i:j], "|", ">|<") + f[j:]
}

// resolve turns the words of the elements into bit sets and indexes the phrases.
func (c *compiler) resolve() {
	rs := c.rs
	size := (len(rs.vocab) + 64) / 64
	shared := map[string][]uint64{}
	rs.byWord = make([][]uint16, len(rs.vocab)+1)
	k := 0
	for i := range rs.phrases {
		p := &rs.phrases[i]
		for j := range p.elems {
			words := c.words[k]
			k++
			if words == nil {
				continue
			}
			key := strings.Join(words, " ")
			set := shared[key]
			if set == nil {
				set = make([]uint64, size)
				for _, w := range words {
					id := c.word(w)
					set[id/64] |= 1 << (id % 64)
				}
				shared[key] = set
			}
			p.elems[j].set = set
			if j == 0 {
				c.index(words, uint16(i)) //nolint:gosec // some thousand phrases
			}
		}
		for kd := range rs.byKind {
			if p.elems[0].kinds&(1<<kd) != 0 {
				rs.byKind[kd] = append(rs.byKind[kd], uint16(i)) //nolint:gosec // some thousand phrases
			}
		}
	}
}

func (c *compiler) index(words []string, phrase uint16) {
	for _, w := range words {
		list := &c.rs.byWord[c.word(w)]
		if n := len(*list); n == 0 || (*list)[n-1] != phrase {
			*list = append(*list, phrase)
		}
	}
}

// fits reports whether e fits the token t.
func (e *elem) fits(t *Token) bool {
	if t.Kind == Word {
		return e.set != nil && e.set[t.ID/64]&(1<<(t.ID%64)) != 0
	}
	if t.Kind == Number && t.ID != 0 && e.set != nil && e.set[t.ID/64]&(1<<(t.ID%64)) != 0 {
		return true // 2x1, 3x2, 2
	}
	return e.kinds&(1<<t.Kind) != 0
}

// match returns where the phrase that continues with es at ts[i] ends, or -1.
// ts are the tokens of one clause without marks.
func match(es []elem, ts []Token, i int, asks bool) int {
	for k := range es {
		e := &es[k]
		switch e.role {
		case anyOne:
			if i >= len(ts) {
				return -1
			}
			i++
		case gap:
			for n := 0; n <= gapLength && i+n <= len(ts); n++ {
				if end := match(es[k+1:], ts, i+n, asks); end >= 0 {
					return end
				}
			}
			return -1
		case question:
			if !asks {
				return -1
			}
		default:
			if i < len(ts) && e.fits(&ts[i]) {
				if e.maybe { // with it, or without
					if end := match(es[k+1:], ts, i+1, asks); end >= 0 {
						return end
					}
					continue
				}
				i++
				continue
			}
			if !e.maybe {
				return -1
			}
		}
	}
	return i
}
