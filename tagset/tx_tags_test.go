package tagset_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

func TestCreateTag(t *testing.T) {
	s, now := newStore(t, 0)
	given := tagset.Tag{ID: 99, Name: "地域／华东/上海", Kind: tagset.Relation, Weight: -7, Owner: "ann", Note: "说明",
		Created: time.Unix(1, 0), Modified: time.Unix(2, 0), ModifiedBy: "nobody", Archived: true, Includes: []string{}}
	do(t, s, func(tx *tagset.Tx) {
		id, err := tx.By("bob", "").CreateTag(given)
		require.NoError(t, err)
		require.EqualValues(t, 3, id, "parents come first")
	})
	v := s.View()
	got, ok := v.Tag("地域/华东/上海")
	require.True(t, ok)
	require.Equal(t, tagset.Tag{ID: 3, Name: "地域/华东/上海", Kind: tagset.Relation, Weight: -7, Owner: "ann", Note: "说明",
		Created: now.UTC(), Modified: now.UTC(), ModifiedBy: "bob", Archived: true}, got)
	parent, ok := v.Tag("地域")
	require.True(t, ok)
	require.Equal(t, tagset.Tag{ID: 1, Name: "地域", Created: now.UTC(), Modified: now.UTC(), ModifiedBy: "bob"}, parent)
	require.Equal(t, []string{"地域", "地域/华东", "地域/华东/上海"}, tagNames(v))

	for want, tag := range map[string]tagset.Tag{
		`tagset: create tag "地域": tag exists`:                                             {Name: "地域"},
		`tagset: create tag "地域/华东": tag exists`:                                          {Name: "地域／华东"},
		`tagset: create: bad name: level 1 is empty`:                                      {},
		`tagset: create tag "a/\u202e": bad name`:                                         {Name: "a/\u202e"},
		`tagset: create tag "n": wrong type or range: time step 7s does not divide a day`: {Name: "n", TimeStep: 7 * time.Second},
		`tagset: create tag "n": no such tag: it includes "a"`:                            {Name: "n", Includes: []string{"a"}},
		`tagset: create tag "n": unsupported: a composite is made by query.Define`:        {Name: "n", Kind: tagset.Composite},
		`tagset: create tag "n": unsupported: kind(9)`:                                    {Name: "n", Kind: 9},
		`owner or note of 65537 bytes, more than 65536`:                                   {Name: "n", Note: strings.Repeat("x", 65537)},
		`owner or note is not valid UTF-8`:                                                {Name: "n", Owner: "\xff"},
	} {
		err := try(t, s, func(tx *tagset.Tx) error { _, err := tx.CreateTag(tag); return err })
		require.ErrorContains(t, err, want)
	}
	require.Equal(t, v.Digest(), s.View().Digest())
	require.ErrorIs(t, try(t, s, func(tx *tagset.Tx) error { _, err := tx.CreateTag(given); return err }), tagset.ErrTagExists)
	require.ErrorIs(t, try(t, s, func(tx *tagset.Tx) error { _, err := tx.CreateTag(tagset.Tag{Name: " "}); return err }), tagset.ErrBadName)
	err := try(t, s, func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: strings.Repeat("名", 1000)})
		return err
	})
	require.ErrorIs(t, err, tagset.ErrBadName)
	require.Less(t, len(err.Error()), 500, "errors stay short")
}

