package column_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/column"
)

// What changed is all who have another value, and only who shares a block with
// one of them.
func TestChanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b column.Builder
		for m := range uint32(9000) {
			b.Append(m*37, int64(m%3))
		}
		before := b.Column()
		e := before.Edit()
		touched := map[uint16]bool{}
		for range rapid.IntRange(0, 3).Draw(t, "edits") {
			m := rapid.OneOf(rapid.Uint32Range(0, 400_000), rapid.Just(uint32(5<<22))).Draw(t, "member")
			if rapid.Bool().Draw(t, "unset") {
				e.Unset(m)
			} else {
				e.Set(m, rapid.Int64Range(0, 5).Draw(t, "value"))
			}
			touched[uint16(m>>16)] = true
		}
		after := e.Column()
		changed := after.Changed(before)
		require.True(t, changed.Equal(before.Changed(after)))
		require.True(t, before.Same(before) && before.Changed(before).IsEmpty())
		if after.Same(before) {
			require.True(t, changed.IsEmpty())
		}
		for m := range before.Members().Or(after.Members()).All() {
			v, ok := before.Get(m)
			w, has := after.Get(m)
			if v != w || ok != has {
				require.True(t, changed.Contains(m), "%d", m)
			}
		}
		for m := range changed.All() {
			require.True(t, touched[uint16(m>>16)], "%d", m)
		}
	})
}
