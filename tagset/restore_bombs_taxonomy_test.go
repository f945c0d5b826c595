package tagset

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/internal/wire"
)

// Ids of the tags of taxonomyBase.
const (
	idG     = 1 + iota // an exclusive group
	idGA               // a value of it
	idGB               // another
	idGBX              // below that
	idP                // includes q, held by several sources
	idQ                // includes k, held by one source
	idK                // keeps times
	idC                // a composite: p without g, with a value of n
	idD                // a composite: c, direct members of q, or tagged k lately
	idGone             // a deleted tag
	idH                // a tag with
	idHI               // a sub-tag
	lastTag = idHI
)

// taxonomyBase has a policy, an exclusive group in an order, includes, composites
// and sources.
func taxonomyBase(t testing.TB) *Store {
	at := time.Unix(1_000_000_000, 0)
	s, err := New(Config{Clock: func() time.Time { return at }, Policy: Policy{MaxTags: 100, MaxBatch: 50, StrictNames: true}})
	require.NoError(t, err)
	_, err = s.Update(func(tx *Tx) error {
		require.NoError(t, tx.CreateAttribute("n", Int))
		require.NoError(t, tx.SetInts("n", []Member{1, 2, 3}, []int64{10, 20, 30}))
		for _, tag := range []Tag{
			{Name: "g", Exclusive: true}, {Name: "g/a"}, {Name: "g/b"}, {Name: "g/b/x"}, {Name: "p"}, {Name: "q"}, {Name: "k", KeepTimes: true},
		} {
			_, err := tx.CreateTag(tag)
			require.NoError(t, err)
		}
		require.NoError(t, tx.EditTag("g", func(tag *Tag) { tag.Precedence = []string{"g/b", "g/a"} }))
		for tag, included := range map[string]string{"p": "q", "q": "k"} {
			require.NoError(t, tx.EditTag(tag, func(tag *Tag) { tag.Includes = []string{included} }))
		}
		require.NoError(t, tx.DefineComposite("c", baseFormula()))
		require.NoError(t, tx.DefineComposite("d", &expr.Formula{
			Root:  &expr.Node{Op: expr.Or, Pos: []*expr.Node{{Op: expr.Tag, ID: idC}, {Op: expr.Only, ID: idQ}, {Op: expr.Where}}},
			Where: []expr.Condition{{Tag: idK, Any: []expr.Range{{Lo: expr.Bound{N: 30, Unit: expr.Days}, Hi: expr.Bound{N: math.MaxInt64}}}}},
		}))
		for _, name := range []string{"gone", "h/i"} {
			_, err := tx.CreateTag(Tag{Name: name})
			require.NoError(t, err)
		}
		require.NoError(t, tx.DeleteTag("gone"))
		for _, add := range []struct {
			source, tag string
			ms          []Member
		}{
			{"", "g/a", []Member{1, 2}}, {"", "g/b", []Member{3}}, {"", "g/b/x", []Member{3, 4}},
			{"", "p", []Member{1, 2}}, {"crm", "p", []Member{2, 3, 4}}, {"import", "q", []Member{5}},
			{"a", "k", []Member{1, 2}}, {"crm", "k", []Member{1, 2}},
		} {
			_, err := tx.From(add.source).Add(add.tag, add.ms...)
			require.NoError(t, err)
		}
		return nil
	})
	require.NoError(t, err)
	require.NoError(t, s.Check())
	return s
}

// baseFormula is what c says.
func baseFormula() *expr.Formula {
	return &expr.Formula{
		Root:  &expr.Node{Op: expr.And, Pos: []*expr.Node{{Op: expr.Tag, ID: idP}, {Op: expr.Where}}, Neg: []*expr.Node{{Op: expr.Tag, ID: idG}}},
		Where: []expr.Condition{{Attr: "n", Any: []expr.Range{{Lo: expr.Bound{N: 5}, Hi: expr.Bound{N: 25}}}}},
	}
}

// entryFrame is a payload of so many entries.
func entryFrame(count uint32, entries ...[]byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, count), bytes.Join(entries, nil)...)
}

// pair is an entry of two varints: a field and its value, or a reference.
func pair(a, b uint64) []byte { return binary.AppendUvarint(binary.AppendUvarint(nil, a), b) }

func formulaEntry(gap uint64, formula []byte) []byte {
	return wire.AppendBlock(binary.AppendUvarint(nil, gap), string(formula))
}

