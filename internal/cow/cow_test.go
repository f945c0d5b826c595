package cow_test

import (
	"cmp"
	"maps"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/cow"
)

func list[T any](v cow.Vector[T]) []T {
	out := []T{}
	for i, x := range v.All() {
		if i != len(out) {
			panic("indices out of order")
		}
		out = append(out, x)
	}
	return out
}

// The vector against a slice, with snapshots taken midway that must not change.
func TestVectorModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type snap struct {
			v    cow.Vector[int]
			want []int
		}
		var v cow.Vector[int]
		model := []int{}
		snaps := []snap{}
		e := v.Edit()
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "op") {
			case 0: // a burst reaches past page and directory
				for range rapid.SampledFrom([]int{1, 63, 64, 65, 4096}).Draw(t, "burst") {
					e.Append(len(model))
					model = append(model, len(model))
				}
			case 1, 2:
				if len(model) > 0 {
					i := rapid.IntRange(0, len(model)-1).Draw(t, "i")
					e.Set(i, -len(model))
					model[i] = -len(model)
				}
			case 3:
				snaps = append(snaps, snap{e.Freeze(), slices.Clone(model)})
			case 4: // go on from an earlier version
				if len(snaps) > 0 {
					s := snaps[rapid.IntRange(0, len(snaps)-1).Draw(t, "from")]
					e, model = s.v.Edit(), slices.Clone(s.want)
				}
			}
			require.Equal(t, len(model), e.Len())
			if len(model) > 0 {
				require.Equal(t, model[len(model)-1], e.At(len(model)-1))
			}
		}
		snaps = append(snaps, snap{e.Freeze(), model})
		for _, s := range snaps {
			require.Equal(t, s.want, list(s.v))
		}
		for i, a := range snaps[:len(snaps)-1] {
			b := snaps[i+1]
			want := []int{}
			for j := range max(len(a.want), len(b.want)) {
				if j >= len(a.want) || j >= len(b.want) || a.want[j] != b.want[j] {
					want = append(want, j)
				}
			}
			require.Equal(t, want, append([]int{}, slices.Collect(cow.Changed(a.v, b.v))...))
		}
	})
}

// Editors that start from one vector number their pieces alike, and yet none writes to
// what another made, also where they take turns, freeze and go on.
func TestVectorEditorsSideBySide(t *testing.T) {
	type editor struct {
		e    cow.VectorEdit[int]
		want []int
	}
	rapid.Check(t, func(t *rapid.T) {
		first := cow.Vector[int]{}.Edit()
		var model []int
		for i := range rapid.SampledFrom([]int{0, 1, 17, 300, 4100, 9000}).Draw(t, "length") {
			first.Append(i)
			model = append(model, i)
		}
		v := first.Freeze()
		editors := []*editor{{first, slices.Clone(model)}, {v.Edit(), slices.Clone(model)}, {v.Edit(), slices.Clone(model)}}
		frozen := []cow.Vector[int]{v}
		wants := [][]int{model}
		for k := range rapid.IntRange(1, 30).Draw(t, "steps") {
			x := rapid.SampledFrom(editors).Draw(t, "editor")
			switch i := rapid.IntRange(-2, len(x.want)-1).Draw(t, "i"); i {
			case -2:
				frozen, wants = append(frozen, x.e.Freeze()), append(wants, slices.Clone(x.want))
			case -1:
				x.e.Append(-k)
				x.want = append(x.want, -k)
			default:
				x.e.Set(i, -k)
				x.want[i] = -k
			}
		}
		for _, x := range editors {
			frozen, wants = append(frozen, x.e.Freeze()), append(wants, x.want)
		}
		for i, v := range frozen {
			require.Equal(t, append([]int{}, wants[i]...), list(v))
		}
	})
}

func TestVectorBounds(t *testing.T) {
	var v cow.Vector[int]
	require.Panics(t, func() { v.At(0) })
	e := v.Edit()
	require.Panics(t, func() { e.Set(0, 1) })
	e.Append(7)
	v = e.Freeze()
	require.Panics(t, func() { v.At(-1) })
	require.Equal(t, 7, v.At(0))
	for range v.All() {
		break
	}
	for range cow.Changed(cow.Vector[int]{}, v) {
		break
	}
}

