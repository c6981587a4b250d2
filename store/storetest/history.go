package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

const (
	clauseHistory   = "OutcomesOf returns what Outcomes would return for each of ids, in the order of ids; an ID that comes twice is answered twice."
	clauseAttempted = "Attempted lists the recipients of tenant of whom an attempt is on file: after a number, in order, each once, up to limit."
)

// History checks the optional ability [store.Historian] of a whole store. It
// calls it through [store.OutcomesOf] and [store.Everybody]. See [Run] for open.
func History(t *testing.T, open func(t *testing.T) (a, b store.Store), opts ...Option) {
	t.Helper()
	run(t, historyChecks(), open, opts)
}

func historyChecks() []check[store.Store] {
	var k historyKit
	return []check[store.Store]{
		{"history/read", clauseHistory, k.read},
		{"history/fresh", "An attempt whose Begin or Finish returned before the call is in the answer as it was left.", k.fresh},
		{"history/nobody", "No attempt is an empty result without an error.", k.nobody},
		{"history/ended", clauseFailed, k.ended},
		{"history/walk", clauseAttempted, k.walk},
	}
}

// historyKit holds the cases of Historian.
type historyKit struct{}

// tried puts n attempts of one recipient on file, and settles every second.
func (historyKit) tried(ctx context.Context, l *lab, s store.Store, of recipient.ID, n int) error {
	for i := range n {
		a := l.attempt(fmt.Sprint(i))
		a.Of = of
		if _, err := s.Begin(ctx, a); err != nil {
			return err
		}
		if i%2 == 1 {
			continue
		}
		o := store.Outcome{Attempt: a, State: store.Rejected, Rule: "rule", Code: "30007", From: "+14155550100", ProviderID: "SM1", Text: "text", Approval: "Kim", Settled: base}
		if err := s.Finish(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// same demands that OutcomesOf says what Outcomes says.
func (historyKit) same(ctx context.Context, s store.Store, ids []recipient.ID) error {
	got, err := store.OutcomesOf(ctx, s, ids)
	if err != nil {
		return err
	}
	if len(got) != len(ids) {
		return fmt.Errorf("asked about %d recipients, %d answers", len(ids), len(got))
	}
	for i, id := range ids {
		want, err := s.Outcomes(ctx, id)
		if err != nil {
			return err
		}
		if err := match(want, got[i], outcomeFields); err != nil {
			return fmt.Errorf("recipient %d of %d: %w", i+1, len(ids), err)
		}
		for j := range got[i] {
			if got[i][j].Of != id {
				return fmt.Errorf("recipient %d of %d: an attempt of somebody else", i+1, len(ids))
			}
		}
	}
	return nil
}

func (k historyKit) read(ctx context.Context, l *lab, a, b store.Store) error {
	ids := l.neighbours()
	for i, id := range ids {
		if err := k.tried(ctx, l, pick(i, a, b), id, i%4); err != nil {
			return err
		}
	}
	ids = append(ids, ids[3], ids[3], ids[2])
	slices.Reverse(ids)
	if err := k.same(ctx, a, ids); err != nil {
		return err
	}
	return k.same(ctx, b, ids)
}

func (k historyKit) fresh(ctx context.Context, l *lab, a, b store.Store) error {
	for i := range 6 {
		if err := k.tried(ctx, l, a, l.of, i); err != nil {
			return err
		}
		if err := k.same(ctx, b, []recipient.ID{l.of}); err != nil {
			return err
		}
	}
	return nil
}

func (historyKit) nobody(ctx context.Context, l *lab, a, _ store.Store) error {
	got, err := store.OutcomesOf(ctx, a, []recipient.ID{l.of})
	if err != nil || len(got) != 1 || len(got[0]) != 0 {
		return fmt.Errorf("want one empty answer, got %d and the error %w", len(got), err)
	}
	got, err = store.OutcomesOf(ctx, a, nil)
	if err != nil || len(got) != 0 {
		return fmt.Errorf("of nobody: %d answers and the error %w", len(got), err)
	}
	return nil
}

func (historyKit) ended(ctx context.Context, l *lab, a, _ store.Store) error {
	if _, err := store.OutcomesOf(ended(ctx), a, []recipient.ID{l.of}); err == nil {
		return errors.New("OutcomesOf: no error although the context has ended")
	}
	if _, err := store.Everybody(ended(ctx), a, l.of.Tenant, recipient.Phone{}, 5); err == nil {
		return errors.New("no error although the context has ended")
	}
	return nil
}

func (k historyKit) walk(ctx context.Context, l *lab, a, b store.Store) error {
	var w walkKit
	ids := w.numbers(l, 40)
	for i, id := range ids {
		s := pick(i, a, b)
		if i%3 != 0 {
			if err := k.tried(ctx, l, s, id, 1+i%3); err != nil {
				return err
			}
		}
		if i%3 != 1 {
			if err := s.PutOptOut(ctx, optOutRole[store.Store]().sample(id, "1")); err != nil {
				return err
			}
		}
	}
	other := recipient.ID{Tenant: l.of.Tenant + "x", Phone: ids[0].Phone}
	if err := k.tried(ctx, l, a, other, 1); err != nil {
		return err
	}
	want := sorted(ids)
	for i, limit := range []int{1, 7, 1000} {
		var got []recipient.ID
		var after recipient.Phone
		for len(got) <= len(want) {
			page, err := store.Everybody(ctx, pick(i, a, b), l.of.Tenant, after, limit)
			if err != nil {
				return err
			}
			if len(page) == 0 {
				break
			}
			got, after = append(got, page...), page[len(page)-1].Phone
		}
		if !slices.Equal(got, want) {
			return fmt.Errorf("by steps of %d: want %d recipients in order, got %d", limit, len(want), len(got))
		}
	}
	return nil
}
