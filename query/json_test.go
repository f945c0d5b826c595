package query_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/query"
)

func TestJSON(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"地域/华东", `{"tag":"地域/华东"}`},
		{"only(a)", `{"only":"a"}`},
		{"segment(a)^-2 & Segment($x)", `{"op":"and","of":[{"segment":"a","boost":-2},{"segment":{"param":"x"}}]}`},
		{"$x - only($y)", `{"op":"minus","of":[{"tag":{"param":"x"}},{"only":{"param":"y"}}]}`},
		{`"a\"b<c"`, `{"tag":"a\"b\u003cc"}`},
		{"* & nobody", `{"op":"and","of":[{"op":"everyone"},{"op":"nobody"}]}`},
		{"!a LIMIT 3 OFFSET 4", `{"op":"not","of":[{"tag":"a"}],"limit":3,"offset":4}`},
		{"a LIMIT 0", `{"tag":"a","limit":0}`},
		{"a | b", `{"op":"or","of":[{"tag":"a"},{"tag":"b"}]}`},
		{"a ⊕ b", `{"op":"xor","of":[{"tag":"a"},{"tag":"b"}]}`},
		{"a | b - c", `{"op":"chain","of":[{"tag":"a"},{"tag":"b"},{"tag":"c"}],"by":["or","minus"]}`},
		{"atleast(2, a, b, c)", `{"op":"atleast","k":2,"of":[{"tag":"a"},{"tag":"b"},{"tag":"c"}]}`},
		{"atmost(-1, a)", `{"op":"atmost","k":-1,"of":[{"tag":"a"}]}`},
		{"exactly(0, a)", `{"op":"exactly","k":0,"of":[{"tag":"a"}]}`},
		{"消费金额 >= 1000.50", `{"attr":"消费金额","is":">=","values":[1000.5]}`},
		{"a between -3 and 9223372036854775807", `{"attr":"a","is":"between","values":[-3,9223372036854775807]}`},
		{"a in (1, 90天, 2026-01-31, 2026-01-31T08:00:00Z, $x)", `{"attr":"a","is":"in","values":[1,"90d","2026-01-31","2026-01-31T08:00:00Z",{"param":"x"}]}`},
		{"has(a) - a != 0", `{"op":"minus","of":[{"attr":"a","is":"has"},{"attr":"a","is":"!=","values":[0]}]}`},
		{"tagged($x, < 3w)^-2 | tagged(b)", `{"op":"or","of":[{"tagged":{"param":"x"},"is":"<","values":["3w"],"boost":-2},{"tagged":"b","is":"has"}]}`},
		{"a^3 & only(b)^0 按权重", `{"op":"and","of":[{"tag":"a","boost":3},{"only":"b","boost":0}],"order":[{"by":"weight","dir":"desc"}]}`},
		{"a score(b^3, only($x)) ORDER BY WEIGHT ASC, weight2 DESC, ID LIMIT 3 OFFSET 4", `{"tag":"a","score":[{"tag":"b","boost":3},{"only":{"param":"x"}}],` +
			`"order":[{"by":"weight","dir":"asc"},{"by":"attr","name":"weight2","dir":"desc"},{"by":"id","dir":"asc"}],"limit":3,"offset":4}`},
	} {
		data, err := query.MustParse(c.text).MarshalJSON()
		require.NoError(t, err)
		require.Equal(t, c.want, string(data))
		var q query.Query
		require.NoError(t, json.Unmarshal(data, &q))
		require.Equal(t, query.MustParse(c.text).String(), q.String())
	}
}

