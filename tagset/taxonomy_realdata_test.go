package tagset_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/internal/realdata"
	"github.com/tagroar/tagroar/tagset"
)

// divisionsAsTree compares the tree of divisions with its known numbers, gathers provinces in a region that includes them,
// and moves a city with all its people.
func divisionsAsTree(t *testing.T, s *tagset.Store, _ *realdata.Data) {
	var known struct {
		Nodes    struct{ Provinces, Cities, Areas, Streets, All int }
		Province map[string]struct{ Cities, Areas, Streets int } `json:"per_province"`
	}
	text, err := os.ReadFile(filepath.Join(realdata.Dir(t), "china-divisions", "expected.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &known))

	v := s.View()
	perLevel := map[int]int{}
	for tag := range v.Tags() {
		perLevel[len(levelsOf(tag.Name))]++
	}
	require.Equal(t, map[int]int{1: 1, 2: known.Nodes.Provinces, 3: known.Nodes.Cities, 4: known.Nodes.Areas}, perLevel)
	require.Equal(t, known.Nodes.Streets, v.Members().Len())
	require.Equal(t, known.Nodes.All, len(slices.Collect(v.Tags()))-1+v.Members().Len())
	name := map[string]string{} // of provinces, by code
	for province := range v.Values("区划") {
		code := strings.TrimPrefix(province.Name, "区划/")[:2]
		name[code] = province.Name
		want, cities := known.Province[code], 0
		for range v.Values(province.Name) {
			cities++
		}
		preview, ok := v.DeletePreview(province.Name)
		require.True(t, ok)
		require.Equal(t, []int{want.Cities, 1 + want.Cities + want.Areas}, []int{cities, len(preview.Tags)}, province.Name)
	}
	require.Len(t, name, len(known.Province))

	east, streets := []string{}, 0
	for _, code := range []string{"31", "32", "33", "34", "35", "36", "37"} {
		east, streets = append(east, name[code]), streets+known.Province[code].Streets
	}
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.CreateTag(tagset.Tag{Name: "大区/华东", Includes: east})
		require.NoError(t, err)
	})
	set, _ := s.View().Set("大区")
	require.Equal(t, streets, set.Len())
	require.ElementsMatch(t, append(pathOf("区划/31上海市/3101市辖区/310101黄浦区"), "大区", "大区/华东"), tagsOf(s.View(), 310101002))

	// 莱芜 went to 济南 in 2019; here 徐州 goes from 江苏 to 河南, which is not in the east.
	city, _ := s.View().Set("区划/32江苏省/3203徐州市")
	do(t, s, func(tx *tagset.Tx) {
		require.NoError(t, tx.RenameTag("区划/32江苏省/3203徐州市", "区划/41河南省/3203徐州市"))
	})
	set, _ = s.View().Set("大区/华东")
	require.Equal(t, streets-city.Len(), set.Len())
	set, _ = s.View().Set("区划/41河南省")
	require.Equal(t, known.Province["41"].Streets+city.Len(), set.Len())
	require.NoError(t, s.Check())
}

// casedLetters gives the categories of letters their second parent, LC, which cannot be in the group: there each member
// has one value.
func casedLetters(t *testing.T, s *tagset.Store, d *realdata.Data) {
	i := slices.IndexFunc(d.Facts, func(f realdata.Fact) bool { return f.Name == "gc LC" })
	fact := d.Facts[i]
	var children []string
	fact.Expr.Names(func(name string) { children = append(children, name) })
	require.Len(t, children, 3)
	require.ErrorIs(t, try(t, s, func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "gc/LC", Includes: children})
		return err
	}), tagset.ErrExclusive)
	do(t, s, func(tx *tagset.Tx) {
		_, err := tx.CreateTag(tagset.Tag{Name: "LC", Includes: children})
		require.NoError(t, err)
	})
	set, _ := s.View().Set("LC")
	require.NoError(t, fact.Check(set.Roaring().ToArray()))
	require.ElementsMatch(t, []string{"LC", "gc", "gc/L", "gc/L/Lu"}, tagsOf(s.View(), 'A'))
	require.ElementsMatch(t, []string{"gc", "gc/L", "gc/L/Lo"}, tagsOf(s.View(), '中'))
	preview, ok := s.View().DeletePreview("gc/L")
	require.True(t, ok)
	require.Equal(t, []string{"LC"}, preview.Includers)
	require.NoError(t, s.Check())
}

// Papers are in archives and in their subjects: a tree of two levels, in which an archive has members of its own.
func TestArchivesRealData(t *testing.T) {
	if battery.Raced {
		t.Skip("much data and no concurrency: run without the race detector")
	}
	t.Parallel()
	loaders := realdata.Loaders()
	i := slices.IndexFunc(loaders, func(l realdata.Loader) bool { return l.Name == "arxiv-paperscape" })
	data, err := loaders[i].Load(realdata.Dir(t))
	require.NoError(t, err)
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	do(t, s, func(tx *tagset.Tx) {
		for path, ms := range data.Sets {
			if !isBelow(path, "cat") {
				continue
			}
			_, err := tx.CreateTag(tagset.Tag{Name: path})
			if !errors.Is(err, tagset.ErrTagExists) { // as the parent of one before
				require.NoError(t, err)
			}
			_, err = tx.From("arXiv").AddSet(path, setOf(ms))
			require.NoError(t, err)
		}
	})
	v := s.View()
	checked := map[realdata.Kind]int{}
	for _, f := range data.Facts {
		ask := map[oracle.Op]func(string) (tagset.Set, bool){oracle.Tag: v.Set, oracle.Only: v.Direct}[f.Expr.Op]
		if ask == nil || !isBelow(f.Expr.Name, "cat") {
			continue
		}
		set, ok := ask(f.Expr.Name)
		require.True(t, ok, f.Expr.Name)
		require.NoError(t, f.Check(set.Roaring().ToArray()))
		checked[f.Kind]++
	}
	require.Equal(t, map[realdata.Kind]int{realdata.Single: 113, realdata.RollUp: 35}, checked)
	all, _ := v.Set("cat")
	require.Equal(t, len(data.Members), all.Len(), "every paper is in a category")
	memberships := 0
	for _, n := range v.SourceCounts() {
		memberships += n
	}
	require.Equal(t, v.Stats().Memberships, memberships)
	require.NoError(t, s.Check())
}

// pathOf returns the tags at and above name.
func pathOf(name string) (out []string) {
	for i, c := range name + "/" {
		if c == '/' {
			out = append(out, name[:i])
		}
	}
	return out
}

func tagsOf(v *tagset.View, m tagset.Member) (out []string) {
	for tag := range v.TagsOf(m) {
		out = append(out, tag.Name)
	}
	return out
}
