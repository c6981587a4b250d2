package model

import (
	_ "embed" // the words
	"strings"
	"sync"

	"github.com/carewire/carewire/classify/internal/reading"
)

//go:embed senses.txt
var sensesText string

// Senses returns the words that have a sense, by hash. A word that is listed
// twice has the first sense. The map must not be changed.
var Senses = sync.OnceValue(func() map[uint32]uint8 {
	m := map[uint32]uint8{}
	n := uint8(0)
	for line := range strings.Lines(sensesText) {
		name, words, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		n++
		for _, w := range strings.Fields(words) {
			h := reading.Hash(w)
			if _, known := m[h]; !known {
				m[h] = n
			}
		}
	}
	return m
})
