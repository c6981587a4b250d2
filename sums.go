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
	h := hmac.New(sha256.New, c.cfg.Secret)
	write := func(s string) { // length-prefixed, so that no two lists of parts are alike
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	write(kind)
	for _, p := range parts {
		write(p)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:20])
}
