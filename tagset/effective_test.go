package tagset_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/tagset"
)

// Unions that are kept and patched from commit to commit equal unions made
// anew, whatever changes in between, in whatever version they are asked for.
func TestEffectiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := tagset.New(tagset.Config{})
		require.NoError(t, err)
		path := rapid.SampledFrom([]string{"a", "a/b", "a/b/c", "a/b/d", "a/e", "a/e/f", "g", "g/b"})
		member := rapid.SampledFrom([]tagset.Member{0, 1, 2, 3, 70_000, 70_001, 1 << 20})
		_, err = s.Update(func(tx *tagset.Tx) error {
			for _, name := range []string{"a/b/c", "a/b/d", "a/e/f", "g"} {
				if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
					return err
				}
			}
			return nil
		})
		require.NoError(t, err)
		var views []*tagset.View
		compare := func(v *tagset.View) {
			for tag := range v.Tags() {
				var want tagset.Set
				for sub := range v.Tags() {
					if sub.Name == tag.Name || len(sub.Name) > len(tag.Name) && sub.Name[:len(tag.Name)+1] == tag.Name+"/" {
						d, _ := v.Direct(sub.Name)
						want = want.Or(d)
					}
				}
				got, _ := v.Set(tag.Name)
				require.True(t, want.Equal(got), "%s of version %d", tag.Name, v.Version())
			}
		}
		for range rapid.IntRange(1, 25).Draw(t, "commits") {
			_, _ = s.Update(func(tx *tagset.Tx) error {
				for range rapid.IntRange(1, 4).Draw(t, "verbs") {
					name, m := path.Draw(t, "tag"), member.Draw(t, "member")
					switch rapid.IntRange(0, 12).Draw(t, "verb") {
					case 0:
						_, _ = tx.CreateTag(tagset.Tag{Name: name})
					case 1, 2, 3, 4:
						_, _ = tx.Add(name, m)
					case 5, 6:
						_, _ = tx.Remove(name, m)
					case 7:
						_, _ = tx.AddSet(name, tagset.SetOf(m, m+1, m+2))
					case 8:
						_ = tx.Forget(m)
					case 9:
						_ = tx.RenameTag(name, path.Draw(t, "to"))
					case 10:
						if rapid.Bool().Draw(t, "merge") {
							_ = tx.MergeTag(name, path.Draw(t, "into"))
						} else {
							_ = tx.DeleteTag(name)
						}
					default:
						v := tx.View()
						if rapid.Bool().Draw(t, "look") {
							v.Set(name)
						}
						views = append(views, v)
					}
				}
				if rapid.IntRange(0, 5).Draw(t, "fail") == 0 {
					return fmt.Errorf("undone")
				}
				return nil
			})
			v := s.View()
			if rapid.Bool().Draw(t, "look") {
				v.Set(path.Draw(t, "tag"))
			}
			views = append(views, v)
			require.NoError(t, s.Check())
		}
		for i := range views {
			if i%3 == 0 { // some out of order
				compare(views[len(views)-1-i])
			}
			compare(views[i])
		}
	})
}

// A parent of 50 tags, asked for after each commit.
func BenchmarkSetAfterCommit(b *testing.B) {
	s := populated(b, 200, 1_000_000)
	_, err := s.Update(func(tx *tagset.Tx) error {
		for i := range 5 {
			name := fmt.Sprintf("组%d", i)
			if err := tx.RenameTag(name, "全/"+name); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(b, err)
	m := tagset.Member(0)
	for b.Loop() {
		m += 7919
		_, err := s.Update(func(tx *tagset.Tx) error {
			_, err := tx.Add("全/组1/标签17", m%1_000_000)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		s.View().Set("全")
	}
}
