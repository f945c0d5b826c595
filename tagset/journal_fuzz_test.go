package tagset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/journal"
	"github.com/tagroar/tagroar/internal/wire"
)

// replayBase is a small store of everything, which records.
func replayBase(t testing.TB) *Store {
	s, err := New(Config{History: 9, Clock: func() time.Time { return time.Unix(1_767_225_600, 0) }, Rand: bytes.NewReader(make([]byte, 64))})
	require.NoError(t, err)
	_, err = s.Update(func(tx *Tx) error {
		_, err := tx.CreateTag(Tag{Name: "g", Exclusive: true, KeepTimes: true})
		for _, name := range []string{"g/a", "g/b", "c"} {
			_, e := tx.CreateTag(Tag{Name: name})
			err = errors.Join(err, e)
		}
		_, e := tx.Intern("k0", "k1")
		_, e2 := tx.Add("g/a", 0, 1)
		_, e3 := tx.From("x").Add("c", 5)
		return errors.Join(err, e, e2, e3, tx.CreateAttribute("n", Int), tx.CreateAttribute("t", Time), tx.Enroll(7), tx.Forget(7))
	})
	require.NoError(t, err)
	return s
}

// forge is a commit after that of st, with ops whose public parts are these, and those items.
func forge(t testing.TB, st *state, items [][]byte, public ...[]byte) Change {
	c := &journal.Commit{Seq: uint64(st.version) + 1, Time: st.time, Prev: st.chain}
	for _, p := range public {
		op := journal.AppendOp(nil, p)
		for _, item := range items {
			op = journal.AppendItem(op, item)
		}
		c.Ops = append(c.Ops, op)
	}
	var err error
	c.Chain, err = c.Sum()
	require.NoError(t, err)
	return Change{Version: Version(c.Seq), commit: c, uuid: st.uuid}
}

