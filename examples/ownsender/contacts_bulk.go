package main

import (
	"context"
	"strings"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// Optional: what makes importing and checking many people fast.
var _ store.BulkReader = contacts{}

// FactsOf reads the opt-outs of up to 1,000 people in one query of the table.
func (c contacts) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	all, err := store.FactsOf(ctx, c.ours, ids)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	phones := make([]any, len(ids))
	for i, id := range ids {
		phones[i] = id.Phone.E164()
	}
	out, err := c.phones(ctx, `SELECT phone FROM contacts WHERE sms_opt_out AND phone IN (?`+strings.Repeat(",?", len(ids)-1)+`)`, phones...)
	if err != nil {
		return nil, err
	}
	is := make(map[string]bool, len(out))
	for _, number := range out {
		is[number] = true
	}
	facts := make([]store.Facts, len(ids)) // a role fills in its own list only
	for i, id := range ids {
		facts[i].OptOuts = withColumn(all[i].OptOuts, id, is[id.Phone.E164()])
	}
	return facts, nil
}

// phones returns the numbers that a query finds.
func (c contacts) phones(ctx context.Context, query string, args ...any) (out []string, err error) {
	rows, err := c.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var number string
		if err := rows.Scan(&number); err != nil {
			return nil, err
		}
		out = append(out, number)
	}
	return out, rows.Err()
}
