package carewire_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

// erasable is a bench over a store that can erase.
func erasable(t *testing.T, change func(*carewire.Config)) (*bench, *memstore.Store) {
	t.Helper()
	mem := memstore.New()
	return setup(t, func(c *carewire.Config) {
		c.Store = mem
		if change != nil {
			change(c)
		}
	}), mem
}

func booking(ref string) consent.Record {
	return consent.Record{Basis: consent.Transaction, Ref: ref, Purposes: []consent.Purpose{consent.Service}}
}

func (b *bench) sendKey(key string) error {
	_, err := b.client.Send(ctx, carewire.Message{To: anna, Purpose: consent.Service, Key: key, Text: body})
	return err
}

// forgotten is a bench whose Anna was a customer, and was erased.
func forgotten(t *testing.T, change func(*carewire.Config)) (*bench, *memstore.Store) {
	t.Helper()
	b, mem := erasable(t, change)
	require.NoError(t, b.client.Consent(ctx, anna, booking("b-1")))
	require.NoError(t, b.sendKey("1"))
	require.NoError(t, b.client.Forget(ctx, anna, "Kim", "request by letter"))
	return b, mem
}

func ruleOf(t *testing.T, err error) string {
	t.Helper()
	var e *carewire.Error
	require.ErrorAs(t, err, &e)
	return e.Rule
}

func TestForgetRemovesAndRefuses(t *testing.T) {
	t.Parallel()
	b, mem := forgotten(t, nil)
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Zero(t, e)
	require.Error(t, b.sendKey("2"))
	ids, err := mem.Recipients(ctx, "t", recipient.Phone{}, 10)
	require.NoError(t, err)
	require.Empty(t, ids)
	es, err := b.client.Erasures(ctx, anna)
	require.NoError(t, err)
	require.Equal(t, []carewire.Erasure{{At: noon, By: "Kim", Reason: "request by letter"}}, es)
	es, err = b.client.Erasures(ctx, recipient.MustParse("+14155550143"))
	require.NoError(t, err)
	require.Empty(t, es)
}

func TestNothingPermitsTheErasedSilently(t *testing.T) {
	t.Parallel()
	b, mem := forgotten(t, nil)
	err := b.client.Consent(ctx, anna, booking("b-2"))
	require.ErrorIs(t, err, carewire.ErrOptedOut)
	require.Equal(t, "consent/erased", ruleOf(t, err))
	require.Equal(t, "consent/erased", ruleOf(t, b.client.ConsentIn(ctx, mem, anna, booking("b-3"))))
	ids, err := mem.Recipients(ctx, "t", recipient.Phone{}, 10)
	require.NoError(t, err)
	require.Empty(t, ids, "a refused consent puts nobody on file")

	b.pass(time.Hour)
	r, err := b.client.Receive(ctx, provider.Inbound{ID: "i-1", From: anna, To: "+14155550100", Text: "where is my plumber?"})
	_ = r
	require.NoError(t, err)
	err = b.sendKey("3")
	require.ErrorIs(t, err, carewire.ErrOptedOut, "the consent of a conversation does not lift it either")
	_, err = b.client.Send(ctx, carewire.Message{To: anna, Purpose: consent.Conversation, Key: "4", Text: body})
	require.ErrorIs(t, err, carewire.ErrOptedOut)
}

func TestAnImportTellsOfTheErased(t *testing.T) {
	t.Parallel()
	b, _ := forgotten(t, nil)
	var problems []string
	list := func(day string) carewire.ImportOptions {
		return carewire.ImportOptions{
			From: strings.NewReader("phone,at\n" + number + "," + day + "\n+14155550177," + day + "\n"), Source: "crm",
			Columns: carewire.Columns{Phone: "phone", At: "at"},
			Consent: booking("crm"),
			Problem: func(p carewire.ImportProblem) { problems = append(problems, ruleOf(b.t, p.Err)) },
		}
	}
	r, err := b.client.Import(ctx, list("2026-02-01T00:00:00Z"))
	require.NoError(t, err)
	require.Equal(t, 1, r.Consents)
	require.Equal(t, []string{"import/revoked"}, problems)
	b.pass(48 * time.Hour)
	r, err = b.client.Import(ctx, list("2026-03-03T00:00:00Z"))
	require.NoError(t, err)
	require.Equal(t, 1, r.StayOut, "a consent that was given later is filed, and the opt-out stands")
	require.ErrorIs(t, b.sendKey("5"), carewire.ErrOptedOut)
	ps, err := b.client.CheckMany(ctx, []recipient.Phone{anna}, consent.Service)
	require.NoError(t, err)
	require.Error(t, ps[0].Err)
}

