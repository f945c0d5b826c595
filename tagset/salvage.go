package tagset

import (
	"fmt"
	"io/fs"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/journal"
)

// A Salvaged is what [Salvage] kept and what it gave up.
type Salvaged struct {
	Version  Version  // of the store as it is now
	Recovery Recovery // how it was made
	Lost     string   // what was there and is not any more, as far as that can be told, and why; "": nothing
	Files    []string // that were given up, now or by an earlier Salvage, under the names that they have now
}

// Salvage makes the store in dir one that [Open] takes, if that gave [ErrCorrupt]:
// with the longest run of versions, from the first one on, that can be read. What
// comes after is lost, and Salvaged says what; the files, or parts of files, that are
// given up are renamed, never removed, for whoever can make more of them. A replica
// can be made again from its origin instead, without a loss.
//
// Salvage gives the errors of Open for a directory in use, a wrong key and the
// like, fs.ErrNotExist if there is no store, and [ErrCorrupt] if no snapshot can be
// read: then nothing can be salvaged. In a store that Open would take, it sets the
// damaged ones of the older snapshots aside, which Open does not read.
func Salvage(dir string, c Config) (Salvaged, error) {
	return inDir("salvage", disk.FindDir, dir, c, func(d disk.Dir) (Salvaged, error) { return salvage(d, c, tuning{}) })
}

// salvage is Salvage with bare errors.
func salvage(dir disk.Dir, c Config, t tuning) (Salvaged, error) {
	o, err := beginOpening(dir, c, t, true)
	if err != nil {
		return Salvaged{}, err
	}
	defer o.drop()
	if o.log == nil {
		return Salvaged{}, fmt.Errorf("it holds no store: %w", fs.ErrNotExist)
	}
	st, found, err := o.recover()
	if err != nil {
		return Salvaged{}, err
	}
	if err := o.verifyOlder(&found); err != nil {
		return Salvaged{}, err
	}
	got := Salvaged{Version: st.version, Recovery: found, Lost: found.lost}
	if err := o.settle(st, found); err != nil {
		return Salvaged{}, err
	}
	if got.Files, err = journal.Salvaged(dir); err != nil {
		return Salvaged{}, err
	}
	return got, nil
}

// settle makes the directory one that stands at st: with a snapshot of it, and
// without those that are damaged or that the journal does not follow any more.
func (o *opening) settle(st *state, found Recovery) error {
	if found.lost == "" && found.passed == nil {
		return nil
	}
	if err := o.log.Rotate(); err != nil {
		return err
	}
	snaps := o.log.Snapshots()
	next := journal.Snapshot{Gen: snaps[len(snaps)-1].Gen + 1, Seq: uint64(st.version)}
	if err := writeSnapshotFile(o.dir, next, st, o.config, nil); err != nil {
		return err
	}
	var keep []journal.Snapshot
	first := o.log.Segments()[0].First
	for _, snap := range snaps {
		if !found.passed[snap] && snap.Seq+1 >= first {
			keep = append(keep, snap)
			continue
		}
		if _, err := o.log.SetAside(snap.Name()); err != nil {
			return err
		}
	}
	if err := o.dir.Sync(); err != nil {
		return err
	}
	keep = append(keep, next)
	return o.log.Retain(keep, first-1) // no segment is removed
}
