package tagset_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// valued returns a store of so many members, all with a value of 24 bits and one
// of time, and a third of them with a tag that keeps times, over a year.
func valued(tb testing.TB, members int) *tagset.Store {
	tb.Helper()
	now := date(2025, 1, 1)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
	require.NoError(tb, err)
	r := rand.New(rand.NewPCG(1, 2))
	everyone, spend, seen := make([]tagset.Member, members), make([]int64, members), make([]int64, members)
	for i := range everyone {
		everyone[i], spend[i], seen[i] = tagset.Member(i), r.Int64N(1<<24), now.Unix()-r.Int64N(400*86400)
	}
	do(tb, s, func(tx *tagset.Tx) {
		require.NoError(tb, tx.CreateAttribute("消费金额", tagset.Decimal(2)))
		require.NoError(tb, tx.CreateAttribute("最后互动时间", tagset.Time))
		require.NoError(tb, tx.SetInts("消费金额", everyone, spend))
		require.NoError(tb, tx.SetInts("最后互动时间", everyone, seen))
		_, err := tx.CreateTag(tagset.Tag{Name: "活跃", KeepTimes: true})
		require.NoError(tb, err)
	})
	for range 12 {
		now = now.AddDate(0, 1, 0)
		do(tb, s, func(tx *tagset.Tx) {
			ms := make([]tagset.Member, members/30)
			for i := range ms {
				ms[i] = tagset.Member(r.IntN(members))
			}
			_, err := tx.Add("活跃", ms...)
			require.NoError(tb, err)
		})
	}
	return s
}

// One value of 10 million, published.
func BenchmarkSetPublish(b *testing.B) {
	const members = 10_000_000
	s := valued(b, members)
	st := s.View().Stats()
	b.Logf("%.2f bytes a value, %.2f bytes a time of tagging", float64(st.ValueBytes)/float64(st.Values), float64(st.TimeBytes)/float64(st.Memberships))
	r := rand.New(rand.NewPCG(3, 4))
	publish := func(b *testing.B, change func(*tagset.Tx, tagset.Member) error) {
		b.ReportAllocs()
		for b.Loop() {
			m := tagset.Member(r.IntN(members))
			if _, err := s.Update(func(tx *tagset.Tx) error { return change(tx, m) }); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("int", func(b *testing.B) {
		publish(b, func(tx *tagset.Tx, m tagset.Member) error { return tx.SetInt("消费金额", m, r.Int64N(1<<24)) })
	})
	b.Run("time", func(b *testing.B) {
		publish(b, func(tx *tagset.Tx, m tagset.Member) error {
			return tx.SetTime("最后互动时间", m, time.Unix(1_700_000_000+r.Int64N(400*86400), 0))
		})
	})
	b.Run("unset and set", func(b *testing.B) {
		publish(b, func(tx *tagset.Tx, m tagset.Member) error {
			if _, ok := tx.View().Int("消费金额", m); ok {
				return tx.Unset("消费金额", m)
			}
			return tx.SetInt("消费金额", m, 1)
		})
	})
	b.Run("add to a tag that keeps times", func(b *testing.B) {
		publish(b, func(tx *tagset.Tx, m tagset.Member) error { _, err := tx.Add("活跃", m); return err })
	})
}

// One value of one among 5,000 attributes, published: their table is not copied.
func BenchmarkSetAmongAttributes(b *testing.B) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(b, err)
	do(b, s, func(tx *tagset.Tx) {
		for i := range 5000 {
			require.NoError(b, tx.CreateAttribute(tagName(i), tagset.Int))
			require.NoError(b, tx.SetInt(tagName(i), tagset.Member(i), int64(i)))
		}
	})
	b.ReportAllocs()
	v := int64(0)
	for b.Loop() {
		v++
		if _, err := s.Update(func(tx *tagset.Tx) error { return tx.SetInt(tagName(77), 77, v) }); err != nil {
			b.Fatal(err)
		}
	}
}
