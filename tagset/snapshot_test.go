package tagset_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/expr"
	"github.com/tagroar/tagroar/tagset"
)

// fixed is a Config whose time and UUID are the same at every run.
func fixed() tagset.Config {
	now := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	return tagset.Config{
		Clock: func() time.Time { now = now.Add(time.Second); return now },
		Rand:  strings.NewReader("sixteen bytes ok"),
	}
}

// sample is a store with something of everything: all forms of blocks, keys
// and raw ordinals, forgotten members, deleted and archived tags, levels,
// scripts, and two versions and more.
func sample(t require.TestingT) *tagset.Store {
	s, err := tagset.New(fixed())
	require.NoError(t, err)
	rnd := rand.New(rand.NewPCG(1, 2))
	_, err = s.Update(func(tx *tagset.Tx) error {
		tx.By("李雷", "import")
		for _, tag := range []tagset.Tag{
			{Name: "地域/华东/上海", Owner: "市场部"},
			{Name: "地域-华东区", Note: "core - detail"},
			{Name: "VIP客户", Weight: -7, Kind: tagset.Behavior},
			{Name: "doomed/below"},
			{Name: "empty", Archived: true, Weight: 2_000_000_000},
			{Name: "long note", Note: strings.Repeat("说", 5000), Kind: tagset.Relation},
		} {
			if _, err := tx.CreateTag(tag); err != nil {
				return err
			}
		}
		var keys []string
		for i := range 700 {
			keys = append(keys, fmt.Sprintf("openid-%05x", i*i))
		}
		if _, err := tx.Intern(keys...); err != nil {
			return err
		}
		return tx.Enroll(70_000)
	})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		random := func(n, limit int) (ms []tagset.Member) {
			for range n {
				ms = append(ms, tagset.Member(rnd.IntN(limit)))
			}
			return ms
		}
		var runs []tagset.Member
		for i := range tagset.Member(30) {
			for j := range 500 + i {
				runs = append(runs, 1000*i+tagset.Member(j))
			}
		}
		for tag, ms := range map[string][]tagset.Member{
			"地域/华东/上海": random(30_000, 200_000),
			"地域":       random(900, 200_000),
			"VIP客户":    runs,
			"doomed":   {1, 2, 3},
			"地域-华东区":   {5, 1 << 20, 4_000_000_000},
		} {
			if _, err := tx.Add(tag, ms...); err != nil {
				return err
			}
		}
		if err := tx.DeleteTree("doomed"); err != nil {
			return err
		}
		return nil
	})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		if err := tx.Forget(3, 17, 600, 4_000_000_000); err != nil {
			return err
		}
		_, err := tx.Intern("openid-00009", "after") // 3's key, and a new one
		return err
	})
	require.NoError(t, err)
	return s
}

func snapshot(t require.TestingT, v *tagset.View) []byte {
	var out bytes.Buffer
	n, err := v.WriteTo(&out)
	require.NoError(t, err)
	require.EqualValues(t, out.Len(), n)
	return out.Bytes()
}

func restore(t require.TestingT, p []byte) *tagset.Store {
	s, err := tagset.Restore(bytes.NewReader(p), fixed())
	require.NoError(t, err)
	require.NoError(t, s.Check())
	return s
}

// requireSameView compares everything that two views tell.
func requireSameView(t require.TestingT, a, b *tagset.View) {
	require.Equal(t, a.Version(), b.Version())
	require.Equal(t, a.Digest(), b.Digest())
	require.Equal(t, slices.Collect(a.Tags()), slices.Collect(b.Tags()))
	require.True(t, a.Members().Equal(b.Members()))
	for tag := range a.Tags() {
		x, _ := a.Direct(tag.Name)
		y, ok := b.Direct(tag.Name)
		require.True(t, ok && x.Equal(y), "direct members of %s", tag.Name)
		x, _ = a.Set(tag.Name)
		y, ok = b.Set(tag.Name)
		require.True(t, ok && x.Equal(y), "members of %s", tag.Name)
	}
	requireSameValues(t, a, b)
	requireSameTaxonomy(t, a, b)
	for m := range a.Members().All() {
		x, okx := a.Key(m)
		y, oky := b.Key(m)
		if x != y || okx != oky {
			require.Fail(t, "key", "of %d: %q, %q", m, x, y)
		}
		if okx {
			if back, ok := b.Lookup(x); !ok || back != m {
				require.Fail(t, "lookup", "of %q: %d", x, back)
			}
		}
	}
}

