package tagset_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/internal/realdata"
	"github.com/tagroar/tagroar/tagset"
)

// The divisions of China and the general categories of Unicode are exclusive groups by nature, level below level. Here
// everybody is put in a wrong place first, and from there by last-wins verbs in the right one: then the known facts hold
// only if every wrong value yielded.
func TestExclusiveRealData(t *testing.T) {
	if battery.Raced {
		t.Skip("much data and no concurrency: run without the race detector")
	}
	for _, c := range []struct {
		data, group string
		more        func(*testing.T, *tagset.Store, *realdata.Data)
	}{{"china-divisions", "区划", divisionsAsTree}, {"unicode-properties", "gc", casedLetters}} {
		t.Run(c.data, func(t *testing.T) {
			t.Parallel()
			loaders := realdata.Loaders()
			i := slices.IndexFunc(loaders, func(l realdata.Loader) bool { return l.Name == c.data })
			data, err := loaders[i].Load(realdata.Dir(t))
			require.NoError(t, err)
			s, err := tagset.New(tagset.Config{})
			require.NoError(t, err)
			var paths, leaves []string
			for path := range data.Sets {
				if path == c.group || isBelow(path, c.group) {
					paths = append(paths, path)
				}
			}
			slices.SortFunc(paths, byLevels)
			everyone := 0
			do(t, s, func(tx *tagset.Tx) {
				for _, path := range paths {
					_, err := tx.CreateTag(tagset.Tag{Name: path, Exclusive: len(data.Sets[path]) == 0})
					require.NoError(t, err)
					if len(data.Sets[path]) > 0 {
						leaves = append(leaves, path)
					}
				}
				for i, path := range leaves { // the place of the next
					_, err := tx.AddSet(leaves[(i+1)%len(leaves)], setOf(data.Sets[path]))
					require.NoError(t, err)
					everyone += len(data.Sets[path])
				}
			})
			all, _ := s.View().Set(c.group)
			require.Equal(t, everyone, all.Len())
			v := s.View()
			require.ErrorIs(t, try(t, s, func(tx *tagset.Tx) error {
				_, err := tx.AddSet(leaves[0], setOf(data.Sets[leaves[0]]))
				return err
			}), tagset.ErrExclusive)
			require.Equal(t, v.Version(), s.View().Version())

			do(t, s, func(tx *tagset.Tx) {
				var tags []tagset.TagID
				var pairs []tagset.Member
				for i, path := range leaves {
					ms := data.Sets[path]
					switch tag, _ := v.Tag(path); {
					case i%3 == 0 && len(ms) < 1000:
						for _, m := range ms {
							_, err := tx.Add(path, tagset.Member(m))
							require.NoError(t, err)
						}
					case i%3 == 1:
						_, err := tx.ReplaceSet(path, setOf(ms))
						require.NoError(t, err)
					default:
						for _, m := range ms {
							tags, pairs = append(tags, tag.ID), append(pairs, tagset.Member(m))
						}
					}
				}
				_, err := tx.AddPairs(tags, pairs)
				require.NoError(t, err)
			})
			v = s.View()
			sum := 0
			for tag := range v.Values(c.group) {
				set, _ := v.Set(tag.Name)
				sum += set.Len()
			}
			require.Equal(t, everyone, sum, "one value each")
			facts := 0
			for _, f := range data.Facts {
				if f.Expr.Op != oracle.Tag || !strings.HasPrefix(f.Expr.Name, c.group+"/") {
					continue
				}
				facts++
				set, ok := v.Set(f.Expr.Name)
				require.True(t, ok, f.Expr.Name)
				require.NoError(t, f.Check(set.Roaring().ToArray()))
			}
			require.Greater(t, facts, 30)
			for _, path := range leaves {
				m := tagset.Member(data.Sets[path][0])
				value, ok := v.ValueOf(c.group, m)
				require.True(t, ok)
				require.Equal(t, valueIn(c.group, path), value.Name)
			}
			c.more(t, s, data)
		})
	}
}
