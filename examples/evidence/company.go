package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/evidence/seal"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

// company is a client whose store is watched, and a log over it.
type company struct {
	sms       *carewire.Client
	store     store.Store
	sealer    *seal.Sealer
	publicKey note.Verifier
	now       time.Time
	close     func()
}

var program = carewire.Program{
	Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
	Purposes: []consent.Purpose{consent.Service, consent.Appointments},
}

// newCompany wires everything. A real one has a store that lasts, a log
// directory on a disk, and keys from its vault.
func newCompany(ctx context.Context) (*company, error) {
	dir, err := os.MkdirTemp("", "log")
	if err != nil {
		return nil, err
	}
	c := &company{now: time.Date(2026, 11, 2, 9, 15, 0, 0, time.UTC), close: func() { _ = os.RemoveAll(dir) }}
	clock := func() time.Time { return c.now }
	private, public, err := note.GenerateKey(rand.Reader, "acme.example/carewire")
	if err != nil {
		return nil, err
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, err
	}
	if c.publicKey, err = note.NewVerifier(public); err != nil {
		return nil, err
	}
	storage, err := seal.OpenFile(dir)
	if err != nil {
		return nil, err
	}
	c.close = func() { _, _ = storage.Close(), os.RemoveAll(dir) }
	watched := seal.Watch(memstore.New())
	c.store = watched
	c.sealer, err = seal.New(ctx, seal.Config{
		Store: watched, Watched: watched, Storage: storage, Signer: signer, Origin: "acme.example/carewire",
		Secret: []byte("only for this demonstration"), Now: clock,
	})
	if err != nil {
		return nil, err
	}
	c.sms, err = carewire.New(carewire.Config{
		Program: program, Store: watched, Secret: []byte("only for this demonstration"), InsecureVolatileStore: true, Now: clock, KeepText: true,
		Provider: provider.Func(func(_ context.Context, m provider.Message) (provider.Receipt, error) {
			c.now = c.now.Add(800 * time.Millisecond)
			return provider.Receipt{ID: "SM-" + m.Ref[len(m.Ref)-6:], From: "+14155550100"}, nil
		}),
	})
	return c, err
}

// story is how it came to the dispute.
func (c *company) story(ctx context.Context) error {
	anna := recipient.MustParse("+14155550142")
	pass := func(d time.Duration) { c.now = c.now.Add(d) }
	send := func(key, text string) error {
		_, err := c.sms.Send(ctx, carewire.Message{To: anna, Purpose: consent.Service, Key: key, Text: text})
		return err
	}
	err := c.sms.Consent(ctx, anna, consent.Record{
		Basis: consent.Transaction, Ref: "booking 881", Purposes: []consent.Purpose{consent.Service},
		Shown: c.sms.Notice(), Where: "https://acme.example/book, version 7",
	})
	if err != nil {
		return err
	}
	pass(2 * time.Minute)
	if err := send("881/confirmed", "Your visit is booked for Tuesday, 10 to 12."); err != nil {
		return err
	}
	pass(24 * time.Hour)
	if err := send("881/on-the-way", "Joe is on his way to you."); err != nil {
		return err
	}
	pass(3 * time.Hour)
	in := provider.Inbound{ID: "in-1", From: anna, To: "+14155550100", Text: "Please stop texting me, thank you", Sent: c.now.Add(-1900 * time.Millisecond)}
	if _, err := c.sms.Receive(ctx, in); err != nil {
		return err
	}
	pass(2 * 24 * time.Hour)
	if err := send("881/invoice", "Your invoice is ready."); err == nil {
		return fmt.Errorf("a message went out after the opt-out")
	}
	pass(6 * 24 * time.Hour)
	in = provider.Inbound{ID: "in-2", From: anna, To: "+14155550100", Text: "START", Sent: c.now.Add(-1200 * time.Millisecond)}
	if _, err := c.sms.Receive(ctx, in); err != nil {
		return err
	}
	pass(time.Hour)
	if err := send("881/payment", "We have received your payment. Thank you."); err != nil {
		return err
	}
	pass(time.Hour)
	_, err = c.sealer.SealOnce(ctx) // Run does so every two seconds
	return err
}

// evidence makes the sealed pack of one number.
func (c *company) evidence(ctx context.Context, about recipient.Phone) (evidence.Pack, error) {
	es, err := c.sms.Erasures(ctx, about)
	if err != nil {
		return evidence.Pack{}, err
	}
	var erased []evidence.Erasure
	for _, e := range es {
		erased = append(erased, evidence.Erasure(e))
	}
	pack, err := evidence.Build(ctx, c.store, recipient.ID{Tenant: program.Tenant, Phone: about}, evidence.Program{
		Brand: program.Brand, Company: program.Company, About: program.About, Contact: program.Contact, Purposes: program.Purposes,
		Statement: strings.TrimSpace(program.Statement), Version: "2026-11",
	}, evidence.Options{Now: c.now, Erased: erased})
	if err != nil {
		return evidence.Pack{}, err
	}
	return pack, c.sealer.Attach(ctx, &pack)
}
