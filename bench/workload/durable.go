package workload

import (
	"database/sql"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/tagset"
)

// The D rows are about what durability costs. D1 is one Update that adds a member to a tag; beside it, in the same directory, bbolt
// puts one key and SQLite inserts one row, each set to lose as little as ours does at that level. What is timed waits for a disk.
// D2, D3 and D4 have files of their own.

// StorageIDs lists the rows of Storage, in the order of the report.
func StorageIDs() []string {
	return []string{
		"D1/always/bbolt", "D1/always/sqlite", "D1/interval/bbolt", "D1/interval/sqlite", "D1/os/bbolt", "D1/os/sqlite",
		"D2/1/bbolt", "D2/1/sqlite", "D2/8/bbolt", "D2/8/sqlite", "D2/64/bbolt", "D2/64/sqlite",
		"D3/journal", "D4",
	}
}

// Storage returns the rows about directories that need no population. The journal that D3 recovers has about so many bytes, and D4's
// replica is behind by so many commits.
func Storage(journal int64, behind int) []Row {
	levels := []level{
		{id: "always", title: "one Update, SyncAlways", sync: tagset.SyncAlways, pragma: "FULL"},
		{id: "interval", title: "one Update, SyncInterval(1 s)", sync: tagset.SyncInterval(time.Second), noSync: true, pragma: "NORMAL"},
		{id: "os", title: "one Update, SyncOS", sync: tagset.SyncOS, noSync: true, pragma: "OFF"},
	}
	var rows []Row
	for _, l := range levels {
		rows = append(rows, updateRow(l, "bbolt"), updateRow(l, "sqlite"))
	}
	for _, writers := range []int{1, 8, 64} {
		rows = append(rows, groupRow(writers, "bbolt"), groupRow(writers, "sqlite"))
	}
	return append(rows, journalRow(journal), replicaRow(behind))
}

// A level is how much a power failure may cost, on all sides.
type level struct {
	id, title string
	sync      tagset.Sync
	noSync    bool   // of bbolt
	pragma    string // synchronous, of SQLite with a write-ahead log
}

// A cabinet is the three of them in one directory, with the same memberships.
type cabinet struct {
	dir    string
	store  *tagset.Store
	bolt   *bbolt.DB
	lite   *sql.DB
	insert *sql.Stmt

	ours, bolts, lites uint32 // members added so far
}

const (
	cabinetTag    = "地域/华东"
	cabinetTags   = 100
	cabinetBucket = "memberships"
)

func openCabinet(l level, writers int) (c *cabinet, err error) {
	c = new(cabinet)
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	if c.dir, err = os.MkdirTemp("", "tagroar-bench-"); err != nil {
		return c, err
	}
	if c.store, err = tagset.Open(filepath.Join(c.dir, "tagroar"), tagset.Config{Sync: l.sync, CompactAfter: -1}); err != nil {
		return c, err
	}
	_, err = c.store.Update(func(tx *tagset.Tx) error {
		for i := range cabinetTags {
			if _, err := tx.CreateTag(tagset.Tag{Name: fmt.Sprintf("标签%03d", i)}); err != nil {
				return err
			}
		}
		_, err := tx.CreateTag(tagset.Tag{Name: cabinetTag})
		return err
	})
	if err != nil {
		return c, err
	}
	if c.bolt, err = bbolt.Open(filepath.Join(c.dir, "bolt"), 0o600, &bbolt.Options{NoSync: l.noSync, FreelistType: bbolt.FreelistMapType}); err != nil {
		return c, err
	}
	c.bolt.MaxBatchSize = writers // so that a batch does not wait for more than there can be
	err = c.bolt.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte(cabinetBucket)); return err })
	if err != nil {
		return c, err
	}
	if c.lite, err = sql.Open("sqlite", filepath.Join(c.dir, "lite")); err != nil {
		return c, err
	}
	c.lite.SetMaxOpenConns(1) // it has one writer; more connections would only be told to wait
	for _, do := range []string{
		"PRAGMA journal_mode=WAL", "PRAGMA synchronous=" + l.pragma,
		"CREATE TABLE memberships (tag INTEGER, member INTEGER, PRIMARY KEY (tag, member)) WITHOUT ROWID",
	} {
		if _, err = c.lite.Exec(do); err != nil {
			return c, err
		}
	}
	c.insert, err = c.lite.Prepare("INSERT INTO memberships VALUES (?, ?)")
	return c, err
}

