package optout_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/carewire/carewire/optout"
)

func ExampleRead() {
	text := "  Opt-Out!! "
	r := optout.Read(text)
	fmt.Printf("%v, because of %q by rule %s\n", r.Intent, text[r.Start:r.End], r.Rule)
	fmt.Println(optout.Read("Please cancel my appointment on Friday").Intent)
	fmt.Println(optout.Read("Liked “Acme: your visit is tomorrow. Reply STOP to opt out”").Intent)
	// Output:
	// stop, because of "Opt-Out" by rule stop/keyword/en/opt-out
	// none
	// none
}

func ExampleCheck() {
	monday := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	stop := optout.Record{ID: "1", Brand: "acme", Sent: monday}
	early := optout.Record{ID: "2", Brand: "acme", In: true, Sent: monday.Add(-time.Hour)} // arrived late
	late := optout.Record{ID: "3", Brand: "acme", In: true, Sent: monday.Add(time.Hour)}

	_, err := optout.Check([]optout.Record{stop, early}, "acme")
	fmt.Println(errors.Is(err, optout.ErrOptedOut))
	_, err = optout.Check([]optout.Record{stop, early, late}, "acme")
	fmt.Println(err)
	// Output:
	// true
	// <nil>
}
