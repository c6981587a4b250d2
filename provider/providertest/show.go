package providertest

import (
	"fmt"
	"strings"
	"time"

	"github.com/carewire/carewire/provider"
)

// sameEvent reports whether two events tell the same.
func sameEvent(a, b provider.Event) bool {
	if a.Inbound != nil && b.Inbound != nil {
		x, y := *a.Inbound, *b.Inbound
		same := x.Sent.Equal(y.Sent)
		x.Sent, y.Sent = time.Time{}, time.Time{}
		return same && x == y && a.Status == nil && b.Status == nil
	}
	if a.Status != nil && b.Status != nil {
		return *a.Status == *b.Status && a.Inbound == nil && b.Inbound == nil
	}
	return false
}

// show writes events for a failure message. The fixtures are fictitious, so
// that everything but the number may be shown.
func show(events []provider.Event) string {
	var b strings.Builder
	for _, e := range events {
		if in := e.Inbound; in != nil {
			fmt.Fprintf(&b, "inbound id=%q from=%v to=%q text=%q sent=%v flag=%d replied=%d\n",
				in.ID, in.From, in.To, in.Text, in.Sent, in.Flag, in.Replied)
		}
		if s := e.Status; s != nil {
			fmt.Fprintf(&b, "status ref=%q id=%q to=%v state=%v kind=%v code=%q\n", s.Ref, s.ID, s.To, s.State, s.Kind, s.Code)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