// speaksOf is the formula that the tags together are.
func speaksOf(ids ...uint32) []byte {
	root := &expr.Node{Op: expr.Or}
	for _, id := range ids {
		root.Pos = append(root.Pos, &expr.Node{Op: expr.Tag, ID: id})
	}
	return (&expr.Formula{Root: root}).Append(nil)
}

// compares is the formula of one condition.
func compares(c expr.Condition) []byte {
	c.Any = []expr.Range{{Lo: expr.Bound{N: 1}, Hi: expr.Bound{N: 2}}}
	return (&expr.Formula{Root: &expr.Node{Op: expr.Where}, Where: []expr.Condition{c}}).Append(nil)
}

// setFormulas puts those of c and d in the place of the base's.
func (f *forgery) setFormulas(c, d []byte) {
	f.replace(frameFormulas, entryFrame(2, formulaEntry(idC, c), formulaEntry(idD-idC, d)))
}

func sourceNames(names ...string) []byte {
	var entries [][]byte
	for _, name := range names {
		entries = append(entries, wire.AppendBlock(nil, name))
	}
	return entryFrame(uint32(len(names)), entries...)
}

// hold is an entry of frame 18.
func holdEntry(tag, source uint32) []byte {
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, tag), source)
}

// setHolds puts holds of the base's sources, and their sets, in the place of the
// base's.
func (f *forgery) setHolds(holds []byte, sets ...[]byte) {
	at := f.first(frameHolds)
	f.frames = append(f.frames[:at], forgedFrame{frameHolds, holds})
	for _, set := range sets {
		f.frames = append(f.frames, forgedFrame{frameHeld, set})
	}
}

// The base's sources, by number, and its holds.
const (
	srcPlain = 1 + iota
	srcA
	srcCRM
	srcImport
)

func baseHolds(change func([][]byte) [][]byte) []byte {
	entries := change([][]byte{
		holdEntry(idP, srcPlain), holdEntry(idP, srcCRM), holdEntry(idQ, srcImport), holdEntry(idK, srcA), holdEntry(idK, srcCRM),
	})
	return entryFrame(uint32(len(entries)), entries...)
}

// setDirect puts members in the place of the direct ones of a tag.
func (f *forgery) setDirect(id uint32, ms ...uint32) {
	for i, fr := range f.frames {
		if fr.kind == frameDirect && binary.LittleEndian.Uint32(fr.payload) == id {
			f.frames[i].payload = part(id, 0, 0, portable(ms...))
			return
		}
	}
	panic("no such tag")
}

// setFlags changes the flags of a tag of the base's.
func (f *forgery) setFlags(id uint32, flags byte) {
	at := f.first(frameTags)
	d := wire.NewDecoder(f.frames[at].payload)
	d.Bytes(8)
	var entries [][]byte
	for n := uint32(1); d.Len() > 0; n++ {
		record := bytes.Clone(d.Block(1 << 20))
		if n == id {
			record[1] = flags
		}
		entries = append(entries, record)
	}
	f.replace(frameTags, tagFrame(1, uint32(len(entries)), entries...))
}

