package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTargets(t *testing.T) {
	got := targets("FuzzA\nFuzzB\nok  \texample.com/a\t0.1s\nok  \texample.com/b\t0.1s\n?   \texample.com/c\t[no test files]\nFuzzC\nok  \texample.com/d\t0.1s\n")
	require.Equal(t, []target{{"example.com/a", "FuzzA"}, {"example.com/a", "FuzzB"}, {"example.com/d", "FuzzC"}}, got)
}

func TestNumbers(t *testing.T) {
	got, err := numbers(" 1,9 ,")
	require.NoError(t, err)
	require.Equal(t, []int{1, 9}, got)
	_, err = numbers("1,x")
	require.Error(t, err)
}
