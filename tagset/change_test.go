package tagset_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/tagset"
)

// TestChangeTells: what an auditor reads.
func TestChangeTells(t *testing.T) {
	s, changes := everyVerb(t)
	var text strings.Builder
	seen := map[string]bool{}
	for _, c := range changes {
		fmt.Fprintf(&text, "%d %s\n", c.Version, c.Time().Format(time.RFC3339))
		for o := range c.Ops() {
			seen[o.Verb] = true
			fmt.Fprintf(&text, "\t%s\n", line(o))
		}
	}
	require.Len(t, seen, 26, "every verb")
	const file = "testdata/changes.txt"
	writeGolden(t, file, func() []byte { return []byte(text.String()) })
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), text.String())

	last := changes[len(changes)-1]
	require.NotEqual(t, last.Chain(), changes[0].Chain())
	require.Equal(t, changes[0].Store(), last.Store(), "the UUID before the promotion")
	var zero tagset.Change
	require.Zero(t, zero.Time())
	require.Zero(t, zero.Chain())
	for range zero.Ops() {
		t.Fatal("nothing was done")
	}
	_, err = zero.MarshalBinary()
	require.ErrorIs(t, err, tagset.ErrUnsupported)
	require.ErrorIs(t, s.Apply(zero), tagset.ErrCorrupt)
	var none tagset.Op
	require.True(t, none.Members().IsEmpty())
	_, ok := none.Definition()
	require.False(t, ok)
}

func encoded(t require.TestingT, changes ...tagset.Change) []byte {
	var b bytes.Buffer
	for _, c := range changes {
		n, err := c.WriteTo(&b)
		require.NoError(t, err)
		p, err := c.MarshalBinary()
		require.NoError(t, err)
		require.EqualValues(t, len(p), n)
		require.Equal(t, cap(p), len(p), "the size is known")
		require.True(t, bytes.HasSuffix(b.Bytes(), p))
		twice, err := c.AppendBinary(p)
		require.NoError(t, err)
		require.Equal(t, append(p[:n:n], p[:n]...), twice)
	}
	return b.Bytes()
}

// TestGoldenChanges reads what this format's first release wrote, and writes the same bytes.
func TestGoldenChanges(t *testing.T) {
	origin, changes := everyVerb(t)
	const file = "testdata/changes-v1.bin"
	writeGolden(t, file, func() []byte { return encoded(t, changes...) })
	p, err := os.ReadFile(file)
	require.NoError(t, err)
	require.True(t, bytes.Equal(encoded(t, changes...), p), "the same changes: other bytes")
	early := func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }
	replica, err := tagset.New(tagset.Config{Rand: bytes.NewReader(bytes.Repeat([]byte{7}, 16)), Clock: early})
	require.NoError(t, err)
	require.NoError(t, applyAll(replica, bytes.NewReader(p)))
	require.Equal(t, origin.View().Digest(), replica.View().Digest())
}

// applyAll applies a stream.
func applyAll(s *tagset.Store, r io.Reader) error {
	for {
		c, err := tagset.ReadChange(r)
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := s.Apply(c); err != nil {
			return err
		}
	}
}

