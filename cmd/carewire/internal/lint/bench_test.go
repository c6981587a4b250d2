package lint_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/cmd/carewire/internal/lint"
	"github.com/carewire/carewire/recipient"
)

var (
	now    = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	number = recipient.MustParse("+14155550142")
)

// BenchmarkThousand lints a folder's worth of 1,000 templates, and reports the
// time as a multiple of what the classifier alone takes for them.
func BenchmarkThousand(b *testing.B) {
	var lines []string
	for i := range 1000 {
		lines = append(lines, fmt.Sprintf("Acme Plumbing: hi {name}, job %d at {address} is booked for {date}, %d to %d. "+
			"Reply C to confirm or call us with questions. Reply STOP to opt out.", i, i%12, i%12+2))
	}
	content := strings.Join(lines, "\n")
	p := acme(b)
	c := classify.Default()
	start := time.Now()
	for _, line := range lines {
		_, err := c.Classify(context.Background(), line)
		require.NoError(b, err)
	}
	alone := time.Since(start)
	for b.Loop() {
		l := &lint.Linter{Classifier: c, Program: p, MaxSegments: 2}
		require.Len(b, check(b, l, "a.txt", content).Sizes, 1000)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(alone), "x-classifier")
}
