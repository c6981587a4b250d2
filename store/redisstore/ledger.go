package redisstore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// The fields of the hash of the ledger: for an attempt a letter and its ID; "k"
// and a key, for the newest attempt that has held it, which the scripts alone use.
const (
	fieldBegun    = 'b' // the attempt as it began: its number, a colon and JSON
	fieldSettled  = 's' // the digit of its state and how it was settled, as JSON
	fieldProvider = 'p' // the provider's ID
	fieldFrom     = 'f' // the sender number
	fieldApproval = 'a' // who approved the template
	fieldText     = 't' // the text as sent
)

type attemptJSON struct {
	Key     string          `json:"key"`
	Sum     string          `json:"sum,omitempty"`
	Brand   string          `json:"brand"`
	Purpose consent.Purpose `json:"purpose,omitempty"`
	At      time.Time       `json:"at,omitzero"`
}

type settlementJSON struct {
	Rule string    `json:"rule,omitempty"`
	Code string    `json:"code,omitempty"`
	At   time.Time `json:"at,omitzero"`
}

// Begin implements [store.Ledger] in one script.
func (s *Store) Begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	attempt, err := encodeAttempt(a)
	if err != nil {
		return store.Snapshot{}, wrap("begin", err)
	}
	ledger, facts, _ := s.keys(a.Of)
	answer, err := s.call(ctx, "begin", s.scripts.begin, []string{ledger, facts}, a.ID, a.Key, attempt)
	if err != nil {
		return store.Snapshot{}, err
	}
	snap, err := snapshot(a, answer)
	if err != nil {
		return store.Snapshot{}, wrap("begin", err)
	}
	return snap, nil
}

func encodeAttempt(a store.Attempt) (string, error) {
	if err := checkTexts(a.Of.Tenant, a.ID, a.Key, a.Sum, a.Brand, string(a.Purpose)); err != nil {
		return "", err
	}
	return marshal(attemptJSON{a.Key, a.Sum, a.Brand, a.Purpose, a.At.UTC()})
}

// snapshot reads what the script of Begin returned.
func snapshot(a store.Attempt, answer any) (store.Snapshot, error) {
	parts, ok := answer.([]any)
	if !ok || len(parts) != 5 {
		return store.Snapshot{}, fmt.Errorf("%w: of type %T", errAnswer, answer)
	}
	var text [4]string
	for i := range text {
		if text[i], ok = parts[i].(string); !ok {
			return store.Snapshot{}, fmt.Errorf("%w: part %d is a %T", errAnswer, i, parts[i])
		}
	}
	hash, ok := parts[4].([]any)
	if !ok {
		return store.Snapshot{}, fmt.Errorf("%w: facts of type %T", errAnswer, parts[4])
	}
	holder := store.Outcome{Attempt: store.Attempt{ID: text[0], Of: a.Of}, State: store.Open, ProviderID: text[3]}
	if _, err := begun(&holder, text[1]); err != nil {
		return store.Snapshot{}, err
	}
	if err := settled(&holder, text[2]); err != nil {
		return store.Snapshot{}, err
	}
	found, err := decode(a.Of, hash)
	if err != nil {
		return store.Snapshot{}, err
	}
	snap := store.Snapshot{Consents: found.consents, OptOuts: found.optOuts, Disclosures: found.disclosures}
	switch {
	case holder.ID == a.ID && holder.Key != a.Key:
		return store.Snapshot{}, errOtherKey
	case holder.ID == a.ID && holder.State == store.Open:
		snap.Held = true
	default:
		snap.Prior = holder
	}
	return snap, nil
}

// begun reads an attempt as it began into o and returns its number.
func begun(o *store.Outcome, value string) (int64, error) {
	f, err := split("", value)
	if err != nil {
		return 0, err
	}
	var a attemptJSON
	if json.Unmarshal([]byte(f.value), &a) != nil {
		return 0, fmt.Errorf("%w: an attempt", errAnswer)
	}
	o.Key, o.Sum, o.Brand, o.Purpose, o.At = a.Key, a.Sum, a.Brand, a.Purpose, a.At
	return f.ord, nil
}

