package tagset_test

import (
	"encoding"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

var (
	_ encoding.BinaryMarshaler   = tagset.Set{}
	_ encoding.BinaryUnmarshaler = (*tagset.Set)(nil)
)

func TestViewNames(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"é b/ｃ": {1}, "VIP客户": {2}})
	v := s.View()
	for _, name := range []string{"é b/c", "e\u0301 b/c", "é b／ｃ"} {
		tag, ok := v.Tag(name)
		require.True(t, ok)
		require.Equal(t, "é b/c", tag.Name)
		require.Equal(t, ms(1), direct(t, v, name))
		require.Equal(t, ms(1), effective(t, v, name))
	}
	for _, name := range []string{"", "x", "vip客户", "é b/", "\xff", " VIP客户", "VIP客户\u200b"} {
		tag, ok := v.Tag(name)
		require.False(t, ok)
		require.Zero(t, tag)
		d, ok := v.Direct(name)
		require.False(t, ok)
		require.True(t, d.IsEmpty())
		_, ok = v.Set(name)
		require.False(t, ok)
	}
	require.Zero(t, testing.AllocsPerRun(100, func() { v.Set("VIP客户"); v.Set("é b/c"); v.Lookup("k") }))
}

func TestTagsOrder(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"b": {}, "a/b": {}, "a b": {}, "a-": {}, "a/b/z": {}, "a/a": {}, "地域/华东": {}})
	v := s.View()
	require.Equal(t, []string{"a", "a/a", "a/b", "a/b/z", "a b", "a-", "b", "地域", "地域/华东"}, tagNames(v))
	for range v.Tags() {
		break
	}
}

func TestTagsOf(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a/b/c": {1, 2}, "a/b": {1}, "a/x": {3}, "a b": {1}, "z": {2}})
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Enroll(9)); require.NoError(t, tx.Forget(3)) })
	v := s.View()
	of := func(m tagset.Member) []string {
		out := []string{}
		for tag := range v.TagsOf(m) {
			out = append(out, tag.Name)
		}
		return out
	}
	require.Equal(t, []string{"a", "a/b", "a/b/c", "a b"}, of(1))
	require.Equal(t, []string{"a", "a/b", "a/b/c", "z"}, of(2))
	require.Empty(t, of(3), "forgotten")
	require.Empty(t, of(9), "live without a tag")
	require.Empty(t, of(77))
	for _, m := range []tagset.Member{1, 2, 3, 9, 77} { // exactly the tags whose Set has it
		want := []string{}
		for tag := range v.Tags() {
			if set, _ := v.Set(tag.Name); set.Contains(m) {
				want = append(want, tag.Name)
			}
		}
		require.Equal(t, want, of(m))
	}
	for range v.TagsOf(1) {
		break
	}
}

func TestFrameAndColumn(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a": {1, 5}})
	v := s.View()
	f := v.Frame()
	require.Equal(t, v.Version(), f.Version)
	require.Equal(t, v.Time(), f.Time)
	require.Equal(t, ms(1, 5), listOf(f.Universe))
	_, ok := v.Column("age")
	require.False(t, ok)
}

func TestKindString(t *testing.T) {
	for want, k := range map[string]tagset.Kind{"attribute": tagset.Attribute, "behavior": tagset.Behavior,
		"relation": tagset.Relation, "composite": tagset.Composite, "kind(7)": 7} {
		require.Equal(t, want, k.String())
	}
}