// requireSameTaxonomy compares the policy, what composites say, the order of
// values, and who holds whom.
func requireSameTaxonomy(t require.TestingT, a, b *tagset.View) {
	require.Equal(t, a.Policy(), b.Policy())
	held := func(v *tagset.View, name string) (out []any) {
		for source, set := range v.Sources(name) {
			out = append(out, source, slices.Collect(set.All()))
		}
		return out
	}
	values := func(v *tagset.View, name string) (out []string) {
		for tag := range v.Values(name) {
			out = append(out, tag.Name)
		}
		return out
	}
	for tag := range a.Tags() {
		require.Equal(t, held(a, tag.Name), held(b, tag.Name), "sources of %s", tag.Name)
		require.Equal(t, values(a, tag.Name), values(b, tag.Name), "values of %s", tag.Name)
		f, okf := a.Formula(tag.Name)
		g, okg := b.Formula(tag.Name)
		require.Equal(t, okf, okg)
		if okf {
			require.True(t, f.Equal(g), "formula of %s", tag.Name)
		}
	}
}

// requireSameValues compares attributes, times of tagging and growth.
func requireSameValues(t require.TestingT, a, b *tagset.View) {
	same := func(x, y tagset.Column, what string) {
		require.Equal(t, x.Type(), y.Type(), what)
		require.True(t, x.Members().Equal(y.Members()), what)
		for m := range x.Members().All() {
			v, _ := x.Int(m)
			if w, _ := y.Int(m); v != w {
				require.Equal(t, v, w, "%s of %d", what, m)
			}
		}
	}
	types := func(v *tagset.View) (out []any) {
		for name, typ := range v.Attributes() {
			out = append(out, name, typ)
		}
		return out
	}
	require.Equal(t, types(a), types(b))
	for name := range a.Attributes() {
		x, _ := a.Column(name)
		y, ok := b.Column(name)
		require.True(t, ok)
		same(x, y, "attribute "+name)
	}
	for tag := range a.Tags() {
		x, okx := a.Times(tag.Name)
		y, oky := b.Times(tag.Name)
		require.Equal(t, okx, oky)
		same(x, y, "times of "+tag.Name)
		require.Equal(t, grown(a, tag.Name), grown(b, tag.Name))
	}
}

func TestSnapshotRestoresEverything(t *testing.T) {
	s := sample(t)
	p := snapshot(t, s.View())
	require.Greater(t, len(p), 64<<10)
	for _, src := range []io.Reader{bytes.NewReader(p), iotest.HalfReader(bytes.NewReader(p)), iotest.DataErrReader(bytes.NewReader(p))} {
		back, err := tagset.Restore(src, fixed())
		require.NoError(t, err)
		require.NoError(t, back.Check())
		requireSameView(t, s.View(), back.View())
		require.True(t, bytes.Equal(p, snapshot(t, back.View())), "written again: other bytes")
	}

	// Both go on alike: the same next version, ordinal and tag id.
	back := restore(t, p)
	for _, store := range []*tagset.Store{s, back} {
		v, err := store.Update(func(tx *tagset.Tx) error {
			ms, err := tx.Intern("new", "openid-00000")
			require.NoError(t, err)
			require.Equal(t, []tagset.Member{4_000_000_003, 0}, ms)
			id, err := tx.CreateTag(tagset.Tag{Name: "new"})
			require.NoError(t, err)
			require.EqualValues(t, 10, id)
			require.ErrorIs(t, tx.Enroll(17), tagset.ErrForgotten)
			_, err = tx.Add("地域/华东/上海", 199_999, 9)
			return err
		})
		require.NoError(t, err)
		require.EqualValues(t, 4, v)
		require.NoError(t, store.Check())
	}
	set, _ := back.View().Set("地域")
	require.True(t, set.Contains(9), "a restored union is renewed")
}

