package workload

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// A Question is what a row asks, told plainly enough to be put to any engine: the module of the other rivals, bench/rivals, does.
// It is either a count, of the members of every tag in All, of at least one tag of each group in Any and of no tag in None; or, when
// there are Scoring tags, the first Limit members of tag Of by falling sum of the weights of the scoring tags that they carry, equal
// sums by rising member. The numbers are indexes into a table's tags.
type Question struct {
	ID, Title string

	All  []int
	Any  [][]int
	None []int

	Of      int
	Scoring []int
	Weights []int64 // by index in Scoring
	Limit   int
}

// Ranks tells whether the answer is the first members by weight, not a count.
func (q Question) Ranks() bool { return len(q.Scoring) > 0 }

// Questions returns those of Q1 to Q5 and of the first 100 by weight, at the population's sizes and at the card's.
func Questions() []Question {
	var out []Question
	count := func(id, title string, c conj) {
		out = append(out, Question{ID: id, Title: title, All: c.all, Any: c.any, None: c.none})
	}
	for _, q := range pairQuestions {
		if q.id == "Q1" || q.id == "Q2" {
			count(q.id, q.title, q.conj)
		}
	}
	for _, a := range audiences {
		count("Q"+a.id+a.of, "count of "+a.title, a.conj)
	}
	for _, t := range []struct {
		id, title string
		of        int
	}{
		{"T1/decimal", "first 100 by weight over 20 tags of a 30 % tag", 2},
		{"T2/card/decimal", "first 100 by weight over 20 tags of a tag of 5,000", 50},
	} {
		out = append(out, Question{ID: t.id, Title: t.title, Of: t.of, Scoring: scoring(), Weights: decimalWeights(), Limit: topSize})
	}
	return out
}

func (q Question) conj() conj { return conj{q.All, q.Any, q.None} }

func (q Question) weighted() weighted { return weighted{q.Of, q.Scoring, q.Weights} }

// Text writes it in the query language.
func (q Question) Text(tags []string) string {
	if q.Ranks() {
		return fmt.Sprintf("%s LIMIT %d", q.weighted().text(tags), q.Limit)
	}
	return q.conj().text(tags)
}

// Compile turns a text into a plan on the view, as the rows do: the plan works in the caller's thread alone.
func Compile(v *tagset.View, text string) (*query.Plan, error) { return compileOn(v, text) }

// A Ranked member and its score.
type Ranked struct {
	Member uint32
	Score  int64
}

// A CountWay is one of an expert's ways to count with roaring, a RankWay one to the first by weight.
type (
	CountWay struct {
		Name  string
		Count func() int
	}
	RankWay struct {
		Name string
		Rank func() []Ranked
	}
)

// CountWays are the ways of the row's rivals.
func (q Question) CountWays(tags []*roaring.Bitmap) []CountWay {
	var out []CountWay
	for _, c := range q.conj().counters(tags) {
		out = append(out, CountWay{c.name, c.count})
	}
	return out
}

// RankWays are the ways of the row's rivals. What they return is good until the next call of any of them.
func (q Question) RankWays(tags []*roaring.Bitmap) []RankWay {
	w, first := q.weighted(), &best{k: q.Limit}
	var out []RankWay
	for _, s := range []struct {
		name string
		met  bool
	}{{"sums of tags, heap", false}, {"sums of intersections, heap", true}} {
		sums := newSummer(w, tags, s.met)
		out = append(out, RankWay{s.name, func() []Ranked { return rankedOf(sums.top(first)) }})
	}
	return append(out, RankWay{"Contains of every tag, heap", func() []Ranked {
		first.reset()
		w.naive(tags, first.show)
		return rankedOf(first.inOrder())
	}})
}

func rankedOf(scores []scored) []Ranked {
	out := make([]Ranked, len(scores))
	for i, s := range scores {
		out[i] = Ranked{s.member, s.score}
	}
	return out
}
