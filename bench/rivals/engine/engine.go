// Package engine holds the engines that are compared, each behind the same few methods and in a file of its own: a population of
// tags is loaded by the engine's best bulk path, and a question is put to it in the ways that an expert of that engine would try.
package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/tagroar/tagroar/bench/population"
	"github.com/tagroar/tagroar/bench/workload"
)

// A Population is what every engine is loaded with.
type Population struct {
	Name        string // 1M
	Size        int    // members are below it
	Tags        []string
	Members     [][]uint32 // of each tag, ascending
	Memberships int
}

// NewPopulation makes the population of the benchmark over n members.
func NewPopulation(n int) *Population {
	p := &Population{Name: population.Size(n), Size: n}
	words := make([]uint64, population.Words(n))
	for _, s := range population.Specs(n) {
		p.Add(s.Name, population.Bitmap(s, n, words))
	}
	return p
}

// Add puts in one more tag.
func (p *Population) Add(tag string, members *roaring.Bitmap) {
	p.Tags = append(p.Tags, tag)
	p.Members = append(p.Members, members.ToArray())
	p.Memberships += int(members.GetCardinality())
}

// An Answer to a question: a count, or the first by weight.
type Answer struct {
	Count int
	First []workload.Ranked // good until the next question
}

// A Way is one statement, or sequence of calls, that answers a question. It is prepared: what could be done before the clock runs,
// such as parsing, is done. Run may be called any number of times, and keeps no result from one call to the next.
type Way struct {
	Name string
	Run  func(context.Context) (Answer, error)
}

// An Engine is open and, until Load, empty. It is for one goroutine at a time.
type Engine interface {
	// Version names what is running.
	Version() string
	Load(context.Context, *Population) error
	// Ways are those that may be the best for the question, the most promising first; none: the engine has no statement for it.
	Ways(context.Context, workload.Question) ([]Way, error)
	Close() error
}

// A Sizer knows the bytes that its data takes. Those of other engines are the growth of Go's live heap while they load.
type Sizer interface {
	Size(context.Context) (uint64, error)
}

// A Timer is a server that counts the time it spends on commands, without the way to it and back.
type Timer interface {
	Spent(context.Context) (time.Duration, error)
	// RoundTrip goes to the server and back for nothing.
	RoundTrip(context.Context) error
}

// A Kind of engine.
type Kind struct {
	Name    string
	About   string // how it holds the population
	Sized   string // what its bytes are
	Apart   bool   // in a process of its own
	OwnTies bool   // members of equal score come in an order of its own

	// Open makes an empty engine. When the context ends, so does whatever the engine is doing, with an error. An *Absent error says
	// that there is no such engine here.
	Open func(context.Context) (Engine, error)
}

// Ours is the kind that the others are compared with.
const Ours = "tagroar"

// An Absent engine cannot be had on this machine, or not in this build.
type Absent struct {
	Remedy string
}

// Error says that the engine is not there, and what installs it.
func (a *Absent) Error() string { return fmt.Sprintf("not installed: %s", a.Remedy) }

const goHeap = "growth of Go's live heap"

// Kinds lists all of them, ours first.
func Kinds() []Kind {
	return []Kind{
		{Name: Ours, About: "a Store with universe and names; every query compiled before", Sized: goHeap, Open: openTagroar},
		{Name: "roaring", About: "RoaringBitmap/roaring, pure Go with its own assembly, run-optimised, in an expert's hands", Sized: goHeap, Open: openRoaring},
		{Name: "gocroaring", About: "CRoaring through cgo, compiled for this processor, run-optimised", Sized: "its containers, by its own statistics", Open: openCroaring},
		{Name: "bitset", About: "bits-and-blooms/bitset, one of all members for each tag", Sized: goHeap, Open: openBitsets},
		{Name: "map", About: "map[uint32]struct{} for each tag", Sized: goHeap, Open: openMaps},
		{Name: "Redis sets", About: "a set for each tag, temporary keys for what is between, one pipeline for each question", Sized: "growth of used_memory", Apart: true, OwnTies: true, Open: openRedisSets},
		{Name: "Redis bitmaps", About: "a string of bits for each tag; BITOP and BITCOUNT, one pipeline for each question", Sized: "growth of used_memory", Apart: true, Open: openRedisBitmaps},
		{Name: "SQLite", About: "memberships(tag, member) primary key without rowid, index (member, tag), in memory", Sized: "pages × page size", Open: openSQLite},
		{Name: "DuckDB", About: "memberships(tag, member) sorted by both, in memory, one thread", Sized: "duckdb_memory()", Open: openDuckDB},
	}
}
