package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// base is the time at which everything happens in the cases.
var base = time.Date(2026, 11, 23, 12, 34, 56, 123456000, time.UTC)

// lab is what one case works with: a tenant and a number that no other case has.
type lab struct {
	of recipient.ID
}

func newLab() *lab {
	return &lab{of: recipient.ID{Tenant: "t" + rand.Text(), Phone: randomPhone()}}
}

// randomPhone makes a number under +999, a country code that nobody has.
func randomPhone() recipient.Phone {
	n, err := rand.Int(rand.Reader, big.NewInt(1e12))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return recipient.MustParse(fmt.Sprintf("+999%012d", n))
}

// attempt makes an attempt with an ID that no other attempt has.
func (l *lab) attempt(own string) store.Attempt {
	return store.Attempt{
		ID: "a" + rand.Text(), Of: l.of, Key: store.Key(store.KeyMessage, "acme", own), Sum: "sum of " + own,
		Brand: "acme", Purpose: consent.Delivery, At: base,
	}
}

// neighbours are recipients that differ from l.of a little, l.of first.
func (l *lab) neighbours() []recipient.ID {
	var out []recipient.ID
	for _, tenant := range []string{
		l.of.Tenant, strings.ToLower(l.of.Tenant), l.of.Tenant + " ", " " + l.of.Tenant, l.of.Tenant + ":",
		l.of.Tenant + "\u00e9", l.of.Tenant + "e\u0301", l.of.Tenant + "%", l.of.Tenant + "_", l.of.Tenant + l.of.Tenant,
		"", // the only tenant there is
	} {
		out = append(out, recipient.ID{Tenant: tenant, Phone: l.of.Phone})
	}
	number := l.of.Phone.E164()
	shorter := recipient.MustParse(number[:len(number)-1])
	return append(out, recipient.ID{Tenant: l.of.Tenant, Phone: shorter}, recipient.ID{Tenant: l.of.Tenant, Phone: randomPhone()})
}

// together runs n functions at the same time and returns the first error.
func together(n int, f func(i int) error) error {
	var (
		wg   sync.WaitGroup
		gate = make(chan struct{})
		errs = make([]error, n)
	)
	for i := range n {
		wg.Go(func() {
			<-gate
			errs[i] = f(i)
		})
	}
	close(gate)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// pick returns one of two handles by turns.
func pick[S any](i int, a, b S) S {
	if i%2 == 0 {
		return a
	}
	return b
}

// ended returns a context that has ended.
func ended(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}
