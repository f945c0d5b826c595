// Package seal encrypts with AES-256-GCM: streams ([Writer], [Reader]), such as
// snapshots, and the frames of files that grow, such as segments of a log
// ([Frames]).
//
// Each file has a key of its own, derived from a master key, a random salt and
// what the file is for ([Purpose]), and keeps in its header a commitment to it,
// so that a wrong key is told from bytes that were changed. Nonces are random.
// Whoever opens gets no byte that was not sealed, at that place of that file, by
// somebody who has the master key. Sealing hides content, not lengths.
//
// What can be wrong is one of four: the key ([ErrKey]), bytes ([ErrTampered]), the
// end ([ErrTruncated]), the place ([ErrSpliced]). The last two are told from
// marks in the clear, under a checksum: they are for the one who looks for the cause.
// A forger can make one look like the other, and passes none.
package seal
