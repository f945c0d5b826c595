package query_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// treeNames are the tags of the random stores: with sub-tags, and names that must be quoted because they are reserved,
// or numbers, dates and the like.
var treeNames = []string{"VIP客户", "地域", "地域/华东", "地域/华东/上海", "地域/华南", "e-mail", "3次以上", "United Kingdom", "and", "90d",
	"2026-01-31", `a"b\c`, "everyone", "客户 且 华东/取", "-x", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11", "t12"}

// A marks is the members of one block, of which 2^32−1 must be none.
type marks [1<<16 - 1]bool

// drawTable makes a universe and tags with blocks of every form in it.
func drawTable(t *rapid.T) *oracle.Table {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	table := oracle.NewTable()
	for _, name := range treeNames {
		table.Put(name, nil)
	}
	drawWeights(t, &table)
	if rapid.IntRange(0, 4).Draw(t, "spread") == 0 {
		spread(rng, &table)
		drawColumns(rng, &table)
		return &table
	}
	small := rapid.Bool().Draw(t, "small")
	for _, base := range []uint32{0, 1, 2, 700, 1<<16 - 1}[:rapid.IntRange(1, 5).Draw(t, "blocks")] {
		var everyone marks
		everyone.draw(rng, small)
		for _, name := range treeNames {
			var m marks
			switch rng.IntN(6) {
			case 0: // no block
			case 1:
				m = everyone // of the block so far
			default:
				m.draw(rng, small)
			}
			table.Sets[name] = m.appendTo(table.Sets[name], base<<16)
			for i, in := range m {
				everyone[i] = everyone[i] || in
			}
		}
		table.Members = everyone.appendTo(table.Members, base<<16)
	}
	drawColumns(rng, &table)
	return &table
}

// spread fills a table with a few members in each of hundreds of blocks.
func spread(rng *rand.Rand, table *oracle.Table) {
	for _, name := range treeNames {
		var ms []uint32
		for block, step := uint32(rng.IntN(200)), 1+rng.IntN(9); block < 600; block += 1 + uint32(rng.IntN(step)) {
			at := block<<16 + uint32(rng.IntN(4))*20_000
			for range 1 + rng.IntN(3) {
				ms = append(ms, at)
				at++
			}
		}
		table.Sets[name] = ms
		table.Members = append(table.Members, ms...)
	}
	for block := range uint32(700) {
		table.Members = append(table.Members, block<<16+5)
	}
	table.Tidy()
}

// draw marks members: few, many or most of the block, scattered or in runs.
func (m *marks) draw(rng *rand.Rand, small bool) {
	n := []int{1, 20, 900, 1100, 5000, 30000}[rng.IntN(6)]
	if small {
		n = 1 + rng.IntN(30)
	}
	for n > 0 {
		run := 1
		if rng.IntN(2) == 0 {
			run += rng.IntN(n)
		}
		at := rng.IntN(len(m))
		for i := at; i < min(at+run, len(m)); i++ {
			m[i] = true
		}
		n -= run
	}
}

func (m *marks) appendTo(out []uint32, base uint32) []uint32 {
	n := 0
	for _, in := range m {
		if in {
			n++
		}
	}
	out = slices.Grow(out, n)
	for i, in := range m {
		if in {
			out = append(out, base+uint32(i))
		}
	}
	return out
}

// storeOf loads a table, every tag with its direct members.
func storeOf(t require.TestingT, table *oracle.Table) *tagset.Store {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		if err := tx.Enroll(members(table.Members)...); err != nil {
			return err
		}
		for _, p := range table.Paths() {
			if _, err := tx.CreateTag(tagset.Tag{Name: p, Weight: tagset.Weight(table.Weights[p])}); err != nil {
				return err
			}
			if _, err := tx.AddSet(p, tagset.SetOf(members(table.Sets[p])...)); err != nil {
				return err
			}
		}
		return createAttributes(tx, table)
	})
	require.NoError(t, err)
	return s
}

func members(ms []uint32) []tagset.Member {
	out := make([]tagset.Member, len(ms))
	for i, m := range ms {
		out[i] = tagset.Member(m)
	}
	return out
}

// drawTree draws an expression over the tags and attributes of a table.
func drawTree(t *rapid.T, table *oracle.Table, depth int) *oracle.Expr {
	ops := []oracle.Op{oracle.Tag, oracle.Tag, oracle.Only, oracle.Compare, oracle.And, oracle.Or, oracle.Minus, oracle.Not, oracle.Xor,
		oracle.AtLeast, oracle.AtMost, oracle.Exactly, oracle.None, oracle.Everyone, oracle.Nobody}
	if depth == 0 {
		ops = ops[:4]
	}
	op := rapid.SampledFrom(ops).Draw(t, "op")
	e := &oracle.Expr{Op: op}
	n := 0
	switch op {
	case oracle.Tag, oracle.Only:
		e.Name = rapid.SampledFrom(table.Paths()).Draw(t, "tag")
	case oracle.Compare:
		return drawCompare(t, table)
	case oracle.Everyone, oracle.Nobody:
	case oracle.Not:
		n = 1
	case oracle.AtLeast, oracle.AtMost, oracle.Exactly:
		n = rapid.IntRange(1, 7).Draw(t, "of")
	default:
		n = rapid.IntRange(1, 4).Draw(t, "operands")
	}
	if n > 1 && rapid.IntRange(0, 9).Draw(t, "wide") == 0 { // many operands, most of them leaves
		n, depth = rapid.IntRange(8, 40).Draw(t, "many"), 1
	}
	if op == oracle.AtLeast || op == oracle.AtMost || op == oracle.Exactly {
		e.K = rapid.IntRange(-1, n+1).Draw(t, "k")
	}
	for range n {
		e.Args = append(e.Args, drawTree(t, table, depth-1))
	}
	if n > 1 && rapid.IntRange(0, 5).Draw(t, "repeat") == 0 {
		e.Args[n-1] = e.Args[0]
	}
	return e
}

