package oracle_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
)

func TestEval(t *testing.T) {
	s := oracle.New()
	for name, ms := range map[string][]uint32{"a": {1, 2, 3}, "a/b": {5}, "c": {2, 3, 4}, "d": {3, 9}} {
		_, _ = s.CreateTag(name, oracle.Def{})
		_, err := s.Add(name, ms...)
		require.NoError(t, err)
	}
	a, c, d := oracle.T("a"), oracle.T("c"), oracle.T("d")
	for _, x := range []struct {
		e    *oracle.Expr
		want []uint32
	}{
		{a, []uint32{1, 2, 3, 5}},
		{oracle.O("a"), []uint32{1, 2, 3}},
		{oracle.E(oracle.Everyone), []uint32{1, 2, 3, 4, 5, 9}},
		{oracle.E(oracle.Nobody), []uint32{}},
		{oracle.E(oracle.And, a, c), []uint32{2, 3}},
		{oracle.E(oracle.Or, a, d), []uint32{1, 2, 3, 5, 9}},
		{oracle.E(oracle.Xor, a, c, d), []uint32{1, 3, 4, 5, 9}},
		{oracle.E(oracle.Not, a), []uint32{4, 9}},
		{oracle.E(oracle.None, a, d), []uint32{4}},
		{oracle.E(oracle.Minus, a, c, d), []uint32{1, 5}},
		{oracle.K(oracle.AtLeast, 2, a, c, d), []uint32{2, 3}},
		{oracle.K(oracle.AtLeast, 2, d, d), []uint32{3, 9}},
		{oracle.K(oracle.Exactly, 1, a, c, d), []uint32{1, 4, 5, 9}},
		{oracle.K(oracle.AtMost, 0, a, c), []uint32{9}},
	} {
		got, err := oracle.Eval(x.e, s)
		require.NoError(t, err)
		require.Equal(t, x.want, got, "%+v", x.e)
	}
	_, err := oracle.Eval(oracle.T("z"), s)
	require.Error(t, err)
	require.Equal(t, []uint32{2, 3}, oracle.Window([]uint32{1, 2, 3, 4}, 2, 1))
	require.Empty(t, oracle.Window([]uint32{1}, -1, 5))
}

func TestFromJSON(t *testing.T) {
	leaf := func(k string) (*oracle.Expr, error) { return oracle.T("x/" + k), nil }
	e, err := oracle.FromJSON(json.RawMessage(`["andnot", "a", ["atleast", 2, 5, "b", ["not", "c"]]]`), leaf)
	require.NoError(t, err)
	require.Equal(t, oracle.E(oracle.Minus, oracle.T("x/a"), oracle.K(oracle.AtLeast, 2, oracle.T("x/5"), oracle.T("x/b"),
		oracle.E(oracle.Not, oracle.T("x/c")))), e)
	for _, bad := range []string{`[]`, `["or"]`, `["nor", "a"]`, `["atleast", "a", "b"]`, `1.5`, `{"a": 1}`, `[`} {
		_, err := oracle.FromJSON(json.RawMessage(bad), leaf)
		require.Error(t, err, bad)
	}
}
