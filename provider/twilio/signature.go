package twilio

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio's scheme is HMAC-SHA1, which is not broken
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/carewire/carewire/provider/internal/wire"
)

// signatureHeader carries the signature. There is no time in the scheme, so
// that a replay can be told by the message's id alone.
const signatureHeader = "X-Twilio-Signature"

// Verify implements [provider.Webhook]: the signature is the HMAC-SHA1, under
// the auth token, of the public URL with the request's own query, followed by
// the form's keys in order, each with its different values in order. With a
// body that is no form, the query has the body's SHA-256 instead.
func (a *Adapter) Verify(r *http.Request, body []byte) error {
	_, err := a.verify(r, body)
	return err
}

// verify checks the signature and returns the query that was signed and the form.
func (a *Adapter) verify(r *http.Request, body []byte) (request, error) {
	if err := wire.Check(r, body, http.MethodPost, http.MethodGet); err != nil {
		return request{}, err
	}
	signature := r.Header.Get(signatureHeader)
	if signature == "" {
		return request{}, wire.Refuse(http.StatusUnauthorized, "there is no signature")
	}
	q := request{query: a.query(r)}
	params, err := q.read(r, body)
	if err != nil {
		return request{}, err
	}
	if !a.signs(signature, a.signedURLs(r), params) {
		return request{}, wire.Refuse(http.StatusUnauthorized, "the signature is not Twilio's")
	}
	return q, nil
}

// signs reports whether signature is Twilio's for one of the URLs and one of params.
func (a *Adapter) signs(signature string, urls []string, params [][]byte) bool {
	mac := hmac.New(sha1.New, []byte(a.cfg.AuthToken))
	ok := false
	for _, u := range urls {
		for _, p := range params {
			mac.Reset()
			_, _ = mac.Write([]byte(u)) // a hash does not fail
			_, _ = mac.Write(p)
			ok = wire.Same(base64.StdEncoding.EncodeToString(mac.Sum(nil)), signature) || ok
		}
	}
	return ok
}

// request is what was signed.
type request struct {
	query string
	form  url.Values // nil if the body is no form
}

// read takes in the body and returns what may be signed after the URL: the
// form's parameters, or nothing if the query has the body's sum.
func (q *request) read(r *http.Request, body []byte) (params [][]byte, err error) {
	sum, summed := bodySum(q.query)
	isForm := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	if summed {
		got := sha256.Sum256(body)
		if wire.Same(sum, hex.EncodeToString(got[:])) {
			params = append(params, nil)
		} else if !isForm {
			return nil, wire.Refuse(http.StatusUnauthorized, "the body is not the signed one")
		}
	}
	if isForm || !summed {
		if len(body) > 0 {
			if q.form, err = wire.Form(string(body)); err != nil {
				return nil, err
			}
		}
		params = append(params, signedParams(q.form))
	}
	return params, nil
}

// bodySum returns the body's SHA-256 that the query announces.
func bodySum(query string) (sum string, ok bool) {
	if !strings.Contains(query, "bodySHA256") {
		return "", false
	}
	v, err := url.ParseQuery(query)
	if err != nil {
		return "", false
	}
	return v.Get("bodySHA256"), v.Has("bodySHA256")
}

// query returns the request's query, or that of the public URL if a proxy took it away.
func (a *Adapter) query(r *http.Request) string {
	if r.URL.RawQuery != "" {
		return r.URL.RawQuery
	}
	_, q, _ := strings.Cut(a.bareURL(), "?")
	return q
}

// bareURL is the public URL without its fragment, which is never signed.
func (a *Adapter) bareURL() string {
	u, _, _ := strings.Cut(a.cfg.PublicURL, "#")
	return u
}

// signedURLs are the public URL with the request's query, in the spellings that
// Twilio's own libraries accept: with and without the port, escaped by other
// rules, and as it is configured if the two queries say the same. Nothing else
// of the request's URL is used, since proxies rewrite it.
func (a *Adapter) signedURLs(r *http.Request) []string {
	own := a.bareURL()
	base, ownQuery, _ := strings.Cut(own, "?")
	query := r.URL.RawQuery
	if query == "" {
		query = ownQuery
	}
	urls := make([]string, 0, 8)
	for _, b := range a.bases {
		for _, q := range spellings(query) {
			u := b + "?" + q
			if query == "" {
				u = b + own[len(base):] // a question mark alone, perhaps
			}
			urls = append(urls, u, otherPort(u))
		}
	}
	if query != ownQuery && ownQuery != "" && sameQuery(query, ownQuery) {
		urls = append(urls, own, otherPort(own))
	}
	return urls
}

// bases are the public URL without its query, as it is configured and, if that
// differs, as browsers write it.
func bases(bareURL string) []string {
	base, _, _ := strings.Cut(bareURL, "?")
	list := []string{base}
	if u, err := url.Parse(base); err == nil {
		if u.Path == "" {
			u.Path = "/"
		}
		if s := u.String(); s != base {
			list = append(list, s)
		}
	}
	return list
}

// spellings are a query as it stands, and as libraries escape it that differ
// about some characters, the single quote above all.
func spellings(query string) []string {
	list := []string{query}
	if !strings.ContainsAny(query, "'%+") {
		return list
	}
	for _, s := range [...]string{strings.ReplaceAll(query, "'", "%27"), respell(query)} {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// respell unescapes a query and escapes it again as little as JavaScript does.
func respell(query string) string {
	leave := strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")
	var b strings.Builder
	for i, kv := range strings.Split(query, "&") {
		k, v, _ := strings.Cut(kv, "=")
		key, err := url.QueryUnescape(k)
		if err != nil {
			return query
		}
		value, err := url.QueryUnescape(v)
		if err != nil {
			return query
		}
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(leave.Replace(url.QueryEscape(key)) + "=" + leave.Replace(url.QueryEscape(value)))
	}
	return b.String()
}

// sameQuery reports whether two spellings of a query say the same.
func sameQuery(a, b string) bool {
	va, err := url.ParseQuery(a)
	if err != nil {
		return false
	}
	vb, err := url.ParseQuery(b)
	return err == nil && maps.EqualFunc(va, vb, slices.Equal[[]string])
}

// otherPort returns u without its port, or with the scheme's port if it has none.
func otherPort(u string) string {
	scheme, rest, ok := strings.Cut(u, "://")
	if !ok {
		return u
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	authority, path := rest[:end], rest[end:]
	user, host := "", authority
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, host = authority[:i+1], authority[i+1:]
	}
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	} else if strings.EqualFold(scheme, "http") {
		host += ":80"
	} else {
		host += ":443"
	}
	return scheme + "://" + user + host + path
}

// signedParams writes keys and values the way that they are signed.
func signedParams(form url.Values) []byte {
	var b []byte
	for _, k := range slices.Sorted(maps.Keys(form)) {
		values := form[k]
		if len(values) > 1 {
			values = slices.Compact(slices.Sorted(slices.Values(values)))
		}
		for _, v := range values {
			b = append(append(b, k...), v...)
		}
	}
	return b
}