// build makes the query with constructors.
func build(e *oracle.Expr) *query.Query {
	args := make([]*query.Query, len(e.Args))
	for i, a := range e.Args {
		args[i] = build(a)
	}
	return buildOver(e, args)
}

// buildOver makes the query of e over the queries of its operands.
func buildOver(e *oracle.Expr, args []*query.Query) *query.Query {
	switch e.Op {
	case oracle.Tag:
		return boosted(e, query.Tag(e.Name))
	case oracle.Only:
		return boosted(e, query.Only(e.Name))
	case oracle.Compare:
		return buildCompare(e)
	case oracle.Everyone:
		return query.Everyone()
	case oracle.Nobody:
		return query.Nobody()
	case oracle.And:
		return query.And(args...)
	case oracle.Or:
		return query.Or(args...)
	case oracle.Xor:
		return query.Xor(args...)
	case oracle.Not:
		return query.Not(args[0])
	case oracle.None:
		return query.Not(query.Or(args...))
	case oracle.Minus:
		return args[0].Minus(args[1:]...)
	case oracle.AtLeast:
		return query.AtLeast(e.K, args...)
	case oracle.AtMost:
		return query.AtMost(e.K, args...)
	}
	return query.Exactly(e.K, args...)
}

// spelled are the ways to write an operator.
var spelled = map[oracle.Op][]string{
	oracle.Not:   {"NOT ", "not ", "!", "¬", "非 ", "！"},
	oracle.And:   {" AND ", " and ", "&", " && ", "∩", " 且 ", "＆"},
	oracle.Or:    {" OR ", " or ", "|", "||", "∪", " 或 "},
	oracle.Minus: {" MINUS ", " except ", `\`, "∖", " - ", " 减 ", " 排除 "},
	oracle.Xor:   {" XOR ", " xOr ", "⊕"},
}

// How tightly an expression binds as it is written.
const (
	loose = iota // OR, MINUS, XOR
	middle
	tight // NOT
	whole
)

// text writes an expression in random spellings, with parentheses where they are needed and at times where not.
func text(rng *rand.Rand, e *oracle.Expr, least int) string {
	s, binds := "", whole
	pick := func(op oracle.Op) string { return spelled[op][rng.IntN(len(spelled[op]))] }
	list := func(word string) string {
		parts := make([]string, len(e.Args))
		for i, a := range e.Args {
			parts[i] = text(rng, a, loose)
		}
		return word + strings.Join(parts, []string{", ", ",", "，", "， "}[rng.IntN(4)]) + ")"
	}
	switch {
	case e.Op == oracle.Tag:
		s = spell(rng, e.Name) + boostText(e)
	case e.Op == oracle.Only:
		s = "only(" + spell(rng, e.Name) + ")" + boostText(e)
	case e.Op == oracle.Compare:
		s = compareText(rng, e)
	case e.Op == oracle.Everyone:
		s = []string{"everyone", "全部", "*"}[rng.IntN(3)]
	case e.Op == oracle.Nobody:
		s = "nobody"
	case e.Op == oracle.Not:
		s, binds = pick(oracle.Not)+text(rng, e.Args[0], tight), tight
	case e.Op == oracle.AtLeast || e.Op == oracle.AtMost || e.Op == oracle.Exactly:
		s = list(fmt.Sprintf("%s(%d, ", e.Op, e.K))
	case e.Op == oracle.None:
		s = list("none(")
	case len(e.Args) == 1:
		return text(rng, e.Args[0], least)
	case e.Op == oracle.And && rng.IntN(3) == 0:
		s = list("all(")
	case e.Op == oracle.Or && rng.IntN(3) == 0:
		s = list("any(")
	default:
		binds = loose
		if e.Op == oracle.And {
			binds = middle
		}
		s = text(rng, e.Args[0], binds)
		for _, a := range e.Args[1:] {
			s += pick(e.Op) + text(rng, a, binds+1)
		}
	}
	if binds < least || rng.IntN(12) == 0 {
		s = []string{"(", "( ", "（"}[rng.IntN(3)] + s + []string{")", " )", "）"}[rng.IntN(3)]
	}
	if rng.IntN(20) == 0 {
		s += " # a comment\n"
	}
	return s
}

// withParameters puts parameters in the place of some tags, and returns what they stand for.
func withParameters(rng *rand.Rand, e *oracle.Expr, args query.Args) *oracle.Expr {
	c := *e
	c.Args = nil
	for _, a := range e.Args {
		c.Args = append(c.Args, withParameters(rng, a, args))
	}
	if (e.Op == oracle.Tag || e.Op == oracle.Only) && rng.IntN(2) == 0 {
		name := []string{"p", "名字", "p_2"}[rng.IntN(3)] + fmt.Sprint(len(args))
		args[name], c.Name = e.Name, "$"+name
	}
	return &c
}

// bareNames of treeNames need no quotes.
var bareNames = []string{"VIP客户", "地域", "地域/华东", "地域/华东/上海", "地域/华南", "e-mail", "3次以上", "年龄", "消费金额", "最后互动时间", "weight", "t1"}

func spell(rng *rand.Rand, name string) string {
	if strings.HasPrefix(name, "$") {
		return name
	}
	if slices.Contains(bareNames, name) && rng.IntN(3) > 0 {
		return name
	}
	name = strings.ReplaceAll(strings.ReplaceAll(name, `\`, `\\`), `"`, `\"`)
	if rng.IntN(2) == 0 {
		return "“" + name + "”"
	}
	return `"` + name + `"`
}
