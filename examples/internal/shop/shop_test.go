package shop

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The extract, against the published counts.
func TestOrders(t *testing.T) {
	orders, err := Orders()
	require.NoError(t, err)
	require.Len(t, orders, 18536)
	customers, countries := map[string]bool{}, map[string]bool{}
	var milli int64
	for i, o := range orders {
		customers[o.Customer], countries[o.Country] = true, true
		milli += o.Milli
		require.True(t, i == 0 || orders[i-1].Invoice < o.Invoice)
	}
	require.Len(t, customers, 4339)
	require.Len(t, countries, 37)
	require.Equal(t, int64(8911407904), milli)
	require.Less(t, len(file), 250_000)
}
