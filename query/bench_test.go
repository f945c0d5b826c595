package query

import (
	"testing"

	"github.com/tagroar/tagroar/tagset"
)

var p1 = []string{"A ∩ B", "(A ∪ B ∪ C) ∩ D ∖ E"}

func BenchmarkParse(b *testing.B) {
	for _, text := range p1 {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBind(b *testing.B) {
	f := newFixed()
	for i, name := range []string{"A", "B", "C", "D", "E"} {
		f.set[name] = f.set[[]string{"a", "b", "c"}[i%3]]
	}
	src := &cheap{fixed: f, frame: f.Frame()}
	for _, text := range p1 {
		q := MustParse(text)
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := q.bind(src, nil, options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// cheap is a source whose look-ups cost nothing, so that binding alone counts.
type cheap struct {
	*fixed
	frame tagset.Frame
}

func (c *cheap) Frame() tagset.Frame { return c.frame }

func (c *cheap) Tag(name string) (tagset.Tag, bool) {
	return tagset.Tag{ID: tagset.TagID(name[0]), Name: name}, true
}

func (c *cheap) Set(string) (tagset.Set, bool) { return c.frame.Universe, true }