func TestJSONIsReadInAnyOrder(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{` { "of" : [ {"tag":"a"} , {"only":"ＶＩＰ"} ] , "op" : "and" } `, "a AND only(VIP)"},
		{`{"offset":1,"by":["xor","minus"],"limit":2,"of":[{"tag":"a"},{"tag":"b"},{"tag":"c"}],"op":"chain"}`, "a XOR b MINUS c LIMIT 2 OFFSET 1"},
		{`{"op":"or","of":[{"tag":"a"},{"op":"or","of":[{"tag":"b"},{"tag":"c"}]}]}`, "a OR b OR c"},
		{`{"op":"and"}`, "everyone"}, {`{"op":"or","of":[]}`, "nobody"}, {`{"op":"xor"}`, "nobody"},
		{`{"op":"and","of":[{"tag":"a"}]}`, "a"}, {`{"op":"minus","of":[{"tag":"a"}]}`, "a"}, {`{"op":"chain","of":[{"tag":"a"}],"by":[]}`, "a"},
		{`{"tag":"\u4e2d"}`, "中"},
		{`{"values":["90天",{"param":"ｘ"}],"is":"between","attr":"ａ"}`, "a between 90d and $x"}, {`{"attr":"a","is":"in","values":["1_000.50",-0.0]}`, "a in (1000.5, 0)"},
		{`{"attr":"a","is":"has","values":[]}`, "has(a)"}, {`{"order":[{"dir":"asc","by":"weight"},{"name":"x","by":"attr"}],"tag":"a","score":[{"boost":1,"tag":"b"}]}`, "a score(b^1) ORDER BY WEIGHT ASC, x ASC"},
		{`{"tag":"a","order":[],"score":[]}`, "a"},
	} {
		var q query.Query
		require.NoError(t, json.Unmarshal([]byte(c.data), &q), c.data)
		require.Equal(t, c.want, q.String())
	}
}

