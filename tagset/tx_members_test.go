package tagset_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

const never = tagset.Member(1<<32 - 1) // the one ordinal that no store takes

func TestAddRemove(t *testing.T) {
	s, now := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a": {}})
	*now = now.Add(time.Minute)
	do(t, s, func(tx *tagset.Tx) {
		n, err := tx.By("ann", "import").Add("a", 3, 1, 3, 1<<32-2)
		require.NoError(t, err)
		require.Equal(t, 3, n, "a repetition counts once")
		n, err = tx.Add("ａ", 3, 4)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		n, err = tx.Remove("a", 4, 4, 99, never)
		require.NoError(t, err)
		require.Equal(t, 1, n)
	})
	v := s.View()
	require.Equal(t, ms(1, 3, 1<<32-2), direct(t, v, "a"))
	require.Equal(t, ms(1, 3, 4, 1<<32-2), listOf(v.Members()), "removed members stay live")
	tag, _ := v.Tag("a")
	require.Equal(t, "ann", tag.ModifiedBy)
	require.Equal(t, now.UTC(), tag.Modified)
	require.Equal(t, now.Add(-time.Minute).UTC(), tag.Created)

	*now = now.Add(time.Minute)
	do(t, s, func(tx *tagset.Tx) { _, _ = tx.By("bob", "").Add("a", 1) })
	again, _ := s.View().Tag("a")
	require.Equal(t, tag, again, "nothing changed")
	_, ok := s.View().Key(1)
	require.False(t, ok, "a raw ordinal has no key")
}

// The verbs take few members one by one and many as a set; both ways and all
// sizes around the switch agree with a map.
func TestAddRemoveSizes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a": {}, "a/b": {}})
	model := map[string]map[tagset.Member]bool{"a": {}, "a/b": {}}
	live := map[tagset.Member]bool{}
	for _, size := range []int{0, 1, 2, 31, 32, 33, 100, 1000, 1023, 1024, 1025, 5000, 1, 3, 40} {
		do(t, s, func(tx *tagset.Tx) {
			for name, want := range model {
				for round := range 6 {
					list := make([]tagset.Member, size)
					for i := range list {
						list[i] = tagset.Member(r.IntN(200_000))
					}
					distinct := map[tagset.Member]bool{}
					for _, m := range list {
						if want[m] == (round%2 == 1) {
							distinct[m] = true
						}
					}
					var n int
					var err error
					switch round {
					case 0:
						n, err = tx.Add(name, list...)
					case 1:
						n, err = tx.Remove(name, list[:size/2]...)
						for _, m := range list[size/2:] {
							delete(distinct, m)
						}
						for _, m := range list[:size/2] {
							if want[m] {
								distinct[m] = true
							}
						}
					case 2:
						n, err = tx.AddSet(name, tagset.SetOf(list...))
					case 3:
						n, err = tx.RemoveSet(name, tagset.SetOf(list...))
					case 4:
						n, err = tx.ReplaceSet(name, tagset.SetOf(list...))
					case 5:
						for _, m := range list {
							if want[m] {
								k, err := tx.Remove(name, m)
								require.NoError(t, err)
								n += k
							}
						}
					}
					require.NoError(t, err)
					for m := range distinct {
						if round%2 == 0 {
							want[m], live[m] = true, true
						} else {
							delete(want, m)
						}
					}
					require.Equal(t, len(distinct), n, "round %d size %d", round, size)
				}
			}
		})
		for name, want := range model {
			require.Len(t, direct(t, s.View(), name), len(want))
			for _, m := range direct(t, s.View(), name) {
				require.True(t, want[m])
			}
		}
		require.Equal(t, len(live), s.View().Members().Len())
	}
}

