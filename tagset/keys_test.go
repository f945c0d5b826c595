package tagset

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/bitmap"
)

// keyModel is what a view of the index must answer: two maps and the members.
type keyModel struct {
	of      map[string]Member
	keys    map[Member]string
	live    bitmap.Bitmap
	retired []string // keys that were forgotten, to ask for
}

func (m keyModel) clone() keyModel {
	return keyModel{maps.Clone(m.of), maps.Clone(m.keys), m.live, slices.Clone(m.retired)}
}

// requireKeys compares every answer of k with the model's.
func requireKeys(t require.TestingT, want keyModel, k keyView) {
	require.Equal(t, len(want.of), k.len())
	for key, m := range want.of { // plain comparisons: thousands of keys a case
		if got, ok := k.lookup(key, want.live); !ok || got != m {
			require.Fail(t, "lookup", "%q: %d, %v; want %d", key, got, ok, m)
		}
		if back, ok := k.key(m); !ok || back != key {
			require.Fail(t, "key", "of %d: %q, %v; want %q", m, back, ok, key)
		}
	}
	for _, key := range want.retired {
		if _, live := want.of[key]; !live {
			_, ok := k.lookup(key, want.live)
			require.False(t, ok, "lookup of forgotten %q", key)
		}
	}
	for v := range want.live.All() {
		if key, ok := k.key(Member(v)); key != want.keys[Member(v)] || ok != (key != "") {
			require.Fail(t, "key", "of %d: %q, %v; want %q", v, key, ok, want.keys[Member(v)])
		}
	}
	listed, last := 0, -1
	for m, key := range k.all(want.live) {
		if int(m) <= last || want.keys[m] != key {
			require.Fail(t, "all", "%d %q after %d; want %q", m, key, last, want.keys[m])
		}
		last = int(m)
		listed++
	}
	require.Equal(t, len(want.keys), listed)
}

// TestKeysModel runs random transactions (intern, forget, enrol without a
// key, take back a verb, view, commit, abort) against maps, and asks old and
// escaped views again at the end.
func TestKeysModel(t *testing.T) {
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		committed := keyModel{of: map[string]Member{}, keys: map[Member]string{}}
		var view keyView
		next := Member(0)
		type pinned struct {
			m keyModel
			k keyView
		}
		var old []pinned
		name := rapid.IntRange(0, 40)
		for range rapid.IntRange(1, 12).Draw(t, "transactions") {
			kt, cur, top := view.begin(), committed.clone(), next
			escaped := false
			intern := func(key string) {
				if _, ok := kt.freeze().lookup(key, cur.live); ok {
					return
				}
				kt.intern(key, top)
				cur.of[key], cur.keys[top] = top, key
				cur.live = cur.live.With(uint32(top))
				top++
			}
			for range rapid.IntRange(0, 30).Draw(t, "verbs") {
				switch rapid.IntRange(0, 9).Draw(t, "verb") {
				case 0, 1, 2, 3:
					intern(fmt.Sprint("k", name.Draw(t, "key")))
				case 4: // many at once, over the ends of chunks
					pad := strings.Repeat("-", rapid.SampledFrom([]int{0, 300, 1010}).Draw(t, "pad"))
					for i := range rapid.SampledFrom([]int{3, 30, 60, 300}).Draw(t, "many") {
						intern(fmt.Sprint("bulk", i) + pad)
					}
				case 5:
					cur.live = cur.live.With(uint32(top))
					top += Member(rapid.IntRange(1, 3).Draw(t, "gap"))
				case 6:
					key := fmt.Sprint("k", name.Draw(t, "key"))
					if m, ok := cur.of[key]; ok {
						kt.forget(m)
						delete(cur.of, key)
						delete(cur.keys, m)
						cur.live = cur.live.Without(uint32(m))
						cur.retired = append(cur.retired, key)
					}
				case 7:
					kt.compact(cur.live)
				case 8:
					mark, saved, at := kt.mark(), cur.clone(), top
					pad := strings.Repeat("-", rapid.SampledFrom([]int{0, 1000}).Draw(t, "pad"))
					for i := range rapid.SampledFrom([]int{1, 5, 80}).Draw(t, "taken back") {
						intern(fmt.Sprint("undone", i) + pad)
					}
					kt.cut(mark)
					cur, top = saved, at
				case 9:
					escaped = true
					old = append(old, pinned{cur.clone(), kt.freeze()})
				}
			}
			requireKeys(t, cur, kt.freeze())
			if rapid.Bool().Draw(t, "commit") {
				kt.compact(cur.live)
				view, committed, next = kt.freeze(), cur, top
				old = append(old, pinned{committed.clone(), view})
			} else {
				kt.rollback(escaped)
				require.Equal(t, view, kt.freeze())
			}
			requireKeys(t, committed, view)
		}
		for _, p := range old {
			requireKeys(t, p.m, p.k)
		}
	}))
}

// internAll builds an index of n keys of the given length.
func internAll(k keyView, from, n, size int) keyView {
	kt := k.begin()
	for i := from; i < from+n; i++ {
		kt.intern(numbered(i, size), Member(i))
	}
	return kt.freeze()
}

// numbered is a key of the given length: a number, padded.
func numbered(i, size int) string {
	if size < 5 {
		return string([]byte{byte(i >> 16), byte(i >> 8), byte(i), 0}[:size])
	}
	s := fmt.Sprintf("%x", i)
	return s + strings.Repeat("#", size-len(s))
}

func upTo(n int) bitmap.Bitmap { return bitmap.FromRange(0, uint64(n)) }

