// Package crashfs is a directory in memory that loses power and fails when told
// to: the judge of what a durable store promises. [Dir] is a disk.Dir. It writes
// one log of all calls that change something; [Replay] goes through that log and
// makes, after each call, directories as they may be found after a crash there.
// Nothing is run again for that, so a state costs microseconds. The same log,
// call and [Loss] always give the same directory.
//
// # What a crash may leave
//
// The rules are those of POSIX rather than those of one file system. Pillai et
// al., "All File Systems Are Not Created Equal" (OSDI 2014), found that programs
// which worked on one file system lost data on another because they relied on an
// order that only the first one kept; so nothing is in order here but what a sync
// put in order.
//
//  1. What was synced is there: the bytes and the length of a file as of its last
//     successful Sync; names as of the last successful Sync of the directory. A
//     Sync of a file says nothing about its name, one of the directory nothing
//     about what is in its files.
//  2. Of the writes to a file since then each 512-byte sector is kept or not, in
//     any combination: all, none, a first part, or any sectors, also those of
//     later writes without those of earlier ones. The bytes of a sector that were
//     not written again stay as they were synced.
//  3. A length is kept or not apart from the bytes. If it is and the bytes are not,
//     there are zeros, noise, or what another file, perhaps a removed one, had at
//     that place. If it is not, bytes behind the end are lost.
//  4. A Truncate is kept or not, also without or with the writes after it.
//  5. Each Create, Rename and Remove since the last Sync of the directory is kept or
//     not, in any combination, a first part of them being one. A Rename kept
//     without the Create before it is whole: the name stands for the file, however
//     much of its bytes is there. The new name never stands for anything but the
//     old file or the new one; now and then the old name stands for the file too,
//     as it may on file systems without a journal.
//
// Loss.Kept is the share that is kept of what may be lost; at 0 the state is
// exactly what was synced, at 100 exactly what the process saw.
//
// # What can fail
//
// A [Fault] makes a call fail: the Nth, or that and every Mth after it. Calls
// fail without effect; or after half of a write; or after all of their effect
// (Late). After a failed Sync the bytes that it should have made last are as good
// as clean: at a crash they may be there or not, whatever is synced later, and
// the next Sync succeeds. So it is on ext4 and XFS; the process goes on seeing
// them, or (Reverted), as on Btrfs, what was synced before: Rebello et al., "Can
// Applications Recover from fsync Failures?" (USENIX ATC 2020).
//
// # What it leaves out
//
// Sectors are written whole or not at all, synced sectors do not decay, and the
// disk honours flushes. To record one run and to build the states from the log is
// how CrashMonkey does it (Mohan et al., "Finding Crash-Consistency Bugs with
// Bounded Black-Box Crash Testing", OSDI 2018), there for file systems by replay
// of block writes.
package crashfs
