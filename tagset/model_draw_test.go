package tagset_test

import (
	"slices"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// The pools are small, so that names, members and keys meet again and again.
var (
	levelPool = []string{"地域", "华东", "上海市", "VIP客户", "é", "a", "b c"}
	spellings = map[string][]string{"VIP客户": {"ＶＩＰ客户", "VＩP客户"}, "é": {"e\u0301"}, "a": {"ａ"}}
	badNames  = []string{"", "/", "a/", "/a", "a//b", " a", "a ", "a  b", "a\x00b", "a\u202eb", "\u200b", "\xff\xfe", "地域/\u2067",
		strings.Repeat("长", 86), strings.Repeat("a/", oracle.MaxLevels) + "a"}
	keyPool = []string{"k1", "k2", "openid-3", "客户4", "k5", strings.Repeat("x", 1024)}
)

func drawName(t *rapid.T) string {
	if rapid.IntRange(0, 19).Draw(t, "bad") == 0 {
		return rapid.SampledFrom(badNames).Draw(t, "bad name")
	}
	levels := rapid.SliceOfN(rapid.SampledFrom(levelPool), 1, 3).Draw(t, "levels")
	for i, l := range levels {
		if s := spellings[l]; s != nil && rapid.IntRange(0, 3).Draw(t, "spelling") == 0 {
			levels[i] = rapid.SampledFrom(s).Draw(t, "as")
		}
	}
	return strings.Join(levels, "/")
}

// drawTag prefers tags that are there.
func drawTag(t *rapid.T, s *oracle.Store) string {
	if paths := s.Paths(); len(paths) > 0 && rapid.IntRange(0, 7).Draw(t, "any name") > 0 {
		return rapid.SampledFrom(paths).Draw(t, "tag")
	}
	return drawName(t)
}

// drawMember draws from a few blocks, rarely from anywhere; the highest ordinals end a store, so only some runs see them.
func drawMember(t *rapid.T, huge bool) uint32 {
	switch n := rapid.IntRange(0, 99).Draw(t, "where"); {
	case n < 70:
		return rapid.Uint32Range(0, 40).Draw(t, "m")
	case n < 85:
		return rapid.Uint32Range(65530, 65540).Draw(t, "m")
	case n < 97:
		return rapid.Uint32Range(0, 400_000).Draw(t, "m")
	case huge:
		return rapid.Uint32Range(1<<32-4, 1<<32-1).Draw(t, "m")
	}
	return rapid.Uint32Range(1<<24, 1<<24+2).Draw(t, "m")
}

func drawMembers(t *rapid.T, huge bool) []uint32 {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) uint32 { return drawMember(t, huge) }), 0, 6).Draw(t, "members")
}

// drawSet draws members with ranges and stripes among them, so that blocks of every form come up.
func drawSet(t *rapid.T, huge bool) []uint32 {
	out := drawMembers(t, huge)
	if rapid.IntRange(0, 2).Draw(t, "bulk") == 0 {
		first := rapid.SampledFrom([]uint32{0, 20, 1000, 64_000, 65_536, 131_000}).Draw(t, "first")
		n := rapid.Uint32Range(1, 3000).Draw(t, "n")
		step := rapid.SampledFrom([]uint32{1, 1, 2, 31}).Draw(t, "step")
		for i := range n {
			out = append(out, first+i*step)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func drawKeys(t *rapid.T) []string {
	keys := rapid.SliceOfN(rapid.SampledFrom(keyPool), 0, 4).Draw(t, "keys")
	if rapid.IntRange(0, 29).Draw(t, "bad key") == 0 {
		keys = append(keys, rapid.SampledFrom([]string{"", strings.Repeat("y", 1025)}).Draw(t, "key"))
	}
	return keys
}

func drawDef(t *rapid.T) oracle.Def {
	return oracle.Def{
		Kind:     rapid.SampledFrom([]uint8{uint8(tagset.Attribute), uint8(tagset.Behavior), uint8(tagset.Relation)}).Draw(t, "kind"),
		Weight:   rapid.SampledFrom([]int32{0, 1, -5, 1 << 30, -1 << 31}).Draw(t, "weight"),
		Owner:    rapid.SampledFrom([]string{"", "张三"}).Draw(t, "owner"),
		Note:     rapid.SampledFrom([]string{"", "a note"}).Draw(t, "note"),
		Archived: rapid.Bool().Draw(t, "archived"),

		KeepTimes: rapid.Bool().Draw(t, "keep times"),
		TimeStep: int64(rapid.SampledFrom([]time.Duration{0, 0, 0, 24 * time.Hour, time.Hour, 15 * time.Minute, time.Second, 7 * time.Second,
			-time.Hour, time.Nanosecond}).Draw(t, "time step")),
	}
}
