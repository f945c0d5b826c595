package query_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/query"
)

func refusal(t *testing.T, err error, msg string) *query.SyntaxError {
	t.Helper()
	var syntax *query.SyntaxError
	require.ErrorAs(t, err, &syntax)
	require.Contains(t, syntax.Msg, msg)
	require.Less(t, len(err.Error()), 2_000, "an error must not repeat a hostile text")
	return syntax
}

func TestHostileText(t *testing.T) {
	const deep, many, long = "nested more than 100 levels", "more than 10000", "bytes, more than 65536"
	raised := []query.ParseOption{query.MaxBytes(10 << 20)}
	for _, c := range []struct {
		name, text string
		o          []query.ParseOption
		msg        string
		offset     int
	}{
		{"parentheses", strings.Repeat("(", 60_000), nil, deep, 100},
		{"NOTs", strings.Repeat("!", 60_000), nil, deep, 100},
		{"words NOT", strings.Repeat("not ", 16_000), nil, deep, 400},
		{"calls", strings.Repeat("any(", 16_000), nil, deep, 400},
		{"counts", strings.Repeat("atleast(1,", 6_000), nil, deep, 1_000},
		{"closed parentheses", strings.Repeat("(", 30_000) + "a" + strings.Repeat(")", 30_000), nil, deep, 100},
		{"300,000 parentheses", strings.Repeat("(", 300_000), raised, deep, 100},
		{"10^6 NOTs", strings.Repeat("!", 1_000_000), raised, deep, 100},
		{"too long", strings.Repeat("(", 300_000), nil, long, 65_536},
		{"too long by one", strings.Repeat(" ", 65_536) + "a", nil, long, 65_536},
		{"operands", strings.Repeat("a&", 20_000) + "a", nil, many, 20_000},
		{"operands of a call", "any(" + strings.Repeat("a,", 20_000) + "a)", nil, many, 20_004},
		{"a name", strings.Repeat("a", 60_000), nil, "60000 bytes", 0},
		{"a number", "a LIMIT " + strings.Repeat("9", 60_000), nil, "out of range", 8},
		{"a decimal", "1." + strings.Repeat("9", 60_000), nil, "is a number", 0},
		{"a path", strings.Repeat("a/", 30_000) + "a", nil, "too long", 0},
		{"a quote", `"` + strings.Repeat("x", 60_000), nil, "not closed", 0},
		{"signs", strings.Repeat("-1", 30_000), nil, "neither inside", 0},
		{"comments", strings.Repeat("#\n", 30_000), nil, "empty", 60_000},
		{"marks", "a" + strings.Repeat("\u0301", 30_000), nil, "bytes", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := query.Parse(c.text, c.o...)
			require.Equal(t, c.offset, refusal(t, err, c.msg).Offset, err)
		})
	}
}

func TestLimitsCanBeSet(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("!", n-1) + "a" } // a tree n deep
	_, err := query.Parse(nested(100))
	require.NoError(t, err)
	_, err = query.Parse(nested(101))
	refusal(t, err, "nested more than 100")
	_, err = query.Parse(nested(500), query.MaxDepth(500))
	require.NoError(t, err)
	_, err = query.Parse(nested(501), query.MaxDepth(500))
	refusal(t, err, "nested more than 500")
	_, err = query.Parse(nested(2_000), query.MaxDepth(math.MaxInt))
	refusal(t, err, "nested more than 1000")
	_, err = query.Parse("((a))", query.MaxDepth(1))
	refusal(t, err, "nested more than 1 ")
	_, err = query.Parse(nested(101), query.MaxDepth(0), query.MaxNodes(-1), query.MaxBytes(0))
	refusal(t, err, "nested more than 100")

	_, err = query.Parse("a & b", query.MaxNodes(3))
	require.NoError(t, err)
	_, err = query.Parse("a & b", query.MaxNodes(2))
	refusal(t, err, "more than 2 ")
	_, err = query.Parse("a | (b | c) | (d | (e | f))", query.MaxNodes(7))
	require.NoError(t, err, "a chain is one node, whatever its parentheses")
	_, err = query.Parse("a & b", query.MaxBytes(5))
	require.NoError(t, err)
	_, err = query.Parse("a & b", query.MaxBytes(4))
	refusal(t, err, "5 bytes, more than 4")

	big, err := query.Parse(strings.Repeat("a&", 20_000)+"a", query.MaxNodes(30_000))
	require.NoError(t, err)
	again, err := query.Parse(big.String(), query.MaxBytes(1<<20), query.MaxNodes(30_000))
	require.NoError(t, err)
	require.Equal(t, big.String(), again.String())
	require.Contains(t, query.Not(big).String(), "invalid query", "constructors keep the default limits")
}

