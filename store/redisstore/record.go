package redisstore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

// The fields of the hash of facts start with a letter for the role, followed
// by the ID. The value is the record's number in put order, a colon and JSON.
const (
	fieldConsent    = 'c'
	fieldOptOut     = 'o'
	fieldDisclosure = 'd'
	fieldCount      = 'n' // how many there are
)

type consentJSON struct {
	Brand     string            `json:"brand"`
	Basis     consent.Basis     `json:"basis"`
	Purposes  []consent.Purpose `json:"purposes,omitempty"`
	Ref       string            `json:"ref,omitempty"`
	Shown     string            `json:"shown,omitempty"`
	Where     string            `json:"where,omitempty"`
	Confirmed string            `json:"confirmed,omitempty"`
	Revoked   bool              `json:"revoked,omitempty"`
	At        time.Time         `json:"at,omitzero"`
	Until     time.Time         `json:"until,omitzero"`
}

type optOutJSON struct {
	Brand string    `json:"brand"`
	In    bool      `json:"in,omitempty"`
	At    time.Time `json:"at,omitzero"`
	Sent  time.Time `json:"sent,omitzero"`
	Via   string    `json:"via,omitempty"`
	Text  string    `json:"text,omitempty"`
	Rule  string    `json:"rule,omitempty"`
}

type disclosureJSON struct {
	Brand  string          `json:"brand"`
	Kind   disclosure.Kind `json:"kind"`
	Text   string          `json:"text,omitempty"`
	Ref    string          `json:"ref,omitempty"`
	Failed bool            `json:"failed,omitempty"`
	At     time.Time       `json:"at,omitzero"`
}

// fact is a record as the scripts take it.
type fact struct{ field, value string }

func consentFact(r consent.Record) (fact, error) {
	for _, p := range r.Purposes {
		if err := checkTexts(string(p)); err != nil {
			return fact{}, err
		}
	}
	return encode(fieldConsent, r.Of, r.ID,
		consentJSON{r.Brand, r.Basis, r.Purposes, r.Ref, r.Shown, r.Where, r.Confirmed, r.Revoked, r.At.UTC(), r.Until.UTC()},
		r.Brand, r.Ref, r.Shown, r.Where, r.Confirmed)
}

func optOutFact(r optout.Record) (fact, error) {
	return encode(fieldOptOut, r.Of, r.ID,
		optOutJSON{r.Brand, r.In, r.At.UTC(), r.Sent.UTC(), r.Via, r.Text, r.Rule}, r.Brand, r.Via, r.Text, r.Rule)
}

func disclosureFact(r disclosure.Record) (fact, error) {
	return encode(fieldDisclosure, r.Of, r.ID,
		disclosureJSON{r.Brand, r.Kind, r.Text, r.Ref, r.Failed, r.At.UTC()}, r.Brand, r.Text, r.Ref)
}

// encode makes a fact of a record, whose texts must be what JSON keeps.
func encode(role byte, of recipient.ID, id string, record any, texts ...string) (fact, error) {
	if err := checkTexts(append(texts, of.Tenant, id)...); err != nil {
		return fact{}, err
	}
	value, err := marshal(record)
	return fact{string(role) + id, value}, err
}

// marshal is json.Marshal with an error that repeats nothing.
func marshal(record any) (string, error) {
	b, err := json.Marshal(record)
	if err != nil {
		return "", ErrValue
	}
	return string(b), nil
}

// filed is a record as it is on file.
type filed struct {
	ord   int64
	field string // without the letter
	value string // JSON
}

// split takes the number off a value.
func split(field, value string) (filed, error) {
	number, rest, ok := strings.Cut(value, ":")
	ord, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil {
		return filed{}, fmt.Errorf("%w: a record without a number", errAnswer)
	}
	return filed{ord, field, rest}, nil
}

// facts are all facts of a person, by role, in put order.
type facts struct {
	consents    []consent.Record
	optOuts     []optout.Record
	disclosures []disclosure.Record
}

// decode reads the hash of facts.
func decode(of recipient.ID, hash []any) (facts, error) {
	var found facts
	records, err := ordered(hash)
	if err != nil {
		return facts{}, err
	}
	for _, f := range records {
		id := f.field[1:]
		switch f.field[0] {
		case fieldConsent:
			var r consentJSON
			err = json.Unmarshal([]byte(f.value), &r)
			found.consents = append(found.consents, consent.Record{
				ID: id, Of: of, Brand: r.Brand, Basis: r.Basis, Purposes: r.Purposes, Ref: r.Ref, Shown: r.Shown,
				Where: r.Where, Confirmed: r.Confirmed, Revoked: r.Revoked, At: r.At, Until: r.Until,
			})
		case fieldOptOut:
			var r optOutJSON
			err = json.Unmarshal([]byte(f.value), &r)
			found.optOuts = append(found.optOuts, optout.Record{
				ID: id, Of: of, Brand: r.Brand, In: r.In, At: r.At, Sent: r.Sent, Via: r.Via, Text: r.Text, Rule: r.Rule,
			})
		case fieldDisclosure:
			var r disclosureJSON
			err = json.Unmarshal([]byte(f.value), &r)
			found.disclosures = append(found.disclosures, disclosure.Record{
				ID: id, Of: of, Brand: r.Brand, Kind: r.Kind, Text: r.Text, Ref: r.Ref, Failed: r.Failed, At: r.At,
			})
		default:
			err = errAnswer
		}
		if err != nil {
			return facts{}, fmt.Errorf("%w: a record of kind %q", errAnswer, f.field[0])
		}
	}
	return found, nil
}

// ordered returns the fields of a hash by their numbers.
func ordered(hash []any) ([]filed, error) {
	var records []filed
	for i := 0; i+1 < len(hash); i += 2 {
		field, ok1 := hash[i].(string)
		value, ok2 := hash[i+1].(string)
		if !ok1 || !ok2 || field == "" {
			return nil, fmt.Errorf("%w: a field that is no text", errAnswer)
		}
		if field[0] == fieldCount {
			continue
		}
		f, err := split(field, value)
		if err != nil {
			return nil, err
		}
		records = append(records, f)
	}
	slices.SortFunc(records, func(x, y filed) int { return cmp.Compare(x.ord, y.ord) })
	return records, nil
}
