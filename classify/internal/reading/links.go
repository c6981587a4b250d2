package reading

import "bytes"

// links finds public link shorteners among the words from..to. (R7.28).
func (t *Text) links(from, to int) {
	for i := from; i < to; i++ {
		if w := t.Words[i]; w.Kind == Address && shortener(host(t.f.b[w.from:w.to])) {
			t.Hits = append(t.Hits, Hit{From: i, To: i + 1, Rule: shortenerRule, Weight: 100})
		}
	}
}

// host cuts a folded URL down to its host name.
func host(b []byte) []byte {
	if i := bytes.Index(b, []byte("://")); i >= 0 {
		b = b[i+3:]
	}
	if i := bytes.IndexAny(b, "/?#:"); i >= 0 {
		b = b[:i]
	}
	if i := bytes.LastIndexByte(b, '@'); i >= 0 {
		b = b[i+1:]
	}
	return bytes.TrimPrefix(b, []byte("www."))
}

// shortener reports whether h is a public link shortener, shared by many
// senders. Carriers filter them as a class. As of 2026-11-24. (R7.28).
func shortener(h []byte) bool {
	switch string(h) {
	case "bit.ly", "bitly.com", "j.mp", "tinyurl.com", "tiny.cc", "goo.gl", "ow.ly", "is.gd", "v.gd", "buff.ly",
		"short.io", "shorturl.at", "t.co", "t.ly", "rb.gy", "rebrand.ly", "cutt.ly", "lnkd.in", "twil.io", "bl.ink",
		"soo.gd", "s2r.co", "clicky.me", "budurl.com", "bc.vc", "adf.ly", "shorte.st", "cli.gs", "snip.ly", "mcaf.ee",
		"tr.im", "x.co", "qr.ae", "u.to", "po.st", "trib.al", "dlvr.it", "ift.tt", "urlz.fr", "shrtco.de", "1url.com",
		"kutt.it", "tny.im", "short.gy", "s.id", "linktr.ee", "onelink.to":
		return true
	}
	return false
}
