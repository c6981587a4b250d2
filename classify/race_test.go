//go:build race

package classify_test

const race = true
