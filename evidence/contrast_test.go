package evidence_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every colour of text has the contrast of WCAG 2 AA on the page and on boxes,
// light, dark and on paper.
func TestContrast(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	require.NoError(t, pack(t).WriteHTML(&b))
	schemes := regexp.MustCompile(`:root \{([^}]*)\}`).FindAllStringSubmatch(b.String(), -1)
	require.Len(t, schemes, 3)
	for _, s := range schemes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--(\w+): #([0-9a-f]+)`).FindAllStringSubmatch(s[1], -1) {
			colours[m[1]] = m[2]
		}
		for _, text := range []string{"ink", "soft", "yes", "stop", "told", "sent"} {
			for _, under := range []string{"page", "box"} {
				require.GreaterOrEqual(t, contrast(t, colours[text], colours[under]), 4.5, "%s on %s: %s", text, under, s[1])
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a)+0.05, luminance(t, b)+0.05
	return math.Max(x, y) / math.Min(x, y)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	require.Len(t, hex, 6)
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		require.NoError(t, err)
		c := float64(n) / 255
		if c <= 0.03928 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