func TestMemberErrors(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a": {1, 2}, "b": {1}})
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Forget(2)) })
	long := make([]tagset.Member, 100)
	type verb = func(*tagset.Tx) error
	add := func(name string, m ...tagset.Member) verb {
		return func(tx *tagset.Tx) error { n, err := tx.Add(name, m...); require.Zero(t, n); return err }
	}
	for want, list := range map[string][]verb{
		`tagset: add to tag "x": no such tag`:                              {add("x", 1), add("x"), add("ｘ", long...)},
		`tagset: add to tag "x/": bad name: level 2 is empty`:              {add("x/", 1)},
		`tagset: remove from tag "x": no such tag`:                         {func(tx *tagset.Tx) error { _, err := tx.Remove("x", 1); return err }},
		`tagset: remove from tag "": bad name: level 1 is empty`:           nil,
		`tagset: add set to tag "x": no such tag`:                          {func(tx *tagset.Tx) error { _, err := tx.AddSet("x", tagset.Set{}); return err }},
		`tagset: replace set of tag "x": no such tag`:                      {func(tx *tagset.Tx) error { _, err := tx.ReplaceSet("x", tagset.Set{}); return err }},
		`tagset: remove set from tag "x": no such tag`:                     {func(tx *tagset.Tx) error { _, err := tx.RemoveSet("x", tagset.Set{}); return err }},
		`tagset: add to tag "a" member 2: member forgotten`:                {add("a", 7, 2), add("a", append(long, 9, 2)...)},
		`tagset: add to tag "a" member 4294967295: ordinals exhausted`:     {add("a", 7, never), add("a", append(long, 9, never)...)},
		`tagset: add set to tag "b" member 2: member forgotten`:            {func(tx *tagset.Tx) error { _, err := tx.AddSet("b", tagset.SetOf(1, 2, 3)); return err }},
		`tagset: add set to tag "b" member 4294967295: ordinals exhausted`: {func(tx *tagset.Tx) error { _, err := tx.AddSet("b", tagset.SetOf(never)); return err }},
		`tagset: enroll member 2: member forgotten`:                        {func(tx *tagset.Tx) error { return tx.Enroll(9, 2) }, func(tx *tagset.Tx) error { return tx.Enroll(append(long, 2)...) }},
		`tagset: enroll member 4294967295: ordinals exhausted`:             {func(tx *tagset.Tx) error { return tx.Enroll(9, never) }},
		`tagset: add pairs: lengths differ: 1 tags, 2 members`:             {func(tx *tagset.Tx) error { _, err := tx.AddPairs([]tagset.TagID{1}, ms(1, 2)); return err }},
		`tagset: add pairs: no such tag: id 0`:                             {func(tx *tagset.Tx) error { _, err := tx.AddPairs([]tagset.TagID{1, 0}, ms(9, 9)); return err }},
		`tagset: add pairs: no such tag: id 3`:                             {func(tx *tagset.Tx) error { _, err := tx.AddPairs([]tagset.TagID{1, 3}, ms(9, 9)); return err }},
		`tagset: add pairs: no such tag: id 4294967295`: {func(tx *tagset.Tx) error {
			_, err := tx.AddPairs([]tagset.TagID{1 << 31, 1<<32 - 1}[1:], ms(9))
			return err
		}},
		`tagset: add pairs member 2: member forgotten`:              {func(tx *tagset.Tx) error { _, err := tx.AddPairs([]tagset.TagID{1, 1}, ms(9, 2)); return err }},
		`tagset: add pairs member 4294967295: ordinals exhausted`:   {func(tx *tagset.Tx) error { _, err := tx.AddPairs([]tagset.TagID{1, 1}, ms(9, never)); return err }},
		`tagset: intern: bad name: a key of 0 bytes, not 1 to 1024`: {func(tx *tagset.Tx) error { _, err := tx.Intern("new", ""); return err }},
		`: bad name: a key of 1025 bytes, not 1 to 1024`:            {func(tx *tagset.Tx) error { _, err := tx.Intern("new", strings.Repeat("k", 1025)); return err }},
		`tagset: intern key "three": ordinals exhausted`:            {func(tx *tagset.Tx) error { full(t, tx); _, err := tx.Intern("one", "two", "one", "three"); return err }},
	} {
		for _, verb := range list {
			before := s.View().Digest()
			_, _ = s.Update(func(tx *tagset.Tx) error {
				before := tx.View().Digest()
				err := verb(tx)
				require.ErrorContains(t, err, want)
				require.Equal(t, 1, strings.Count(err.Error(), "tagset: "))
				if !strings.Contains(want, "three") {
					require.Equal(t, before, tx.View().Digest(), "the verb left a trace: %s", want)
				}
				return err
			})
			require.Equal(t, before, s.View().Digest())
		}
	}
	err := try(t, s, add("a", 2))
	var e *tagset.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, tagset.Member(2), e.Member)
	require.Equal(t, "a", e.Tag)
	require.Equal(t, tagset.ErrForgotten, e.Unwrap())
	require.ErrorIs(t, err, tagset.ErrForgotten)
	require.ErrorIs(t, try(t, s, add("a", never)), tagset.ErrFull)
	require.ErrorIs(t, try(t, s, add("q")), tagset.ErrNoTag)
	require.ErrorIs(t, try(t, s, func(tx *tagset.Tx) error { _, err := tx.Intern(""); return err }), tagset.ErrBadName)
}

