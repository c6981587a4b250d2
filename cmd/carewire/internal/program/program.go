// Package program reads program.json: who texts, and why.
package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/store/memstore"
)

// Program is the content of program.json: the fields of [carewire.Program] in
// any case, and the templates that people have signed.
type Program struct {
	carewire.Program
	Approved []classify.Approval
}

// Load reads a file and checks it as carewire.New does. A field that is not
// known is an error.
func Load(name string) (*Program, error) {
	data, err := os.ReadFile(name) //nolint:gosec // the user names the file
	if err != nil {
		return nil, err
	}
	p := &Program{}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: more than one JSON value", name)
	}
	if _, _, err := p.Client(time.Time{}); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// Client makes a client that keeps everything in memory, reads now from its
// clock, and sends nothing.
func (p *Program) Client(now time.Time) (*carewire.Client, *memstore.Store, error) {
	st := memstore.New()
	c, err := carewire.New(carewire.Config{
		Program: p.Program, Approved: p.Approved, Store: st, InsecureVolatileStore: true,
		Provider: provider.Func(refuse), Now: func() time.Time { return now },
		Secret: []byte("kept for no longer than this program runs"),
	})
	return c, st, err
}

// refuse is the provider of a program that only looks.
func refuse(context.Context, provider.Message) (provider.Receipt, error) {
	return provider.Receipt{}, &provider.Error{Kind: provider.Refused, Code: "preview"}
}
