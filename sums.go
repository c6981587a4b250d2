package carewire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// sum makes a keyed sum of parts, for the equality of messages and for ids
// that the same event gets again. A plain digest would give away short texts:
// a six-digit code is found from its SHA-256 in less than a second.
func (c *Client) sum(kind string, parts ...string) string {
	var b []byte
	for _, p := range append([]string{kind}, parts...) { // length-prefixed, so that no two lists of parts are alike
		b = binary.BigEndian.AppendUint64(b, uint64(len(p)))
		b = append(b, p...)
	}
	h := hmac.New(sha256.New, c.cfg.Secret)
	h.Write(b)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:20])
}
