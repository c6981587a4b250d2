package evidence

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

const modulePath = "github.com/carewire/carewire"

// ErrInput reports that Build was not told whose evidence, or when.
var ErrInput = errors.New("evidence: a recipient and a time are needed")

// Options are what may differ between packs. Now is required: this package
// reads no clock.
type Options struct {
	Now     time.Time // when the pack is made. Required.
	Library string    // module and version. Default: as the Go build says.
	Erased  []Erasure // erasures of the number, from the client's Erasures. Default: none.
}

// Build reads everything about id from s and makes a pack of it. It changes
// nothing. What happens meanwhile may or may not be in it.
func Build(ctx context.Context, s store.Store, id recipient.ID, p Program, o Options) (Pack, error) {
	if id.Phone.IsZero() || o.Now.IsZero() {
		return Pack{}, ErrInput
	}
	facts, err := store.FactsOf(ctx, s, []recipient.ID{id})
	if err != nil {
		return Pack{}, fmt.Errorf("evidence: read facts: %w", err)
	}
	outcomes, err := s.Outcomes(ctx, id)
	if err != nil {
		return Pack{}, fmt.Errorf("evidence: read attempts: %w", err)
	}
	return make1(id, facts[0], outcomes, p, o), nil
}

// make1 makes the pack of one person.
func make1(id recipient.ID, f store.Facts, outcomes []store.Outcome, p Program, o Options) Pack {
	if o.Library == "" {
		o.Library = Library()
	}
	pack := Pack{
		Schema: Schema, Library: o.Library, Generated: instant(o.Now), Program: p,
		Tenant: id.Tenant, Phone: id.Phone.E164(), Erased: o.Erased, Events: Events(f, outcomes),
	}
	if pack.Events == nil {
		pack.Events = []Event{}
	}
	return pack
}

// Library returns the module path of this library and its version in the
// running program, as the Go build recorded it.
func Library() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return modulePath
	}
	if info.Main.Path == modulePath && info.Main.Version != "" {
		return modulePath + "@" + info.Main.Version
	}
	for _, d := range info.Deps {
		if d.Path == modulePath {
			return modulePath + "@" + d.Version
		}
	}
	return modulePath
}

// instant is a time in the form in which packs have it: UTC, to the microsecond.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}
