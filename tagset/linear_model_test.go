package tagset_test

import (
	"fmt"

	"github.com/anishathalye/porcupine"

	"github.com/tagroar/tagroar/tagset"
)

// A register is all that the clients of a history see of a store: two tags over sixteen members, and a number. What an
// Update is acknowledged with, its version, orders it: the model lets only the one that makes the next version go next.
type register struct {
	version tagset.Version
	a, b    uint16 // members of the two tags
	n       int64  // that Updates count up
}

type action uint8

const (
	doLook    action = iota // a View
	doInspect               // an Update that only reads
	doGive                  // adds members to a tag
	doTake                  // removes members from one
	doMove                  // reads one tag, and moves who is in it to the other
	doCount                 // reads the number, and makes it one more
	doGiveUp                // changes everything and returns an error
	doPanic                 // the same by a panic
	doWait                  // Wait for a version
)

type input struct {
	action action
	toB    bool
	mask   uint16
	after  tagset.Version // of wait
}

// An output is what a client learned: the register as it read it, before it changed anything, and the version acknowledged.
type output struct {
	saw     register
	version tagset.Version
	failed  bool // the store could not write it
}

// apply is what an action makes of a register.
func (in input) apply(r register) register {
	from, to := &r.a, &r.b
	if !in.toB {
		from, to = to, from
	}
	was := r
	switch in.action {
	case doGive:
		*to |= in.mask
	case doTake:
		*to &^= in.mask
	case doMove:
		*to, *from = *to|*from&in.mask, *from&^in.mask
	case doCount:
		r.n++
	}
	if r != was {
		r.version++
	}
	return r
}

// follows says whether an action, where the register is r, could have had that output, and what it left.
func follows(r register, in input, out output) (bool, register) {
	if out.failed { // what was not acknowledged did not happen, and nobody relies on what it read
		return true, r
	}
	switch in.action {
	case doWait:
		return r.version > in.after, r
	case doGiveUp, doPanic, doLook:
		return out.saw == r, r
	}
	next := in.apply(r)
	return out.saw == r && out.version == next.version, next
}

// linear is the sequential store that a history is measured by, from a first register on.
func linear(first register) porcupine.Model {
	return porcupine.Model{
		Init:              func() any { return first },
		Step:              func(state, in, out any) (bool, any) { return follows(state.(register), in.(input), out.(output)) },
		Hash:              func(state any) uint64 { return uint64(state.(register).version) },
		DescribeOperation: func(in, out any) string { return fmt.Sprintf("%+v: %+v", in, out) },
	}
}
