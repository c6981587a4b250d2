package disclosure_test

import (
	"fmt"
	"time"

	"github.com/carewire/carewire/disclosure"
)

func Example() {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	body := "Your visit is booked for Tuesday, 10 to 12."

	// The first message of a brand carries the statement, the next does not.
	var onFile []disclosure.Record
	fmt.Println(disclosure.Due(onFile, "acme", time.Time{}, now))
	first := disclosure.Add(body, disclosure.Compact("Acme Plumbing", "service at your address"))
	fmt.Println(first)

	onFile = append(onFile, disclosure.Record{Brand: "acme", Kind: disclosure.Statement, Text: first, At: now})
	fmt.Println(disclosure.Due(onFile, "acme", time.Time{}, now.Add(time.Hour)))
	fmt.Println(disclosure.Due(onFile, "acme", time.Time{}, now.Add(31*24*time.Hour)))
	// Output:
	// statement
	// Your visit is booked for Tuesday, 10 to 12.
	// By giving your number you agree to texts from Acme Plumbing about service at your address. Msg frequency varies. Msg & data rates may apply. Reply STOP to opt out. Your number is not shared with third parties or affiliates for marketing, only used for this.
	// nothing
	// stop line
}

func ExampleMissing() {
	text := "Acme Plumbing texts you about service at your address. Msg & data rates may apply. Reply STOP to cancel. " +
		"We may share your number with partners."
	fmt.Println(disclosure.Missing(text, "Acme Plumbing", "service at your address"))
	// Output: [cost privacy scope-only]
}