func TestEditTag(t *testing.T) {
	s, now := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a/b": {1}})
	created := now.UTC()
	*now = now.Add(time.Hour)
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.By("ann", "").EditTag("a/b", func(tag *tagset.Tag) {
			require.Equal(t, "a/b", tag.Name)
			tag.Kind, tag.Weight, tag.Owner, tag.Note, tag.Archived = tagset.Behavior, 5, "o", "n", true
			tag.ID, tag.Created, tag.Modified, tag.ModifiedBy = 77, time.Time{}, time.Time{}, "x"
		}))
	})
	got, _ := s.View().Tag("a/b")
	want := tagset.Tag{ID: 2, Name: "a/b", Kind: tagset.Behavior, Weight: 5, Owner: "o", Note: "n", Archived: true,
		Created: created, Modified: now.UTC(), ModifiedBy: "ann"}
	require.Equal(t, want, got)
	require.Equal(t, ms(1), effective(t, s.View(), "a"))

	v := s.View()
	for want, edit := range map[string]func(*tagset.Tag){
		`unsupported: a new name is given by RenameTag`:    func(tag *tagset.Tag) { tag.Name = "c" },
		`unsupported: a composite is made by query.Define`: func(tag *tagset.Tag) { tag.Kind = tagset.Composite },
	} {
		err := try(t, s, func(tx *tagset.Tx) error { return tx.EditTag("a/b", edit) })
		require.ErrorContains(t, err, want)
		require.ErrorIs(t, err, tagset.ErrUnsupported)
	}
	require.ErrorIs(t, try(t, s, func(tx *tagset.Tx) error { return tx.EditTag("x", nil) }), tagset.ErrNoTag)
	require.Equal(t, v.Digest(), s.View().Digest())

	// The function may use the transaction, even against itself.
	err := try(t, s, func(tx *tagset.Tx) error {
		return tx.EditTag("a/b", func(tag *tagset.Tag) { tag.Weight = 1; _ = tx.DeleteTag("a/b") })
	})
	require.ErrorIs(t, err, tagset.ErrNoTag)
	require.Equal(t, []string{"a"}, tagNames(s.View()))
}

func TestRenameTag(t *testing.T) {
	s, now := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a/b": {1}, "a/b/c": {2}, "a/b/c/d": {3}, "a/bb": {4}, "z": {5}})
	was := s.View()
	require.Equal(t, ms(1, 2, 3, 4), effective(t, was, "a"))
	old, _ := was.Tag("a/b/c")
	*now = now.Add(time.Hour)
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.By("ann", "").RenameTag("a/b", "n/e/w")) })
	v := s.View()
	require.Equal(t, []string{"a", "a/bb", "n", "n/e", "n/e/w", "n/e/w/c", "n/e/w/c/d", "z"}, tagNames(v))
	require.Equal(t, ms(4), effective(t, v, "a"))
	require.Equal(t, ms(1, 2, 3), effective(t, v, "n"))
	require.Equal(t, ms(2, 3), effective(t, v, "n/e/w/c"))
	got, _ := v.Tag("n/e/w/c")
	require.Equal(t, old.ID, got.ID)
	require.Equal(t, old.Created, got.Created)
	require.Equal(t, now.UTC(), got.Modified)
	require.Equal(t, "ann", got.ModifiedBy)
	require.Equal(t, ms(1, 2, 3, 4), effective(t, was, "a"), "the older view stands")

	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.RenameTag("n/e/w/c", "z/c")) // into another tree
		require.NoError(t, tx.RenameTag("z/c/d", "d"))     // to the top
		require.NoError(t, tx.RenameTag("ｚ", "zz"))
		require.NoError(t, tx.RenameTag("n/e/w", "n/e2"))
	})
	v = s.View()
	require.Equal(t, []string{"a", "a/bb", "d", "n", "n/e", "n/e2", "zz", "zz/c"}, tagNames(v))
	require.Equal(t, ms(2, 5), effective(t, v, "zz"))
	require.Equal(t, ms(1), effective(t, v, "n"))

	deep := strings.Repeat("x/", 62) + "x"
	for want, names := range map[string][2]string{
		`tagset: rename tag "q": no such tag`:                                        {"q", "r"},
		`tagset: rename tag "r//s": bad name: level 2 is empty`:                      {"zz", "r//s"},
		`tagset: rename tag "zz": cycle: "zz/c/k" is below it`:                       {"zz", "zz/c/k"},
		`tagset: rename tag "zz": tag exists: "a"`:                                   {"zz", "ａ"},
		`tagset: rename tag "n": bad name: "n/e" would have 65 levels, more than 64`: {"n", deep + "/y"},
	} {
		err := try(t, s, func(tx *tagset.Tx) error { return tx.RenameTag(names[0], names[1]) })
		require.EqualError(t, err, want)
	}
	require.Equal(t, v.Digest(), s.View().Digest())
	require.NoError(t, try(t, s, func(tx *tagset.Tx) error { return tx.RenameTag("n", deep) }))
	require.Equal(t, ms(1), effective(t, s.View(), "x/x/x"))
}