// spread gives members in an order that is neither ascending nor repeats one.
func spread(n uint32) uint32 { return n * 2_654_435_761 % (1 << 31) }

func (c *cabinet) addOurs(m uint32) error {
	_, err := c.store.Update(func(tx *tagset.Tx) error { _, err := tx.Add(cabinetTag, tagset.Member(m)); return err })
	return err
}

func (c *cabinet) putBolt(tx *bbolt.Tx, m uint32) error {
	var key [8]byte
	binary.BigEndian.PutUint32(key[:], cabinetTags)
	binary.BigEndian.PutUint32(key[4:], m)
	return tx.Bucket([]byte(cabinetBucket)).Put(key[:], nil)
}

func (c *cabinet) addBolt(m uint32) error {
	return c.bolt.Update(func(tx *bbolt.Tx) error { return c.putBolt(tx, m) })
}

func (c *cabinet) addBoltBatch(m uint32) error {
	return c.bolt.Batch(func(tx *bbolt.Tx) error { return c.putBolt(tx, m) })
}

func (c *cabinet) addLite(m uint32) error {
	_, err := c.insert.Exec(cabinetTags, m)
	return err
}

// check compares how many members each has with how many it was given.
func (c *cabinet) check() error {
	set, _ := c.store.View().Direct(cabinetTag)
	if set.Len() != int(c.ours) {
		return fmt.Errorf("our tag has %d members after %d Updates", set.Len(), c.ours)
	}
	err := c.bolt.View(func(tx *bbolt.Tx) error {
		if n := tx.Bucket([]byte(cabinetBucket)).Stats().KeyN; n != int(c.bolts) {
			return fmt.Errorf("bbolt has %d keys after %d puts", n, c.bolts)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var n int
	if err := c.lite.QueryRow("SELECT count(*) FROM memberships").Scan(&n); err != nil {
		return err
	}
	if n != int(c.lites) {
		return fmt.Errorf("SQLite has %d rows after %d inserts", n, c.lites)
	}
	return nil
}

func (c *cabinet) close() {
	if c.store != nil {
		c.store.Close()
	}
	if c.bolt != nil {
		c.bolt.Close()
	}
	if c.lite != nil {
		c.lite.Close()
	}
	if c.dir != "" {
		os.RemoveAll(c.dir)
	}
}

// updateRow is D1 at one level against one rival.
func updateRow(l level, rival string) Row {
	var c *cabinet
	ours := func() { c.ours++; must(c.addOurs(spread(c.ours))) }
	bolt := func() { c.bolts++; must(c.addBolt(spread(c.bolts))) }
	lite := func() { c.lites++; must(c.addLite(spread(c.lites))) }
	row := Row{ID: "D1/" + l.id + "/" + rival, Size: "disk", Title: l.title, Waits: true, Ours: measure.Side{Name: "tagroar", Run: ours}}
	if rival == "bbolt" {
		row.Rivals = []Rival{{Side: measure.Side{Name: "bbolt, one key put", Run: bolt}}}
	} else {
		row.Rivals = []Rival{{Side: measure.Side{Name: "SQLite, one insert, WAL", Run: lite}}}
	}
	keep(&row, &c, l, 1, func() {
		for range 100 {
			ours()
			bolt()
			lite()
		}
	})
	return row
}

// keep lets a row have a cabinet from its first check on until it is closed. The check does some work first.
func keep(row *Row, c **cabinet, l level, writers int, work func()) {
	row.Check = func() (err error) {
		if *c == nil {
			*c, err = openCabinet(l, writers)
		}
		if err == nil {
			work()
			err = (*c).check()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", row.ID, err)
		}
		return nil
	}
	row.Close = func() {
		if *c != nil {
			(*c).close()
			*c = nil
		}
	}
}
