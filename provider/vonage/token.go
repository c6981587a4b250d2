package vonage

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// tokenLife is how long a token of ours is good for.
const tokenLife = 5 * time.Minute

var errToken = errors.New("vonage: the token cannot be signed")

// token makes the token that authenticates one request: a JWT of the
// application, RS256.
func (a *Adapter) token() (string, error) {
	now := a.cfg.Now()
	claims, err := json.Marshal(map[string]any{
		"application_id": a.cfg.ApplicationID, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix(), "jti": rand.Text(),
	})
	if err != nil {
		return "", &provider.Error{Kind: provider.Refused, Err: errToken}
	}
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + enc.EncodeToString(claims)
	sum := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPKCS1v15(rand.Reader, a.key, crypto.SHA256, sum[:])
	if err != nil {
		return "", &provider.Error{Kind: provider.Refused, Err: errToken}
	}
	return signed + "." + enc.EncodeToString(sig), nil
}

// claims are what a webhook's token says.
type claims struct {
	IssuedAt      int64  `json:"iat"`
	APIKey        string `json:"api_key"`
	ApplicationID string `json:"application_id"`
	PayloadHash   string `json:"payload_hash"`
}

// Verify implements [provider.Webhook]: the request carries a JWT, HS256 under
// the signature secret of the API key that it names, with the SHA-256 of the
// raw body. Vonage rarely sends a request without a token, and repeats it if it
// is answered with 5xx, so that such a request is refused with 503.
func (a *Adapter) Verify(r *http.Request, body []byte) error {
	_, err := a.verify(r, body)
	return err
}

func (a *Adapter) verify(r *http.Request, body []byte) (claims, error) {
	if err := wire.Check(r, body, http.MethodPost); err != nil {
		return claims{}, err
	}
	scheme, token, _ := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return claims{}, wire.Refuse(http.StatusServiceUnavailable, "there is no token: deliver again")
	}
	c, err := a.read(token)
	if err != nil {
		return claims{}, err
	}
	sum := sha256.Sum256(body)
	switch {
	case c.PayloadHash == "" && len(body) == 0: // nothing to protect
	case !wire.Same(strings.ToLower(c.PayloadHash), hex.EncodeToString(sum[:])):
		return claims{}, wire.Refuse(http.StatusUnauthorized, "the body is not the signed one")
	}
	if d := a.cfg.Now().Sub(time.Unix(c.IssuedAt, 0)); d > a.cfg.MaxAge || d < -a.cfg.MaxAge {
		return claims{}, wire.Refuse(http.StatusUnauthorized, "the token is too old, or of the future")
	}
	return c, nil
}

// read checks a token's signature and returns its claims. The algorithm is
// fixed: a token cannot choose another one.
func (a *Adapter) read(token string) (claims, error) {
	refused := wire.Refuse(http.StatusUnauthorized, "the token is not Vonage's")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims{}, refused
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	var c claims
	if !decode(parts[0], &header) || header.Algorithm != "HS256" || !decode(parts[1], &c) {
		return claims{}, refused
	}
	given, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return claims{}, refused
	}
	secret, ok := a.secret(c.APIKey)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(parts[0] + "." + parts[1])) // a hash does not fail
	if !hmac.Equal(mac.Sum(nil), given) || !ok {
		return claims{}, refused
	}
	return c, nil
}

// secret returns the signature secret of an API key. A token that names none
// can be checked only if there is one secret.
func (a *Adapter) secret(apiKey string) (string, bool) {
	if apiKey == "" && len(a.cfg.Secrets) == 1 {
		for _, s := range a.cfg.Secrets {
			return s, true
		}
	}
	s, ok := a.cfg.Secrets[apiKey]
	return s, ok
}

// decode reads one part of a token.
func decode(part string, v any) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(part)
	return err == nil && json.Unmarshal(b, v) == nil
}