func TestANamedPersonLiftsIt(t *testing.T) {
	t.Parallel()
	b, _ := forgotten(t, nil)
	b.pass(time.Hour)
	require.NoError(t, b.client.OptIn(ctx, anna, "Kim", "she called and asked for it"))
	require.NoError(t, b.client.Consent(ctx, anna, booking("b-2")))
	require.NoError(t, b.sendKey("6"))
	// A second erasure counts again.
	b.pass(time.Hour)
	require.NoError(t, b.client.Forget(ctx, anna, "Lee", "she asked again"))
	require.Error(t, b.client.Consent(ctx, anna, booking("b-3")))
	es, err := b.client.Erasures(ctx, anna)
	require.NoError(t, err)
	require.Len(t, es, 2)
}

func TestTheErasedStart(t *testing.T) {
	t.Parallel()
	b, _ := forgotten(t, nil)
	b.pass(time.Hour)
	_, err := b.client.Receive(ctx, provider.Inbound{ID: "i-1", From: anna, To: "+14155550100", Text: "START"})
	require.NoError(t, err)
	require.NoError(t, b.client.Consent(ctx, anna, booking("b-2")))
	require.NoError(t, b.sendKey("7"))
}

func TestSecretsThatWereReplaced(t *testing.T) {
	t.Parallel()
	_, mem := forgotten(t, nil)
	next := func(previous ...[]byte) *bench {
		b, _ := erasable(t, func(c *carewire.Config) {
			c.Store, c.Secret, c.PreviousSecrets = mem, []byte("another secret of today"), previous
		})
		return b
	}
	b := next([]byte("one that nobody was erased under"), []byte(secret))
	require.Error(t, b.client.Consent(ctx, anna, booking("b-2")))
	// Once it is touched, it is found under the new secret alone.
	require.NoError(t, b.client.Forget(ctx, anna, "Lee", "again"))
	b = next()
	require.Error(t, b.client.Consent(ctx, anna, booking("b-2")))
	es, err := b.client.Erasures(ctx, anna)
	require.NoError(t, err)
	require.Len(t, es, 2)
	_, err = carewire.New(carewire.Config{PreviousSecrets: [][]byte{[]byte("short")}})
	require.ErrorContains(t, err, "PreviousSecrets[0]")
}

func TestForgetIsRefused(t *testing.T) {
	t.Parallel()
	b, _ := erasable(t, nil)
	require.Equal(t, "opt-out/by-hand", ruleOf(t, b.client.Forget(ctx, anna, "", "x")))
	require.Equal(t, "forget/by-hand", ruleOf(t, b.client.Forget(ctx, anna, "Kim", "letter about "+number)))
	plain := setup(t, func(c *carewire.Config) { c.Store = struct{ store.Store }{memstore.New()} })
	err := plain.client.Forget(ctx, anna, "Kim", "x")
	require.Equal(t, "forget/unsupported", ruleOf(t, err))
	_, err = plain.client.Prune(ctx, carewire.PruneOptions{By: "Kim"})
	require.Equal(t, "prune/unsupported", ruleOf(t, err))
}

// stuck cannot erase for now.
type stuck struct {
	*memstore.Store
	down bool
}

func (s *stuck) Erase(ctx context.Context, e store.Erasure) error {
	if s.down {
		return errors.New("down")
	}
	return s.Store.Erase(ctx, e)
}

func TestForgetThatFailsRefusesAlready(t *testing.T) {
	t.Parallel()
	s := &stuck{memstore.New(), true}
	b, _ := erasable(t, func(c *carewire.Config) { c.Store = s })
	require.NoError(t, b.client.Consent(ctx, anna, booking("b-1")))
	require.Error(t, b.client.Forget(ctx, anna, "Kim", "request"))
	require.ErrorIs(t, b.sendKey("1"), carewire.ErrOptedOut)
	s.down = false
	require.NoError(t, b.client.Forget(ctx, anna, "Kim", "request"))
	e, err := b.client.Evidence(ctx, anna)
	require.NoError(t, err)
	require.Zero(t, e)
}

// counting counts look-ups.
type counting struct {
	*memstore.Store
	n int
}

