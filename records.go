package carewire

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// Consent files that p may be texted, and why. The client fills ID, Of and
// Brand, and At if it is zero. The same consent again is the same record; after
// a revocation it is a new one. A consent never lifts an opt-out.
//
// Basis and Purposes are required, and Ref for implied consent; Purposes must
// be among the program's. Shown should be the text on the form, literally
// ([Client.Notice] writes one): if it has the five elements, the first message
// need not carry them. (S3, S4, R7.2)
func (c *Client) Consent(ctx context.Context, p recipient.Phone, r consent.Record) error {
	return c.ConsentIn(ctx, c.cfg.Store, p, r)
}

// ConsentIn is [Client.Consent] into s, which writes to the client's own
// store: a store bound to the transaction of the booking, for example.
func (c *Client) ConsentIn(ctx context.Context, s consent.Store, p recipient.Phone, r consent.Record) error {
	r, err := c.newConsent(p, r)
	if err != nil {
		return err
	}
	if err := c.checkErased(ctx, r.Of); err != nil {
		return err
	}
	old, err := s.Consents(ctx, r.Of)
	if err != nil {
		return storeError("store/consents", err)
	}
	r.ID = c.consentID(r, old)
	if e, ok := s.(*erasing); ok { // it was looked just now
		s = e.Store
	}
	if err := s.PutConsent(ctx, r); err != nil {
		return storeError("store/put", err)
	}
	return nil
}

// newConsent checks a consent and fills in all but its ID.
func (c *Client) newConsent(p recipient.Phone, r consent.Record) (consent.Record, error) {
	r.Of, r.Brand = c.id(p), c.cfg.Program.Brand
	if err := c.checkConsent(p, r); err != nil {
		return consent.Record{}, err
	}
	if r.At.IsZero() {
		r.At = c.now()
	}
	return r, nil
}

// checkConsent refuses what this program may not file. (S9, S12)
func (c *Client) checkConsent(p recipient.Phone, r consent.Record) error {
	switch {
	case p.IsZero():
		return refusal("consent/recipient", because(ErrInvalid, "no recipient"))
	case r.Revoked:
		return refusal("consent/invalid", because(ErrInvalid, "use Revoke to take consent back"))
	case r.Basis == consent.Inbound:
		return refusal("consent/invalid", because(ErrInvalid, "consent of a conversation is written by the client when a person writes in"))
	case slices.Contains(r.Purposes, consent.Marketing):
		return refusal("purpose/marketing", because(ErrInvalid, "a care program sends no marketing"))
	case r.At.After(c.now().Add(consent.Skew)):
		return refusal("consent/invalid", because(ErrInvalid, "the consent is dated in the future"))
	case !storable(r.Ref, r.Shown, r.Where, r.Confirmed):
		return refusal("consent/text", because(ErrInvalid, "a text is not valid UTF-8 or has a NUL"))
	}
	if err := r.Validate(); err != nil {
		return refusal("consent/invalid", &fault{reason: ErrInvalid, shown: err})
	}
	for _, x := range r.Purposes {
		if !slices.Contains(c.cfg.Program.Purposes, x) {
			return refusal("purpose/undeclared", because(ErrInvalid, "a purpose is not one of Program.Purposes"))
		}
	}
	return nil
}

// storable reports whether every store can keep the texts byte for byte.
func storable(texts ...string) bool {
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			return false
		}
	}
	return true
}

// consentID is the same for the same consent, until consent was taken back.
func (c *Client) consentID(r consent.Record, old []consent.Record) string {
	revocations := 0
	for _, o := range old {
		if o.Revoked && (o.Brand == "" || o.Brand == r.Brand) {
			revocations++
		}
	}
	purposes := make([]string, len(r.Purposes))
	for i, p := range r.Purposes {
		purposes[i] = string(p)
	}
	slices.Sort(purposes)
	return "c-" + c.sum("consent", r.Of.Tenant, r.Brand, r.Of.Phone.E164(), r.Basis.String(), r.Ref, r.Shown, r.Where, r.Confirmed,
		strconv.Itoa(revocations), strconv.Itoa(len(purposes)), strings.Join(purposes, "\x00"))
}

