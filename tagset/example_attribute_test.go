package tagset_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/tagroar/tagroar/tagset"
)

// attributeStore returns a store with two attributes of four customers.
func attributeStore() *tagset.Store {
	s := exampleStore()
	_, err := s.Update(func(tx *tagset.Tx) error {
		err1 := tx.CreateAttribute("消费金额", tagset.Decimal(2))
		err2 := tx.CreateAttribute("最后互动时间", tagset.Time)
		// In bulk, scaled by 10^2: 1299.00, 58.50, 0.00 and 420.00.
		err3 := tx.SetInts("消费金额", []tagset.Member{0, 1, 2, 3}, []int64{129900, 5850, 0, 42000})
		err4 := tx.SetTime("最后互动时间", 0, time.Date(2026, 1, 31, 8, 30, 0, 0, time.UTC))
		return errors.Join(err1, err2, err3, err4)
	})
	if err != nil {
		panic(err)
	}
	return s
}

// Numbers and times belong to members; who has no value has none, not 0.
func ExampleTx_SetInt() {
	s := attributeStore()
	_, err := s.Update(func(tx *tagset.Tx) error {
		return tx.SetInt("消费金额", 1, 6000)
	})
	fmt.Println(err)
	v := s.View()
	for m := range tagset.Member(5) {
		amount, ok := v.Int("消费金额", m)
		at, seen := v.TimeOf("最后互动时间", m)
		fmt.Println(m, amount, ok, at.Format(time.DateTime), seen)
	}
	// Output:
	// <nil>
	// 0 129900 true 2026-01-31 08:30:00 true
	// 1 6000 true 0001-01-01 00:00:00 false
	// 2 0 true 0001-01-01 00:00:00 false
	// 3 42000 true 0001-01-01 00:00:00 false
	// 4 0 false 0001-01-01 00:00:00 false
}

// A value that the type does not hold is refused, and nothing changes.
func ExampleTx_SetTime() {
	s := attributeStore()
	_, err := s.Update(func(tx *tagset.Tx) error {
		return tx.SetTime("消费金额", 1, time.Unix(0, 0))
	})
	fmt.Println(err)
	fmt.Println(errors.Is(err, tagset.ErrType))
	_, err = s.Update(func(tx *tagset.Tx) error {
		return tx.SetInts("最后互动时间", []tagset.Member{1}, []int64{time.Now().UnixMilli()}) // not seconds
	})
	fmt.Println(errors.Is(err, tagset.ErrType))
	// Output:
	// tagset: set attribute "消费金额": wrong type or range: decimal(2), not time
	// true
	// true
}

func ExampleView_Attributes() {
	for name, t := range attributeStore().View().Attributes() {
		fmt.Println(name, t, t.Places())
	}
	// Output:
	// 最后互动时间 time 0
	// 消费金额 decimal(2) 2
}

// Summaries are taken over any set of members.
func ExampleColumn_Top() {
	v := attributeStore().View()
	amount, _ := v.Column("消费金额")
	vip, _ := v.Set("VIP客户")
	for _, x := range amount.Top(v.Members(), 2) {
		fmt.Println(x.Member, x.Value)
	}
	sum, _ := amount.Sum(vip)
	median, _ := amount.Quantile(v.Members(), 0.5)
	fmt.Println(sum, median)
	// Output:
	// 0 129900
	// 3 42000
	// 129900 5850
}

// A tag that keeps times knows when each of its members was last tagged, and
// how many came and left per day.
func ExampleView_Times() {
	now := time.Date(2026, 1, 30, 9, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{Clock: func() time.Time { return now }})
	if err != nil {
		panic(err)
	}
	add := func(ms ...tagset.Member) {
		_, err := s.Update(func(tx *tagset.Tx) error { _, err := tx.Add("活跃", ms...); return err })
		if err != nil {
			panic(err)
		}
	}
	_, err = s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "活跃", KeepTimes: true})
		return err
	})
	if err != nil {
		panic(err)
	}
	add(1, 2)
	now = now.AddDate(0, 0, 1)
	add(2, 3) // 2 is tagged again

	times, _ := s.View().Times("活跃")
	for m := range times.Members().All() {
		sec, _ := times.Int(m)
		fmt.Println(m, time.Unix(sec, 0).UTC().Format(time.DateOnly))
	}
	for day := range s.View().Growth("活跃", now.AddDate(0, 0, -30), now) {
		fmt.Println(day.Day.Format(time.DateOnly), day.Added, day.Removed)
	}
	// Output:
	// 1 2026-01-30
	// 2 2026-01-31
	// 3 2026-01-31
	// 2026-01-30 2 0
	// 2026-01-31 1 0
}