// settled reads how an attempt was settled into o; "" leaves it open.
func settled(o *store.Outcome, value string) error {
	if value == "" {
		return nil
	}
	var x settlementJSON
	state := store.State(value[0] - '0')
	if state <= store.Open || state > store.Failed || json.Unmarshal([]byte(value[1:]), &x) != nil {
		return fmt.Errorf("%w: a settlement", errAnswer)
	}
	o.State, o.Rule, o.Code, o.Settled = state, x.Rule, x.Code, x.At
	return nil
}

// Finish implements [store.Ledger] in one script.
func (s *Store) Finish(ctx context.Context, o store.Outcome) error {
	args, err := finishArgs(o)
	if err != nil {
		return wrap("finish", err)
	}
	ledger, facts, _ := s.keys(o.Of)
	answer, err := s.call(ctx, "finish", s.scripts.finish, []string{ledger, facts}, args...)
	switch {
	case err != nil:
		return err
	case answer == int64(0):
		return wrap("finish", store.ErrNotHeld)
	case answer != int64(1):
		return wrap("finish", fmt.Errorf("%w: of type %T", errAnswer, answer))
	}
	return nil
}

func finishArgs(o store.Outcome) ([]any, error) {
	if err := checkTexts(o.Of.Tenant, o.ID, o.Rule, o.Code, o.ProviderID, o.From, o.Approval, o.Text); err != nil {
		return nil, err
	}
	settlement, err := marshal(settlementJSON{o.Rule, o.Code, o.Settled.UTC()})
	if err != nil {
		return nil, err
	}
	from := ""
	for state := store.Open; state <= store.Failed; state++ {
		if store.Rises(state, o.State) {
			from += strconv.Itoa(int(state))
		}
	}
	args := []any{o.ID, from, strconv.Itoa(int(o.State)) + settlement, o.ProviderID, o.From, o.Approval, o.Text}
	var puts []fact
	for _, r := range o.Consents {
		f, err := consentFact(r)
		if err != nil {
			return nil, err
		}
		puts = append(puts, f)
	}
	for _, r := range o.OptOuts {
		f, err := optOutFact(r)
		if err != nil {
			return nil, err
		}
		puts = append(puts, f)
	}
	for _, r := range o.Disclosures {
		f, err := disclosureFact(r)
		if err != nil {
			return nil, err
		}
		puts = append(puts, f)
	}
	for _, f := range puts {
		args = append(args, f.field, f.value)
	}
	return args, nil
}

// Outcomes implements [store.Ledger].
func (s *Store) Outcomes(ctx context.Context, id recipient.ID) ([]store.Outcome, error) {
	ledger, _, none := s.keys(id)
	hash, err := s.read(ctx, ledger, none)
	if err != nil {
		return nil, err
	}
	outs, err := outcomes(id, hash)
	if err != nil {
		return nil, wrap("look up", err)
	}
	return outs, nil
}

// outcomes reads the hash of the ledger.
func outcomes(of recipient.ID, hash []any) ([]store.Outcome, error) {
	fields := map[string]string{}
	for i := 0; i+1 < len(hash); i += 2 {
		field, ok1 := hash[i].(string)
		value, ok2 := hash[i+1].(string)
		if !ok1 || !ok2 || field == "" {
			return nil, fmt.Errorf("%w: a field that is no text", errAnswer)
		}
		fields[field] = value
	}
	type numbered struct {
		ord int64
		o   store.Outcome
	}
	var all []numbered
	for field, value := range fields {
		if field[0] != fieldBegun {
			continue
		}
		id := field[1:]
		o := store.Outcome{
			Attempt: store.Attempt{ID: id, Of: of}, State: store.Open,
			ProviderID: fields[string(fieldProvider)+id], From: fields[string(fieldFrom)+id],
			Approval: fields[string(fieldApproval)+id], Text: fields[string(fieldText)+id],
		}
		ord, err := begun(&o, value)
		if err != nil {
			return nil, err
		}
		if err := settled(&o, fields[string(fieldSettled)+id]); err != nil {
			return nil, err
		}
		all = append(all, numbered{ord, o})
	}
	slices.SortFunc(all, func(x, y numbered) int { return cmp.Compare(x.ord, y.ord) })
	var outs []store.Outcome
	for _, x := range all {
		outs = append(outs, x.o)
	}
	return outs, nil
}