func TestMergeTag(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{
		"f": {1}, "f/x": {2}, "f/x/deep": {3}, "f/y": {4},
		"i": {5}, "i/x": {6}, "i/x/other": {7}, "j": {8},
	})
	y, _ := s.View().Tag("f/y")
	x, _ := s.View().Tag("i/x")
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.EditTag("i", func(tag *tagset.Tag) { tag.Weight = 3 }))
		require.NoError(t, tx.EditTag("f", func(tag *tagset.Tag) { tag.Weight = 4 }))
		require.NoError(t, tx.MergeTag("f", "i"))
	})
	v := s.View()
	require.Equal(t, []string{"i", "i/x", "i/x/deep", "i/x/other", "i/y", "j"}, tagNames(v))
	require.Equal(t, ms(1, 5), direct(t, v, "i"))
	require.Equal(t, ms(2, 6), direct(t, v, "i/x"))
	require.Equal(t, ms(1, 2, 3, 4, 5, 6, 7), effective(t, v, "i"))
	gotY, _ := v.Tag("i/y")
	gotX, _ := v.Tag("i/x")
	gotI, _ := v.Tag("i")
	require.Equal(t, y.ID, gotY.ID, "what moves keeps its id")
	require.Equal(t, x.ID, gotX.ID, "what is there keeps its id")
	require.EqualValues(t, 3, gotI.Weight, "and its definition")

	for want, names := range map[string][2]string{
		`tagset: merge tag "q": no such tag`:                         {"q", "i"},
		`tagset: merge tag "r": no such tag`:                         {"i", "r"},
		`tagset: merge tag "i": cycle: "i" is the tag or below it`:   {"i", "i"},
		`tagset: merge tag "i": cycle: "i/x" is the tag or below it`: {"i", "i/x"},
		`tagset: merge: bad name: level 1 is empty`:                  {"", "i"},
	} {
		err := try(t, s, func(tx *tagset.Tx) error { return tx.MergeTag(names[0], names[1]) })
		require.EqualError(t, err, want)
	}
	require.Equal(t, v.Digest(), s.View().Digest())
}

// A tag merged into one above it, where names of the subtree meet each other.
func TestMergeUpwards(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{
		"a": {1}, "a/b": {2}, "a/b/b": {3}, "a/b/b/c": {4}, "a/b/c": {5}, "a/c": {6},
	})
	bb, _ := s.View().Tag("a/b/b")
	do(t, s, func(tx *tagset.Tx) { require.NoError(t, tx.MergeTag("a/b", "a")) })
	v := s.View()
	require.Equal(t, []string{"a", "a/b", "a/b/c", "a/c"}, tagNames(v))
	require.Equal(t, ms(1, 2), direct(t, v, "a"))
	require.Equal(t, ms(3), direct(t, v, "a/b"))
	require.Equal(t, ms(4), direct(t, v, "a/b/c"))
	require.Equal(t, ms(5, 6), direct(t, v, "a/c"))
	b, _ := v.Tag("a/b")
	require.Equal(t, bb.ID, b.ID)

	deep := strings.Repeat("x/", 62) + "x"
	with(t, s, map[string][]tagset.Member{deep: {1}})
	err := try(t, s, func(tx *tagset.Tx) error { return tx.MergeTag("a", deep) })
	require.ErrorIs(t, err, tagset.ErrBadName)
}