func TestDiff(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a/b": {1, 2}, "gone": {3}, "same": {4}, "empty": {}})
	from := s.View()
	do(t, s, func(tx *tagset.Tx) {
		_, _ = tx.Add("a/b", 5)
		_, _ = tx.Remove("a/b", 1)
		require.NoError(t, tx.RenameTag("a/b", "a/c"))
		require.NoError(t, tx.DeleteTag("gone"))
		require.NoError(t, tx.DeleteTag("empty"))
		_, _ = tx.CreateTag(tagset.Tag{Name: "new"})
		_, _ = tx.CreateTag(tagset.Tag{Name: "none"})
		_, _ = tx.Add("new", 6, 7)
		_, _ = tx.Add("same", 9)
		_ = tx.View()
		_, _ = tx.Remove("same", 9)
		require.NoError(t, tx.EditTag("same", func(tag *tagset.Tag) { tag.Weight = 3 }))
	})
	to := s.View()
	type change struct {
		name          string
		entered, left []tagset.Member
	}
	list := func(from, to *tagset.View) []change {
		out := []change{}
		for d := range tagset.Diff(from, to) {
			out = append(out, change{d.Tag.Name, listOf(d.Entered), listOf(d.Left)})
		}
		return out
	}
	require.Equal(t, []change{{"a/c", ms(5), ms(1)}, {"gone", ms(), ms(3)}, {"new", ms(6, 7), ms()}}, list(from, to))
	require.Equal(t, []change{{"a/b", ms(1), ms(5)}, {"gone", ms(3), ms()}, {"new", ms(), ms(6, 7)}}, list(to, from))
	require.Empty(t, list(to, to))
	require.Empty(t, list(from, from))
	for range tagset.Diff(from, to) {
		break
	}
}

func TestStats(t *testing.T) {
	s, _ := newStore(t, 0)
	dense := make([]tagset.Member, 100_000)
	for i := range dense {
		dense[i] = tagset.Member(i)
	}
	half := make([]tagset.Member, 30_000)
	for i := range half {
		half[i] = tagset.Member(2 * i)
	}
	with(t, s, map[string][]tagset.Member{"runs": dense, "bits": half, "p/array": {3, 9, 27}})
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.Intern("k1", "k2", "k3")
		require.NoError(t, err)
		require.NoError(t, tx.Forget(100_001))
	})
	st := s.View().Stats()
	require.Equal(t, s.View().Version(), st.Version)
	require.Equal(t, 100_002, st.Members)
	require.Equal(t, 1, st.Retired)
	require.Equal(t, 4, st.Tags)
	require.Equal(t, 130_003, st.Memberships)
	require.Equal(t, 2, st.Keys)
	require.Positive(t, st.KeyBytes)
	require.Positive(t, st.Universe.Bytes)
	names, sum := []string{}, tagset.BlockStats{}
	for _, tag := range st.PerTag {
		names = append(names, tag.Name)
		got, _ := s.View().Tag(tag.Name)
		require.Equal(t, got.ID, tag.ID)
		sum.Bytes += tag.Bytes
		sum.Arrays += tag.Arrays
		sum.Runs += tag.Runs
		sum.Bits += tag.Bits
	}
	require.Equal(t, []string{"bits", "p", "p/array", "runs"}, names)
	require.Equal(t, st.Direct, sum)
	require.Equal(t, 1, st.PerTag[0].Bits)
	require.Equal(t, 1, st.PerTag[2].Arrays)
	require.Zero(t, st.TimeBytes+st.ValueBytes+st.Values)
	require.Empty(t, st.PerAttribute)

	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.EditTag("runs", func(tag *tagset.Tag) { tag.KeepTimes = true }))
		require.NoError(t, tx.CreateAttribute("年龄", tagset.Int))
		require.NoError(t, tx.CreateAttribute("消费金额", tagset.Decimal(2)))
		require.NoError(t, tx.SetInts("消费金额", half, make([]int64, len(half))))
		require.NoError(t, tx.SetInt("消费金额", 0, 70_000))
		_, err := tx.Add("runs", 7)
		require.NoError(t, err)
	})
	st = s.View().Stats()
	require.Equal(t, 30_000, st.Values)
	require.Equal(t, []tagset.AttributeStats{{Name: "年龄"}, {Name: "消费金额", Type: tagset.Decimal(2), Members: 30_000, Bytes: st.ValueBytes}}, st.PerAttribute)
	require.Greater(t, st.ValueBytes, 30_000/8+4*4096)
	require.Equal(t, st.TimeBytes, st.PerTag[3].TimeBytes)
	require.Greater(t, st.TimeBytes, 100)
	require.Less(t, st.TimeBytes, 5000, "all were tagged on one day, and share the tag's set")
	require.Zero(t, st.AcceleratorBytes)
	require.Equal(t, 2, st.PerTag[3].Runs)
	require.Equal(t, 3, st.PerTag[2].Members)
	require.Greater(t, st.PerTag[0].Bytes, 8000)
}
