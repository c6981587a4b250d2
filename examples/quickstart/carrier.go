package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/carewire/carewire/provider"
)

// carrier stands in for an SMS provider: it prints what a person's phone would show.
type carrier struct {
	out    io.Writer
	serial int
}

// Send delivers a message by printing it.
func (c *carrier) Send(_ context.Context, m provider.Message) (provider.Receipt, error) {
	c.serial++
	n := provider.Segments(m.Text)
	fmt.Fprintln(c.out)
	for i, line := range wrap(m.Text, 70) {
		who := "        "
		if i == 0 {
			who = "  Acme ▸"
		}
		fmt.Fprintf(c.out, "%s %s\n", who, line)
	}
	fmt.Fprintf(c.out, "         [%v, %d units, %d segments]\n", n.Encoding, n.Units, n.Segments)
	return provider.Receipt{ID: fmt.Sprintf("SIM%04d", c.serial), From: "+14155550199", Segments: n.Segments}, nil
}

// wrap breaks text into lines of at most width characters, at spaces.
func wrap(text string, width int) []string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && len(line)+1+len(word) > width {
				lines = append(lines, line)
				line = ""
			}
			if line != "" {
				line += " "
			}
			line += word
		}
		lines = append(lines, line)
	}
	return lines
}
