package tagset_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/tagset"
)

// An order is what the process that will be killed is told, in its environment.
type order struct {
	Dir  string
	Sync tagset.Sync
	Seed uint64
	Keys bool // encrypted
}

const orderName = "TAGROAR_TEST_KILL"

// config opens the directory, in that process and in the one that kills it.
func (o order) open() (*tagset.Store, error) {
	c := tagset.Config{Sync: o.Sync, History: int(o.Seed % 3), CompactAfter: 40_000, Retain: time.Hour}
	if o.Keys {
		c.Keys = tagset.Keyring{7: []byte("0123456789abcdef0123456789abcdef")}
	}
	dir, err := disk.OpenDir(o.Dir)
	if err != nil {
		return nil, err
	}
	return tagset.OpenIn(dir, c, 8_000)
}

// A report is what the child says, as it happens: each is one write to a pipe, which keeps what was written by a process
// that is no more.
type report struct {
	Kind    byte // how, writer and n are about
	Writer  uint8
	N       uint32 // how many this writer has done
	Version tagset.Version
	Digest  [32]byte
}

const (
	reportOpened = 'o' // the store, as the child found it
	reportTry    = 't' // this is going to be Version, if it is committed
	reportAck    = 'a' // Update returned Version
	reportErase  = 'e' // Erase is called: what was before looks otherwise from now on
	reportBytes  = 1 + 1 + 4 + 8 + 32
)

func (r report) append(b []byte) []byte {
	b = append(b, r.Kind, r.Writer)
	b = binary.LittleEndian.AppendUint32(b, r.N)
	b = binary.LittleEndian.AppendUint64(b, uint64(r.Version))
	return append(b, r.Digest[:]...)
}

func readReport(r io.Reader) (out report, err error) {
	var b [reportBytes]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return out, err
	}
	return report{b[0], b[1], binary.LittleEndian.Uint32(b[2:]), tagset.Version(binary.LittleEndian.Uint64(b[6:])), [32]byte(b[14:])}, nil
}

// TestKillChild is the process that TestKill starts and kills; in any other it does nothing.
func TestKillChild(t *testing.T) {
	text := os.Getenv(orderName)
	if text == "" {
		return
	}
	var o order
	require.NoError(t, json.Unmarshal([]byte(text), &o))
	c := &victim{order: o, pipe: os.NewFile(3, "reports")}
	var err error
	c.store, err = o.open()
	require.NoError(t, err)
	v := c.store.View()
	c.tell(report{Kind: reportOpened, Version: v.Version(), Digest: v.Digest()})
	require.NoError(t, c.prepare())
	var wg sync.WaitGroup
	for w := range killWriters {
		wg.Go(func() {
			if err := c.write(uint8(w)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Go(func() {
		if err := c.maintain(); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
}

// A victim is a process at work on a store.
type victim struct {
	order
	store *tagset.Store
	pipe  *os.File
}

const (
	killWriters = 4
	killUpdates = 2000                   // of each writer; nobody lives so long
	killFirst   = tagset.Member(100_000) // the member of writer w is killFirst+w, and has done so many updates:
	killAttr    = "已提交"
)

// tell writes a report. A pipe's other end that is gone ends the process.
func (c *victim) tell(r report) {
	if _, err := c.pipe.Write(r.append(make([]byte, 0, reportBytes))); err != nil {
		os.Exit(3)
	}
}

// prepare makes the attribute that counts what each writer did.
func (c *victim) prepare() error {
	_, err := c.store.Update(func(tx *tagset.Tx) error {
		if _, ok := tx.View().Column(killAttr); ok {
			return nil
		}
		if err := tx.CreateAttribute(killAttr, tagset.Int); err != nil {
			return err
		}
		for w := range killWriters {
			if err := tx.SetInt(killAttr, killFirst+tagset.Member(w), 0); err != nil {
				return err
			}
		}
		v := tx.View()
		c.tell(report{Kind: reportTry, Version: v.Version(), Digest: v.Digest()})
		return nil
	})
	return err
}

// write updates the store in all ways, and tells before each what it will be, and afterwards that it is.
func (c *victim) write(w uint8) error {
	x := newMixer(c.Seed, uint64(w))
	done, _ := c.store.View().Int(killAttr, killFirst+tagset.Member(w))
	for n := uint32(done) + 1; n < uint32(done)+killUpdates; n++ {
		version, err := c.store.Update(func(tx *tagset.Tx) error {
			if err := x.update(tx); err != nil {
				return err
			}
			if err := tx.SetInt(killAttr, killFirst+tagset.Member(w), int64(n)); err != nil {
				return err
			}
			// Nothing comes between this and what is committed, but that a policy may
			// forbid it: of several tries of a version the last one counts.
			v := tx.View()
			c.tell(report{reportTry, w, n, v.Version(), v.Digest()})
			return nil
		})
		switch {
		case errors.Is(err, tagset.ErrPolicy):
			n--
			continue
		case err != nil:
			return fmt.Errorf("writer %d, update %d: %w", w, n, err)
		}
		c.tell(report{Kind: reportAck, Writer: w, N: n, Version: version})
	}
	return nil
}

// maintain does what goes on beside writing.
func (c *victim) maintain() error {
	x := newMixer(c.Seed, killWriters)
	for {
		time.Sleep(time.Duration(x.IntN(4_000)) * time.Microsecond)
		var err error
		switch x.IntN(8) {
		case 0, 1, 2:
			err = c.store.Compact()
		case 3, 4:
			err = c.store.Sync()
		case 5:
			_, err = c.store.View().WriteTo(io.Discard)
		case 6:
			v := c.store.View().Version()
			if _, err = c.store.At(tagset.Version(x.Uint64N(uint64(v) + 1))); errors.Is(err, tagset.ErrVersionGone) {
				err = nil
			}
		case 7:
			if c.Seed%8 == 0 {
				c.tell(report{Kind: reportErase})
				err = c.store.Erase()
			}
		}
		if err != nil {
			return err
		}
	}
}
