package plivo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/carewire/carewire/provider/internal/wire"
)

// The headers of a signature of version 3.
const (
	signatureHeader = "X-Plivo-Signature-V3"
	nonceHeader     = "X-Plivo-Signature-V3-Nonce"
)

// Verify implements [provider.Webhook]: one of the header's signatures is the
// HMAC-SHA256, under the auth token, of the public URL with the request's own
// query in order, the form's parameters in order, and the nonce.
func (a *Adapter) Verify(r *http.Request, body []byte) error {
	_, err := a.verify(r, body)
	return err
}

// request is what was signed.
type request struct {
	query string     // as it stands in the URL
	form  url.Values // the parameters, wherever they stand
}

func (a *Adapter) verify(r *http.Request, body []byte) (request, error) {
	if err := wire.Check(r, body, http.MethodPost, http.MethodGet); err != nil {
		return request{}, err
	}
	if r.Method == http.MethodGet && len(body) > 0 {
		return request{}, wire.Refuse(http.StatusBadRequest, "a GET with a body, which nothing signs")
	}
	nonce := r.Header.Get(nonceHeader)
	var given []string
	for _, h := range r.Header.Values(signatureHeader) {
		for s := range strings.SplitSeq(h, ",") {
			if s = strings.TrimSpace(s); s != "" {
				given = append(given, s)
			}
		}
	}
	if nonce == "" || len(given) == 0 {
		return request{}, wire.Refuse(http.StatusUnauthorized, "there is no signature of version 3")
	}
	q := request{query: a.query(r)}
	values, err := wire.Form(q.query)
	if err != nil {
		return request{}, err
	}
	q.form = values
	if r.Method == http.MethodPost {
		if q.form, err = wire.Form(string(body)); err != nil {
			return request{}, err
		}
	}
	mac := hmac.New(sha256.New, []byte(a.cfg.AuthToken))
	ok := false
	for _, base := range a.bases(r.Method, q, values) {
		mac.Reset()
		_, _ = mac.Write([]byte(base + "." + nonce)) // a hash does not fail
		want := base64.StdEncoding.EncodeToString(mac.Sum(nil))
		for _, s := range given {
			ok = wire.Same(want, s) || ok
		}
	}
	if !ok {
		return request{}, wire.Refuse(http.StatusUnauthorized, "the signature is not Plivo's")
	}
	return q, nil
}

// query returns the request's query, or that of the public URL if a proxy took it away.
func (a *Adapter) query(r *http.Request) string {
	if r.URL.RawQuery != "" {
		return r.URL.RawQuery
	}
	u, _, _ := strings.Cut(a.cfg.PublicURL, "#")
	_, q, _ := strings.Cut(u, "?")
	return q
}

// bases are the texts that may be signed. Plivo's libraries do not agree
// whether the values of the query are signed as they stand in the URL or
// unescaped, nor about user information and escapes in the path.
func (a *Adapter) bases(method string, q request, values url.Values) []string {
	queries := []string{join(values, "=", "&")}
	if raw := join(rawValues(q.query), "=", "&"); raw != queries[0] {
		queries = append(queries, raw)
	}
	tail := ""
	if method == http.MethodPost {
		tail = join(q.form, "", "")
	}
	var bases []string
	for _, u := range a.urls {
		for _, query := range queries {
			switch {
			case query == "" && tail == "":
				bases = append(bases, u)
			case query == "" || tail == "":
				bases = append(bases, u+"?"+query+tail)
			default:
				bases = append(bases, u+"?"+query+"."+tail)
			}
		}
	}
	return bases
}

// join writes keys in order, each with its values in order.
func join(v url.Values, between, after string) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(v)) {
		for _, x := range slices.Sorted(slices.Values(v[k])) {
			parts = append(parts, k+between+x)
		}
	}
	return strings.Join(parts, after)
}

// rawValues splits a query without unescaping it.
func rawValues(query string) url.Values {
	v := url.Values{}
	for kv := range strings.SplitSeq(query, "&") {
		if k, x, _ := strings.Cut(kv, "="); kv != "" {
			v[k] = append(v[k], x)
		}
	}
	return v
}

// spellings are the public URL without query and fragment: as it is
// configured, without user information, and each with its path unescaped.
func spellings(publicURL string) []string {
	u, _, _ := strings.Cut(publicURL, "#")
	u, _, _ = strings.Cut(u, "?")
	list := []string{u}
	if scheme, rest, ok := strings.Cut(u, "://"); ok {
		authority, path, slash := strings.Cut(rest, "/")
		if i := strings.LastIndexByte(authority, '@'); i >= 0 {
			bare := scheme + "://" + authority[i+1:]
			if slash {
				bare += "/" + path
			}
			list = append(list, bare)
		}
	}
	for _, s := range list {
		if plain, err := url.PathUnescape(s); err == nil && plain != s {
			list = append(list, plain)
		}
	}
	return list
}