// One change to one of 100,000 entries copies 1 KiB at most.
func TestVectorCopiesAPath(t *testing.T) {
	e := cow.Vector[*int]{}.Edit()
	for range 100_000 {
		e.Append(nil)
	}
	v := e.Freeze()
	x := new(int)
	const rounds = 1000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range rounds {
		e := v.Edit()
		e.Set(50_000, x)
		e.Freeze()
	}
	runtime.ReadMemStats(&after)
	require.Less(t, (after.TotalAlloc-before.TotalAlloc)/rounds, uint64(1024))
}

// The map against a Go map, with snapshots taken midway that must not change.
func TestMapModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type snap struct {
			m    cow.Map[int, int]
			want map[int]int
		}
		e := cow.NewMap[int, int](cmp.Compare[int]).Edit()
		model := map[int]int{}
		var snaps []snap
		key := rapid.IntRange(0, 3000)
		for step := range rapid.IntRange(0, 40).Draw(t, "steps") {
			switch rapid.IntRange(0, 6).Draw(t, "op") {
			case 0: // ascending burst
				k := key.Draw(t, "k")
				for i := range rapid.IntRange(1, 400).Draw(t, "n") {
					e.Set(k+i, step)
					model[k+i] = step
				}
			case 1: // scattered burst
				for i := range rapid.IntRange(1, 400).Draw(t, "n") {
					e.Set(i*7919%3001, step)
					model[i*7919%3001] = step
				}
			case 2: // delete a range
				k := key.Draw(t, "k")
				for i := range rapid.IntRange(1, 1000).Draw(t, "n") {
					_, ok := model[k+i]
					if e.Delete(k+i) != ok {
						t.Fatalf("delete %d: not %t", k+i, ok)
					}
					delete(model, k+i)
				}
			case 3: // delete all but few, downwards
				for k := 3000; k > 10; k-- {
					_, ok := model[k]
					if e.Delete(k) != ok {
						t.Fatalf("delete %d: not %t", k, ok)
					}
					delete(model, k)
				}
			case 4:
				k := key.Draw(t, "k")
				e.Set(k, -step)
				model[k] = -step
			case 5:
				snaps = append(snaps, snap{e.Freeze(), maps.Clone(model)})
			case 6:
				if len(snaps) > 0 {
					s := snaps[rapid.IntRange(0, len(snaps)-1).Draw(t, "from")]
					e, model = s.m.Edit(), maps.Clone(s.want)
				}
			}
			k := key.Draw(t, "probe")
			want, ok := model[k]
			got, found := e.Get(k)
			require.Equal(t, ok, found)
			require.Equal(t, want, got)
			require.Equal(t, len(model), e.Len())
		}
		from := key.Draw(t, "from")
		snaps = append(snaps, snap{e.Freeze(), model})
		for _, s := range snaps {
			require.Equal(t, len(s.want), s.m.Len())
			keys := slices.Sorted(maps.Keys(s.want))
			got := []int{}
			for k, v := range s.m.All() {
				if s.want[k] != v {
					t.Fatalf("%d is %d, not %d", k, v, s.want[k])
				}
				got = append(got, k)
			}
			require.Equal(t, append([]int{}, keys...), got)
			at, _ := slices.BinarySearch(keys, from)
			got = got[:0]
			for k := range s.m.Ascend(from) {
				got = append(got, k)
			}
			require.Equal(t, append([]int{}, keys[at:]...), append([]int{}, got...))
		}
	})
}

func TestMapEmptyAndStop(t *testing.T) {
	m := cow.NewMap[string, int](cmp.Compare[string])
	_, ok := m.Get("a")
	require.False(t, ok)
	for range m.All() {
		t.Fatal("an entry in an empty map")
	}
	for range m.Ascend("") {
		t.Fatal("an entry in an empty map")
	}
	e := m.Edit()
	require.False(t, e.Delete("a"))
	for i := range 1000 {
		e.Set(string(rune('一'+i)), i)
	}
	m = e.Freeze()
	for stop := range 100 {
		n := 0
		for range m.Ascend(string(rune('一' + 300))) {
			if n++; n > stop {
				break
			}
		}
		n = 0
		for range m.All() {
			if n++; n > stop {
				break
			}
		}
	}
	require.Zero(t, testing.AllocsPerRun(100, func() { m.Get("丁") }))
}
