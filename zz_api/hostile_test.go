package zz

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

func TestHostile(t *testing.T) {
	s, _ := tagset.New(tagset.Config{})
	const N = 1_000_000
	_, err := s.Update(func(tx *tagset.Tx) error {
		tx.CreateAttribute("a", tagset.Int)
		tx.CreateAttribute("d", tagset.Decimal(18))
		tx.CreateTag(tagset.Tag{Name: "t", Weight: 3})
		ms := make([]tagset.Member, N)
		vs := make([]int64, N)
		for i := range ms {
			ms[i] = tagset.Member(i)
			vs[i] = int64(i*7919) % 100000
		}
		tx.AddSet("t", tagset.SetOf(ms[:N/3]...))
		return tx.SetInts("a", ms, vs)
	})
	if err != nil {
		t.Fatal(err)
	}
	v := s.View()
	ctx := context.Background()
	run := func(name string, q *query.Query) {
		var m0, m1 runtime.MemStats
		runtime.ReadMemStats(&m0)
		t0 := time.Now()
		p, err := q.Compile(v, nil)
		t1 := time.Now()
		if err != nil {
			fmt.Println(name, "ERR", strings.SplitN(err.Error(), "\n", 2)[0])
			return
		}
		n, err := p.Count(ctx)
		t2 := time.Now()
		top, err2 := p.Top(ctx, math.MaxInt)
		t3 := time.Now()
		runtime.ReadMemStats(&m1)
		fmt.Println(name, n, err, len(top), err2, "compile", t1.Sub(t0), "count", t2.Sub(t1), "top", t3.Sub(t2), "alloc MB", (m1.TotalAlloc-m0.TotalAlloc)>>20)
		pl := p.String()
		fmt.Println("   plan bytes", len(pl), "string bytes", len(q.String()))
	}
	var in []any
	var or []*query.Query
	for i := range 9_000 {
		in = append(in, i*11)
		or = append(or, query.Attr("a").Eq(i*11))
	}
	run("in 9000", query.Attr("a").In(in...))
	run("or 9000 eq", query.Or(or...))
	run("and 4000 ne", query.And(func() (out []*query.Query) {
		for i := range 4000 {
			out = append(out, query.Attr("a").Ne(i))
		}
		return
	}()...))
	run("atleast 5000", query.AtLeast(2, func() (out []*query.Query) {
		for i := range 5000 {
			out = append(out, query.Attr("a").Between(i, i+10))
		}
		return
	}()...))
	big := make([]any, 1_000_000)
	for i := range big {
		big[i] = i
	}
	run("in 1e6", query.Attr("a").In(big...))
	var b strings.Builder
	b.WriteString("a in (0")
	for i := range 1_000_000 {
		fmt.Fprintf(&b, ",%d", i*2)
	}
	b.WriteString(")")
	t0 := time.Now()
	_, err = query.Parse(b.String())
	fmt.Println("parse 1e6", strings.SplitN(err.Error(), "\n", 2)[0], time.Since(t0))
	t0 = time.Now()
	q, err := query.Parse(b.String(), query.MaxBytes(1<<30), query.MaxNodes(1<<30))
	fmt.Println("parse 1e6 lifted", err, time.Since(t0))
	if err == nil {
		run("in 1e6 lifted", q)
	}
	// scores with many tagged
	run("order", query.Tag("t").OrderBy(query.ByWeight, query.ByAttr("a").Desc()).Limit(math.MaxInt).Offset(math.MaxInt))
	run("order2", query.Tag("t").OrderBy(query.ByWeight, query.ByAttr("a").Desc()).Limit(math.MaxInt).Offset(N/3-1))
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	for _, text := range []string{"t", "nobody", "t ORDER BY WEIGHT", "t ORDER BY a LIMIT 3", "nobody ORDER BY a", "t LIMIT 0", "t ORDER BY WEIGHT LIMIT 0", "t OFFSET 9", "t LIMIT 3 OFFSET 5", "t & a > 3 LIMIT 3"} {
		p, err := query.MustParse(text).Compile(v, nil)
		if err != nil {
			t.Fatal(err)
		}
		top, err := p.Top(cancelled, 5)
		top0, err0 := p.Top(cancelled, 0)
		k := 0
		var me error
		for _, e := range p.Members(cancelled) {
			k++
			me = e
		}
		_, se := p.Set(cancelled)
		_, ce := p.Count(cancelled)
		_, ae := p.Analyze(cancelled)
		_, fe := query.Facets(cancelled, p, "t")
		fmt.Println(text, "| top", len(top), err, "top0", len(top0), err0, "members", k, me, "set", se, "count", ce, "an", ae, "fac", fe)
		a := p.After(query.Ranked{})
		_, e1 := a.Top(ctx, 3)
		_, e2 := a.Count(ctx)
		fmt.Println("    zero ranked", e1, e2)
	}
	for _, text := range []string{"d = 0.000000000000000001", "d < 9.223372036854775807", "d < 9.223372036854775808", "d > 10", "d > -9.3", "d = -9.223372036854775808", "a = -9223372036854775809", "a = 0.0000000000000000000", "a = 1.0000000000000000000000000", "a > 00000000000000000000000000005", "a >= 9223372036854775807", "a > 9223372036854775807", "a < -9223372036854775808", "a - -3", "a > - 3", "a between -3 and -1", "a in (-1,-2)", "a>-3", "a=-3", "t-3", "t -3", "t - 3", "a > -3d", "-3 < a", "a > 3 > 4", "a > t", "a = b = c", "a between 1 and 2 and t", "not a between 1 and 2 or t"} {
		q, err := query.Parse(text)
		if err == nil {
			_, err = q.Compile(v, nil)
		}
		fmt.Println(text, "=>", q, err)
	}
}
