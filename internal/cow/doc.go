// Package cow holds the persistent containers behind a store's state: a paged
// vector and a sorted map. A Vector or Map is an immutable value: copying it
// is free, any number of goroutines may read it without locks, and nothing
// reachable from it is ever written.
//
// Changes go through an editor (VectorEdit, MapEdit), which belongs to one
// goroutine. An editor copies the pages or nodes on the path to a change once,
// stamps the copies as its own, and from then on writes to them in place; Freeze
// publishes the result and gives up the stamp, so that the next change copies
// again. A transaction of many changes thus copies each page at most once, and one
// of a single change copies one path: some 600 bytes of a vector of 100,000 entries.
//
// The idea is that of Clojure's transients; the map is a plain B-tree as in
// google/btree, with owner tokens for its copy-on-write contexts. For the vector
// numbers do.
package cow

// An owner is the identity of a map's editor between two freezes. It has a size, so
// that two owners never share an address.
type owner struct{ _ byte }
