package model

import (
	_ "embed" // the weights
	"sync"
)

//go:embed linear.bin
var weights []byte

// BuiltIn returns the model that is built in. It was trained by
// classify/internal/train/fit on the corpus in this repository, and holds
// hashes and numbers, no text. It is parsed once.
var BuiltIn = sync.OnceValues(func() (*Linear, error) { return ParseLinear(weights) })
