package disclosure_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/disclosure"
)

func TestAdd(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, body, want string }{
		{"plain", "Your visit is booked.", "Your visit is booked.\nS."},
		{"space at the end", "Your visit is booked. \n", "Your visit is booked.\nS."},
		{"two lines", "Your visit\nis booked.", "Your visit\nis booked.\nS."},
		{"empty body", "", "S."},
		{"origin-bound code", "747723 is your code.\n\n@acme.example #747723", "747723 is your code.\nS.\n@acme.example #747723"},
		{"origin-bound code, frame", "Code 1.\n@acme.example #1 %pay.example", "Code 1.\nS.\n@acme.example #1 %pay.example"},
		{"nothing but the code", "@acme.example #747723", "S.\n@acme.example #747723"},
		{"a handle is no code", "Ask\n@acme #hashtag and more", "Ask\n@acme #hashtag and more\nS."},
		{"mail in the last line", "Ask\nhelp@acme.example #5", "Ask\nhelp@acme.example #5\nS."},
		{"hash of a retriever", "Your code is 123\nFA+9qCX9VSu", "Your code is 123\nS.\nFA+9qCX9VSu"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, disclosure.Add(tt.body, "S."))
			require.Equal(t, strings.TrimRight(tt.body, " \n"), disclosure.Add(tt.body, ""))
		})
	}
}

func TestMachineReadable(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"<#> Your code is 123ABC78\nFA+9qCX9VSu",
		"<#> Your code is 123",
		"Your code is 123ABC78\n\nFA+9qCX9VSu\n",
		"Code 1\naBcDeFgHiJk",
	} {
		require.True(t, disclosure.MachineReadable(body), body)
	}
	for _, body := range []string{
		"", "Your code is 123", "Code 123\n@acme.example #123", "Yours,\nMaintenance", "Yours,\nMAINTENANCE",
		"call us\n15555550100", "see you\ninformation", "Thanks\nAcme team :)", "Visit 5 <#> of 7", "call\n+1555555010",
	} {
		require.False(t, disclosure.MachineReadable(body), body)
	}
}
