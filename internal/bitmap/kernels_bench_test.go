package bitmap

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkKernels measures each kernel as it is in use on this machine (/here)
// against its twin in plain Go (/twin), on blocks in the nearest caches.
func BenchmarkKernels(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 7))
	s := make([]*Words, 10)
	for i := range s {
		s[i] = new(Words)
		for k := range s[i] {
			s[i][k] = r.Uint64() & r.Uint64()
		}
	}
	d := new(Words)
	for _, k := range []struct {
		name       string
		here, twin func()
	}{
		{"Count", func() { Count(s[0]) }, func() { countWordsGeneric(s[0][:]) }},
		{"CountRuns", func() { CountRuns(s[0]) }, func() { countRunsGeneric(s[0]) }},
		{"AndCount", func() { WordsAndCount(s[0], s[1]) }, func() { andCountGeneric(s[0], s[1]) }},
		{"AndNotCount", func() { WordsAndNotCount(s[0], s[1]) }, func() { andNotCountGeneric(s[0], s[1]) }},
		{"And", func() { And(d, s[0], s[1]) }, func() { andGeneric(d, s[0], s[1]) }},
		{"AndNot", func() { AndNot(d, s[0], s[1]) }, func() { andNotGeneric(d, s[0], s[1]) }},
	} {
		compare(b, k.name, k.here, k.twin)
	}
	for _, card := range []int{100, 1000, 4000, 32000} {
		var ws [32]*Words // many, for the processor learns the branches of one by heart
		for j := range ws {
			ws[j] = new(Words)
			for n := 0; n < card; {
				v := r.IntN(BlockSize)
				if x := &ws[j][v>>6]; *x>>(v&63)&1 == 0 {
					*x |= 1 << (v & 63)
					n++
				}
			}
		}
		ids, low, i := make([]uint32, card), make([]uint16, card), 0
		next := func() *Words { i++; return ws[i%len(ws)] }
		compare(b, fmt.Sprintf("Decode/%d", card), func() { Decode(ids, next(), 0) },
			func() { decodeGeneric(ids, next()[:], 0) })
		compare(b, fmt.Sprintf("DecodeLow/%d", card), func() { DecodeLow(low, next()) },
			func() { decodeLowGeneric(low, next()[:], 0) })
	}
	p, q, c := laneOf(d, 0), laneOf(d, 64), laneOf(d, 128)
	at := func(i int) *Lane { return laneOf(s[i], 64) }
	compare(b, "SetSeven", func() { SetSeven(p, q, c, (*[7]*Words)(s), 64) },
		func() { setSevenGeneric(p, q, c, (*[7]*Words)(s), 64) })
	compare(b, "AddFour", func() { AddFour(p, q, c, at(0), at(1), at(2), at(3)) },
		func() { addFourGeneric(p, q, c, at(0), at(1), at(2), at(3)) })
	compare(b, "AddCarry", func() { AddCarry(p, c) }, func() { addCarryGeneric(p, c) })
	compare(b, "Compare", func() { Compare(p, q, c, 0) }, func() { compareGeneric(p, q, c, 0) })
	lanes := []*Lane{p, q, c}
	for i := range 7 {
		lanes = append(lanes, at(i))
	}
	for _, n := range []int32{2, 3, 5, 7} {
		ops := []Adder{{n, [7]int32{3, 4, 5, 6, 7, 8, 9}, [3]int32{0, 1, 2}}}
		compare(b, fmt.Sprintf("AddUp/%d", n), func() { AddUp(lanes, ops) }, func() { addUpGeneric(lanes, ops) })
	}
	planes := []int32{3, 4, 5, 6, 7, 8}
	compare(b, "Above/6", func() { Above(p, lanes, planes, 44) }, func() { aboveGeneric(p, lanes, planes, 44) })
	sums := new(Sums)
	compare(b, "AddBoth", func() { AddBoth(sums, s[0], s[1], 3) }, func() { addBothGeneric(sums, s[0], s[1], 3) })
	asked, scores := make([]uint16, 800), make([]int64, 800)
	for i := range asked {
		asked[i] = uint16(i*81 + i%7)
	}
	compare(b, "AddWhere/800", func() { AddWhere(scores, asked, s[0], 3) }, func() { addWhereGeneric(scores, asked, s[0], 3) })
	for _, n := range []int{3, 10, 50, 500} {
		five := (*[5]*Words)(s)
		compare(b, fmt.Sprintf("AtLeast3Of5/%dWords", n), func() { AtLeast5(d[5:][:n], five, 5, 3) },
			func() { atLeast5Generic(d[5:][:n], five, 5, 3) })
	}
	for _, n := range []int{3, 4, 6, 10} {
		pos, neg := s[:n-1], s[n-1:n]
		of := func(name string) string { return fmt.Sprintf("%sOf%d", name, n) }
		compare(b, of("OrMany"), func() { OrMany(d, s[:n]) }, func() { orManyGeneric(d, s[:n]) })
		compare(b, of("OrManyCount"), func() { OrManyCount(s[:n]) }, func() { orManyCountGeneric(s[:n]) })
		compare(b, of("AndManyCount"), func() { AndManyCount(s[:n]) }, func() { andManyCountGeneric(s[:n]) })
		compare(b, of("AndNotMany"), func() { AndNotMany(d, pos, neg) }, func() { andNotManyGeneric(d, pos, neg) })
		compare(b, of("AndNotManyCount"), func() { AndNotManyCount(pos, neg) },
			func() { andNotManyCountGeneric(pos, neg) })
	}
}

func compare(b *testing.B, name string, here, twin func()) {
	b.Run(name+"/here", func(b *testing.B) {
		for b.Loop() {
			here()
		}
	})
	b.Run(name+"/twin", func(b *testing.B) {
		for b.Loop() {
			twin()
		}
	})
}
