package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"syscall"
)

// The causes of failures, in fixed words: errors of net/http quote addresses
// and what the other side wrote.
var (
	errNoName      = errors.New("wire: the server's name was not found")
	errCertificate = errors.New("wire: the server's certificate was not accepted")
	errCut         = errors.New("wire: the connection broke")
	errNoAnswer    = errors.New("wire: no answer")
)

// cause reduces err to something that is safe to print: one of this package's
// words, the error of a context, or an error number of the system.
func cause(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errCut
	}
	if n, ok := errors.AsType[syscall.Errno](err); ok {
		return n
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return errNoName
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return errCertificate
	}
	return errNoAnswer
}
