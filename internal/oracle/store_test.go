package oracle_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/oracle"
)

func TestVerbs(t *testing.T) {
	s := oracle.New()
	id, err := s.CreateTag("地域/华东/上海", oracle.Def{Weight: 3})
	require.NoError(t, err)
	require.Equal(t, uint32(3), id, "the parents come first")
	require.Equal(t, []string{"地域", "地域/华东", "地域/华东/上海"}, s.Paths())
	_, err = s.CreateTag("地域/华东", oracle.Def{})
	require.ErrorIs(t, err, oracle.ErrTagExists)
	require.EqualValues(t, 1, s.Commit())
	require.EqualValues(t, 1, s.Commit(), "nothing has changed")

	n, err := s.Add("地域/华东/上海", 7, 9, 7)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	n, err = s.Add("地域", 1)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	all, ok := s.Effective("地域")
	require.True(t, ok)
	require.Equal(t, []uint32{1, 7, 9}, all)
	direct, _ := s.Direct("地域")
	require.Equal(t, []uint32{1}, direct)

	ms, err := s.Intern("a", "b", "a")
	require.NoError(t, err)
	require.Equal(t, []uint32{10, 11, 10}, ms)
	s.Forget(10, 99)
	require.Equal(t, []uint32{1, 7, 9, 11}, s.Universe())
	_, err = s.Add("地域", 2, 10)
	require.ErrorIs(t, err, oracle.ErrForgotten)
	require.False(t, s.Live[2])
	ms, err = s.Intern("a")
	require.NoError(t, err)
	require.Equal(t, []uint32{12}, ms)
	_, err = s.Add("地域", 1<<32-1)
	require.ErrorIs(t, err, oracle.ErrFull)
	require.NoError(t, s.Enroll(oracle.MaxMember))
	_, err = s.Intern("c")
	require.ErrorIs(t, err, oracle.ErrFull)

	before := s.Clone()
	require.ErrorIs(t, s.RenameTag("地域", "地域/x"), oracle.ErrCycle)
	require.ErrorIs(t, s.MergeTag("地域", "地域/华东"), oracle.ErrCycle)
	require.ErrorIs(t, s.DeleteTag("地域"), oracle.ErrInUse)
	require.Equal(t, before, s)
	require.NoError(t, s.RenameTag("地域/华东", "区/东"))
	require.Equal(t, []string{"区", "区/东", "区/东/上海", "地域"}, s.Paths())
	require.NoError(t, s.MergeTag("区/东/上海", "地域"))
	direct, _ = s.Direct("地域")
	require.Equal(t, []uint32{1, 7, 9}, direct)
	require.NoError(t, s.DeleteTree("区"))
	require.Equal(t, []string{"地域"}, s.Paths())
	require.Equal(t, []string{"地域"}, s.TagsOf(7))
	require.Contains(t, before.Tags, "地域/华东/上海", "a clone shares nothing")
}

func TestMergeOfSubtrees(t *testing.T) {
	s := oracle.New()
	for path, m := range map[string]uint32{"a/x": 1, "a/x/y": 2, "b/x": 3, "b/z": 4, "c/c/c": 5} {
		_, err := s.CreateTag(path, oracle.Def{})
		if err != nil {
			require.ErrorIs(t, err, oracle.ErrTagExists) // made as a parent
		}
		_, err = s.Add(path, m)
		require.NoError(t, err)
	}
	require.NoError(t, s.MergeTag("b", "a"))
	require.Equal(t, []string{"a", "a/x", "a/x/y", "a/z", "c", "c/c", "c/c/c"}, s.Paths())
	x, _ := s.Direct("a/x")
	require.Equal(t, []uint32{1, 3}, x)
	id := s.Tags["c/c/c"].ID
	require.NoError(t, s.MergeTag("c/c", "c"))
	require.Equal(t, id, s.Tags["c/c"].ID, "the sub-tag has moved into the place of its parent")
}

func TestNames(t *testing.T) {
	for _, bad := range []string{"", "/", "a/", "a//b", " a", "a ", "a  b", "a\x00", "a\u202eb", "\u200b", "\xff"} {
		_, ok := oracle.Normalize(bad)
		require.False(t, ok, "%q", bad)
	}
	for in, want := range map[string]string{"ＶＩＰ客户": "VIP客户", "e\u0301": "é", "a b/c-d_1": "a b/c-d_1", "ａ／ｂ": "a/b"} {
		got, ok := oracle.Normalize(in)
		require.True(t, ok, "%q", in)
		require.Equal(t, want, got)
	}
}

func TestAttributesAndTimes(t *testing.T) {
	s := oracle.New()
	const day, hour = 24 * 60 * 60, int64(time.Hour)
	s.Now = 10*day*1e9 + 5*hour + 7
	require.NoError(t, s.CreateAttribute("ａ", 3))
	require.ErrorIs(t, s.CreateAttribute("a", 0), oracle.ErrAttributeExists)
	require.ErrorIs(t, s.CreateAttribute("b", 21), oracle.ErrType)
	require.NoError(t, s.CreateAttribute("t", 1))
	require.NoError(t, s.SetInts("a", []uint32{1, 2, 1}, []int64{5, 6, 7}))
	require.Equal(t, map[uint32]int64{1: 7, 2: 6}, s.Attrs["a"].Values)
	require.ErrorIs(t, s.SetInt("t", 1, 1), oracle.ErrType)
	require.ErrorIs(t, s.SetTime("a", 1, time.Unix(0, 0)), oracle.ErrType)
	require.NoError(t, s.SetTime("t", 3, time.Unix(-1, 5)))
	require.Equal(t, map[uint32]int64{3: -1}, s.Attrs["t"].Values)
	require.Equal(t, []uint32{1, 2, 3}, s.Universe())

	_, err := s.CreateTag("k", oracle.Def{KeepTimes: true, TimeStep: 2 * hour})
	require.NoError(t, err)
	_, err = s.CreateTag("b", oracle.Def{TimeStep: 7})
	require.ErrorIs(t, err, oracle.ErrType)
	_, err = s.Add("k", 1, 2)
	require.NoError(t, err)
	require.Equal(t, map[uint32]int64{1: 10*day + 4*3600, 2: 10*day + 4*3600}, s.Tags["k"].Times)
	s.Now += 25 * hour
	_, err = s.Add("k", 2, 3)
	require.NoError(t, err)
	_, err = s.Remove("k", 1)
	require.NoError(t, err)
	require.Equal(t, map[uint32]int64{2: 11*day + 6*3600, 3: 11*day + 6*3600}, s.Tags["k"].Times)
	require.Equal(t, map[int64]oracle.DayChange{10 * day: {Added: 2}, 11 * day: {Added: 1, Removed: 1}}, s.Tags["k"].Growth)
	s.Forget(2)
	require.Equal(t, map[uint32]int64{1: 7}, s.Attrs["a"].Values)
	require.NoError(t, s.EditTag("k", oracle.Def{KeepTimes: true}))
	require.Equal(t, map[uint32]int64{3: 11 * day}, s.Tags["k"].Times)
	require.NoError(t, s.DeleteAttribute("a"))
	require.ErrorIs(t, s.Unset("a", 1), oracle.ErrNoAttribute)
}
