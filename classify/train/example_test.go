package train_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/classify/train"
)

func Example() {
	rows, err := train.Read(strings.NewReader(corpus()))
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := train.Model(rows)
	if err != nil {
		fmt.Println(err)
		return
	}
	own, err := classify.Load(model)
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := own.Classify(context.Background(), "Have you seen the zeppelin of hall 9 over our roof garden?")
	fmt.Println(v.Label, err)
	// Output: promotional <nil>
}