// TestSnapshotRestoresValues: attributes, times and growth too.
func TestSnapshotRestoresValues(t *testing.T) {
	s := fullSample(t)
	p := snapshot(t, s.View())
	back := restore(t, p)
	requireSameView(t, s.View(), back.View())
	require.True(t, bytes.Equal(p, snapshot(t, back.View())), "written again: other bytes")
	_, err := back.Update(func(tx *tagset.Tx) error {
		require.NoError(t, tx.SetInt("订单数", 4, 1<<40))
		_, err := tx.Add("活跃", 4)
		return err
	})
	require.NoError(t, err)
	require.NoError(t, back.Check())
	require.Equal(t, p, snapshot(t, s.View()))
}

func TestSnapshotOfEmptyStore(t *testing.T) {
	s, err := tagset.New(fixed())
	require.NoError(t, err)
	p := snapshot(t, s.View())
	back := restore(t, p)
	requireSameView(t, s.View(), back.View())
	require.Equal(t, p, snapshot(t, back.View()))
	v, err := back.Update(func(tx *tagset.Tx) error { return tx.Enroll(1) })
	require.NoError(t, err)
	require.EqualValues(t, 1, v)
}

// TestSnapshotIsOfTheViewsVersion: later commits do not show, nor does what a
// transaction has not committed.
func TestSnapshotIsOfTheViewsVersion(t *testing.T) {
	s := sample(t)
	before := s.View()
	want := snapshot(t, before)
	_, err := s.Update(func(tx *tagset.Tx) error {
		require.NoError(t, tx.Forget(1, 2))
		_, err := tx.Intern("later")
		require.NoError(t, err)
		in := tx.View()
		p := snapshot(t, in)
		_, err = tx.Add("VIP客户", 123_456)
		require.NoError(t, err)
		require.Equal(t, p, snapshot(t, in))
		require.Equal(t, want, snapshot(t, before))
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, want, snapshot(t, before))
	require.NotEqual(t, before.Digest(), s.View().Digest())
}

// frames cuts a snapshot into frames by the documented layout alone, without
// the package's own reader: kind and payload.
func frames(t require.TestingT, p []byte) (kinds []byte, payloads [][]byte) {
	for p = p[binary.LittleEndian.Uint32(p[12:]):]; len(p) > 0; {
		n := binary.LittleEndian.Uint32(p)
		kinds = append(kinds, p[4])
		payloads = append(payloads, p[12:12+n])
		p = p[12+n:]
	}
	return kinds, payloads
}

// TestSnapshotPayloadsAreRoaring reads sets with roaring alone, one that takes
// several parts too.
func TestSnapshotPayloadsAreRoaring(t *testing.T) {
	s := sample(t)
	_, err := s.Update(func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "sparse"})
		require.NoError(t, err)
		var ms []tagset.Member
		for i := range tagset.Member(600) {
			ms = append(ms, i*100_000, i*100_000+1)
		}
		_, err = tx.Add("sparse", ms...)
		return err
	})
	require.NoError(t, err)
	v := s.View()
	p := snapshot(t, v)
	kinds, payloads := frames(t, p)
	sets := map[tagset.TagID]*roaring.Bitmap{}
	parts := 0
	for i, kind := range kinds {
		if kind != 5 {
			continue
		}
		id := tagset.TagID(binary.LittleEndian.Uint32(payloads[i]))
		part := roaring.New()
		n, err := part.ReadFrom(bytes.NewReader(payloads[i][8:]))
		require.NoError(t, err)
		require.EqualValues(t, len(payloads[i])-8, n)
		if sets[id] == nil {
			sets[id] = roaring.New()
		}
		sets[id].Or(part)
		parts++
	}
	require.Equal(t, len(sets)+2, parts, "600 blocks make three parts")
	for tag := range v.Tags() {
		set, _ := v.Direct(tag.Name)
		if set.IsEmpty() {
			require.Nil(t, sets[tag.ID])
			continue
		}
		require.True(t, tagset.SetFromRoaring(sets[tag.ID]).Equal(set), tag.Name)
	}
	back := restore(t, p)
	requireSameView(t, v, back.View())
	require.Equal(t, p, snapshot(t, back.View()))
}

// TestDigestFromSnapshot computes the digest from the bytes of a snapshot, as
// its documentation says.
func TestDigestFromSnapshot(t *testing.T) {
	v := taggedSample(t).View()
	p := snapshot(t, v)
	h := sha256.New()
	h.Write([]byte("tagroar digest 1\n"))
	h.Write(p[48:56])
	kinds, payloads := frames(t, p)
	for i, kind := range kinds {
		if kind != 6 && kind != 7 {
			h.Write([]byte{kind})
			h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(payloads[i]))))
			h.Write(payloads[i])
		}
	}
	require.Equal(t, v.Digest(), [32]byte(h.Sum(nil)))
}

