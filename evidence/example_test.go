package evidence_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/carewire/carewire/evidence"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/memstore"
)

func Example() {
	ctx := context.Background()
	of := recipient.ID{Phone: recipient.MustParse("+14155550100")}
	st := memstore.New() // the store that the client uses
	stop := optout.Record{
		ID: "o-1", Of: of, Brand: "acme", At: time.Date(2026, 11, 23, 12, 0, 2, 0, time.UTC),
		Sent: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Via: "inbound", Text: "Stop", Rule: "stop/keyword/en/stop",
	}
	if err := st.PutOptOut(ctx, stop); err != nil {
		fmt.Println(err)
		return
	}
	pack, err := evidence.Build(ctx, st, of, evidence.Program{Brand: "acme", Company: "Acme"}, evidence.Options{
		Now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), Library: "carewire",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pack) // shows no number and no text
	if err := pack.WriteJSON(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// evidence pack of 1 events
	// {
	//   "schema": "carewire/evidence/1",
	//   "library": "carewire",
	//   "generated": "2026-11-25T09:00:00Z",
	//   "program": {
	//     "brand": "acme",
	//     "company": "Acme"
	//   },
	//   "phone": "+14155550100",
	//   "events": [
	//     {
	//       "n": 1,
	//       "kind": "opt-out",
	//       "id": "o-1",
	//       "brand": "acme",
	//       "received": "2026-11-23T12:00:00Z",
	//       "honoured": "2026-11-23T12:00:02Z",
	//       "opt_out": {
	//         "at": "2026-11-23T12:00:02Z",
	//         "sent": "2026-11-23T12:00:00Z",
	//         "via": "inbound",
	//         "text": "Stop",
	//         "rule": "stop/keyword/en/stop"
	//       }
	//     }
	//   ]
	// }
}
