package tagset_test

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// attributeVerbs are the verbs about attributes.
func attributeVerbs() []verb {
	return []verb{
		{"create attribute", 5, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name, typ := drawName(t), drawType(t)
			sameError(t, w.CreateAttribute(name, uint8(typ)), tx.CreateAttribute(name, typ))
		}},
		{"delete attribute", 1, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, _ bool) {
			name := drawAttr(t, w)
			sameError(t, w.DeleteAttribute(name), tx.DeleteAttribute(name))
		}},
		{"set int", 6, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
			name, m, v := drawAttr(t, w), drawMember(t, huge), drawValue(t)
			sameError(t, w.SetInt(name, m, v), tx.SetInt(name, tagset.Member(m), v))
		}},
		{"set time", 6, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
			name, m, at := drawAttr(t, w), drawMember(t, huge), drawTime(t)
			sameError(t, w.SetTime(name, m, at), tx.SetTime(name, tagset.Member(m), at))
		}},
		{"set ints", 5, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
			name, ms := drawAttr(t, w), drawSet(t, huge)
			if rapid.Bool().Draw(t, "repeat") {
				ms = append(ms, ms...)
			}
			first, step := drawValue(t), rapid.SampledFrom([]int64{0, 1, -7, 100_000, 1 << 40}).Draw(t, "step")
			var vs []int64
			for i := range ms {
				vs = append(vs, first+int64(i)*step)
			}
			if rapid.IntRange(0, 19).Draw(t, "unequal") == 0 {
				vs = append(vs, 0)
			}
			sameError(t, w.SetInts(name, ms, vs), tx.SetInts(name, members(ms), vs))
		}},
		{"unset", 3, func(t *rapid.T, tx *tagset.Tx, w *oracle.Store, huge bool) {
			name, m := drawAttr(t, w), drawMember(t, huge)
			sameError(t, w.Unset(name, m), tx.Unset(name, tagset.Member(m)))
		}},
	}
}

func drawType(t *rapid.T) tagset.AttributeType {
	return rapid.SampledFrom([]tagset.AttributeType{tagset.Int, tagset.Int, tagset.Time, tagset.Time, tagset.Decimal(0), tagset.Decimal(2),
		tagset.Decimal(18), tagset.Decimal(19)}).Draw(t, "type")
}

// drawAttr prefers attributes that are there.
func drawAttr(t *rapid.T, s *oracle.Store) string {
	if names := attrNames(s); len(names) > 0 && rapid.IntRange(0, 9).Draw(t, "any name") > 0 {
		return rapid.SampledFrom(names).Draw(t, "attribute")
	}
	return drawName(t)
}

func attrNames(s *oracle.Store) []string {
	byName := oracle.New()
	for name := range s.Attrs {
		byName.Tags[name] = nil
	}
	return byName.Paths()
}

func drawValue(t *rapid.T) int64 {
	return rapid.OneOf(rapid.Int64Range(-3, 300), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, 1 << 31, 1 << 32, -1 << 40}),
		rapid.Int64()).Draw(t, "value")
}

func drawTime(t *rapid.T) time.Time {
	switch rapid.IntRange(0, 9).Draw(t, "when") {
	case 0:
		return rapid.SampledFrom([]time.Time{{}, time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC),
			time.Date(0, 12, 31, 23, 59, 59, 0, time.UTC)}).Draw(t, "edge")
	case 1, 2:
		return time.Unix(rapid.Int64Range(-1e9, 1e9).Draw(t, "sec"), rapid.Int64Range(0, 999_999_999).Draw(t, "nano"))
	}
	return time.Date(2026, 1, 1, 0, 0, rapid.IntRange(0, 1000).Draw(t, "second"), 5, time.FixedZone("CST", 8*3600))
}

// sameAttributes fails unless attributes and values are what the oracle says.
func sameAttributes(t require.TestingT, want *oracle.Store, v *tagset.View) {
	var names []string
	for name, typ := range v.Attributes() {
		names = append(names, name)
		require.NotNil(t, want.Attrs[name], "attribute %q should not be there", name)
		require.EqualValues(t, want.Attrs[name].Type, typ, "type of %q", name)
	}
	require.Equal(t, attrNames(want), names, "attributes")
	for name, a := range want.Attrs {
		c, ok := v.Column(name)
		require.True(t, ok)
		sameColumn(t, a.Values, c, "attribute "+name)
		for m, x := range a.Values {
			got, ok := v.Int(name, tagset.Member(m))
			require.True(t, ok)
			require.Equal(t, x, got, "%q of %d", name, m)
			at, ok := v.TimeOf(name, tagset.Member(m))
			require.Equal(t, a.Type == 1, ok)
			if ok {
				require.Equal(t, x, at.Unix(), "%q of %d", name, m)
			}
			break
		}
		_, ok = v.Int(name, 4_000_000)
		require.Equal(t, mapHas(a.Values, 4_000_000), ok)
	}
	_, ok := v.Column("no such attribute")
	require.False(t, ok)
}

func mapHas(m map[uint32]int64, k uint32) bool {
	_, ok := m[k]
	return ok
}

func sameColumn(t require.TestingT, want map[uint32]int64, c tagset.Column, what string) {
	sameIDs(t, listed(slices.Sorted(maps.Keys(want))), c.Members(), "members of "+what)
	require.Equal(t, len(want), c.Len())
	for m, x := range want {
		if got, ok := c.Int(tagset.Member(m)); !ok || got != x {
			require.Equal(t, x, got, "%s of %d", what, m)
		}
	}
}

// sameTimes fails unless the times of tagging and the growth of a tag are what the oracle says.
func sameTimes(t require.TestingT, n *oracle.Node, v *tagset.View, tag string) {
	from, to := time.Unix(-1<<40, 0), time.Unix(1<<40, 0)
	c, ok := v.Times(tag)
	same(t, n.Def.KeepTimes, ok, "times", tag)
	if !ok {
		same(t, 0, len(slices.Collect(v.Growth(tag, from, to))), "growth", tag)
		return
	}
	require.Equal(t, tagset.Time, c.Type())
	sameColumn(t, n.Times, c, "times of "+tag)
	var want []tagset.DayCount
	for _, day := range slices.Sorted(maps.Keys(n.Growth)) {
		want = append(want, tagset.DayCount{Day: time.Unix(day, 0).UTC(), Added: n.Growth[day].Added, Removed: n.Growth[day].Removed})
	}
	require.Equal(t, want, slices.Collect(v.Growth(tag, from, to)), "growth of %q", tag)
	if len(want) > 1 {
		require.Equal(t, want[1:], slices.Collect(v.Growth(tag, want[1].Day.Add(3), to)))
		require.Equal(t, want[:1], slices.Collect(v.Growth(tag, from, want[1].Day.Add(-1))))
	}
}
