package carewire_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

func TestExport(t *testing.T) {
	t.Parallel()
	b := setup(t, nil).consented()
	_, err := b.client.Send(ctx, message("k1"))
	require.NoError(t, err)
	require.NoError(t, b.client.Report(ctx, provider.Status{ID: "SM1", To: anna, State: provider.Failed}))
	require.NoError(t, b.client.OptOut(ctx, anna, "Kim", "STOP <now> & never \u2028again"))
	require.NoError(t, b.client.Revoke(ctx, phone(7), "moved"))
	var out bytes.Buffer
	r, err := b.client.Export(ctx, &out, carewire.ExportOptions{})
	require.NoError(t, err)
	require.Equal(t, 2, r.Recipients)
	require.Equal(t, anna, r.Last)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2)
	require.Contains(t, lines[0], `{"tenant":"t","phone":"+14155550007","consents":[{"id":"r-`)
	require.Contains(t, lines[0], `"brand":"acme","ref":"moved","revoked":true,"at":"2026-03-02T12:00:00Z"}]}`)
	var got struct {
		Phone    string
		Consents []struct {
			Basis, Ref string
			Purposes   []string
		}
		OptOuts     []struct{ Text, Via string } `json:"opt_outs"`
		Disclosures []struct {
			Kind, Text, Ref string
			Failed          bool
		}
	}
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &got))
	require.Equal(t, number, got.Phone)
	require.Equal(t, "transaction", got.Consents[0].Basis)
	require.Equal(t, []string{"service", "authentication"}, got.Consents[0].Purposes)
	require.Equal(t, "STOP <now> & never \u2028again", got.OptOuts[0].Text)
	require.Equal(t, "statement", got.Disclosures[0].Kind)
	require.Contains(t, got.Disclosures[0].Text, "STOP")
	require.Equal(t, "failure", got.Disclosures[1].Kind)
	require.True(t, got.Disclosures[1].Failed)
	require.Contains(t, lines[1], "STOP <now> & never", "words are not escaped for HTML")
}

// fullDisk takes some bytes and then no more.
type fullDisk struct {
	bytes.Buffer
	left int
}

func (d *fullDisk) Write(p []byte) (int, error) {
	if len(p) > d.left {
		return 0, errDown
	}
	d.left -= len(p)
	return d.Buffer.Write(p)
}

func TestExportResumes(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.imported(longOptions(2500))
	whole := b.everything()
	require.Equal(t, 2500, strings.Count(whole, "\n"))
	require.True(t, slices.IsSorted(strings.Split(strings.TrimSpace(whole), "\n")))

	disk := &fullDisk{left: len(whole) * 3 / 4}
	var steps []int
	r, err := b.client.Export(ctx, disk, carewire.ExportOptions{Progress: func(r carewire.ExportReport) { steps = append(steps, r.Recipients) }})
	require.Equal(t, "export/write", refused(t, err, carewire.ErrFile).Rule)
	require.ErrorIs(t, err, errDown)
	require.NotContains(t, err.Error(), "hunter2")
	require.Equal(t, []int{1000}, steps)
	require.Equal(t, 1000, r.Recipients)
	var rest bytes.Buffer
	again, err := b.client.Export(ctx, &rest, carewire.ExportOptions{After: r.Last})
	require.NoError(t, err)
	require.Equal(t, 1500, again.Recipients)
	kept := strings.SplitAfter(disk.String(), "\n")[:1000]
	require.Equal(t, whole, strings.Join(kept, "")+rest.String())
}

func TestExportFails(t *testing.T) {
	t.Parallel()
	b, s := spied(t)
	b.imported(longOptions(10))
	s.fail = func(string) error { return errDown }
	_, err := b.client.Export(ctx, &bytes.Buffer{}, carewire.ExportOptions{})
	refused(t, err, carewire.ErrStore)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err = b.client.Export(gone, &bytes.Buffer{}, carewire.ExportOptions{})
	require.ErrorIs(t, err, context.Canceled)

	held := setup(t, nil)
	held.store.fail("PutOptOut")
	require.Error(t, held.client.OptOut(ctx, anna, "Kim", "by voice"))
	_, err = held.client.Export(ctx, &bytes.Buffer{}, carewire.ExportOptions{})
	refused(t, err, carewire.ErrStore)
	held.store.fail()
	require.Contains(t, held.everything(), number, "what was held is on file first")

	type plain struct{ store.Store } // says nothing of what it can do
	b = setup(t, func(c *carewire.Config) { c.Store = plain{memstore.New()} })
	_, err = b.client.Export(ctx, &bytes.Buffer{}, carewire.ExportOptions{})
	require.Equal(t, "export/unsupported", refused(t, err, carewire.ErrStore).Rule)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	p := &printer{t: t}
	r, _ := setup(t, nil).client.Export(ctx, &bytes.Buffer{}, carewire.ExportOptions{After: anna})
	p.print(r)
	p.json(r)
	require.NotContains(t, fmt.Sprint(r), number)
}
