package provider

import (
	"context"
	"errors"
)

// errNoProvider is the cause of the error of an empty [First].
var errNoProvider = errors.New("provider: First was given no provider")

// KindOf returns the [Kind] of the outermost [*Error] in err's tree.
//
// It is Unknown for every other error, for nil, and for a kind that this
// package does not define: only a known kind promises anything.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok && e != nil && e.Kind <= Refused {
		return e.Kind
	}
	return Unknown
}

// First returns a Provider that hands a message to the first of ps, and to the
// next one only if the one before answered [Unavailable]. Every other answer is
// final: after Unknown the message may be on its way already, and a filter or
// an opt-out is never gone around (R7.23, R7.34).
//
// The error is that of the last provider asked. When ctx ends, no further
// provider is asked. Providers that are nil are skipped; with none left, Send
// refuses every message with [Refused].
func First(ps ...Provider) Provider {
	f := make(first, 0, len(ps))
	for _, p := range ps {
		if p != nil {
			f = append(f, p)
		}
	}
	return f
}

type first []Provider

// Send implements [Provider].
func (f first) Send(ctx context.Context, m Message) (Receipt, error) {
	err := error(&Error{Kind: Refused, Err: errNoProvider})
	for _, p := range f {
		var r Receipt
		if r, err = p.Send(ctx, m); err == nil {
			return r, nil
		}
		if KindOf(err) != Unavailable || ctx.Err() != nil {
			break
		}
	}
	return Receipt{}, err
}
