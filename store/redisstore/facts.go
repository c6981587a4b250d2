package redisstore

import (
	"context"
	"fmt"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

// PutConsent implements [consent.Store].
func (s *Store) PutConsent(ctx context.Context, r consent.Record) error {
	f, err := consentFact(r)
	return s.put(ctx, r.Of, f, err)
}

// Consents implements [consent.Store].
func (s *Store) Consents(ctx context.Context, id recipient.ID) ([]consent.Record, error) {
	found, err := s.facts(ctx, id)
	return found.consents, err
}

// PutOptOut implements [optout.Store].
func (s *Store) PutOptOut(ctx context.Context, r optout.Record) error {
	f, err := optOutFact(r)
	return s.put(ctx, r.Of, f, err)
}

// OptOuts implements [optout.Store].
func (s *Store) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	found, err := s.facts(ctx, id)
	return found.optOuts, err
}

// PutDisclosure implements [disclosure.Store].
func (s *Store) PutDisclosure(ctx context.Context, r disclosure.Record) error {
	f, err := disclosureFact(r)
	return s.put(ctx, r.Of, f, err)
}

// Disclosures implements [disclosure.Store].
func (s *Store) Disclosures(ctx context.Context, id recipient.ID) ([]disclosure.Record, error) {
	found, err := s.facts(ctx, id)
	return found.disclosures, err
}

func (s *Store) put(ctx context.Context, of recipient.ID, f fact, invalid error) error {
	if invalid != nil {
		return wrap("put", invalid)
	}
	_, facts, _ := s.keys(of)
	_, err := s.call(ctx, "put", s.scripts.put, []string{facts}, f.field, f.value)
	return err
}

// facts reads every fact about a person.
func (s *Store) facts(ctx context.Context, of recipient.ID) (facts, error) {
	_, key, none := s.keys(of)
	hash, err := s.read(ctx, key, none)
	if err != nil {
		return facts{}, err
	}
	found, err := decode(of, hash)
	return found, wrap("look up", err)
}

// read returns the fields and values of a hash, from the primary.
func (s *Store) read(ctx context.Context, key, none string) ([]any, error) {
	if err := ctx.Err(); err != nil {
		return nil, wrap("look up", err)
	}
	answer, err := s.scripts.read.Run(ctx, s.client, []string{key, none}).Result()
	if err != nil {
		return nil, wrap("look up", s.failed(ctx, err))
	}
	hash, ok := answer.([]any)
	if !ok {
		return nil, wrap("look up", fmt.Errorf("%w: a hash of type %T", errAnswer, answer))
	}
	return hash, nil
}
