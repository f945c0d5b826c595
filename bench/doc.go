// Package bench holds the benchmark of the tag engine, a module of its own so that its needs stay out of the library's go.mod.
//
//	go run ./cmd/report            the whole table, 1M and 10M members
//	go run ./cmd/report -quick     under a minute, 1M members
//	go run ./cmd/figures           puts a report's figures into the READMEs
//	go test -bench . ./workload    the same rows under the testing package
//
// Every figure is a ratio against roaring bitmaps, or plain columns, in an expert's hands, measured in the same run, samples
// interleaved; both results are compared before anything is timed. The parts:
//
//	population  the made-up tags: 200, from a fixed seed, at any size
//	realset     the real sets of integers, when their files are there
//	table       one table of tags held twice: in a store, and as roaring bitmaps
//	workload    the questions, one file a family, ours and the rivals
//	contest     one row: sides checked, rivals tried, the fastest timed beside ours
//	measure     interleaved sampling, heap figures, what machine this is
//	goals       the goals as published, row by row
//	guard       committed ratios, and what counts as a loss
//	scaling     how costs grow with members, tags, operands
//	chart       curves as SVG
//	rivals      a module of its own: other engines, and servers
package bench
