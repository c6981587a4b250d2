package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// field is a named pointer to one field of a record.
type field struct {
	name string
	at   any
}

func consentFields(r *consent.Record) []field {
	return []field{
		{"ID", &r.ID},
		{"Of", &r.Of},
		{"Brand", &r.Brand},
		{"Basis", &r.Basis},
		{"Purposes", &r.Purposes},
		{"Ref", &r.Ref},
		{"Shown", &r.Shown},
		{"Where", &r.Where},
		{"Confirmed", &r.Confirmed},
		{"Revoked", &r.Revoked},
		{"At", &r.At},
		{"Until", &r.Until},
	}
}

func optOutFields(r *optout.Record) []field {
	return []field{
		{"ID", &r.ID},
		{"Of", &r.Of},
		{"Brand", &r.Brand},
		{"In", &r.In},
		{"At", &r.At},
		{"Sent", &r.Sent},
		{"Via", &r.Via},
		{"Text", &r.Text},
		{"Rule", &r.Rule},
	}
}

func disclosureFields(r *disclosure.Record) []field {
	return []field{
		{"ID", &r.ID},
		{"Of", &r.Of},
		{"Brand", &r.Brand},
		{"Kind", &r.Kind},
		{"Text", &r.Text},
		{"Ref", &r.Ref},
		{"Failed", &r.Failed},
		{"At", &r.At},
	}
}

func attemptFields(a *store.Attempt) []field {
	return []field{
		{"ID", &a.ID},
		{"Of", &a.Of},
		{"Key", &a.Key},
		{"Sum", &a.Sum},
		{"Brand", &a.Brand},
		{"Purpose", &a.Purpose},
		{"At", &a.At},
	}
}

func outcomeFields(o *store.Outcome) []field {
	return append(attemptFields(&o.Attempt),
		field{"State", &o.State},
		field{"ProviderID", &o.ProviderID},
		field{"From", &o.From},
		field{"Rule", &o.Rule},
		field{"Code", &o.Code},
		field{"Approval", &o.Approval},
		field{"Text", &o.Text},
		field{"Settled", &o.Settled},
	)
}

// priorFields are the fields that a Prior must have.
func priorFields(o *store.Outcome) []field {
	return []field{
		{"ID", &o.ID},
		{"Sum", &o.Sum},
		{"State", &o.State},
		{"At", &o.At},
		{"ProviderID", &o.ProviderID},
	}
}

// texts returns the strings among fields, without ID.
func texts(fields []field) []*string {
	var out []*string
	for _, f := range fields {
		if s, ok := f.at.(*string); ok && f.name != "ID" {
			out = append(out, s)
		}
	}
	return out
}

// times returns the times among fields.
func times(fields []field) []*time.Time {
	var out []*time.Time
	for _, f := range fields {
		if t, ok := f.at.(*time.Time); ok {
			out = append(out, t)
		}
	}
	return out
}

// diff returns an error that names the first field that differs.
func diff(want, got []field) error {
	for i, w := range want {
		if !same(w.at, got[i].at) {
			return fmt.Errorf("field %s: want %s, got %s", w.name, show(w.at), show(got[i].at))
		}
	}
	return nil
}

// same compares two pointers of one type by what they point to: times as
// instants to the microsecond, a nil list like an empty one.
func same(want, got any) bool {
	switch w := want.(type) {
	case *time.Time:
		g, ok := got.(*time.Time)
		return ok && w.IsZero() == g.IsZero() && w.Sub(*g).Abs() < time.Microsecond
	case *[]consent.Purpose:
		g, ok := got.(*[]consent.Purpose)
		return ok && slices.Equal(*w, *g)
	}
	return reflect.DeepEqual(want, got)
}

// show prints what a pointer points to, so that unlike strings look unlike.
func show(at any) string {
	v := reflect.ValueOf(at).Elem()
	switch x := v.Interface().(type) {
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano)
	case recipient.ID:
		return fmt.Sprintf("%+q %v", x.Tenant, x.Phone)
	case store.State:
		return x.String()
	}
	if v.Kind() == reflect.String {
		s := fmt.Sprintf("%+q", v.String())
		if len(s) > 120 {
			s = fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(s[:120], ""), v.Len())
		}
		return s
	}
	if v.Kind() == reflect.Slice {
		return fmt.Sprintf("%+q", v.Interface())
	}
	return fmt.Sprint(v.Interface())
}

// match compares two lists of records; fields names what is compared.
func match[R any](want, got []R, fields func(*R) []field) error {
	if len(want) != len(got) {
		return fmt.Errorf("want %d records%s, got %d%s", len(want), ids(want, fields), len(got), ids(got, fields))
	}
	for i := range want {
		if err := diff(fields(&want[i]), fields(&got[i])); err != nil {
			return fmt.Errorf("record %d of %d: %w", i+1, len(want), err)
		}
	}
	return nil
}

// ids lists the IDs of a few records.
func ids[R any](rs []R, fields func(*R) []field) string {
	if len(rs) == 0 || len(rs) > 16 {
		return ""
	}
	var b strings.Builder
	for i := range rs {
		b.WriteString(" " + show(fields(&rs[i])[0].at))
	}
	return " (" + strings.TrimSpace(b.String()) + ")"
}
