package tagset_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

func TestAttributes(t *testing.T) {
	s, _ := newStore(t, 0)
	at := time.Date(2026, 1, 31, 8, 0, 0, 999, time.UTC)
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.CreateAttribute("消费金额", tagset.Decimal(2)))
		require.NoError(t, tx.CreateAttribute("最后互动时间", tagset.Time))
		require.NoError(t, tx.CreateAttribute("a/订单数", tagset.Int))
		require.NoError(t, tx.SetInt("消费金额", 7, -1250))
		require.NoError(t, tx.SetTime("最后互动时间", 7, at))
		require.NoError(t, tx.SetInts("a／订单数", []tagset.Member{9, 7, 9}, []int64{1, math.MinInt64, math.MaxInt64}))
	})
	v := s.View()
	require.EqualValues(t, 1, v.Version())
	require.Equal(t, ms(7, 9), listOf(v.Members()))
	types := map[string]tagset.AttributeType{}
	var names []string
	for name, typ := range v.Attributes() {
		names, types[name] = append(names, name), typ
	}
	require.Equal(t, []string{"a/订单数", "最后互动时间", "消费金额"}, names)
	require.Equal(t, map[string]tagset.AttributeType{"消费金额": tagset.Decimal(2), "最后互动时间": tagset.Time, "a/订单数": tagset.Int}, types)
	n, ok := v.Int("消费金额", 7)
	require.True(t, ok)
	require.EqualValues(t, -1250, n)
	got, ok := v.TimeOf("最后互动时间", 7)
	require.True(t, ok)
	require.Equal(t, at.Truncate(time.Second), got)
	for m, want := range map[tagset.Member]int64{7: math.MinInt64, 9: math.MaxInt64} {
		n, ok = v.Int("a/订单数", m)
		require.True(t, ok)
		require.Equal(t, want, n)
	}
	_, ok = v.Int("消费金额", 9)
	require.False(t, ok, "unset is not 0")
	_, ok = v.TimeOf("消费金额", 7)
	require.False(t, ok, "not a time")
	_, ok = v.Int("no such", 7)
	require.False(t, ok)
	c, ok := v.Column("最后互动时间")
	require.True(t, ok)
	require.Equal(t, tagset.Time, c.Type())
	require.Equal(t, 1, c.Len())
	require.Equal(t, ms(7), listOf(c.Members()))
	n, _ = c.Int(7)
	require.Equal(t, at.Unix(), n)
	_, ok = v.Column("VIP客户")
	require.False(t, ok)

	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.Unset("消费金额", 7))
		require.NoError(t, tx.DeleteAttribute("a/订单数"))
	})
	_, ok = s.View().Int("消费金额", 7)
	require.False(t, ok)
	_, ok = s.View().Column("a/订单数")
	require.False(t, ok)
	n, ok = v.Int("a/订单数", 9)
	require.True(t, ok, "the earlier view stays")
	require.EqualValues(t, int64(math.MaxInt64), n)
	require.NoError(t, s.Check())
}

