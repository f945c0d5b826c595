package main

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/examples/internal/golden"
	"github.com/tagroar/tagroar/examples/internal/show"
)

// TestMain is the program itself when it is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "-child" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestOutput(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), &show.Printer{W: &out}, os.Args[0]))
	golden.Equal(t, out.Bytes())
}
