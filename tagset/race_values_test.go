package tagset_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/tagroar/tagroar/internal/column"
	"github.com/tagroar/tagroar/tagset"
)

// The writer under stress keeps two promises about values: 余额 and 已付 of a member add up to stressTotal, and whoever
// has one has both. Of 会员, which keeps times, every member has one.

const stressTotal = 1_000_000

// pay sets both attributes of some members, few or a whole block's worth, or takes them away.
func (a *arena) pay(tx *tagset.Tx, rng *rand.Rand) error {
	first, n := rng.IntN(a.sides), 1+rng.IntN(3)
	if rng.IntN(4) == 0 {
		n = 20_000
	}
	var ms []tagset.Member
	var rest, paid []int64
	for m := first; m < min(a.sides, first+n); m++ {
		v := rng.Int64N(stressTotal)
		ms, rest, paid = append(ms, tagset.Member(m)), append(rest, v), append(paid, stressTotal-v)
	}
	if n <= 3 && rng.IntN(3) == 0 {
		for _, m := range ms {
			if err := tx.Unset("余额", m); err != nil {
				return err
			}
			if err := tx.Unset("已付", m); err != nil {
				return err
			}
		}
		return nil
	}
	// Forgotten members, those with keys, are past the sides.
	if err := tx.SetInts("余额", ms, rest); err != nil {
		return err
	}
	if n > 3 {
		return tx.SetInts("已付", ms, paid)
	}
	for i, m := range ms {
		if err := tx.SetInt("已付", m, paid[i]); err != nil {
			return err
		}
	}
	return nil
}

// values reads the two attributes by member, by aggregate and by predicate, and the times of 会员.
func (a *arena) values(v *tagset.View, rng *rand.Rand) error {
	rest, _ := v.Column("余额")
	paid, ok := v.Column("已付")
	if !ok || !rest.Members().Equal(paid.Members()) {
		return fmt.Errorf("%d members have one attribute, %d the other", rest.Len(), paid.Len())
	}
	everybody := v.Members()
	least, _ := rest.Min(everybody)
	most, _ := paid.Max(everybody)
	s, _ := rest.Sum(everybody)
	p, _ := paid.Sum(everybody)
	if s+p != int64(rest.Len())*stressTotal || rest.Len() > 0 && least+most != stressTotal {
		return fmt.Errorf("sums %d and %d of %d, least %d, most %d", s, p, rest.Len(), least, most)
	}
	limit := rng.Int64N(stressTotal)
	low, high := rest.Where(column.Interval{Hi: limit}), paid.Where(column.Interval{Lo: stressTotal - limit, Hi: stressTotal})
	for b := range rest.Members().Blocks().Blocks() {
		if x, y := low.Bound(b.Num()), high.Bound(b.Num()); (x == 0) != (y == 0) {
			return fmt.Errorf("block %d: at most %d and %d", b.Num(), x, y)
		}
	}
	for range 200 {
		m := tagset.Member(rng.IntN(a.sides))
		x, ok := v.Int("余额", m)
		y, _ := v.Int("已付", m)
		if ok && x+y != stressTotal || low.Contains(uint32(m)) != (ok && x <= limit) || low.Contains(uint32(m)) != high.Contains(uint32(m)) {
			return fmt.Errorf("member %d: %d and %d, limit %d", m, x, y, limit)
		}
	}
	c, ok := v.Times("会员")
	direct, _ := v.Direct("会员")
	if !ok || !c.Members().Equal(direct) {
		return fmt.Errorf("%d members, %d times", direct.Len(), c.Len())
	}
	sum := 0
	for d := range v.Growth("会员", v.Time().AddDate(-1, 0, 0), v.Time()) {
		sum += d.Added - d.Removed
	}
	if sum != direct.Len() {
		return fmt.Errorf("grown to %d, has %d", sum, direct.Len())
	}
	return nil
}