func (s *counting) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	s.n++
	return s.Store.OptOuts(ctx, id)
}

func (s *counting) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	s.n++
	return s.Store.FactsOf(ctx, ids)
}

func TestSendAsksNothingMore(t *testing.T) {
	t.Parallel()
	s := &counting{Store: memstore.New()}
	b, _ := erasable(t, func(c *carewire.Config) { c.Store = s })
	require.NoError(t, b.client.Consent(ctx, anna, booking("b-1")))
	require.Equal(t, 1, s.n, "a booking asks once whether anybody was erased")
	require.NoError(t, b.client.Forget(ctx, recipient.MustParse("+14155550143"), "Kim", "request"))
	s.n = 0
	require.NoError(t, b.sendKey("1"))
	require.Zero(t, s.n)
}

func TestPrune(t *testing.T) {
	t.Parallel()
	b, mem := erasable(t, nil)
	years := func(n int) time.Time { return noon.AddDate(-n, 0, -1) }
	add := func(i, consentYears, optOutYears int, lifted bool) recipient.ID {
		id := recipient.ID{Tenant: "t", Phone: recipient.MustParse(fmt.Sprintf("+141555502%02d", i))}
		require.NoError(t, mem.PutConsent(ctx, consent.Record{ID: "c", Of: id, Brand: "acme", At: years(consentYears)}))
		if optOutYears > 0 {
			require.NoError(t, mem.PutOptOut(ctx, optout.Record{ID: "o", Of: id, Brand: "acme", At: years(optOutYears)}))
		}
		if lifted {
			require.NoError(t, mem.PutOptOut(ctx, optout.Record{ID: "p", Of: id, Brand: "acme", In: true, At: years(optOutYears)}))
		}
		return id
	}
	gone := []recipient.ID{add(1, 5, 0, false), add(2, 11, 10, false), add(3, 11, 10, true)}
	stay := []recipient.ID{add(4, 4, 0, false), add(5, 11, 9, false), add(6, 11, 9, true)}
	sent := add(7, 11, 0, false)
	a := store.Attempt{ID: "x", Of: sent, Key: "k", At: noon.AddDate(-4, 0, 0)}
	_, err := mem.Begin(ctx, a)
	require.NoError(t, err)
	stay = append(stay, sent)

	for _, o := range []carewire.PruneOptions{{}, {By: "Kim", Consents: time.Hour}, {By: "Kim", OptOuts: 9 * 365 * 24 * time.Hour}} {
		_, err := b.client.Prune(ctx, o)
		require.Equal(t, "prune/options", ruleOf(t, err))
	}
	for _, dry := range []bool{true, false} {
		r, err := b.client.Prune(ctx, carewire.PruneOptions{By: "Kim", DryRun: dry})
		require.NoError(t, err)
		require.Equal(t, carewire.PruneReport{Seen: 7, Pruned: 3, Kept: 1, Last: sent.Phone}, r)
	}
	for _, id := range gone {
		rs, err := mem.Consents(ctx, id)
		require.NoError(t, err)
		require.Empty(t, rs)
	}
	for _, id := range stay {
		rs, err := mem.Consents(ctx, id)
		require.NoError(t, err)
		require.Len(t, rs, 1)
	}
	require.NoError(t, b.client.Consent(ctx, gone[0].Phone, booking("new")), "who never opted out comes back as anybody")
	require.Error(t, b.client.Consent(ctx, gone[1].Phone, booking("new")), "time lifts no opt-out")
	require.NoError(t, b.client.Consent(ctx, gone[2].Phone, booking("new")))
}

var errPanic = errors.New("panic")

func TestKeptTextsAreEncrypted(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want string
	}{{nil, "hidden"}, {errors.New("no key"), ""}, {errPanic, ""}} {
		b, mem := erasable(t, func(c *carewire.Config) {
			c.KeepText = true
			c.EncryptText = func(text string) (string, error) {
				require.Contains(t, text, body)
				if errors.Is(tc.err, errPanic) {
					panic("oops")
				}
				return "hidden", tc.err
			}
		})
		require.NoError(t, b.client.Consent(ctx, anna, booking("b-1")))
		require.NoError(t, b.sendKey("1"))
		os, err := mem.Outcomes(ctx, recipient.ID{Tenant: "t", Phone: anna})
		require.NoError(t, err)
		require.Equal(t, tc.want, os[0].Text)
	}
}
