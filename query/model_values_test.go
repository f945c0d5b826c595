package query_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// attributes are those of the random stores, with names that must be quoted, and their types as in oracle.Attr.
var attributes = map[string]uint8{"年龄": 0, "消费金额": 2 + 2, "a b": 2 + 18, "weight": 0, "t1": 0, "最后互动时间": 1}

// attributeNames are their names in order.
func attributeNames() []string {
	var names []string
	for name := range attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// The first and the last second that a time attribute holds.
const firstSecond, lastSecond = -62_135_596_800, 253_402_300_799

// fewMembers are so few that nothing needs to be spared.
const fewMembers = 20_000

// drawColumns gives members values: none, few distinct ones, or all there are.
func drawColumns(rng *rand.Rand, table *oracle.Table) {
	table.Columns = map[string]*oracle.Attr{}
	for _, name := range attributeNames() {
		a := &oracle.Attr{Type: attributes[name], Values: map[uint32]int64{}}
		table.Columns[name] = a
		share, distinct := rng.Float64()*rng.Float64(), []int{1, 3, 100, math.MaxInt}[rng.IntN(4)]
		switch {
		case len(table.Members) < fewMembers && rng.IntN(8) == 0:
			share = 1
		case len(table.Members) >= fewMembers && rng.IntN(8) > 0:
			share *= 0.1 // maps of hundreds of thousands take their time
		}
		for _, m := range table.Members {
			if rng.Float64() >= share {
				continue
			}
			v := int64(rng.Uint64())
			if distinct < math.MaxInt {
				v = int64(rng.IntN(distinct)) - int64(distinct/2)
			}
			if a.Type == 1 {
				v = firstSecond + int64(uint64(v)%uint64(lastSecond-firstSecond+1))
			}
			a.Values[m] = v
		}
	}
}

// drawCompare draws a comparison with numbers that some member has, or nearly.
func drawCompare(t *rapid.T, table *oracle.Table) *oracle.Expr {
	name := rapid.SampledFrom(attributeNames()).Draw(t, "attribute")
	a := table.Columns[name]
	e := &oracle.Expr{Op: oracle.Compare, Name: name}
	n := 1
	switch e.Rel = rapid.SampledFrom([]string{"<", "<=", "=", "!=", ">=", ">", "between", "in", "has"}).Draw(t, "relation"); e.Rel {
	case "between":
		n = 2
	case "in":
		n = rapid.IntRange(1, 5).Draw(t, "values")
	case "has":
		n = 0
	}
	for range n {
		v := rapid.OneOf(rapid.Int64Range(-60, 60), rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, 0})).Draw(t, "number")
		if len(table.Members) > 0 && rapid.Bool().Draw(t, "a member's") {
			near, ok := a.Values[rapid.SampledFrom(table.Members).Draw(t, "whose")]
			if d := rapid.Int64Range(-1, 1).Draw(t, "beside"); ok && (d <= 0 || near < math.MaxInt64) && (d >= 0 || near > math.MinInt64) {
				v = near + d
			}
		}
		if a.Type == 1 {
			v = min(max(v, firstSecond), lastSecond)
		}
		e.Numbers = append(e.Numbers, v)
	}
	return e
}

// numberText writes a number of an attribute of a type.
func numberText(typ uint8, v int64) string {
	switch {
	case typ == 0:
		return fmt.Sprint(v)
	case typ == 1:
		return time.Unix(v, 0).UTC().Format(time.RFC3339)
	}
	places := int(typ - 2)
	sign, digits := "", fmt.Sprintf("%0*d", places+1, v)
	if v < 0 {
		sign, digits = "-", fmt.Sprintf("%0*d", places+2, v)[1:]
	}
	return sign + digits[:len(digits)-places] + "." + digits[len(digits)-places:]
}

