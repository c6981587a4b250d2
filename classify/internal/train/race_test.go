//go:build race

package train

const race = true