func TestJSONErrors(t *testing.T) {
	for _, c := range []struct {
		data   string
		offset int
		msg    string
	}{
		{``, 0, "ends too early"}, {`{`, 1, "ends too early"}, {`{"tag":"a"`, 10, "ends too early"}, {`null`, 0, "expected an object"}, {`"a"`, 0, "expected an object"}, {`[]`, 0, "expected an object"},
		{`{"tag":"a"} x`, 12, "more after its end"}, {`{"tag":"a"}{}`, 11, "more after its end"}, {`{tag:1}`, 1, "invalid character"},
		{`{"tga":"a"}`, 1, "unknown field"}, {`{"tag":"a","Op":"and"}`, 11, "unknown field"}, {`{"tag":"a","tag":"a"}`, 11, "here twice"},
		{`{"tag":"a","only":"b"}`, 11, "exclude each other"}, {`{"tag":3}`, 7, "must be a name"}, {`{"tag":"a//b"}`, 7, "level 2 is empty"}, {`{"tag":"\u202e"}`, 7, "U+202E"},
		{"{\"tag\":\"\xff\"}", 8, "UTF-8"}, {`{"tag":{"param":"a b"}}`, 16, "not the name of a parameter"}, {`{"tag":{"prm":"a"}}`, 8, `expected "param"`}, {`{"tag":{"param":"a","x":1}}`, 20, "unknown field"},
		{`{}`, 0, `needs "tag"`}, {`{"of":[]}`, 0, `needs "tag"`}, {`{"op":"nand"}`, 0, "unknown operator"}, {`{"op":""}`, 6, "unknown operator"}, {`{"op":1}`, 6, "must be a string"},
		{`{"op":"and","tag":"a"}`, 0, "exclude each other"}, {`{"op":"not"}`, 0, "number of operands"}, {`{"op":"not","of":[{"tag":"a"},{"tag":"a"}]}`, 0, "number of operands"},
		{`{"op":"minus","of":[]}`, 0, "number of operands"}, {`{"op":"everyone","of":[{"tag":"a"}]}`, 0, "number of operands"}, {`{"op":"everyone","of":[]}`, 0, "does not belong"}, {`{"tag":"a","of":[]}`, 0, "does not belong"},
		{`{"op":"atleast","of":[{"tag":"a"}]}`, 0, `"k" belongs`}, {`{"op":"and","k":1}`, 0, `"k" belongs`}, {`{"op":"atleast","k":1}`, 0, "number of operands"},
		{`{"op":"atleast","k":1.5,"of":[{"tag":"a"}]}`, 20, "whole number"}, {`{"op":"atleast","k":"1","of":[{"tag":"a"}]}`, 20, "whole number"},
		{`{"op":"chain","of":[{"tag":"a"},{"tag":"b"}]}`, 0, "one operator fewer"}, {`{"op":"chain","of":[{"tag":"a"},{"tag":"b"}],"by":["and"]}`, 51, `"by" holds`}, {`{"op":"or","by":[]}`, 0, `"by" belongs`},
		{`{"op":"and","of":{}}`, 17, "must be a list"}, {`{"op":"and","of":[1]}`, 18, "expected an object"},
		{`{"attr":"a"}`, 0, `"is" belongs`}, {`{"tagged":"a"}`, 0, `"is" belongs`}, {`{"tag":"a","is":"has"}`, 0, `"is" belongs`}, {`{"attr":"a","is":"~","values":[1]}`, 17, "unknown comparison"}, {`{"attr":"a","is":""}`, 17, "unknown comparison"},
		{`{"attr":"a","is":">"}`, 0, "number of values, 0"}, {`{"attr":"a","is":"between","values":[1]}`, 0, "number of values, 1"}, {`{"attr":"a","is":"has","values":[1]}`, 0, "number of values"}, {`{"attr":"a","is":"in","values":[]}`, 0, "number of values"}, {`{"tag":"a","values":[1]}`, 0, `"values" belongs`},
		{`{"attr":"a","is":">","values":1}`, 30, "must be a list"}, {`{"attr":"a","is":">","values":[1e3]}`, 31, "not written in decimal"}, {`{"attr":"a","is":">","values":["x"]}`, 31, "not a number, a duration or a date"}, {`{"attr":"a","is":">","values":[true]}`, 31, "a value is"}, {`{"attr":"a","is":">","values":[[1]]}`, 31, "a value is"},
		{`{"attr":"a","is":">","values":["90d "]}`, 31, "not a number"}, {`{"attr":"a","is":">","values":["1) | b"]}`, 31, "not a number"}, {`{"attr":"a","is":">","values":[9223372036854775808]}`, 31, "out of range"}, {`{"attr":"a","is":">","values":[{"param":"a b"}]}`, 40, "not the name of a parameter"},
		{`{"attr":{"param":"x"},"is":"has"}`, 8, "must be a name"}, {`{"attr":"a//b","is":"has"}`, 8, "not an attribute's name"}, {`{"attr":"a","tag":"b"}`, 12, "exclude each other"}, {`{"attr":"a","is":"has","boost":1}`, 0, `"boost" belongs`}, {`{"op":"everyone","boost":1}`, 0, `"boost" belongs`},
		{`{"tag":"a","boost":2147483648}`, 19, "32 bits"}, {`{"tag":"a","boost":1.5}`, 19, "whole number"}, {`{"op":"not","of":[{"tag":"a","order":[]}]}`, 29, "an operand has no score"}, {`{"tag":"a","score":[{"op":"everyone"}]}`, 20, "tags alone"}, {`{"tag":"a","score":{}}`, 19, "must be a list"},
		{`{"tag":"a","order":[1]}`, 20, "expected an object"}, {`{"tag":"a","order":[{"by":"x"}]}`, 20, `"by" must be`}, {`{"tag":"a","order":[{}]}`, 20, `"by" must be`}, {`{"tag":"a","order":[{"by":"attr"}]}`, 20, `"name" belongs`}, {`{"tag":"a","order":[{"by":"id","name":"x"}]}`, 20, `"name" belongs`},
		{`{"tag":"a","order":[{"by":"id","dir":""}]}`, 20, `"dir" must be`}, {`{"tag":"a","order":[{"by":"id","by":"id"}]}`, 31, "here twice"}, {`{"tag":"a","order":[{"bx":"id"}]}`, 21, "unknown field"}, {`{"tag":"a","order":[{"by":"id"},{"by":"id","dir":"desc"}]}`, 32, "here twice"}, {`{"tag":"a","order":[{"by":"attr","name":""}]}`, 20, "not an attribute's name"},
		{`{"op":"not","of":[{"tag":"a","limit":1}]}`, 29, "an operand has no limit"}, {`{"tag":"a","limit":-1}`, 19, "negative"}, {`{"tag":"a","offset":1e3}`, 20, "whole number"},
	} {
		q := *query.Tag("before")
		err := q.UnmarshalJSON([]byte(c.data))
		var syntax *query.SyntaxError
		require.ErrorAs(t, err, &syntax, c.data)
		require.Contains(t, syntax.Msg, c.msg, c.data)
		require.Equal(t, c.offset, syntax.Offset, "%s: %v", c.data, err)
		require.Equal(t, "before", q.String())
	}
	err := new(query.Query).UnmarshalJSON([]byte("{\"op\":\"and\",\n \"of\":[{\"tga\":\"a\"}]}"))
	require.EqualError(t, err, "query: line 2, column 9 (byte 21): the JSON tree: unknown field \"tga\"\n"+
		"     \"of\":[{\"tga\":\"a\"}]}\n"+
		"            ^")
}
