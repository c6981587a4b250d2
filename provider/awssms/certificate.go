package awssms

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/carewire/carewire/provider/internal/wire"
)

// snsHost is what a server of SNS is called.
var snsHost = regexp.MustCompile(`^sns\.[a-zA-Z0-9-]{3,32}\.amazonaws\.com(\.cn)?$`)

// ofSNS reports whether a URL leads to a server of SNS, by HTTPS and without
// port or user information.
func ofSNS(rawURL string) (*url.URL, bool) {
	u, err := url.Parse(rawURL)
	ok := err == nil && u.Scheme == "https" && u.User == nil && snsHost.MatchString(u.Host)
	return u, ok
}

// maxCertificates is how many certificates are kept. AWS has one at a time.
const maxCertificates = 8

// certificates fetches the certificates of SNS and keeps them.
type certificates struct {
	client *wire.Client
	now    func() time.Time

	mu   sync.Mutex
	kept map[string]*x509.Certificate
}

// key returns the public key at a URL. A URL that is not of SNS is refused
// before anything is fetched; a failure to fetch asks SNS to deliver again.
func (c *certificates) key(ctx context.Context, rawURL string) (*rsa.PublicKey, error) {
	u, ok := ofSNS(rawURL)
	if !ok || !strings.HasSuffix(u.Path, ".pem") || u.RawQuery != "" || u.Fragment != "" {
		return nil, wire.Refuse(http.StatusUnauthorized, "the certificate is not of SNS")
	}
	cert := c.get(rawURL)
	if cert == nil {
		var err error
		if cert, err = c.fetch(ctx, rawURL); err != nil {
			return nil, err
		}
		c.keep(rawURL, cert)
	}
	if now := c.now(); now.Before(cert.NotBefore) || now.After(cert.NotAfter) {
		return nil, wire.Refuse(http.StatusUnauthorized, "the certificate is not valid now")
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, wire.Refuse(http.StatusUnauthorized, "the certificate has no RSA key")
	}
	return key, nil
}

func (c *certificates) fetch(ctx context.Context, rawURL string) (*x509.Certificate, error) {
	again := wire.Refuse(http.StatusServiceUnavailable, "the certificate cannot be fetched: deliver again")
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, rawURL, http.NoBody)
	if err != nil {
		return nil, again
	}
	answer, err := c.client.Do(r)
	if err != nil || answer.Status != http.StatusOK || answer.Err != nil {
		return nil, again
	}
	block, _ := pem.Decode(answer.Body)
	if block == nil {
		return nil, again
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, again
	}
	return cert, nil
}

func (c *certificates) get(rawURL string) *x509.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept[rawURL]
}

func (c *certificates) keep(rawURL string, cert *x509.Certificate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || len(c.kept) >= maxCertificates {
		c.kept = map[string]*x509.Certificate{}
	}
	c.kept[rawURL] = cert
}