// TestChangeDamage flips every bit, cuts at every byte, and adds one.
func TestChangeDamage(t *testing.T) {
	_, changes := everyVerb(t)
	for _, c := range []tagset.Change{changes[1], changes[8], changes[len(changes)-1]} {
		p := encoded(t, c)
		for i := range 8 * len(p) {
			bad := bytes.Clone(p)
			bad[i/8] ^= 1 << (i % 8)
			var got tagset.Change
			require.ErrorIs(t, got.UnmarshalBinary(bad), tagset.ErrCorrupt, "bit %d", i)
			require.Zero(t, got)
			_, err := tagset.ReadChange(bytes.NewReader(bad))
			require.ErrorIs(t, err, tagset.ErrCorrupt, "bit %d", i)
		}
		for n := range len(p) {
			var got tagset.Change
			err := got.UnmarshalBinary(p[:n])
			require.ErrorIs(t, err, tagset.ErrCorrupt)
			require.ErrorIs(t, err, tagset.ErrTorn)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			_, err = tagset.ReadChange(bytes.NewReader(p[:n]))
			if n == 0 {
				require.Equal(t, io.EOF, err)
				continue
			}
			require.ErrorIs(t, err, tagset.ErrCorrupt)
			require.ErrorIs(t, err, tagset.ErrTorn)
		}
		var got tagset.Change
		require.ErrorIs(t, got.UnmarshalBinary(append(bytes.Clone(p), 0)), tagset.ErrCorrupt)
	}
	_, err := tagset.ReadChange(iotest.ErrReader(errAbort))
	require.ErrorIs(t, err, errAbort)
	require.NotErrorIs(t, err, tagset.ErrCorrupt)
	p := encoded(t, changes[0])
	_, err = tagset.ReadChange(io.MultiReader(bytes.NewReader(p[:60]), iotest.ErrReader(errAbort)))
	require.ErrorIs(t, err, errAbort)
	require.NoError(t, iotest.TestReader(bytes.NewReader(p), p))
	one, err := tagset.ReadChange(iotest.OneByteReader(bytes.NewReader(p)))
	require.NoError(t, err)
	require.Equal(t, p, encoded(t, one))
}

// TestLongVerbs: what is long is told in parts, and comes to the same.
func TestLongVerbs(t *testing.T) {
	if battery.Raced {
		t.Skip("no concurrency: run without the race detector")
	}
	t.Parallel()
	s, _ := newStore(t, 10)
	base := newTwin(t, s)
	n := tagset.Member(300_000)
	var tags []tagset.TagID
	do(t, s, func(tx *tagset.Tx) {
		for _, name := range []string{"g", "g/a", "g/b", "h"} {
			id, err := tx.CreateTag(tagset.Tag{Name: name, Exclusive: name == "g", KeepTimes: name != "h"})
			require.NoError(t, err)
			tags = append(tags, id)
		}
		require.NoError(t, tx.CreateAttribute("n", tagset.Int))
	})
	base.follow(t)
	keys, all, values, ids := []string{}, []tagset.Member{}, []int64{}, []tagset.TagID{}
	for m := range n {
		keys = append(keys, fmt.Sprint("key-", m))
		all = append(all, m, m)
		values = append(values, int64(m)*3, -int64(m))
		ids = append(ids, tags[1+m%3], tags[1+m%2])
	}
	wide := tagset.Collect(func(yield func(tagset.Member) bool) {
		for b := range tagset.Member(700) {
			for i := range tagset.Member(5) {
				if !yield(b<<16 | i*i*b%60_000) {
					return
				}
			}
		}
	})
	many := 0
	for i, verb := range []func(tx *tagset.Tx) error{
		func(tx *tagset.Tx) error { _, err := tx.Intern(keys...); return err },
		func(tx *tagset.Tx) error { _, err := tx.AddPairs(ids, all); return err },
		func(tx *tagset.Tx) error { return tx.SetInts("n", all, values) },
		func(tx *tagset.Tx) error { _, err := tx.AddSet("h", wide); return err },
		func(tx *tagset.Tx) error { _, err := tx.ReplaceSet("g/b", wide); return err },
		func(tx *tagset.Tx) error { _, err := tx.RemoveSet("g/b", wide); return err },
	} {
		do(t, s, func(tx *tagset.Tx) { require.NoError(t, verb(tx)) })
		base.follow(t)
		ops := 0
		for range base.changes[len(base.changes)-1].Ops() {
			ops++
		}
		require.Greater(t, ops, 1, "verb %d is told in parts", i)
		many += ops
	}
	require.Less(t, many, 80)
	base.end(t)
}