// full leaves two ordinals for keys.
func full(t *testing.T, tx *tagset.Tx) {
	require.NoError(t, tx.Enroll(1<<32-4))
}

func TestInternAtTheEnd(t *testing.T) {
	s, _ := newStore(t, 0)
	do(t, s, func(tx *tagset.Tx) {
		full(t, tx)
		before := tx.View().Digest()
		_, err := tx.Intern("one", "two", "three")
		require.ErrorIs(t, err, tagset.ErrFull)
		require.Equal(t, before, tx.View().Digest())
		got, err := tx.Intern("two", "one", "two")
		require.NoError(t, err)
		require.Equal(t, ms(1<<32-3, 1<<32-2, 1<<32-3), got)
		_, err = tx.Intern("four")
		require.ErrorIs(t, err, tagset.ErrFull)
		got, err = tx.Intern("one")
		require.NoError(t, err)
		require.Equal(t, ms(1<<32-2), got)
	})
}

func TestInternAndForget(t *testing.T) {
	s, _ := newStore(t, 1)
	with(t, s, map[string][]tagset.Member{"a/b": {5}, "c": {5, 6}})
	do(t, s, func(tx *tagset.Tx) {
		got, err := tx.Intern("x", "y", "x", "z")
		require.NoError(t, err)
		require.Equal(t, ms(7, 8, 7, 9), got, "past the highest ordinal that lived")
		got, err = tx.Intern("y", "w")
		require.NoError(t, err)
		require.Equal(t, ms(8, 10), got)
		_, err = tx.Add("c", 8, 20)
		require.NoError(t, err)
		got, err = tx.Intern("v")
		require.NoError(t, err)
		require.Equal(t, ms(21), got)
	})
	v := s.View()
	for key, want := range map[string]tagset.Member{"x": 7, "y": 8, "z": 9, "w": 10, "v": 21} {
		m, ok := v.Lookup(key)
		require.True(t, ok)
		require.Equal(t, want, m)
		back, ok := v.Key(m)
		require.True(t, ok)
		require.Equal(t, key, back)
	}
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.Forget(8, 5, 8, 1000, never)) })
	after := s.View()
	_, ok := after.Lookup("y")
	require.False(t, ok)
	_, ok = after.Key(8)
	require.False(t, ok)
	require.Equal(t, ms(6, 20), direct(t, after, "c"))
	require.Empty(t, effective(t, after, "a"))
	require.Equal(t, ms(6, 7, 9, 10, 20, 21), listOf(after.Members()))
	m, ok := v.Lookup("y")
	require.True(t, ok, "the older view still knows")
	require.EqualValues(t, 8, m)
	do(t, s, func(tx *tagset.Tx) {
		got, err := tx.Intern("y")
		require.NoError(t, err)
		require.Equal(t, ms(22), got, "a forgotten key gets a new member")
		require.NoError(t, tx.Forget(22))
		got, err = tx.Intern("y")
		require.NoError(t, err)
		require.Equal(t, ms(23), got)
		require.ErrorIs(t, tx.Enroll(22), tagset.ErrForgotten)
		require.ErrorIs(t, tx.Enroll(8), tagset.ErrForgotten)
		require.NoError(t, tx.Forget(8))
	})
}