// taxonomyBombs are changes of taxonomyBase's snapshot that Restore must refuse.
var taxonomyBombs = []bomb{
	{"policy of nothing", func(f *forgery) { f.replace(framePolicy, entryFrame(0)) }, "no fields"},
	{"half a policy", func(f *forgery) { f.replace(framePolicy, []byte{1}) }, "no fields"},
	{"policy of 2^32-1 fields", func(f *forgery) { f.replace(framePolicy, entryFrame(math.MaxUint32, pair(1, 5))) }, "cut short"},
	{"policy field 0", func(f *forgery) { f.replace(framePolicy, entryFrame(1, pair(0, 5))) }, "field 0 after"},
	{"policy field 9", func(f *forgery) { f.replace(framePolicy, entryFrame(1, pair(9, 5))) }, "field 9 after"},
	{"policy field 2^64-1", func(f *forgery) { f.replace(framePolicy, entryFrame(1, pair(math.MaxUint64, 5))) }, "field 18446744073709551615"},
	{"policy fields descend", func(f *forgery) { f.replace(framePolicy, entryFrame(2, pair(2, 5), pair(1, 5))) }, "field 1 after field 2"},
	{"policy field twice", func(f *forgery) { f.replace(framePolicy, entryFrame(2, pair(2, 5), pair(2, 5))) }, "field 2 after field 2"},
	{"policy limit 0", func(f *forgery) { f.replace(framePolicy, entryFrame(1, pair(1, 0))) }, "field 1 is 0"},
	{"policy limit below 0", func(f *forgery) { f.replace(framePolicy, entryFrame(1, pair(1, math.MaxUint64))) }, "field 1 is 18446744073709551615"},
	{"policy limit 2^63", func(f *forgery) { f.replace(framePolicy, entryFrame(1, pair(1, 1<<63))) }, "field 1 is 9223372036854775808"},
	{"policy strict twice over", func(f *forgery) { f.replace(framePolicy, entryFrame(1, pair(8, 2))) }, "field 8 is 2"},
	{"policy field in many bytes", func(f *forgery) { f.replace(framePolicy, entryFrame(1, []byte{0x81, 0, 5})) }, "longer than it need be"},
	{"bytes after the policy", func(f *forgery) { f.replace(framePolicy, entryFrame(1, pair(1, 5), []byte{0})) }, "after the fields"},
	{"two policies", func(f *forgery) { f.replace(framePolicy, entryFrame(1, pair(1, 5)), entryFrame(1, pair(2, 5))) }, "formulas, before the frame"},

	{"no includes in a frame", func(f *forgery) { f.replace(frameIncludes, entryFrame(0)) }, "no entries"},
	{"2^32-1 includes in few bytes", func(f *forgery) { f.replace(frameIncludes, entryFrame(math.MaxUint32, pair(idP, idQ))) }, "cut short"},
	{"includes of tag 0", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(0, idQ))) }, "0 tags after tag 0"},
	{"includes of tag 2^64-1", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(math.MaxUint64, idQ))) }, "tags after tag 0"},
	{"includes that overflow", func(f *forgery) { f.replace(frameIncludes, entryFrame(2, pair(idP, idQ), pair(math.MaxUint64, idQ))) }, "tags after tag 5"},
	{"includes past the last tag", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(lastTag+1, idQ))) }, "tags after tag 0"},
	{"includes of a deleted tag", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(idGone, idQ))) }, "there is no tag 10"},
	{"includes tag 0", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(idP, 0))) }, "refers to tag 0"},
	{"includes tag 2^64-1", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(idP, math.MaxUint64))) }, "refers to tag 18446744073709551615"},
	{"includes a deleted tag", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(idP, idGone))) }, "refers to tag 10"},
	{"includes a tag twice", func(f *forgery) { f.replace(frameIncludes, entryFrame(2, pair(idP, idQ), pair(0, idQ))) }, "tag 5: it refers to tag 6 twice"},
	{"includes a tag twice in two frames", func(f *forgery) {
		f.replace(frameIncludes, entryFrame(2, pair(idP, idQ), pair(0, idK)), entryFrame(1, pair(0, idQ)))
	}, "tag 5: it refers to tag 6 twice"},
	{"includes itself", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(idP, idP))) }, "cycle: tag 5 → 5"},
	{"includes in a ring", func(f *forgery) {
		f.replace(frameIncludes, entryFrame(3, pair(idP, idQ), pair(1, idK), pair(1, idP)))
	}, "cycle: tag 5 → 6 → 7 → 5"},
	{"includes what it is below", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(idHI, idH))) }, "cycle: tag 11 → 12 → 11"},
	{"includes what includes what it is below", func(f *forgery) {
		f.replace(frameIncludes, entryFrame(2, pair(idP, idH), pair(idHI-idP, idP)))
	}, "cycle: tag "},
	{"includes of a value of a group", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(idGA, idQ))) }, "tag 2 includes others, below the exclusive group 1"},
	{"includes deep below a group", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(idGBX, idQ))) }, "tag 4 includes others, below the exclusive group 1"},
	{"includes of a composite", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(idC, idQ))) }, "a composite includes no tags"},
	{"bytes after the includes", func(f *forgery) { f.replace(frameIncludes, entryFrame(1, pair(idP, idQ), []byte{0})) }, "after the entries"},
	{"includes after the order of values", func(f *forgery) {
		i, j := f.first(frameIncludes), f.first(framePrecedence)
		f.frames[i], f.frames[j] = f.frames[j], f.frames[i]
	}, "formulas, before the frame"},

	{"value that is none", func(f *forgery) { f.replace(framePrecedence, entryFrame(1, pair(idG, idP))) }, "tag 5 is no value of it"},
	{"value below a value", func(f *forgery) { f.replace(framePrecedence, entryFrame(1, pair(idG, idGBX))) }, "tag 4 is no value of it"},
	{"value of itself", func(f *forgery) { f.replace(framePrecedence, entryFrame(1, pair(idG, idG))) }, "tag 1 is no value of it"},
	{"value that is deleted", func(f *forgery) { f.replace(framePrecedence, entryFrame(1, pair(idG, idGone))) }, "refers to tag 10"},
	{"value twice", func(f *forgery) { f.replace(framePrecedence, entryFrame(2, pair(idG, idGB), pair(0, idGB))) }, "refers to tag 3 twice"},
	{"order of values of no tag", func(f *forgery) { f.replace(framePrecedence, entryFrame(1, pair(idGone, idGB))) }, "there is no tag 10"},

	{"two values", func(f *forgery) { f.setDirect(idGB, 2) }, "member 2 has two values of the exclusive group 1"},
	{"two values, one of them deep", func(f *forgery) { f.setDirect(idGBX, 1) }, "member 1 has two values"},
	{"group with overlaps", func(f *forgery) { f.setDirect(idGB, 4, 1) }, "member 1 has two values"},
	{"exclusive composite", func(f *forgery) { f.setFlags(idC, exclusiveFlag) }, "flags 0x8 of composite"},
	{"composite that keeps times", func(f *forgery) { f.setFlags(idC, timesFlag) }, "flags 0x2 of composite"},

	{"formulas missing", func(f *forgery) { f.drop(frameFormulas) }, "that of tag 8 is missing"},
	{"a formula missing", func(f *forgery) { f.replace(frameFormulas, entryFrame(1, formulaEntry(idC, speaksOf(idP)))) }, "that of tag 9 is missing"},
	{"no formulas in a frame", func(f *forgery) { f.replace(frameFormulas, entryFrame(0)) }, "no entries"},
	{"formula of a tag", func(f *forgery) { f.replace(frameFormulas, entryFrame(1, formulaEntry(idP, speaksOf(idQ)))) }, "no composite"},
	{"formula of no tag", func(f *forgery) { f.replace(frameFormulas, entryFrame(1, formulaEntry(idGone, speaksOf(idQ)))) }, "there is no tag 10"},
	{"formula twice", func(f *forgery) {
		f.replace(frameFormulas, entryFrame(2, formulaEntry(idC, speaksOf(idP)), formulaEntry(0, speaksOf(idP))))
	}, "a second one"},
	{"formula empty", func(f *forgery) { f.setFormulas(nil, nil) }, "tag 8"},
	{"formula of 2^63 bytes", func(f *forgery) {
		f.replace(frameFormulas, entryFrame(1, binary.AppendUvarint([]byte{idC}, 1<<63)))
	}, "at most"},
	{"formula of 2^32 nodes", func(f *forgery) { f.setFormulas(binary.AppendUvarint(nil, 1<<32), speaksOf(idP)) }, "tag 8"},
	{"formula of a megabyte of nodes", func(f *forgery) {
		p := binary.AppendUvarint(nil, 1_000_000)
		f.setFormulas(append(p, make([]byte, 1_000_000)...), speaksOf(idP))
	}, "tag 8"},
	{"formula with bytes after it", func(f *forgery) { f.setFormulas(append(speaksOf(idP), 0), speaksOf(idP)) }, "tag 8"},
	{"formula of tag 0", func(f *forgery) { f.setFormulas(speaksOf(0), speaksOf(idP)) }, "tag 8"},
	{"formula of a deleted tag", func(f *forgery) { f.setFormulas(speaksOf(idGone), speaksOf(idP)) }, "names tag 10, which there is not"},
	{"formula of tag 2^32-1", func(f *forgery) { f.setFormulas(speaksOf(math.MaxUint32), speaksOf(idP)) }, "names tag 4294967295"},
	{"formula of times of a tag that keeps none", func(f *forgery) {
		f.setFormulas(compares(expr.Condition{Tag: idP}), speaksOf(idP))
	}, "compares times of tag 5"},
	{"formula of times of no tag", func(f *forgery) {
		f.setFormulas(compares(expr.Condition{Tag: idGone}), speaksOf(idP))
	}, "names tag 10"},
	{"formula of no attribute", func(f *forgery) { f.setFormulas(compares(expr.Condition{Attr: "m"}), speaksOf(idP)) }, `compares attribute "m"`},
	{"formula of itself", func(f *forgery) { f.setFormulas(speaksOf(idC), speaksOf(idP)) }, "cycle: tag 8 → 8"},
	{"formulas of each other", func(f *forgery) { f.setFormulas(speaksOf(idD), speaksOf(idC)) }, "cycle: tag 8 → 9 → 8"},
	{"formula of what includes it", func(f *forgery) {
		f.replace(frameIncludes, entryFrame(1, pair(idP, idC)))
	}, "cycle: tag 8 → 5 → 8"},
	{"bytes after the formulas", func(f *forgery) {
		f.replace(frameFormulas, entryFrame(2, formulaEntry(idC, speaksOf(idP)), formulaEntry(1, speaksOf(idP)), []byte{0}))
	}, "after the entries"},

	{"no sources in a frame", func(f *forgery) { f.replace(frameSources, entryFrame(0)) }, "no sources"},
	{"sources missing", func(f *forgery) { f.drop(frameSources) }, "no source 1 after source 0, of 0"},
	{"2^32-1 sources in few bytes", func(f *forgery) { f.replace(frameSources, entryFrame(math.MaxUint32, []byte{0})) }, "cut short"},
	{"source of 2^32 bytes", func(f *forgery) {
		f.replace(frameSources, entryFrame(1, binary.AppendUvarint(nil, 1<<32)))
	}, "at most 256"},
	{"source of 257 bytes", func(f *forgery) { f.replace(frameSources, sourceNames(strings.Repeat("s", 257))) }, "at most 256"},
	{"source not UTF-8", func(f *forgery) { f.replace(frameSources, sourceNames("\xff")) }, "UTF-8"},
	{"sources descend", func(f *forgery) { f.replace(frameSources, sourceNames("", "crm", "a", "import")) }, `source "a" after "crm"`},
	{"source twice", func(f *forgery) { f.replace(frameSources, sourceNames("", "a", "a", "import")) }, `source "a" after "a"`},
	{"source twice in two frames", func(f *forgery) {
		f.replace(frameSources, sourceNames("", "a"), sourceNames("a", "import"))
	}, `source "a" after "a"`},
	{"source too many", func(f *forgery) { f.replace(frameSources, sourceNames("", "a", "crm", "import", "z")) }, "source 5 holds nobody"},
	{"bytes after the sources", func(f *forgery) { f.replace(frameSources, append(sourceNames("", "a"), 0)) }, "after the sources"},

	{"no holds in a frame", func(f *forgery) { f.setHolds(entryFrame(0)) }, "0 holds"},
	{"holds missing", func(f *forgery) { f.frames = f.frames[:f.first(frameHolds)] }, "source 1 holds nobody"},
	{"half a count of holds", func(f *forgery) { f.setHolds([]byte{1}) }, "holds in 1 bytes"},
	{"2^32-1 holds in few bytes", func(f *forgery) { f.setHolds(entryFrame(math.MaxUint32, holdEntry(idP, 1))) }, "4294967295 holds in 12 bytes"},
	{"8,193 holds in a frame", func(f *forgery) { f.setHolds(entryFrame(8193, make([]byte, 8193*8))) }, "8193 holds"},
	{"bytes after the holds", func(f *forgery) {
		f.setHolds(append(baseHolds(func(h [][]byte) [][]byte { return h }), 0))
	}, "5 holds in 45 bytes"},
	{"hold of tag 0", func(f *forgery) { f.setHolds(entryFrame(1, holdEntry(0, srcA))) }, "no tag 0 that could be next"},
	{"hold of tag 2^32-1", func(f *forgery) { f.setHolds(entryFrame(1, holdEntry(math.MaxUint32, srcA))) }, "no tag 4294967295"},
	{"hold of a deleted tag", func(f *forgery) { f.setHolds(entryFrame(1, holdEntry(idGone, srcA))) }, "no tag 10"},
	{"hold of a tag without members", func(f *forgery) { f.setHolds(entryFrame(1, holdEntry(idH, srcA))) }, "tag 11 has no members"},
	{"hold of a composite", func(f *forgery) { f.setHolds(entryFrame(1, holdEntry(idC, srcA))) }, "tag 8 has no members"},
	{"holds descend", func(f *forgery) { f.setHolds(entryFrame(2, holdEntry(idQ, srcA), holdEntry(idP, srcA))) }, "no tag 5 that could be next"},
	{"holds of a tag apart", func(f *forgery) {
		f.setHolds(entryFrame(3, holdEntry(idP, srcA), holdEntry(idQ, srcA), holdEntry(idP, srcCRM)))
	}, "no tag 5 that could be next"},
	{"hold by source 0", func(f *forgery) { f.setHolds(entryFrame(1, holdEntry(idP, 0))) }, "no source 0 after source 0"},
	{"hold by source 5", func(f *forgery) { f.setHolds(entryFrame(1, holdEntry(idP, 5))) }, "no source 5 after source 0, of 4"},
	{"hold by source 2^32-1", func(f *forgery) { f.setHolds(entryFrame(1, holdEntry(idP, math.MaxUint32))) }, "no source 4294967295"},
	{"hold twice", func(f *forgery) { f.setHolds(entryFrame(2, holdEntry(idP, srcA), holdEntry(idP, srcA))) }, "no source 2 after source 2"},
	{"hold by the plain source alone", func(f *forgery) {
		f.setHolds(baseHolds(func(h [][]byte) [][]byte { h[2] = holdEntry(idQ, srcPlain); return h }), part(1, 0, 0, portable(1, 2)), part(2, 0, 0, portable(2, 3, 4)))
	}, "tag 6: the plain source alone"},
	{"holds of less than the members", func(f *forgery) {
		f.swap(frameHeld, 1, part(2, 0, 0, portable(2, 3)))
	}, "tag 5: direct members whom no source holds"},
	{"hold by one source of some", func(f *forgery) {
		f.setDirect(idQ, 1, 5)
		f.frames = append(f.frames, forgedFrame{frameHeld, part(3, 0, 0, portable(5))})
	}, "tag 6: direct members whom no source holds"},
	{"hold of others than the members", func(f *forgery) { f.swap(frameHeld, 1, part(2, 0, 0, portable(2, 3, 5))) }, "holds others than the direct members"},
	{"hold of all in so many words", func(f *forgery) { f.swap(frameHeld, 1, part(2, 0, 0, portable(1, 2, 3, 4))) }, "holds 4"},
	{"hold of nobody", func(f *forgery) { f.swap(frameHeld, 1, part(2, 0, 0, portable())) }, "0 blocks"},
	{"set of hold 0", func(f *forgery) { f.swap(frameHeld, 0, part(0, 0, 0, portable(1, 2))) }, "of no hold before"},
	{"set of hold 6", func(f *forgery) { f.swap(frameHeld, 1, part(6, 0, 0, portable(2, 3, 4))) }, "of no hold before"},
	{"sets descend", func(f *forgery) {
		f.swap(frameHeld, 0, part(2, 0, 0, portable(2, 3, 4)))
		f.swap(frameHeld, 1, part(1, 0, 0, portable(1, 2)))
	}, "of no hold before"},
	{"half a set of a hold", func(f *forgery) { f.swap(frameHeld, 1, []byte{2, 0}) }, "of no hold before"},
	{"sets of holds without holds", func(f *forgery) {
		at := f.first(frameHolds)
		f.frames = append(f.frames[:at], f.frames[at+1:]...)
	}, "source 1 holds nobody"},
}

func TestRestoreRefusesTaxonomyBombs(t *testing.T) {
	requireRefused(t, taxonomyBase(t), taxonomyBombs)
}

// TestRestoreOfFormat2RefusesLaterFrames: what format 3 brought is unknown to
// the formats before.
func TestRestoreOfFormat2RefusesLaterFrames(t *testing.T) {
	var out, later bytes.Buffer
	_, err := bombBase(t).View().WriteTo(&out)
	require.NoError(t, err)
	_, err = taxonomyBase(t).View().WriteTo(&later)
	require.NoError(t, err)
	for kind := uint8(framePolicy); kind <= frameHeld; kind++ {
		from := dissect(t, later.Bytes())
		f := dissect(t, out.Bytes())
		f.header[8], f.header[10] = 2, 2
		_, err := Restore(bytes.NewReader(f.seal()), Config{})
		require.NoError(t, err)
		f.frames = append(f.frames, from.frames[from.first(kind)])
		_, err = Restore(bytes.NewReader(f.seal()), Config{})
		require.ErrorIs(t, err, ErrCorrupt)
		require.ErrorContains(t, err, "where the index should be")
	}
}