// TestDigestIsOfContent: whatever the way, one content has one digest; and
// each part of the content counts.
func TestDigestIsOfContent(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	build := func(steps ...func(*tagset.Tx) error) [32]byte {
		s, err := tagset.New(tagset.Config{Clock: func() time.Time { return at }})
		require.NoError(t, err)
		for _, step := range steps {
			_, err := s.Update(step)
			require.NoError(t, err)
		}
		return s.View().Digest()
	}
	create := func(tx *tagset.Tx) error {
		_, err := tx.CreateTag(tagset.Tag{Name: "a"})
		return err
	}
	add := func(ms ...tagset.Member) func(*tagset.Tx) error {
		return func(tx *tagset.Tx) error { _, err := tx.Add("a", ms...); return err }
	}
	remove := func(ms ...tagset.Member) func(*tagset.Tx) error {
		return func(tx *tagset.Tx) error { _, err := tx.Remove("a", ms...); return err }
	}
	enroll := func(ms ...tagset.Member) func(*tagset.Tx) error {
		return func(tx *tagset.Tx) error { return tx.Enroll(ms...) }
	}
	intern := func(keys ...string) func(*tagset.Tx) error {
		return func(tx *tagset.Tx) error { _, err := tx.Intern(keys...); return err }
	}
	forget := func(ms ...tagset.Member) func(*tagset.Tx) error {
		return func(tx *tagset.Tx) error { return tx.Forget(ms...) }
	}
	base := build(create, add(1, 2, 3))
	require.Equal(t, base, build(create, add(3), add(1), add(2)))
	require.Equal(t, base, build(enroll(2), create, add(1, 3), remove(1), add(1, 2)))

	seen := map[[32]byte]string{base: "base"}
	for name, d := range map[string][32]byte{
		"empty":     build(),
		"a member":  build(create, add(1, 2)),
		"live":      build(create, add(1, 2, 3), enroll(0)),
		"key":       build(create, intern("x"), add(1, 2, 3)),
		"other key": build(create, intern("y"), add(1, 2, 3)),
		"retired":   build(create, enroll(0), forget(0), add(1, 2, 3)),
		"next":      build(create, add(1, 2, 3), enroll(9), forget(9)),
		"definition": build(create, add(1, 2, 3), func(tx *tagset.Tx) error {
			return tx.EditTag("a", func(t *tagset.Tag) { t.Weight = 1 })
		}),
		"name": build(create, add(1, 2, 3), func(tx *tagset.Tx) error { return tx.RenameTag("a", "b") }),
		"ids given": build(create, add(1, 2, 3), func(tx *tagset.Tx) error {
			_, err := tx.CreateTag(tagset.Tag{Name: "b"})
			return errors.Join(err, tx.DeleteTag("b"))
		}),
	} {
		require.Empty(t, seen[d], "%s has the digest of %s", name, seen[d])
		seen[d] = name
	}
}