func TestEnroll(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a": {1}})
	many := make([]tagset.Member, 100)
	for i := range many {
		many[i] = tagset.Member(100 + i)
	}
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.Enroll(1, 2, 2))
		require.NoError(t, tx.Enroll(many...))
		require.NoError(t, tx.Enroll(many...))
	})
	require.Equal(t, append(ms(1, 2), many...), listOf(s.View().Members()))
	require.Equal(t, ms(1), direct(t, s.View(), "a"))
}

func TestForgetStampsTheTagsItTouches(t *testing.T) {
	s, now := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a": {1, 2}, "b": {2}})
	*now = now.Add(time.Hour)
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.By("dpo", "request 17").Forget(1)) })
	a, _ := s.View().Tag("a")
	b, _ := s.View().Tag("b")
	require.Equal(t, now.UTC(), a.Modified)
	require.Equal(t, "dpo", a.ModifiedBy)
	require.True(t, b.Modified.Before(a.Modified))
}

func TestBy(t *testing.T) {
	s, _ := newStore(t, 0)
	do(t, s, func(tx *tagset.Tx) {
		require.Same(t, tx, tx.By("ann\xff", "why"))
		_, _ = tx.CreateTag(tagset.Tag{Name: "a"})
		_, _ = tx.By(strings.Repeat("客", 1<<15), "").CreateTag(tagset.Tag{Name: "b"})
		_, _ = tx.By("", "").CreateTag(tagset.Tag{Name: "c"})
	})
	tag, _ := s.View().Tag("a")
	require.Equal(t, "ann", tag.ModifiedBy)
	tag, _ = s.View().Tag("b")
	require.Equal(t, strings.Repeat("客", 1<<16/3), tag.ModifiedBy)
	tag, _ = s.View().Tag("c")
	require.Empty(t, tag.ModifiedBy)
}

func TestAddPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{1, 2, 10, 1000, 30_000} {
		for _, span := range []int64{10, 70_000, 1<<32 - 1} {
			s, _ := newStore(t, 0)
			want := map[tagset.TagID]map[tagset.Member]bool{}
			universe := map[tagset.Member]bool{}
			var known []tagset.TagID
			do(t, s, func(tx *tagset.Tx) {
				ids, list, total := make([]tagset.TagID, n), make([]tagset.Member, n), 0
				for i := range tagset.TagID(30) {
					id, err := tx.CreateTag(tagset.Tag{Name: tagName(int(i))})
					require.NoError(t, err)
					want[id] = map[tagset.Member]bool{}
					known = append(known, id)
				}
				for range 2 { // the second round meets open and filled tags
					for i := range ids {
						ids[i], list[i] = known[r.IntN(len(known))], tagset.Member(r.Int64N(span))
						want[ids[i]][list[i]] = true
						universe[list[i]] = true
					}
					keep := append([]tagset.TagID{}, ids...)
					added, err := tx.AddPairs(ids, list)
					require.NoError(t, err)
					require.Equal(t, keep, ids, "arguments are left alone")
					total += added
				}
				sum := 0
				for _, set := range want {
					sum += len(set)
				}
				require.Equal(t, sum, total)
			})
			v := s.View()
			require.Equal(t, len(universe), v.Members().Len())
			for tag := range v.Tags() {
				got := direct(t, v, tag.Name)
				require.Len(t, got, len(want[tag.ID]))
				for _, m := range got {
					require.True(t, want[tag.ID][m])
				}
			}
		}
	}
}
