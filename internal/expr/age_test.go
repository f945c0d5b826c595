package expr

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/column"
)

func TestConditionAt(tt *testing.T) {
	now := time.Date(2026, 3, 31, 8, 0, 0, 0, time.UTC)
	late := now.Add(time.Nanosecond)
	unix := func(y int, m time.Month, d, h, min, s int) int64 {
		return time.Date(y, m, d, h, min, s, 0, time.UTC).Unix()
	}
	all := column.Interval{Lo: math.MinInt64, Hi: math.MaxInt64}
	to := func(hi int64) []column.Interval { return []column.Interval{{Lo: all.Lo, Hi: hi}} }
	from := func(lo int64) []column.Interval { return []column.Interval{{Lo: lo, Hi: all.Hi}} }
	day := unix(2026, 3, 30, 8, 0, 0)
	for _, test := range []struct {
		in   Range
		now  time.Time
		want []column.Interval
	}{
		{Range{num(3), num(5)}, now, []column.Interval{{Lo: 3, Hi: 5}}},
		{Range{least, age(1, Days).open()}, now, to(day - 1)},  // > 1d
		{Range{least, age(1, Days).open()}, late, to(day)},     // a nanosecond older
		{Range{least, age(1, Days)}, now, to(day)},             // >= 1d
		{Range{least, age(1, Days)}, late, to(day)},            //
		{Range{age(1, Days).open(), most}, now, from(day + 1)}, // < 1d
		{Range{age(1, Days).open(), most}, late, from(day + 1)},
		{Range{age(1, Days), most}, now, from(day)}, // <= 1d
		{Range{age(1, Days), most}, late, from(day + 1)},
		{Range{age(1, Days), age(1, Days)}, late, nil},
		{Range{age(1, Days), age(1, Days)}, now, []column.Interval{{Lo: day, Hi: day}}},
		{Range{age(2, Days), age(1, Days)}, now, []column.Interval{{Lo: unix(2026, 3, 29, 8, 0, 0), Hi: day}}},
		{Range{age(1, Days), age(2, Days)}, now, nil},
		{Range{age(1, Months), most}, now, from(unix(2026, 3, 3, 8, 0, 0))}, // 31 February
		{Range{age(1, Years), most}, now, from(unix(2025, 3, 31, 8, 0, 0))},
		{Range{age(1, Weeks), most}, now, from(unix(2026, 3, 24, 8, 0, 0))},
		{Range{age(90, Minutes), most}, now, from(unix(2026, 3, 31, 6, 30, 0))},
		{Range{age(25, Hours), most}, now, from(unix(2026, 3, 30, 7, 0, 0))},
		{Range{age(10_000, Years), age(120_000, Months)}, now, []column.Interval{{Lo: unix(-7974, 3, 31, 8, 0, 0), Hi: unix(-7974, 3, 31, 8, 0, 0)}}},
	} {
		c := attr("a", test.in)
		got := c.At(test.now.In(time.FixedZone("", 8*60*60))) // told in UTC all the same
		require.Equal(tt, len(test.want), len(got), "%v: %v", test.in, got)
		if len(got) > 0 {
			require.Equal(tt, test.want, got, "%v", test.in)
		}
	}
	require.True(tt, silent.Ages())
	plain := attr("a", Range{num(1), num(2)})
	require.False(tt, plain.Ages())
}

// A second is in a range if it is neither before nor after the ends, instants
// compared as instants.
func TestConditionAtIsOfInstants(tt *testing.T) {
	rapid.Check(tt, func(r *rapid.T) {
		now := time.Unix(rapid.Int64Range(-2e9, 4e9).Draw(r, "sec"), rapid.SampledFrom([]int64{0, 0, 1, 5e8, 999_999_999}).Draw(r, "nsec")).UTC()
		unit := rapid.SampledFrom([]Unit{Minutes, Hours, Days, Weeks, Months, Years})
		end := func(name string) Bound {
			return Bound{N: rapid.Int64Range(0, 40).Draw(r, name), Unit: unit.Draw(r, "unit"), Open: rapid.Bool().Draw(r, "open")}
		}
		in := Range{end("lo"), end("hi")}
		lo, hi := in.Lo.Unit.Back(now, in.Lo.N), in.Hi.Unit.Back(now, in.Hi.N)
		c := attr("a", in)
		got := c.At(now)
		for _, about := range []time.Time{lo, hi} {
			for d := int64(-2); d <= 2; d++ {
				v := about.Unix() + d
				t := time.Unix(v, 0)
				want := !t.Before(lo) && !t.After(hi) && !(in.Lo.Open && t.Equal(lo)) && !(in.Hi.Open && t.Equal(hi))
				has := len(got) == 1 && got[0].Lo <= v && v <= got[0].Hi
				require.Equal(r, want, has, "%s in %v at %s: %v", t, in, now, got)
			}
		}
	})
}
