package journal

// A Commit is one commit of a store, as log, feed and replicas have it.
type Commit struct {
	Seq   uint64   // the version that it made
	Time  int64    // of the commit, Unix nanoseconds
	Flags uint8    // FlagApplied …
	Ops   [][]byte // each as AppendOp writes it
	Prev  Chain    // of the commit before; zero: not known
	Chain Chain    // of this one: Sum()
}

// FlagApplied marks a commit that a replica took over from its origin.
const FlagApplied = 1

// A Chain is the hash of a commit and, through it, of all before. Zero: not known.
type Chain [32]byte