// compareText writes a comparison.
func compareText(rng *rand.Rand, e *oracle.Expr) string {
	var vs []string
	for _, v := range e.Numbers {
		vs = append(vs, numberText(attributes[e.Name], v))
	}
	name := spell(rng, e.Name)
	switch e.Rel {
	case "has":
		return []string{"has(", "HAS( "}[rng.IntN(2)] + name + ")"
	case "in":
		return name + []string{" in (", " IN（"}[rng.IntN(2)] + strings.Join(vs, []string{",", "、 "}[rng.IntN(2)]) + ")"
	case "between":
		return name + " between " + vs[0] + []string{" and ", " AND ", " 且 "}[rng.IntN(3)] + vs[1]
	}
	blank := []string{"", " "}[rng.IntN(2)]
	return name + blank + e.Rel + blank + vs[0]
}

// buildCompare makes a comparison with the constructors.
func buildCompare(e *oracle.Expr) *query.Query {
	o := query.Attr(e.Name)
	var vs []any
	for _, v := range e.Numbers {
		switch typ := attributes[e.Name]; typ {
		case 0:
			vs = append(vs, v)
		case 1:
			vs = append(vs, time.Unix(v, 0).UTC())
		default:
			vs = append(vs, numberText(typ, v))
		}
	}
	switch e.Rel {
	case "has":
		return o.Has()
	case "in":
		return o.In(vs...)
	case "between":
		return o.Between(vs[0], vs[1])
	}
	return map[string]func(any) *query.Query{"<": o.Lt, "<=": o.Le, "=": o.Eq, "!=": o.Ne, ">=": o.Ge, ">": o.Gt}[e.Rel](vs[0])
}

// createAttributes puts the columns of a table into a store.
func createAttributes(tx *tagset.Tx, table *oracle.Table) error {
	for name, a := range table.Columns {
		typ := tagset.Int
		switch {
		case a.Type == 1:
			typ = tagset.Time
		case a.Type > 1:
			typ = tagset.Decimal(int(a.Type) - 2)
		}
		if err := tx.CreateAttribute(name, typ); err != nil {
			return err
		}
		var ms []tagset.Member
		var vs []int64
		for m, v := range a.Values {
			ms, vs = append(ms, tagset.Member(m)), append(vs, v)
		}
		if err := tx.SetInts(name, ms, vs); err != nil {
			return err
		}
	}
	return nil
}

// drawWeights draws a weight for every tag: small ones, scaled decimals, or any at all.
func drawWeights(t *rapid.T, table *oracle.Table) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "weights"), 3))
	kind := rng.IntN(5)
	table.Weights = map[string]int32{}
	for _, name := range table.Paths() {
		table.Weights[name] = drawWeight(rng, kind)
	}
}

func drawWeight(rng *rand.Rand, kind int) int32 {
	switch kind {
	case 0:
		return int32(rng.IntN(10))
	case 1:
		return int32(rng.IntN(2000)-1000) * 25
	case 2:
		return int32(rng.Uint32())
	case 3:
		return []int32{math.MinInt32, math.MaxInt32, math.MinInt32 + 1, 0, -1}[rng.IntN(5)]
	}
	return -int32(rng.IntN(100))
}

// withBoosts boosts some mentions of some tags, each tag in one way.
func withBoosts(rng *rand.Rand, e *oracle.Expr) *oracle.Expr {
	boosts := map[string]*int32{}
	var visit func(e *oracle.Expr) *oracle.Expr
	visit = func(e *oracle.Expr) *oracle.Expr {
		c := *e
		c.Args = nil
		for _, a := range e.Args {
			c.Args = append(c.Args, visit(a))
		}
		if e.Op != oracle.Tag && e.Op != oracle.Only || rng.IntN(4) > 0 {
			return &c
		}
		if boosts[e.Name] == nil {
			w := drawWeight(rng, rng.IntN(5))
			boosts[e.Name] = &w
		}
		c.Boost = boosts[e.Name]
		return &c
	}
	return visit(e)
}

// boosted adds the boost of e to its query.
func boosted(e *oracle.Expr, q *query.Query) *query.Query {
	if e.Boost == nil {
		return q
	}
	return q.Boost(tagset.Weight(*e.Boost))
}

func boostText(e *oracle.Expr) string {
	if e.Boost == nil {
		return ""
	}
	return fmt.Sprintf("^%d", *e.Boost)
}