func TestDeleteTag(t *testing.T) {
	s, _ := newStore(t, 0)
	with(t, s, map[string][]tagset.Member{"a/b": {1}, "a/b/c": {2}, "d": {3}})
	for i := range 7 {
		with(t, s, map[string][]tagset.Member{fmt.Sprintf("many/s%d/t", i): {}})
	}
	for want, name := range map[string]string{
		`tagset: delete tag "a/b": in use: sub-tags "a/b/c"`:                                                           "a/b",
		`tagset: delete tag "many": in use: sub-tags "many/s0", "many/s1", "many/s2", "many/s3", "many/s4" and 2 more`: "many",
		`tagset: delete tag "q": no such tag`:                                                                          "q",
		`tagset: delete: bad name: level 1 is empty`:                                                                   "",
	} {
		require.EqualError(t, try(t, s, func(tx *tagset.Tx) error { return tx.DeleteTag(name) }), want)
	}
	require.ErrorIs(t, try(t, s, func(tx *tagset.Tx) error { return tx.DeleteTag("a") }), tagset.ErrInUse)
	require.EqualError(t, try(t, s, func(tx *tagset.Tx) error { return tx.DeleteTree("q") }), `tagset: delete tree of tag "q": no such tag`)
	require.Equal(t, ms(1, 2), effective(t, s.View(), "a"))
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.DeleteTree("many"))
		require.NoError(t, tx.DeleteTag("a/b/c"))
		require.NoError(t, tx.DeleteTag("a/b"))
	})
	v := s.View()
	require.Equal(t, []string{"a", "d"}, tagNames(v))
	require.Empty(t, effective(t, v, "a"))
	require.Equal(t, ms(1, 2, 3), listOf(v.Members()), "members stay live")
	do(t, s, func(tx *tagset.Tx) {
		id, err := tx.CreateTag(tagset.Tag{Name: "a/b"})
		require.NoError(t, err)
		require.Greater(t, id, tagset.TagID(18), "ids are never used again")
		require.NoError(t, tx.DeleteTree("a"))
		_, err = tx.Add("a", 1)
		require.ErrorIs(t, err, tagset.ErrNoTag)
		_, err = tx.AddPairs([]tagset.TagID{id}, ms(1))
		require.ErrorIs(t, err, tagset.ErrNoTag)
	})
	require.Equal(t, []string{"d"}, tagNames(s.View()))
}

// The effective set of a parent follows everything that happens below it, also
// after it was asked for and kept.
func TestEffectiveFollows(t *testing.T) {
	s, _ := newStore(t, 10)
	with(t, s, map[string][]tagset.Member{"a/b/c": {1}})
	step := func(want []tagset.Member, fn func(*tagset.Tx)) {
		t.Helper()
		before := s.View()
		cached := effective(t, before, "a")
		do(t, s, fn)
		require.Equal(t, want, effective(t, s.View(), "a"))
		require.Equal(t, want, effective(t, s.View(), "a"))
		require.Equal(t, cached, effective(t, before, "a"))
	}
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	step(ms(1, 2), func(tx *tagset.Tx) { _, err := tx.Add("a/b/c", 2); must(err) })
	step(ms(1, 2, 3), func(tx *tagset.Tx) { _, err := tx.Add("a", 3); must(err) })
	step(ms(1, 2, 3), func(tx *tagset.Tx) { _, err := tx.CreateTag(tagset.Tag{Name: "a/n/m"}); must(err) })
	step(ms(1, 2, 3, 4), func(tx *tagset.Tx) { _, err := tx.Add("a/n/m", 4); must(err) })
	step(ms(1, 3, 4), func(tx *tagset.Tx) { _, err := tx.Remove("a/b/c", 2); must(err) })
	step(ms(1, 3), func(tx *tagset.Tx) { must(tx.RenameTag("a/n", "q")) })
	step(ms(1, 3, 4), func(tx *tagset.Tx) { must(tx.MergeTag("q", "a/b")) })
	step(ms(1, 3), func(tx *tagset.Tx) { must(tx.Forget(4)) })
	step(ms(3), func(tx *tagset.Tx) { must(tx.DeleteTag("a/b/c")) })
	step(ms(3, 9), func(tx *tagset.Tx) {
		id, err := tx.CreateTag(tagset.Tag{Name: "a/b/c/d"})
		must(err)
		_ = tx.View()
		_, err = tx.AddPairs([]tagset.TagID{id}, ms(9))
		must(err)
	})
	step(ms(3), func(tx *tagset.Tx) { must(tx.DeleteTree("a/b")) })
}
