package train_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/classify/train"
)

// corpus is a little world in which whoever speaks of zeppelins advertises.
func corpus() string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "{\"id\":\"s%d\",\"label\":\"service\",\"lang\":\"en\",\"sector\":\"a%d\",\"text\":\"Your parcel number %d arrives at the depot on Monday.\"}\n", i, i%5, i)
		fmt.Fprintf(&b, "{\"id\":\"p%d\",\"label\":\"promotional\",\"lang\":\"en\",\"sector\":\"a%d\",\"text\":\"Have you seen the zeppelin of hall %d over our roof garden?\"}\n", i, i%5, i)
	}
	return b.String()
}

func TestATrainedModelIsAClassifier(t *testing.T) {
	t.Parallel()
	rows, err := train.Read(strings.NewReader(corpus()))
	require.NoError(t, err)
	model, err := train.Model(rows)
	require.NoError(t, err)
	again, err := train.Model(rows)
	require.NoError(t, err)
	require.True(t, bytes.Equal(model, again), "bit for bit")
	require.NotContains(t, string(model), "zeppelin", "no text")
	own, err := classify.Load(model)
	require.NoError(t, err)
	text := "Have you seen the zeppelin of hall 77 over our roof garden?"
	v, err := own.Classify(t.Context(), text)
	require.NoError(t, err)
	require.NotEqual(t, classify.Service, v.Label)
	require.NotEmpty(t, v.Findings)
	v, err = own.Classify(t.Context(), "Your parcel number 99 arrives at the depot on Monday.")
	require.NoError(t, err)
	require.Equal(t, classify.Service, v.Label)
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	_, err := train.Read(strings.NewReader("{\"label\":\"service\"}\n{\"label\":\"spam\"}\n"))
	require.ErrorContains(t, err, "line 2")
	_, err = train.Model(nil)
	require.ErrorIs(t, err, train.ErrTooFew)
	_, err = classify.Load([]byte("no model"))
	require.Error(t, err)
	_, err = classify.Load(nil)
	require.Error(t, err)
}
