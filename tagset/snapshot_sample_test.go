package tagset_test

import (
	"bytes"
	"math"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// fullSample is sample with something of everything that format 2 brought:
// attributes of every type and width, set for few, many and all, without values
// and deleted; tags that keep times by the day and more finely; growth over days.
func fullSample(t require.TestingT) *tagset.Store {
	s := sample(t)
	_, err := s.Update(func(tx *tagset.Tx) error {
		for name, typ := range map[string]tagset.AttributeType{
			"消费金额": tagset.Decimal(2), "最后互动时间": tagset.Time, "订单数": tagset.Int, "score/wide": tagset.Int,
			"constant": tagset.Decimal(18), "none": tagset.Time, "doomed": tagset.Int,
		} {
			require.NoError(t, tx.CreateAttribute(name, typ))
		}
		var ms []tagset.Member
		var squares, few, zeros, wide []int64
		for m := range tagset.Member(10_000) {
			if m == 3 || m == 17 || m == 600 { // forgotten
				continue
			}
			ms = append(ms, m)
			squares, few, zeros = append(squares, int64(m)*int64(m)*31-500), append(few, int64(m)%7), append(zeros, 0)
			wide = append(wide, math.MinInt64+int64(m)<<50)
		}
		require.NoError(t, tx.SetInts("订单数", ms, few))
		require.NoError(t, tx.SetInts("消费金额", ms[:2500], squares[:2500]))
		require.NoError(t, tx.SetInts("constant", ms, zeros))
		require.NoError(t, tx.SetInts("score/wide", ms[:20], wide[:20]))
		require.NoError(t, tx.SetInt("score/wide", 70_000, math.MaxInt64))
		require.NoError(t, tx.SetInt("doomed", 1, 1))
		for i := range tagset.Member(200) {
			require.NoError(t, tx.SetTime("最后互动时间", 64*i, date(2025, 12, 1).Add(time.Duration(i*i)*time.Hour)))
		}
		_, err := tx.CreateTag(tagset.Tag{Name: "活跃", KeepTimes: true, TimeStep: 15 * time.Minute})
		require.NoError(t, err)
		_, err = tx.CreateTag(tagset.Tag{Name: "活跃/沉睡", KeepTimes: true, Archived: true})
		require.NoError(t, err)
		_, err = tx.Add("活跃", 1, 2, 70_001)
		require.NoError(t, err)
		return tx.EditTag("地域-华东区", func(tag *tagset.Tag) { tag.KeepTimes = true })
	})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.AddSet("活跃", tagset.SetOf(ms(2, 5, 6, 7)...))
		require.NoError(t, err)
		_, err = tx.Remove("活跃", 1, 5)
		require.NoError(t, err)
		return tx.DeleteAttribute("doomed")
	})
	require.NoError(t, err)
	// A day passes: sample's clock is ahead by a few seconds for each call only,
	// so the store is restored under another one.
	later := fixed()
	later.Clock = func() time.Time { return date(2026, 2, 3).Add(7 * time.Hour) }
	s, err = tagset.Restore(bytes.NewReader(snapshot(t, s.View())), later)
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.Add("活跃", 6, 9)
		require.NoError(t, err)
		return tx.Forget(7)
	})
	require.NoError(t, err)
	return s
}
