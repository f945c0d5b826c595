package tagset

import (
	"bufio"
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
	"github.com/tagroar/tagroar/internal/expr"
)

// TestRestoreOfTaxonomyStaysBounded: sound snapshots that unfold the most. What a
// larger one takes more than a smaller one must be in proportion to the bytes
// and what the documentation allows, without the allowance for every snapshot.
func TestRestoreOfTaxonomyStaysBounded(t *testing.T) {
	if battery.Raced {
		t.Skip("weighs the heap, which means nothing under the race detector")
	}
	tag := func(st *state, change func(*tagRec)) *tagRec {
		id := TagID(st.tags.Len())
		r := &tagRec{tag: Tag{ID: id, Name: numbered(int(id), 5)}}
		change(r)
		tags, names := st.tags.Edit(), st.names.Edit()
		tags.Append(r)
		names.Set(r.tag.Name, id)
		st.tags, st.names = tags.Freeze(), names.Freeze()
		return r
	}
	one := bitmap.Of(0)
	const n = 2000
	for name, c := range map[string]struct {
		build func(st *state, n int)
		extra int // bytes allowed for one of n, beside 8 a byte
	}{
		"includes in a row": {func(st *state, n int) {
			for i := range n {
				tag(st, func(r *tagRec) {
					if i > 0 {
						r.includes = []TagID{TagID(i)}
					}
				})
			}
		}, 256},
		"many includes": {func(st *state, n int) {
			for range 100 {
				tag(st, func(*tagRec) {})
			}
			for range n / 20 {
				tag(st, func(r *tagRec) {
					for id := range TagID(100) {
						r.includes = append(r.includes, id+1)
					}
				})
			}
		}, 13},
		"sources of one tag": {func(st *state, n int) {
			tag(st, func(r *tagRec) {
				r.direct = directOf(one)
				b := holdsBuilder{direct: one}
				for i := range n {
					require.NoError(t, b.add(fmt.Sprintf("%05d", i), one))
				}
				r.held, _ = b.holds()
			})
		}, 80},
		"sources of parts": {func(st *state, n int) {
			tag(st, func(r *tagRec) {
				r.direct = directOf(bitmap.Of(0, 1))
				b := holdsBuilder{direct: r.direct.Bitmap()}
				for i := range n {
					require.NoError(t, b.add(fmt.Sprintf("%05d", i), bitmap.Of(uint32(i)%2)))
				}
				r.held, _ = b.holds()
			})
		}, 80},
		"one source each": {func(st *state, n int) {
			for range n {
				tag(st, func(r *tagRec) { r.direct, r.held = directOf(one), holdsBy("s") })
			}
		}, 256 + 80},
		"composites": {func(st *state, n int) {
			for range n {
				tag(st, func(r *tagRec) {
					r.tag.Kind = Composite
					r.setFormula(&expr.Formula{Root: &expr.Node{Op: expr.All}})
				})
			}
		}, 256 + 1024},
		"nodes of a composite": {func(st *state, n int) {
			root := &expr.Node{Op: expr.All}
			for range n {
				root = &expr.Node{Op: expr.And, Neg: []*expr.Node{root}}
			}
			tag(st, func(r *tagRec) {
				r.tag.Kind = Composite
				r.setFormula(&expr.Formula{Root: root})
			})
		}, 1024},
		"values of a group": {func(st *state, n int) {
			g := tag(st, func(r *tagRec) { r.tag.Exclusive = true })
			for i := range n {
				tag(st, func(r *tagRec) {
					r.direct = directOf(bitmap.Of(uint32(i)))
					r.parent, r.tag.Name = g.tag.ID, g.tag.Name+"/"+r.tag.Name
				})
			}
		}, 256},
	} {
		t.Run(name, func(t *testing.T) {
			write := func(n int) []byte {
				empty, err := New(Config{})
				require.NoError(t, err)
				st := *empty.View().state
				st.version, st.live, st.next = 1, bitmap.FromRange(0, 10_000), 10_000
				c.build(&st, n)
				var out bytes.Buffer
				_, err = (&View{state: &st}).WriteTo(&out)
				require.NoError(t, err)
				return out.Bytes()
			}
			small, large := write(n), write(2*n)
			taken := func(p []byte) uint64 {
				r := bufio.NewReaderSize(bytes.NewReader(p), 1<<21) // or a buffer would grow
				return allocated(func() {
					s, err := Restore(r, Config{})
					require.NoError(t, err)
					require.NotNil(t, s)
				})
			}
			taken(small) // pools are full from now on
			more := int(taken(large)) - int(taken(small))
			require.LessOrEqual(t, more, 8*(len(large)-len(small))+c.extra*n, "for %d bytes more", len(large)-len(small))
		})
	}
}