// Revoke takes back every consent that p gave this brand, for a reason such
// as "deactivated number". It is not an opt-out: a new consent counts again. (R7.38)
func (c *Client) Revoke(ctx context.Context, p recipient.Phone, reason string) error {
	if p.IsZero() || reason == "" {
		return refusal("consent/invalid", because(ErrInvalid, "a revocation needs a recipient and a reason"))
	}
	r := consent.Record{ID: "r-" + newID(), Of: c.id(p), Brand: c.cfg.Program.Brand, Revoked: true, Ref: mended(reason), At: c.now()}
	if err := c.cfg.Store.PutConsent(ctx, r); err != nil {
		c.held.add(pending{phone: p, consents: []consent.Record{r}})
		return storeError("store/put", err)
	}
	return nil
}

// OptOut files an opt-out that came another way: by voice, e-mail, on the web
// or to an agent. by names the person who files it. If the store fails, the
// opt-out is held in memory as well as reported. (R7.13, R7.14)
func (c *Client) OptOut(ctx context.Context, p recipient.Phone, by, reason string) error {
	r, err := c.byHand(p, by, reason)
	if err != nil {
		return err
	}
	facts := pending{phone: p, optOuts: []optout.Record{r}}
	if err := c.file(ctx, facts); err != nil {
		c.hold(ctx, facts)
		return storeError("store/put", err)
	}
	return nil
}

// OptIn lifts an opt-out because the person has asked for it. by names the
// person who answers for that, and reason says how it was asked for. (R7.20)
func (c *Client) OptIn(ctx context.Context, p recipient.Phone, by, reason string) error {
	r, err := c.byHand(p, by, reason)
	if err != nil {
		return err
	}
	r.In = true
	if err := c.fileHeld(ctx, p); err != nil { // an opt-out that is held comes first
		return storeError("store/put", err)
	}
	if err := c.cfg.Store.PutOptOut(ctx, r); err != nil {
		return storeError("store/put", err)
	}
	return nil
}

func (c *Client) byHand(p recipient.Phone, by, reason string) (optout.Record, error) {
	if p.IsZero() || strings.TrimSpace(by) == "" || strings.TrimSpace(reason) == "" {
		return optout.Record{}, refusal("opt-out/by-hand", because(ErrInvalid, "a recipient, a named person and a reason are needed"))
	}
	return optout.Record{
		ID: "o-" + newID(), Of: c.id(p), Brand: c.cfg.Program.Brand, At: c.now(), Via: "person: " + mended(by), Text: mended(reason), Rule: "person",
	}, nil
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// Evidence is everything on file about one number, of all brands of the tenant.
type Evidence struct {
	Consents    []consent.Record
	OptOuts     []optout.Record
	Disclosures []disclosure.Record
	Outcomes    []store.Outcome
}

// String returns how many records there are, and nothing that is in them.
func (e Evidence) String() string {
	return fmt.Sprintf("evidence: %d consents, %d opt-outs, %d disclosures, %d attempts",
		len(e.Consents), len(e.OptOuts), len(e.Disclosures), len(e.Outcomes))
}

// Format implements [fmt.Formatter]: every verb prints [Evidence.String].
// JSON shows the literal texts: it is the way to hand evidence over.
func (e Evidence) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, e.String()) }

// LogValue implements [slog.LogValuer] with [Evidence.String].
func (e Evidence) LogValue() slog.Value { return slog.StringValue(e.String()) }

// Evidence reads back everything on file about p. (R7.37)
func (c *Client) Evidence(ctx context.Context, p recipient.Phone) (e Evidence, err error) {
	id := c.id(p)
	if e.Consents, err = c.cfg.Store.Consents(ctx, id); err != nil {
		return Evidence{}, storeError("store/consents", err)
	}
	if e.OptOuts, err = c.cfg.Store.OptOuts(ctx, id); err != nil {
		return Evidence{}, storeError("store/opt-outs", err)
	}
	if e.Disclosures, err = c.cfg.Store.Disclosures(ctx, id); err != nil {
		return Evidence{}, storeError("store/disclosures", err)
	}
	if e.Outcomes, err = c.cfg.Store.Outcomes(ctx, id); err != nil {
		return Evidence{}, storeError("store/outcomes", err)
	}
	return e, nil
}