// TestForgedOps: what no store records is refused, and changes nothing.
func TestForgedOps(t *testing.T) {
	s := replayBase(t)
	before := s.View()
	of := func(v verb, rest ...byte) []byte { return append([]byte{byte(v), 0}, rest...) }
	text := func(s string) []byte { return wire.AppendBlock(nil, s) }
	one := [][]byte{{2}}
	for want, forged := range map[string]struct {
		items  [][]byte
		public [][]byte
	}{
		"verb 0":                   {nil, [][]byte{of(0)}},
		"verb 27":                  {nil, [][]byte{of(verbEnd)}},
		"needs 1 bytes":            {nil, [][]byte{{}}},
		"flags 0x8":                {nil, [][]byte{{byte(verbAdd), 8, 1, 0}}},
		"flags 0x2":                {nil, [][]byte{{byte(verbEnroll), 2, 1, 'x', 0}}},
		"flags 0x4":                {nil, [][]byte{{byte(verbAdd), 4, 1, 0}}},
		"not valid UTF-8":          {nil, [][]byte{{byte(verbAdd), 1, 1, 0xff, 0, 1, 2, 9}}},
		"a source without a name":  {nil, [][]byte{{byte(verbAdd), 2, 0, 1, 2, 9}}},
		"tag id 0":                 {nil, [][]byte{of(verbAdd, 0, 2, 9)}},
		"Add: tagset: no such tag": {nil, [][]byte{of(verbAdd, 99, 2, 9)}},
		"members or bytes":         {nil, [][]byte{of(verbAdd, 1, 200, 9)}},
		"not a portable roaring":   {nil, [][]byte{of(verbAdd, 1, 5, 9, 9)}},
		"more than 32 bits":        {nil, [][]byte{of(verbAdd, append([]byte{1, 2}, binary.AppendUvarint(nil, 1<<32)...)...)}},
		"a member of more than 32": {nil, [][]byte{of(verbAddPairs, append(binary.AppendUvarint(nil, 1<<40), 1)...)}},
		"ordinals exhausted":       {nil, [][]byte{of(verbAdd, append([]byte{1, 2}, binary.AppendUvarint(nil, 1<<32-1)...)...)}},
		"member forgotten":         {nil, [][]byte{of(verbAdd, 1, 2, 7)}},
		"bytes after verb":         {nil, [][]byte{of(verbDeleteTag, 4, 0)}},
		"items of another verb":    {one, [][]byte{of(verbAdd, 1, 2, 9)}},
		"ordinal 3, not 8":         {[][]byte{[]byte("k9")}, [][]byte{of(verbIntern, 3)}},
		"keys from ordinal":        {[][]byte{[]byte("k9")}, [][]byte{of(verbIntern, binary.AppendUvarint(nil, 1<<32-1)...)}},
		"a key that is there":      {[][]byte{[]byte("k1")}, [][]byte{of(verbIntern, 8)}},
		"a member who is not live": {nil, [][]byte{of(verbForget, 2, 77)}},
		"another id than":          {nil, [][]byte{of(verbCreateTag, append(append([]byte{99}, text("new")...), 0, 0, 0, 0, 0, 0, 0, 0)...)}},
		"tag exists":               {nil, [][]byte{of(verbCreateTag, append(append([]byte{5}, text("c")...), 0, 0, 0, 0, 0, 0, 0, 0)...)}},
		"flags 0x10 of a tag":      {nil, [][]byte{of(verbEditTag, 4, 0, 16, 0, 0, 0, 0, 0, 0)}},
		"does not divide":          {nil, [][]byte{of(verbEditTag, 4, 0, 2, 0, 0, 0, 7, 0, 0)}},
		"kind(9)":                  {nil, [][]byte{of(verbEditTag, 4, 9, 0, 0, 0, 0, 0, 0, 0)}},
		"tag ids in":               {nil, [][]byte{of(verbEditTag, 4, 0, 0, 0, 0, 0, 0, 120, 1)}},
		"no such tag: id 77":       {nil, [][]byte{of(verbEditTag, 4, 0, 0, 0, 0, 0, 0, 1, 77, 0)}},
		"cycle":                    {nil, [][]byte{of(verbEditTag, 4, 0, 0, 0, 0, 0, 0, 1, 4, 0)}},
		"bad name":                 {nil, [][]byte{of(verbRenameTag, append([]byte{4}, text("a//b")...)...)}},
		"in use":                   {nil, [][]byte{of(verbDeleteTag, 1)}},
		"DefineComposite":          {nil, [][]byte{of(verbDefineComposite, append(append([]byte{5}, text("f")...), 1, 2, 3)...)}},
		"the plain source":         {nil, [][]byte{of(verbDropSource)}},
		"a limit of":               {nil, [][]byte{of(verbSetPolicy, append(binary.AppendUvarint(nil, 1<<63), 0, 0, 0, 0, 0, 0, 0)...)}},
		"strict names: 2":          {nil, [][]byte{of(verbSetPolicy, 0, 0, 0, 0, 0, 0, 0, 2)}},
		"no int, no time":          {nil, [][]byte{of(verbCreateAttribute, append(text("z"), 200)...)}},
		"no such attribute":        {one, [][]byte{of(verbSetInt, append(text("z"), 1)...)}},
		"use SetTime":              {one, [][]byte{of(verbSetInt, append(text("t"), 1)...)}},
		"outside the years":        {[][]byte{binary.AppendVarint(nil, 1<<62)}, [][]byte{of(verbSetTime, append(text("t"), 1)...)}},
		"op 0: items":              {[][]byte{{0x80, 0}}, [][]byte{of(verbSetInt, append(text("n"), 1)...)}},
		"to be continued":          {nil, [][]byte{{byte(verbAddPairs), 4, 9, 4}}},
		"pairs that are not":       {nil, [][]byte{{byte(verbAddPairs), 4, 9, 4}, of(verbEnroll, 2, 9)}},
		"promoted too often":       {nil, [][]byte{of(verbPromote, make([]byte, 16)...), of(verbPromote, make([]byte, 16)...)}},
		"needs 16 bytes":           {nil, [][]byte{of(verbPromote, 1, 2)}},
	} {
		c := forge(t, before.state, forged.items, forged.public...)
		err := s.Apply(c)
		require.ErrorIs(t, err, ErrCorrupt, want)
		require.ErrorContains(t, err, want)
		require.Same(t, before.state, s.View().state, want)
		require.NoError(t, s.Check())
	}
	early := forge(t, before.state, nil, of(verbEnroll, 2, 9))
	early.commit.Time--
	require.ErrorIs(t, s.Apply(early), ErrCorrupt)
	_, err := s.Update(func(tx *Tx) error { _, err := tx.Intern("k9"); return err })
	require.NoError(t, err, "it is as it was, keys too")
	require.NoError(t, s.Check())
}