// TestSnapshotProperty: random stores come back whole and byte-identical.
func TestSnapshotProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := tagset.New(fixed())
		require.NoError(t, err)
		name := rapid.SampledFrom([]string{"a", "a/b", "a/b/c", "乙", "乙/丙", "x y", "n-1"})
		member := rapid.Custom(func(t *rapid.T) tagset.Member {
			return rapid.SampledFrom([]tagset.Member{0, 65_000, 130_000, 1 << 31, 1<<32 - 70_000}).Draw(t, "base") +
				tagset.Member(rapid.IntRange(0, 5000).Draw(t, "offset"))
		})
		for range rapid.IntRange(0, 6).Draw(t, "commits") {
			_, err := s.Update(func(tx *tagset.Tx) error {
				for range rapid.IntRange(1, 8).Draw(t, "verbs") {
					switch rapid.IntRange(0, 17).Draw(t, "verb") {
					case 0, 1:
						_, _ = tx.CreateTag(tagset.Tag{
							Name: name.Draw(t, "name"), Owner: rapid.StringN(0, 5, -1).Draw(t, "owner"),
							Weight: tagset.Weight(rapid.Int32().Draw(t, "weight")), Archived: rapid.Bool().Draw(t, "archived"),
							KeepTimes: rapid.Bool().Draw(t, "keep times"), TimeStep: rapid.SampledFrom([]time.Duration{0, time.Second}).Draw(t, "step"),
						})
					case 2:
						_, _ = tx.Add(name.Draw(t, "name"), rapid.SliceOfN(member, 0, 50).Draw(t, "members")...)
					case 3:
						from := member.Draw(t, "from")
						var run []tagset.Member
						for i := range tagset.Member(rapid.IntRange(1, 9000).Draw(t, "run")) {
							run = append(run, from+i)
						}
						_, _ = tx.Add(name.Draw(t, "name"), run...)
					case 4:
						_, _ = tx.Intern(rapid.SliceOfN(rapid.StringN(1, 6, -1), 0, 20).Draw(t, "keys")...)
					case 5:
						_ = tx.Forget(rapid.SliceOfN(member, 0, 5).Draw(t, "forgotten")...)
					case 6:
						_ = tx.DeleteTree(name.Draw(t, "name"))
					case 7:
						_ = tx.MergeTag(name.Draw(t, "from"), name.Draw(t, "into"))
					case 8:
						_ = tx.CreateAttribute(name.Draw(t, "attribute"), rapid.SampledFrom([]tagset.AttributeType{tagset.Int, tagset.Time, tagset.Decimal(2)}).Draw(t, "type"))
					case 9:
						_ = tx.SetInt(name.Draw(t, "attribute"), member.Draw(t, "m"), rapid.Int64().Draw(t, "v"))
					case 12:
						source := rapid.SampledFrom([]string{"", "crm", "导入", "x"}).Draw(t, "source")
						_, _ = tx.From(source).Add(name.Draw(t, "name"), rapid.SliceOfN(member, 0, 9).Draw(t, "members")...)
					case 13:
						source := rapid.SampledFrom([]string{"crm", "导入"}).Draw(t, "source")
						_, _ = tx.From(source).Remove(name.Draw(t, "name"), rapid.SliceOfN(member, 0, 50).Draw(t, "members")...)
					case 14:
						_ = tx.EditTag(name.Draw(t, "name"), func(tag *tagset.Tag) {
							tag.Includes = rapid.SliceOfN(name, 0, 3).Draw(t, "includes")
							tag.Exclusive = rapid.Bool().Draw(t, "exclusive")
						})
					case 15:
						group := name.Draw(t, "name")
						_ = tx.EditTag(group, func(tag *tagset.Tag) {
							for value := range tx.View().Values(group) {
								tag.Precedence = append([]string{value.Name}, tag.Precedence...)
							}
						})
					case 16:
						id := rapid.Uint32Range(1, 9)
						f := &expr.Formula{Root: &expr.Node{Op: expr.Or, Pos: []*expr.Node{{Op: expr.Tag, ID: id.Draw(t, "t")}, {Op: expr.Only, ID: id.Draw(t, "o")}}}}
						if rapid.Bool().Draw(t, "where") {
							f.Root = expr.Not(&expr.Node{Op: expr.Where})
							c := expr.Condition{Attr: name.Draw(t, "attribute"), Any: []expr.Range{{Lo: expr.Bound{N: rapid.Int64Range(-9, 9).Draw(t, "lo")}, Hi: expr.Bound{N: 10}}}}
							if rapid.Bool().Draw(t, "times") {
								c.Attr, c.Tag = "", id.Draw(t, "k")
							}
							f.Where = []expr.Condition{c}
						}
						_ = tx.DefineComposite(name.Draw(t, "name"), f)
					case 17:
						_ = tx.SetPolicy(tagset.Policy{MaxTags: rapid.IntRange(0, 50).Draw(t, "tags"), WarnMembers: rapid.IntRange(0, 50).Draw(t, "warn"), StrictNames: rapid.Bool().Draw(t, "strict")})
					case 10, 11: // a run of values, of whatever width
						from, v := member.Draw(t, "from"), rapid.Int64().Draw(t, "v")
						shift := rapid.IntRange(0, 62).Draw(t, "shift")
						var run []tagset.Member
						var vs []int64
						for i := range tagset.Member(rapid.IntRange(1, 20_000).Draw(t, "run")) {
							run, vs = append(run, from+i), append(vs, (v+int64(i*i))>>shift)
						}
						_ = tx.SetInts(name.Draw(t, "attribute"), run, vs)
					}
				}
				return nil
			})
			require.NoError(t, err)
		}
		require.NoError(t, s.Check())
		p := snapshot(t, s.View())
		back := restore(t, p)
		requireSameView(t, s.View(), back.View())
		require.True(t, bytes.Equal(p, snapshot(t, back.View())))
	})
}

