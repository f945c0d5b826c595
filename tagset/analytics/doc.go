// Package analytics looks at the tags of a store as a whole: whether the values
// of a group overlap or leave members out, how much tags have in common, which
// are nearly the same, and what else is odd about a taxonomy.
//
//	MECE           overlaps and gaps of a group, and an order that resolves them
//	NearDuplicates the pairs of tags that share almost all of their members
//	Overlaps       how many members each two of some tags share
//	Lint           what a reviewer would object to, finding by finding
//
// It only reads. Everything is counted block by block on the sets of one view,
// so a report speaks of one version, and writers go on while it is made. A
// function may be called by any number of goroutines at a time; it uses the
// processor of its caller alone, and stops soon after its context is done, with
// the context's error.
package analytics