// TestKeysReadersBesideWriter pins views while a writer appends, aborts and
// forgets; run it with -race.
func TestKeysReadersBesideWriter(t *testing.T) {
	type version struct {
		keys keyView
		live bitmap.Bitmap
		n    int
	}
	var root atomic.Pointer[version]
	first := internAll(keyView{}, 0, 2000, 12)
	root.Store(&version{first, upTo(2000), 2000})
	var wg sync.WaitGroup
	var done atomic.Bool
	for r := range 3 {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(1, uint64(r)))
			for !done.Load() {
				v := root.Load()
				for range 200 {
					i := rnd.IntN(v.n + 500)
					m, ok := v.keys.lookup(numbered(i, 12), v.live)
					want := i < v.n && v.live.Contains(uint32(i))
					if ok != want || ok && int(m) != i {
						t.Errorf("lookup of %d at %d keys: %d, %v", i, v.n, m, ok)
						return
					}
					if i < v.n {
						if key, _ := v.keys.key(Member(i)); want && key != numbered(i, 12) {
							t.Errorf("key of %d: %q", i, key)
							return
						}
					}
				}
			}
		})
	}
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		v := *root.Load()
		kt := v.keys.begin()
		more := rnd.IntN(60)
		for i := v.n; i < v.n+more; i++ {
			kt.intern(numbered(i, 12), Member(i))
		}
		switch rnd.IntN(4) {
		case 0:
			kt.rollback(false)
			continue
		case 1:
			escaped := kt.freeze()
			kt.rollback(true)
			if more > 0 {
				_, ok := escaped.lookup(numbered(v.n, 12), upTo(v.n+more))
				require.True(t, ok)
			}
			continue
		case 2:
			for range 20 {
				if m := uint32(rnd.IntN(v.n)); v.live.Contains(m) {
					kt.forget(Member(m))
					v.live = v.live.Without(m)
				}
			}
		}
		v.live = v.live.Or(bitmap.FromRange(uint64(v.n), uint64(v.n+more)))
		v.n += more
		kt.compact(v.live)
		v.keys = kt.freeze()
		root.Store(&v)
	}
	done.Store(true)
	wg.Wait()
}

// TestKeysMemory holds the index to 1.5 times the key bytes plus 16 bytes a
// key, by its own count and by the heap's, right after a growth of the table as well
// as in between.
func TestKeysMemory(t *testing.T) {
	if battery.Raced {
		t.Skip("weighs the heap, which means nothing under the race detector")
	}
	heap := func() int {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	sizes := []int{10_000, 10_241, 50_000}
	for slots := keyTableMin; slots < 120_000; slots = grown(slots) { // just after a growth
		if n := slots/5*4 + 1; n > 10_000 {
			sizes = append(sizes, n)
		}
	}
	for _, size := range []int{4, 5, 8, 16, 28, 32} {
		for _, n := range sizes {
			before := heap()
			k := internAll(keyView{}, 0, n, size)
			limit := n*size*3/2 + 16*n
			require.LessOrEqual(t, k.memory(), limit, "%d keys of %d bytes by formula", n, size)
			used := heap() - before
			require.LessOrEqual(t, used, limit+16<<10, "%d keys of %d bytes by heap", n, size)
			runtime.KeepAlive(k)
		}
	}
	// The same with as many forgotten keys as compact leaves.
	k := internAll(keyView{}, 0, 100_000, 16)
	kt := k.begin()
	live := upTo(100_000)
	for i := range 12_499 {
		kt.forget(Member(i * 8))
		live = live.Without(uint32(i * 8))
	}
	kt.compact(live)
	k = kt.freeze()
	require.NotZero(t, k.dead)
	require.LessOrEqual(t, k.memory(), k.len()*16*3/2+16*k.len())
}

// TestKeysForgottenForEver forgets and interns one key over and over: neither
// memory nor the search for it may grow with the number of times.
func TestKeysForgottenForEver(t *testing.T) {
	k := internAll(keyView{}, 0, 10_000, 8)
	live := upTo(10_000)
	last := Member(10_000)
	for range 3000 {
		kt := k.begin()
		if m, ok := k.lookup("again", live); ok {
			kt.forget(m)
			live = live.Without(uint32(m))
		}
		kt.compact(live)
		kt.intern("again", last)
		live = live.With(uint32(last))
		last++
		k = kt.freeze()
	}
	require.Equal(t, 10_001, k.len())
	require.LessOrEqual(t, k.memory(), 10_001*(12+16))
	require.LessOrEqual(t, int(k.dead), maxAlike(k.n)+1)
}

func TestKeysLookupAllocatesNothing(t *testing.T) {
	k := internAll(keyView{}, 0, 5000, 16)
	live, key := upTo(5000), numbered(4321, 16)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		m, _ := k.lookup(key, live)
		if s, _ := k.key(m); s != key {
			t.Error(s)
		}
	}))
}

func BenchmarkKeys(b *testing.B) {
	const n = 1_000_000
	k := internAll(keyView{}, 0, n, 16)
	live := upTo(n)
	keys := make([]string, 1<<16)
	for i := range keys {
		keys[i] = numbered(rand.IntN(n), 16)
	}
	b.Run("lookup", func(b *testing.B) {
		i := 0
		for b.Loop() {
			if _, ok := k.lookup(keys[i%len(keys)], live); !ok {
				b.Fatal(i)
			}
			i++
		}
	})
	b.Run("key", func(b *testing.B) {
		i := uint32(1)
		for b.Loop() {
			i = i*1664525 + 1013904223
			if _, ok := k.key(Member(i % n)); !ok {
				b.Fatal(i)
			}
		}
	})
	b.Run("intern", func(b *testing.B) {
		all := make([]string, n)
		for i := range all {
			all[i] = numbered(i, 16)
		}
		for b.Loop() {
			kt := keyView{}.begin()
			for i, key := range all {
				kt.intern(key, Member(i))
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/key")
	})
}
