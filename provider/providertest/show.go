package providertest

import (
	"fmt"
	"strings"

	"github.com/carewire/carewire/provider"
)

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
