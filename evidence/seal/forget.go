package seal

import (
	"context"
	"fmt"

	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// Forget seals that a person was erased and throws away the key of the
// person's entries, so that nobody can find out any more what they say. The log
// still verifies. [Watched.Erase] calls it, and so does a client whose store is
// Watched; call it yourself where the client is in another process. What is put
// about the number later starts anew, under another key.
func (s *Sealer) Forget(ctx context.Context, p recipient.Phone, e evidence.Erasure) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	who := s.who(recipient.ID{Tenant: s.cfg.Tenant, Phone: p})
	es := s.people[who]
	if len(es) == 0 || es[len(es)-1].key == nil {
		return nil
	}
	last := &es[len(es)-1]
	w := s.newWriting()
	w.add(leaf{person: last.pseudonym, record: "erasure", body: erasureBody(e)})
	if _, err := w.commit(ctx); err != nil {
		return err
	}
	if err := s.cfg.Storage.Erase(ctx, who); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	last.key = nil
	return nil
}

// eraseFor is Forget for [Watched].
func (s *Sealer) eraseFor(ctx context.Context, e store.Erasure) error {
	if e.Of.Tenant != s.cfg.Tenant {
		return nil
	}
	if _, err := s.sealPeople(ctx, []recipient.ID{e.Of}, nil, true); err != nil {
		return err
	}
	return s.Forget(ctx, e.Of.Phone, evidence.Erasure{At: e.At, By: e.By, Reason: e.Reason})
}
