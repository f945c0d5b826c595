// Package oracle is the judge of the tag engine: the store and the evaluation of queries once more, in maps, booleans
// and loops, written to be obviously right and for nothing else. It knows no bitmap, no version tree and no plan, shares
// no code with what it judges, and is imported by tests alone.
//
// A [Store] is one state, changed in place. A test keeps two: the committed one and, inside a transaction, a Clone of
// it that is thrown away when the transaction fails. Every verb checks all of its arguments first and then acts, so a
// verb that returns an error has done nothing. Where several things are wrong at once the error joins all of them, and
// whichever of them the engine names is right.
package oracle