func TestHostileConstructors(t *testing.T) {
	refused := func(q *query.Query, msg string) {
		t.Helper()
		_, err := q.MarshalJSON()
		require.Equal(t, -1, refusal(t, err, msg).Offset)
		require.Contains(t, q.String(), msg)
		require.Less(t, len(q.String()), 200)
	}
	q := query.Tag("a")
	for range 1_000_000 {
		q = query.Not(q)
	}
	refused(q, "nested more than 100 levels")

	q = query.Tag("a")
	for range 1_000 {
		q = query.AtLeast(1, query.Tag("b"), q)
	}
	refused(q, "nested more than 100 levels")

	q = query.Tag("a")
	for range 1_000 {
		q = query.And(query.Or(q, query.Tag("b")), query.Tag("c"))
	}
	refused(q, "nested more than 100 levels")

	q = query.Tag("a")
	for range 100 {
		q = query.And(q, q)
	}
	refused(q, "more than 10000")
	for range 64 {
		q = query.Or(q, q, query.Xor(q, q))
	}
	refused(q, "more than 10000")

	many := make([]*query.Query, 1_000_000)
	for i := range many {
		many[i] = query.Tag("a")
	}
	refused(query.Or(many...), "more than 10000")
	refused(query.AtMost(1, many...), "more than 10000")

	q = query.Or(many[:9_000]...)
	for range 1_000 { // 10,000 operands and their chain
		q = query.Or(q, query.Tag("a"))
	}
	refused(q, "more than 10000")
	_, err := query.Or(many[:9_999]...).MarshalJSON()
	require.NoError(t, err)
}

func TestHostileJSON(t *testing.T) {
	const deep, many = "nested more than 100 levels", "more than 10000"
	for _, c := range []struct{ name, data, msg string }{
		{"objects", strings.Repeat(`{"op":"not","of":[`, 5_000), deep},
		{"a million objects", strings.Repeat(`{"op":"not","of":[`, 1_000_000), deep},
		{"lists", `{"of":` + strings.Repeat("[", 1_000_000), "expected an object"},
		{"lists in by", `{"by":` + strings.Repeat("[", 1_000_000), `"by" holds`},
		{"objects in a tag", `{"tag":` + strings.Repeat(`{"param":`, 1_000_000), "must be a string"},
		{"just lists", strings.Repeat("[", 1_000_000), "expected an object"},
		{"unknown field", `{"op":"and","deep":` + strings.Repeat("[", 1_000_000), "unknown field"},
		{"operands", `{"op":"and","of":[` + strings.Repeat(`{"tag":"a"},`, 300_000), many},
		{"many fields", `{"op":"or"` + strings.Repeat(`,"k":1`, 300_000), "here twice"},
		{"a name", `{"tag":"` + strings.Repeat("a", 1_000_000) + `"}`, "too long"},
		{"a number", `{"op":"atleast","k":` + strings.Repeat("9", 1_000_000) + `}`, "whole number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var q query.Query
			refusal(t, q.UnmarshalJSON([]byte(c.data)), c.msg)
			require.Contains(t, q.String(), "empty", "a query that could not be read stays as it was")
			require.Error(t, json.Unmarshal([]byte(c.data), &q))
		})
	}
	deepest := strings.Repeat(`{"op":"not","of":[`, 99) + `{"tag":"a"}` + strings.Repeat("]}", 99)
	var q query.Query
	require.NoError(t, json.Unmarshal([]byte(deepest), &q))
	require.Error(t, json.Unmarshal(fmt.Appendf(nil, `{"op":"not","of":[%s]}`, deepest), &q))
}
