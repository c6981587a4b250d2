package pgstore_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// Begin and Finish find everything by an index, and an attempt by its ID: not
// by walking through all attempts of its person.
func TestPlans(t *testing.T) {
	t.Parallel()
	s, pool := shared(t, func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["enable_seqscan"] = "off" })
	begin, finish := s.Statements()
	explain := func(sql string, args ...any) string {
		rows, err := pool.Query(t.Context(), "EXPLAIN "+sql, args...)
		require.NoError(t, err)
		defer rows.Close()
		var plan strings.Builder
		for rows.Next() {
			var l string
			require.NoError(t, rows.Scan(&l))
			plan.WriteString(l + "\n")
		}
		require.NoError(t, rows.Err())
		return plan.String()
	}
	plan := explain(begin, "t", "+99900000001", "id", "key", "sum", "acme", "service", noon)
	for _, index := range []string{
		"using carewire_attempts_pkey", "using carewire_attempts_ord", "Conflict Arbiter Indexes: carewire_attempts_key",
		"using carewire_consents_pkey", "using carewire_opt_outs_pkey", "using carewire_disclosures_pkey",
	} {
		require.Equal(t, 1, strings.Count(plan, index), "%s in\n%s", index, plan)
	}
	require.NotContains(t, plan, "Seq Scan")
	plan = explain(finish, "t", "+99900000001", "id", int16(5), []int16{1, 4}, "", "", noon, "", "", "", "")
	require.Contains(t, plan, "using carewire_attempts_pkey")
}
