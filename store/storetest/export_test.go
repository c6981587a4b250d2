package storetest

import (
	"context"
	"slices"
	"strings"

	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store"
)

// Case is a case without its testing.T, for stores that are wrong on purpose.
type Case[S any] struct {
	Name string
	Run  func(ctx context.Context, a, b S) error
}

// Cases are the cases of Run.
func Cases() []Case[store.Store] { return cases(storeChecks(false)) }

// StandingCases are the cases of OptOuts with StandingOnly.
func StandingCases() []Case[optout.Store] { return cases(optOutChecks[optout.Store](true)) }

// StandingStoreCases are the cases that Run has only with StandingOnly.
func StandingStoreCases() []Case[store.Store] {
	return slices.DeleteFunc(cases(factChecks(true)), func(c Case[store.Store]) bool {
		return !strings.Contains(c.Name, "/optouts/standing")
	})
}

func cases[S any](checks []check[S]) []Case[S] {
	var out []Case[S]
	for _, c := range checks {
		out = append(out, Case[S]{c.name, func(ctx context.Context, a, b S) error { return c.run(ctx, newLab(), a, b) }})
	}
	return out
}
