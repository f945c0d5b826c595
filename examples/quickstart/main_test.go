package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/examples/internal/golden"
	"github.com/tagroar/tagroar/examples/internal/show"
)

func TestOutput(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), &show.Printer{W: &out}))
	golden.Equal(t, out.Bytes())
}

// The extract itself, against the published counts.
func TestOrders(t *testing.T) {
	customers, orders, err := loadCustomers()
	require.NoError(t, err)
	require.Equal(t, 18536, orders)
	require.Len(t, customers, 4339)
	var milli int64
	var recency int
	for _, c := range customers {
		milli += c.milli
		recency += c.daysSince()
	}
	require.Equal(t, int64(8911407904), milli)
	require.Equal(t, 403707, recency)
}