// TestErasedItems: a key or value that was erased is missing, and nothing else.
func TestErasedItems(t *testing.T) {
	s := replayBase(t)
	base := s.View().state
	_, err := s.Update(func(tx *Tx) error {
		_, err := tx.Intern("a", "b", "c")
		return errors.Join(err, tx.SetInt("n", 8, 1), tx.SetTime("t", 9, time.Unix(5, 0)), tx.SetInts("n", []Member{9, 20, 9, 30}, []int64{1, 2, 3, 4}))
	})
	require.NoError(t, err)
	commit := s.View().commit.Clone()
	gone := func(m Member) bool { return m == 9 || m == 20 }
	erased := 0
	for i, p := range commit.Ops {
		o, err := journal.ParseOp(p)
		require.NoError(t, err)
		out, n := o.AppendErased(nil, func(public []byte, item int) bool { return erasable(public, item, gone) })
		commit.Ops[i], erased = out, erased+n
	}
	require.Equal(t, 1+1+3, erased)
	require.NoError(t, commit.Verify(), "the chain holds")
	c := Change{Version: Version(commit.Seq), commit: commit, uuid: base.uuid}
	p, err := c.MarshalBinary()
	require.NoError(t, err)
	var again Change
	require.NoError(t, again.UnmarshalBinary(p))
	replica := newStore(Config{}, base)
	require.NoError(t, replica.Apply(again))
	require.NoError(t, replica.Check())
	v := replica.View()
	require.True(t, v.Members().Equal(s.View().Members()))
	for m, want := range map[Member]string{8: "a", 9: "", 10: "c"} {
		key, ok := v.Key(m)
		require.Equal(t, want, key)
		require.Equal(t, want != "", ok)
	}
	for m, want := range map[Member]bool{8: true, 9: false, 20: false, 30: true} {
		_, ok := v.Int("n", m)
		require.Equal(t, want, ok, "%d", m)
	}
	_, ok := v.TimeOf("t", 9)
	require.False(t, ok)
	for o := range again.Ops() {
		o.Members()
		for range o.Keys() {
		}
		for range o.Values() {
		}
	}
}

// FuzzOps: an op is refused, or the store that ran it passes Check; the op says nothing that is not in its bytes.
func FuzzOps(f *testing.F) {
	s := replayBase(f)
	commits := []*journal.Commit{s.View().commit}
	golden, err := os.Open("testdata/changes-v1.bin") // every verb
	require.NoError(f, err)
	defer golden.Close()
	for {
		c, err := ReadChange(golden)
		if err == io.EOF {
			break
		}
		require.NoError(f, err)
		commits = append(commits, c.commit)
	}
	for _, c := range commits {
		for _, p := range c.Ops {
			o, err := journal.ParseOp(p)
			require.NoError(f, err)
			var items []byte
			for item := range o.Items() {
				items = item
			}
			f.Add(o.Public(), items)
		}
	}
	base := s.View().state
	f.Fuzz(func(t *testing.T, public, item []byte) {
		var items [][]byte
		if len(item) > 0 {
			items = [][]byte{item}
		}
		if len(public) > 1<<16 {
			return
		}
		c := forge(t, base, items, public)
		r := newReplay(base)
		if err := r.apply(c.commit); err != nil {
			require.ErrorIs(t, err, ErrCorrupt)
			r.abandon()
			return
		}
		st := r.state()
		check := new(Store)
		check.root.Store(&root{state: st})
		require.NoError(t, check.Check())
		for o := range c.Ops() {
			o.Pairs()(func(TagID, Member) bool { return true })
			o.Members()
		}
	})
}

// FuzzChange: bytes are refused, or those of a change that is encoded as they are.
func FuzzChange(f *testing.F) {
	s := replayBase(f)
	for c, err := range s.Changes(0) {
		require.NoError(f, err)
		p, _ := c.MarshalBinary()
		f.Add(p)
		f.Add(p[:len(p)-1])
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		try := func(p []byte) {
			var c Change
			if err := c.UnmarshalBinary(p); err != nil {
				require.True(t, errors.Is(err, ErrCorrupt) || errors.Is(err, ErrUnsupported), "%v", err)
				return
			}
			again, err := c.MarshalBinary()
			require.NoError(t, err)
			if binary.LittleEndian.Uint16(p[8:]) > changeFormat { // that readers of this one understand: the head is another
				require.Equal(t, p[changeHead:], again[changeHead:])
			} else {
				require.Equal(t, p, again)
			}
			for o := range c.Ops() {
				o.Members()
			}
		}
		try(p)
		if len(p) < changeHead+changeFixed+4 { // and with its checksums put right
			return
		}
		p = bytes.Clone(p)
		binary.LittleEndian.PutUint64(p[16:], uint64(len(p)-changeHead))
		sealHead(p)
		body := p[changeHead : len(p)-4]
		binary.LittleEndian.PutUint32(p[len(p)-4:], wire.Checksum(body))
		try(p)
	})
}