// TestAttributeErrors: every verb names what is wrong, and changes nothing.
func TestAttributeErrors(t *testing.T) {
	s, _ := newStore(t, 0)
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.CreateAttribute("n", tagset.Int))
		require.NoError(t, tx.CreateAttribute("t", tagset.Time))
		require.NoError(t, tx.SetInt("n", 3, 3))
		require.NoError(t, tx.SetInt("n", 1, 1))
		require.NoError(t, tx.Forget(3))
	})
	v := s.View()
	far := time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		is   error
		text string
		do   func(tx *tagset.Tx) error
	}{
		{tagset.ErrAttributeExists, `tagset: create attribute "n": attribute exists`, func(tx *tagset.Tx) error { return tx.CreateAttribute("n", tagset.Time) }},
		{tagset.ErrBadName, `create attribute " x": bad name: `, func(tx *tagset.Tx) error { return tx.CreateAttribute(" x", tagset.Int) }},
		{tagset.ErrType, "decimal of 0 to 18 places", func(tx *tagset.Tx) error { return tx.CreateAttribute("x", tagset.Decimal(19)) }},
		{tagset.ErrType, "decimal of 0 to 18 places", func(tx *tagset.Tx) error { return tx.CreateAttribute("x", tagset.Decimal(-1)) }},
		{tagset.ErrType, "", func(tx *tagset.Tx) error { return tx.CreateAttribute("x", 21) }},
		{tagset.ErrNoAttribute, `tagset: delete attribute "x": no such attribute`, func(tx *tagset.Tx) error { return tx.DeleteAttribute("x") }},
		{tagset.ErrNoAttribute, `set attribute "x"`, func(tx *tagset.Tx) error { return tx.SetInt("x", 1, 1) }},
		{tagset.ErrNoAttribute, `set attribute "x"`, func(tx *tagset.Tx) error { return tx.SetTime("x", 1, far) }},
		{tagset.ErrNoAttribute, `set attribute "x"`, func(tx *tagset.Tx) error { return tx.SetInts("x", nil, nil) }},
		{tagset.ErrNoAttribute, `unset attribute "x"`, func(tx *tagset.Tx) error { return tx.Unset("x", 1) }},
		{tagset.ErrBadName, "", func(tx *tagset.Tx) error { return tx.Unset("/", 1) }},
		{tagset.ErrType, `set attribute "t": wrong type or range: it is a time`, func(tx *tagset.Tx) error { return tx.SetInt("t", 1, 1) }},
		{tagset.ErrType, `int, not time`, func(tx *tagset.Tx) error { return tx.SetTime("n", 1, time.Unix(0, 0)) }},
		{tagset.ErrType, `attribute "t" member 1: wrong type or range: time outside`, func(tx *tagset.Tx) error { return tx.SetTime("t", 1, far) }},
		{tagset.ErrType, "", func(tx *tagset.Tx) error { return tx.SetTime("t", 1, time.Unix(math.MaxInt64, 0)) }},
		{tagset.ErrType, "", func(tx *tagset.Tx) error { return tx.SetTime("t", 1, time.Unix(math.MinInt64, 0)) }},
		{tagset.ErrType, `attribute "t" member 2: `, func(tx *tagset.Tx) error {
			return tx.SetInts("t", []tagset.Member{1, 2}, []int64{0, 253_402_300_800})
		}},
		{nil, "lengths differ: 1 members, 0 values", func(tx *tagset.Tx) error { return tx.SetInts("n", []tagset.Member{1}, nil) }},
		{tagset.ErrForgotten, `set attribute "n" member 3: member forgotten`, func(tx *tagset.Tx) error { return tx.SetInt("n", 3, 1) }},
		{tagset.ErrForgotten, `attribute "t" member 3`, func(tx *tagset.Tx) error { return tx.SetTime("t", 3, time.Unix(0, 0)) }},
		{tagset.ErrForgotten, `attribute "n" member 3`, func(tx *tagset.Tx) error { return tx.SetInts("n", []tagset.Member{5, 3}, []int64{1, 1}) }},
		{tagset.ErrFull, `attribute "n" member 4294967295: ordinals`, func(tx *tagset.Tx) error { return tx.SetInt("n", math.MaxUint32, 1) }},
		{tagset.ErrFull, "", func(tx *tagset.Tx) error { return tx.SetInts("n", []tagset.Member{5, math.MaxUint32}, []int64{1, 1}) }},
	} {
		version, err := s.Update(func(tx *tagset.Tx) error {
			err := c.do(tx)
			require.Error(t, err)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			require.ErrorContains(t, err, c.text)
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, v.Version(), version, "a refused verb has done something: %s", c.text)
	}
}

// TestAttributesWithoutChange: what changes nothing makes no version.
func TestAttributesWithoutChange(t *testing.T) {
	s, _ := newStore(t, 0)
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.CreateAttribute("n", tagset.Int))
		require.NoError(t, tx.SetInt("n", 1, 1))
	})
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.SetInt("n", 1, 1))
		require.NoError(t, tx.SetInts("n", []tagset.Member{1, 1}, []int64{2, 1}))
		require.NoError(t, tx.SetInts("n", nil, nil))
		require.NoError(t, tx.Unset("n", 2))
	})
	require.EqualValues(t, 1, s.View().Version())
}

// TestAttributeTransactions: what a view inside has seen stays, and what is
// given up leaves no trace.
func TestAttributeTransactions(t *testing.T) {
	s, _ := newStore(t, 2)
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.CreateAttribute("n", tagset.Int)) })
	var inside *tagset.View
	_, err := s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, tx.SetInt("n", 1, 1))
		inside = tx.View()
		require.NoError(t, tx.SetInt("n", 1, 2))
		require.NoError(t, tx.SetInt("n", 2, 2))
		require.NoError(t, tx.Forget(1))
		c, _ := tx.View().Column("n")
		require.Equal(t, ms(2), listOf(c.Members()))
		return tx.SetInt("n", 1, 3)
	})
	require.ErrorIs(t, err, tagset.ErrForgotten)
	n, ok := inside.Int("n", 1)
	require.True(t, ok)
	require.EqualValues(t, 1, n)
	c, _ := s.View().Column("n")
	require.Zero(t, c.Len())
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.SetInt("n", 1, 5)) })
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.SetInt("n", 1, 6)) })
	old, err := s.At(2)
	require.NoError(t, err)
	n, _ = old.Int("n", 1)
	require.EqualValues(t, 5, n)
}

func TestAttributeType(t *testing.T) {
	for typ, want := range map[tagset.AttributeType]string{tagset.Int: "int", tagset.Time: "time", tagset.Decimal(0): "decimal(0)",
		tagset.Decimal(18): "decimal(18)", tagset.Decimal(19): "type(255)", 21: "type(21)"} {
		require.Equal(t, want, typ.String())
	}
	require.Equal(t, 18, tagset.Decimal(18).Places())
	require.Zero(t, tagset.Int.Places()+tagset.Time.Places()+tagset.Decimal(-1).Places())
}
