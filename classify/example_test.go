package classify_test

import (
	"context"
	"fmt"

	"github.com/carewire/carewire/classify"
)

func Example() {
	c := classify.Default()
	for _, text := range []string{
		"Your order shipped.",
		"Your order shipped. While you wait, check out our new arrivals",
		"We issued a refund for the Flash Sale order.",
	} {
		v, err := c.Classify(context.Background(), text)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(v.Label)
		for _, f := range v.Findings {
			fmt.Printf("  %s: %s\n", f.Rule, text[f.Start:f.End])
		}
	}
	// Output:
	// service
	// mixed
	//   promo/cross-sell: While you wait, check out our new arrivals
	// service
}

func ExampleApproval_Match() {
	a := classify.Approval{Template: "Hi {}, your free trial ends on {}.", By: "Dana Ruiz", Reason: "notice that the customer asked for"}
	text := "Hi Maria, your free trial ends on May 4."
	values, ok := a.Match(text)
	fmt.Println(ok)
	for _, v := range values {
		fmt.Println(text[v.Start:v.End])
	}
	// Output:
	// true
	// Maria
	// May 4
}
