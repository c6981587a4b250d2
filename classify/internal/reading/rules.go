package reading

import (
	_ "embed" // the rule files
	"sync"
)

//go:embed rules/en.txt
var rulesEN string

//go:embed rules/es.txt
var rulesES string

//go:embed rules/fr.txt
var rulesFR string

//go:embed rules/pt.txt
var rulesPT string

// rules returns the compiled rule files, which are data with date and source
// (R7.26, R7.41). They are compiled once; a mistake in
// one of them fails the tests of this package and every call of Classify.
var rules = sync.OnceValues(func() (*ruleset, error) {
	return compile(map[langs]string{english: rulesEN, spanish: rulesES, french: rulesFR, portuguese: rulesPT}, smallWords)
})

// smallWords are common words that tell the languages apart.
var smallWords = map[langs]string{
	english: "the you your and is are to of for in on at we our with it will be this that have has from by or not if can i " +
		"was an as any all get new now off free just out up here us please call text reply thanks been its youre",
	spanish: "el la los las su tu y es en de del un una por para con que no se le te lo al esta hoy su sus tus mas si nos " +
		"nuestro nuestra ya gracias usted como sin pero hola esta",
	french: "le la les l votre vos vous et est en de du des un une pour avec que ne pas nous notre nos sur au aux d ce cette " +
		"chez par merci bonjour votre ou il elle j c n s qu tu ton ta tes",
	portuguese: "o a os as seu sua teu tua e em de do da dos das um uma por para com que nao se voce no na nos nas ao esta " +
		"foi hoje nosso nossa mais ja ola pelo pela",
}

// Hit is a phrase found in a clause.
type Hit struct {
	From, To int // words of the text: the first, and the one behind the last
	Rule     uint8
	Weight   uint8 // a clause whose rules weigh [Enough] together is promotional
}

// speak returns the languages that a text seems to be written in; all if nothing tells.
func (rs *ruleset) speak(ts []Token) langs {
	var n [4]int
	best := 0
	for i := range ts {
		for l := range n {
			if rs.speaks[ts[i].ID]&(1<<l) != 0 {
				n[l]++
				best = max(best, n[l])
			}
		}
	}
	var ls langs
	for l := range n {
		if n[l]*2 >= best {
			ls |= 1 << l
		}
	}
	return ls
}

// The numbers of the rules that are not found by phrases alone, or are no findings.
const (
	innocentRule  = 0 // excuses what it overlaps
	shortenerRule = 1
	formulaRule   = 2 // marks a clause as part of a disclosure
)

// find appends the phrases found in ts, the tokens of one clause without
// marks, to hits, and says whether the clause is part of a disclosure. What
// innocent phrases overlap is left out.
func (rs *ruleset) find(ts []Token, first int, ls langs, asks bool, hits []Hit) (found []Hit, formula bool) {
	start := len(hits)
	for i := range ts {
		list := rs.byKind[ts[i].Kind]
		if id := ts[i].ID; id != 0 {
			hits = rs.at(ts, i, rs.byWord[id], ls, asks, hits)
		}
		if ts[i].Kind != Word {
			hits = rs.at(ts, i, list, ls, asks, hits)
		}
	}
	found = hits[start:]
	for i := range found {
		formula = formula || found[i].Rule == formulaRule
		if found[i].Rule > formulaRule && excused(found[i], found) {
			found[i].Weight = 0
		}
	}
	hits = hits[:start]
	for _, h := range found {
		if h.Rule > formulaRule && h.Weight > 0 {
			h.From, h.To = h.From+first, h.To+first
			hits = append(hits, h)
		}
	}
	return hits, formula
}

func (rs *ruleset) at(ts []Token, i int, list []uint16, ls langs, asks bool, hits []Hit) []Hit {
	for _, k := range list {
		p := &rs.phrases[k]
		if p.langs&ls == 0 {
			continue
		}
		if end := match(p.elems, ts, i, asks); end > i {
			hits = append(hits, Hit{From: i, To: end, Rule: p.rule, Weight: p.weight})
		}
	}
	return hits
}

// excused reports whether an innocent phrase overlaps h.
func excused(h Hit, hits []Hit) bool {
	for _, g := range hits {
		if g.Rule == innocentRule && g.From < h.To && h.From < g.To {
			return true
		}
	}
	return false
}
