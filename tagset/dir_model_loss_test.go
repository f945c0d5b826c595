package tagset_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/tagset"
)

// TestModelLoss does what TestModelDirectory does on a disk that loses power: between the transactions the process also
// ends without closing the store, and the machine with what was not synced; and a replica follows.
func TestModelLoss(t *testing.T) {
	t.Parallel()
	rapid.Check(t, battery.Serial(battery.Quarter(lossRun)))
}

// lossRun is one random history.
func lossRun(t *rapid.T) {
	disk := crashfs.New()
	m := &lossMachine{dirMachine: newDirMachine(t, disk), disk: disk}
	defer func() { m.store.Close() }() // the one of the end
	t.Repeat(map[string]func(*rapid.T){
		"":          m.check,
		"update":    m.commit,
		"update 2":  m.commit,
		"update 3":  m.commit,
		"nothing":   m.nothing,
		"sync":      m.makeLast,
		"reopen":    m.restart,
		"compact":   m.compact,
		"kill":      m.kill,
		"power":     m.losePower,
		"at":        m.at,
		"at time":   m.atTime,
		"diff":      m.diff,
		"follow":    m.follow,
		"bootstrap": m.bootstrap,
	})
	m.follow(t)
	m.kill(t)
	for i := range m.all {
		m.requireVersion(t, i)
	}
	m.verifyKept(t)
}

// A lossMachine is a store on a disk that loses power, and one that follows it.
type lossMachine struct {
	*dirMachine
	disk    *crashfs.Dir
	synced  int // the version that lasts at least, of a store that does not sync always
	replica *tagset.Store
}

func (m *lossMachine) makeLast(t *rapid.T) {
	require.NoError(t, m.store.Sync())
	m.synced = len(m.all) - 1
}

func (m *lossMachine) restart(t *rapid.T) {
	m.reopen(t)
	m.synced = len(m.all) - 1 // Close synced
}

// kill ends the process: nothing is lost.
func (m *lossMachine) kill(t *rapid.T) {
	before := m.store.View()
	m.disk = m.disk.Kill()
	m.dir = m.disk
	m.open(t)
	require.Equal(t, before.Version(), m.store.View().Version())
	require.Equal(t, before.Digest(), m.store.View().Digest())
}

// losePower leaves of what was not synced what the draw says: what is there then is a prefix, and at SyncAlways all.
func (m *lossMachine) losePower(t *rapid.T) {
	loss := crashfs.Loss{Kept: rapid.SampledFrom([]int{0, 10, 50, 90, 100}).Draw(t, "kept"), Seed: rapid.Uint64().Draw(t, "seed")}
	replay := m.disk.Replay()
	for replay.Next() {
	}
	m.disk = replay.Crash(loss)
	m.dir = m.disk
	m.open(t)
	require.NoError(t, m.store.Check())
	now := int(m.store.View().Version())
	require.Less(t, now, len(m.all))
	require.GreaterOrEqual(t, now, m.synced)
	if m.sync == tagset.SyncAlways {
		require.Equal(t, len(m.all)-1, now)
	}
	m.goBack(t, now)
}

// goBack makes version i the last that there is.
func (m *lossMachine) goBack(t *rapid.T, i int) {
	m.all, m.times = m.all[:i+1], m.times[:i+1]
	m.want = m.all[i].want.Clone()
	m.trail = []kept{m.all[i]}
	m.requireContent(t, i, m.store.View())
	m.synced = i
	if m.replica != nil && int(m.replica.View().Version()) > i {
		m.replica = nil // it knows what there is no more
	}
}

// bootstrap makes a replica of a snapshot of some version, through a stream.
func (m *lossMachine) bootstrap(t *rapid.T) {
	v := m.requireVersion(t, rapid.IntRange(0, len(m.all)-1).Draw(t, "version"))
	var b bytes.Buffer
	_, err := v.WriteTo(&b)
	require.NoError(t, err)
	c := m.config()
	c.Rand = nil
	m.replica, err = tagset.Restore(&b, c)
	require.NoError(t, err)
}

// follow lets the replica catch up, by changes that went through a stream, and compares every version.
func (m *lossMachine) follow(t *rapid.T) {
	if m.replica == nil {
		m.bootstrap(t)
	}
	last := int(m.replica.View().Version())
	for c, err := range m.store.Changes(tagset.Version(last)) {
		require.NoError(t, err)
		last++
		require.EqualValues(t, last, c.Version)
		var b bytes.Buffer
		_, err = c.WriteTo(&b)
		require.NoError(t, err)
		c, err = tagset.ReadChange(&b)
		require.NoError(t, err)
		require.NoError(t, m.replica.Apply(c))
		v := m.replica.View()
		require.Equal(t, m.all[last].digest, v.Digest(), "replica at version %d", last)
	}
	require.Equal(t, len(m.all)-1, last)
	require.NoError(t, m.replica.Check())
	if last > 0 && rapid.IntRange(0, 9).Draw(t, "look") == 0 {
		sameState(t, m.want, m.replica.View())
	}
}
