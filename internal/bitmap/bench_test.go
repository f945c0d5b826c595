package bitmap_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/internal/bitmap"
)

// Benchmarks against roaring in the same run. Each pair of names ends in /ours and
// /roaring.

// randomMembers are about density·n members of [0, n), ascending.
func randomMembers(r *rand.Rand, n int, density float64) []uint32 {
	var vs []uint32
	for v := range n {
		if r.Float64() < density {
			vs = append(vs, uint32(v))
		}
	}
	return vs
}

// clusteredMembers are about density·n members of [0, n) in runs of 1 to 2·mean−1.
func clusteredMembers(r *rand.Rand, n int, density float64, mean int) []uint32 {
	var vs []uint32
	for v := 0; v < n; {
		v += int(float64(1+r.IntN(2*mean)) * (1 - density) / density)
		for range 1 + r.IntN(2*mean-1) {
			if v < n {
				vs = append(vs, uint32(v))
			}
			v++
		}
	}
	return vs
}

type pair struct {
	name string
	a, b []uint32
}

func benchPairs() []pair {
	r := rand.New(rand.NewPCG(7, 7))
	const n = 1 << 20 // 16 blocks
	at := func(perBlock int) []uint32 { return randomMembers(r, n, float64(perBlock)/65536) }
	return []pair{
		{"array33xarray33", at(33), at(33)},
		{"array100xarray100", at(100), at(100)},
		{"array300xarray300", at(300), at(300)},
		{"array900xarray900", at(900), at(900)},
		{"array20xarray900", at(20), at(900)},
		{"array100xarray900", at(100), at(900)},
		{"5000x5000of10M", randomMembers(r, 1e7, 5e-4), randomMembers(r, 1e7, 5e-4)},
		{"array300xbits", at(300), at(20000)},
		{"array300xruns", at(300), clusteredMembers(r, n, .1, 500)},
		{"runsxbits", clusteredMembers(r, n, .1, 500), at(20000)},
		{"runsxruns", clusteredMembers(r, n, .1, 200), clusteredMembers(r, n, .1, 200)},
		{"bitsxbits", at(20000), at(20000)},
	}
}

func theirs(vs []uint32) *roaring.Bitmap {
	b := roaring.BitmapOf(vs...)
	b.RunOptimize()
	return b
}

func BenchmarkAndLen(b *testing.B) {
	for _, p := range benchPairs() {
		x, y := bitmap.FromSorted(p.a), bitmap.FromSorted(p.b)
		u, v := theirs(p.a), theirs(p.b)
		if uint64(x.AndLen(y)) != u.AndCardinality(v) {
			b.Fatal(p.name)
		}
		b.Run(p.name+"/ours", func(b *testing.B) {
			for b.Loop() {
				x.AndLen(y)
			}
		})
		b.Run(p.name+"/roaring", func(b *testing.B) {
			for b.Loop() {
				u.AndCardinality(v)
			}
		})
	}
}

func BenchmarkAlgebra(b *testing.B) {
	for _, p := range benchPairs() {
		x, y := bitmap.FromSorted(p.a), bitmap.FromSorted(p.b)
		u, v := theirs(p.a), theirs(p.b)
		for _, op := range []struct {
			name    string
			ours    func(bitmap.Bitmap, bitmap.Bitmap) bitmap.Bitmap
			roaring func(x, y *roaring.Bitmap) *roaring.Bitmap
		}{
			{"And", bitmap.Bitmap.And, roaring.And},
			{"Or", bitmap.Bitmap.Or, roaring.Or},
			{"AndNot", bitmap.Bitmap.AndNot, roaring.AndNot},
		} {
			b.Run(op.name+"/"+p.name+"/ours", func(b *testing.B) {
				for b.Loop() {
					op.ours(x, y)
				}
			})
			b.Run(op.name+"/"+p.name+"/roaring", func(b *testing.B) {
				for b.Loop() {
					op.roaring(u, v)
				}
			})
		}
	}
}

func BenchmarkWith(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, n := range []int{1e6, 1e7} {
		vs := randomMembers(r, n, .3)
		name := "1M"
		if n > 1e6 {
			name = "10M"
		}
		x, u := bitmap.FromSorted(vs), theirs(vs)
		b.Run(name+"/ours", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				v := uint32(r.IntN(n))
				if x.Contains(v) {
					x = x.Without(v)
				} else {
					x = x.With(v)
				}
			}
		})
		b.Run(name+"/roaring", func(b *testing.B) {
			for b.Loop() {
				c := u.Clone()
				c.Add(uint32(r.IntN(n)))
				u = c
			}
		})
	}
}