// TestSnapshotOfManySources: more holds than a frame takes, of all and of some of
// a tag's members.
func TestSnapshotOfManySources(t *testing.T) {
	s, err := tagset.New(fixed())
	require.NoError(t, err)
	do(t, s, func(tx *tagset.Tx) {
		for _, name := range []string{"a", "b"} {
			_, err := tx.CreateTag(tagset.Tag{Name: name})
			require.NoError(t, err)
		}
		for i := range 5000 {
			from := tx.From(fmt.Sprint("source ", i))
			_, err := from.Add("a", tagset.Member(i%3))
			require.NoError(t, err)
			_, err = from.Add("b", 7)
			require.NoError(t, err)
		}
	})
	p := snapshot(t, s.View())
	kinds, _ := frames(t, p)
	n := 0
	for _, kind := range kinds {
		if kind == 18 {
			n++
		}
	}
	require.Equal(t, 2, n, "10,000 holds in frames of 8,192")
	back := restore(t, p)
	requireSameView(t, s.View(), back.View())
	require.True(t, bytes.Equal(p, snapshot(t, back.View())))
}

// TestSnapshotErrorsOfTheStream: what writer and reader report comes through,
// and is not called corruption.
func TestSnapshotErrorsOfTheStream(t *testing.T) {
	v := sample(t).View()
	p := snapshot(t, v)
	for _, room := range []int{0, 1, 50_000, len(p) - 1} {
		w := &limited{room: room}
		n, err := v.WriteTo(w)
		require.ErrorIs(t, err, io.ErrClosedPipe)
		require.EqualValues(t, room, n)
		var e *tagset.Error
		require.ErrorAs(t, err, &e)
	}
	broken := errors.New("cable pulled")
	for _, at := range []int{0, 10, 200, len(p) / 2, len(p) - 1, len(p)} {
		_, err := tagset.Restore(io.MultiReader(bytes.NewReader(p[:at]), iotest.ErrReader(broken)), fixed())
		require.ErrorIs(t, err, broken)
		require.NotErrorIs(t, err, tagset.ErrCorrupt)
		var e *tagset.Error
		require.ErrorAs(t, err, &e)
	}
}

type limited struct{ room int }

func (l *limited) Write(p []byte) (int, error) {
	n := min(l.room, len(p))
	l.room -= n
	if n < len(p) {
		return n, io.ErrClosedPipe
	}
	return n, nil
}

// TestSnapshotStreams: writing a store of many megabytes holds a few.
func TestSnapshotStreams(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		var ms []tagset.Member
		for m := tagset.Member(0); m < 3_000_000; m += 1 + m%3 {
			ms = append(ms, m)
		}
		set := tagset.SetOf(ms...)
		for i := range 60 {
			name := fmt.Sprint("t", i)
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
			if _, err := tx.AddSet(name, set); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	v := s.View()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, err := v.WriteTo(io.Discard)
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	require.Greater(t, n, int64(20<<20))
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20))
}

// TestSnapshotOfValuesStreams: so does writing many values, in many frames; and
// they are read back over the borders of frames.
func TestSnapshotOfValuesStreams(t *testing.T) {
	s, err := tagset.New(tagset.Config{})
	require.NoError(t, err)
	do(t, s, func(tx *tagset.Tx) {
		var ms []tagset.Member
		var vs []int64
		for m := tagset.Member(0); m < 1_000_000; m++ {
			ms, vs = append(ms, m), append(vs, int64(m)*int64(m)<<20)
		}
		require.NoError(t, tx.CreateAttribute("n", tagset.Int))
		require.NoError(t, tx.SetInts("n", ms, vs))
	})
	v := s.View()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, err := v.WriteTo(io.Discard)
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	require.Greater(t, n, int64(4<<20))
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(6<<20))
	p := snapshot(t, v)
	back := restore(t, p).View()
	requireSameValues(t, v, back)
	require.True(t, bytes.Equal(p, snapshot(t, back)))
}