// BenchmarkBulk adds 100,000 members spread over 200 tags: workload W2.
func BenchmarkBulk(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, n := range []int{1e6, 1e7} {
		name := "1M"
		if n > 1e6 {
			name = "10M"
		}
		ours := make([]bitmap.Bitmap, 200)
		their := make([]*roaring.Bitmap, 200)
		for i := range ours {
			d := 3000 / float64(n)
			switch {
			case i < 10:
				d = .2 + .3*r.Float64()
			case i < 50:
				d = .01 + .09*r.Float64()
			case i < 150:
				d = float64(5000+r.IntN(45000)) / float64(n)
			}
			vs := randomMembers(r, n, d)
			if i%2 == 1 {
				vs = clusteredMembers(r, n, d, 300)
			}
			ours[i], their[i] = bitmap.FromSorted(vs), theirs(vs)
		}
		adds := make([][]uint32, 200)
		for range 100000 {
			i := r.IntN(200)
			adds[i] = append(adds[i], uint32(r.IntN(n)))
		}
		sorted := make([][]uint32, 200)
		for i := range adds {
			sorted[i] = slices.Sorted(slices.Values(adds[i]))
		}
		b.Run(name+"/ours", func(b *testing.B) {
			for b.Loop() {
				for i, x := range ours {
					e := bitmap.NewEditor(x)
					e.AddSorted(sorted[i])
					e.Bitmap()
				}
			}
		})
		b.Run(name+"/oursUnsorted", func(b *testing.B) {
			for b.Loop() {
				for i, x := range ours {
					e := bitmap.NewEditor(x)
					e.AddSorted(adds[i])
					e.Bitmap()
				}
			}
		})
		b.Run(name+"/roaring", func(b *testing.B) {
			for b.Loop() {
				for i, x := range their {
					c := x.Clone()
					c.AddMany(adds[i])
				}
			}
		})
		b.Run(name+"/roaringSorted", func(b *testing.B) {
			for b.Loop() {
				for i, x := range their {
					c := x.Clone()
					c.AddMany(sorted[i])
				}
			}
		})
	}
}

func BenchmarkCodec(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, p := range []struct {
		name string
		vs   []uint32
	}{
		{"bits", randomMembers(r, 1e6, .3)},
		{"sparse", randomMembers(r, 1e6, .03)},
		{"arrays", randomMembers(r, 1e6, .005)},
		{"runs", clusteredMembers(r, 1e6, .1, 500)},
	} {
		x, u := bitmap.FromSorted(p.vs), theirs(p.vs)
		bytes := x.AppendPortable(nil)
		buf := make([]byte, 0, len(bytes))
		b.Run(p.name+"/append/ours", func(b *testing.B) {
			for b.Loop() {
				x.AppendPortable(buf)
			}
		})
		b.Run(p.name+"/append/roaring", func(b *testing.B) {
			for b.Loop() {
				u.ToBytes()
			}
		})
		b.Run(p.name+"/parse/ours", func(b *testing.B) {
			for b.Loop() {
				bitmap.ParsePortable(bytes)
			}
		})
		b.Run(p.name+"/parse/roaring", func(b *testing.B) {
			for b.Loop() {
				roaring.New().UnmarshalBinary(bytes)
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, p := range []struct {
		name string
		vs   []uint32
	}{
		{"dense", randomMembers(r, 1e6, .5)},
		{"tenth", randomMembers(r, 1e6, .1)},
		{"sparse", randomMembers(r, 1e6, .02)},
		{"runs", clusteredMembers(r, 1e6, .1, 500)},
	} {
		x, u := bitmap.FromSorted(p.vs), theirs(p.vs)
		buf := make([]uint32, 0, len(p.vs))
		b.Run(p.name+"/ours", func(b *testing.B) {
			for b.Loop() {
				x.AppendTo(buf)
			}
		})
		b.Run(p.name+"/roaring", func(b *testing.B) {
			for b.Loop() {
				it := u.ManyIterator()
				for it.NextMany(buf[:4096]) > 0 {
				}
			}
		})
	}
}
